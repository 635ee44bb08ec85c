"""What the person who runs the server looks after: people, invitations, reports, the outbox."""

from __future__ import annotations

from flask import Blueprint, Flask, abort
from flask_security import current_user

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.before_request
def _only_admins() -> None:
    if not (current_user.is_authenticated and current_user.is_admin):
        abort(404)


def init_app(app: Flask) -> None:
    from vcardapp.admin import views  # noqa: F401

    app.register_blueprint(bp)
