"""People who own cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Let people sign up, sign in and out."""
    from vcardapp.accounts import (  # noqa: F401 - the pages
        limits,
        pages,
        passkey_views,
        proof_views,
        second_step_views,
        security,
        sessions,
        sign_in_views,
        views,
    )

    security.init_app(app)
    sessions.init_app(app)
    limits.init_app(app)
    app.register_blueprint(pages.bp)
