"""Pictures and papers that people upload, for their albums, shops and bookings: stored once, made in sizes, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from vcardapp.accounts.models import User

MOST_OF_A_FORM = 300_000_000  # bytes; browsers with script send parts instead


def init_app(app: Flask) -> None:
    """Let people upload files; who leaves takes them along."""
    from vcardapp.accounts.signals import leaving
    from vcardapp.media import addresses, removing, views

    app.register_blueprint(views.bp)
    app.jinja_env.globals["media"] = addresses

    def leave(_app: Flask, user: User, **_more: Any) -> None:
        removing.remove_files_of(user.id)

    leaving.connect(leave, app, weak=False)
    app.before_request_funcs.setdefault(None, []).insert(0, _allow_large_forms)  # before tokens of forms are read
    take_files(app, "media.files")


def take_files(app: Flask, *endpoints: str) -> None:
    """Let these forms bring many whole files at once, from people who are signed in."""
    app.extensions.setdefault("media_forms", set()).update(endpoints)


def _allow_large_forms() -> None:
    from flask import current_app, request

    from vcardapp.accounts.owner import signed_in

    if request.method == "POST" and request.endpoint in current_app.extensions["media_forms"] and signed_in():
        request.max_content_length = MOST_OF_A_FORM
