"""Pictures and papers that people upload, for their albums, shops and bookings: stored once, made in sizes, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from vcardapp.accounts.models import User


def init_app(app: Flask) -> None:
    """Let people upload files; who leaves takes them along."""
    from vcardapp.accounts.signals import leaving
    from vcardapp.media import addresses, service, views

    app.register_blueprint(views.bp)
    app.jinja_env.globals["media"] = addresses

    def leave(_app: Flask, user: User, **_more: Any) -> None:
        service.remove_files_of(user.id)

    leaving.connect(leave, app, weak=False)
