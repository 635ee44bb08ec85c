"""People who own cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Let people sign up, sign in and out."""
    from vcardapp.accounts import limits, security, sessions, views

    security.init_app(app)
    sessions.init_app(app)
    limits.init_app(app)
    app.register_blueprint(views.bp)
