"""Albums on a card: pictures, videos by link, papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from vcardapp.accounts.models import User


def init_app(app: Flask) -> None:
    """Give owners the pages of their albums, and say which files visitors see in them; albums go with whoever leaves."""
    from vcardapp.accounts.signals import leaving
    from vcardapp.gallery import service, views
    from vcardapp.media import shown, take_files

    def leave(_app: Flask, user: User, **_more: Any) -> None:
        service.forget_albums_of(user.id)

    app.register_blueprint(views.bp)
    leaving.connect(leave, app, weak=False)
    shown.by(app, service.cards_showing)
    take_files(app, "gallery.add_files")
