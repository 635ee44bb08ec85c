"""All that is a person's in one file, to take away and to bring along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from vcardapp.accounts.models import User


def init_app(app: Flask) -> None:
    """Let people take their account away, and bring one along; who leaves leaves no archive behind."""
    from vcardapp.accounts.signals import leaving
    from vcardapp.archive import service, views
    from vcardapp.media import take_files

    app.register_blueprint(views.bp)
    take_files(app, "archive.bring")

    def leave(_app: Flask, user: User, **_more: Any) -> None:
        service.forget(user)

    leaving.connect(leave, app, weak=False)
