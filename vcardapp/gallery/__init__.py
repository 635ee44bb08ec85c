"""Albums on a card: pictures, videos by link, papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Give owners the pages of their albums, and say which files visitors see in them."""
    from vcardapp.gallery import service, views
    from vcardapp.media import shown, take_files

    app.register_blueprint(views.bp)
    shown.by(app, service.cards_showing)
    take_files(app, "gallery.add_files")
