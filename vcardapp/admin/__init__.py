"""What the person who runs the server looks after: people, invitations, reports, the outbox."""

from __future__ import annotations

from flask import Blueprint, Flask, abort

from vcardapp.accounts.models import User
from vcardapp.accounts.owner import signed_in

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.before_request
def _only_admins() -> None:
    person = signed_in()
    if person is None or not person.is_admin:
        abort(404)


def init_app(app: Flask) -> None:
    from vcardapp.accounts.signals import leaving
    from vcardapp.admin import audit, card_views, machine_views, people_views, views  # noqa: F401

    def forget_name(_app: Flask, user: User) -> None:
        audit.forget_name(user)

    app.register_blueprint(bp)
    leaving.connect(forget_name, app, weak=False)
