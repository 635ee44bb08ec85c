"""What the person who runs the server looks after: people, invitations, reports, the outbox."""

from __future__ import annotations

from flask import Blueprint, Flask, abort

from vcardapp.accounts.owner import signed_in

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.before_request
def _only_admins() -> None:
    person = signed_in()
    if person is None or not person.is_admin:
        abort(404)


def init_app(app: Flask) -> None:
    from vcardapp.admin import views  # noqa: F401

    app.register_blueprint(bp)
