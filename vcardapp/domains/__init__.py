"""Domains that people bring along: their cards answer there, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from vcardapp.accounts.models import User


def init_app(app: Flask) -> None:
    """Let people use their own domains; who leaves takes them along."""
    from vcardapp.accounts.signals import leaving
    from vcardapp.domains import service, views

    app.register_blueprint(views.bp)

    def leave(_app: Flask, user: User, **_more: Any) -> None:
        service.remove_domains_of(user.id)

    leaving.connect(leave, app, weak=False)
