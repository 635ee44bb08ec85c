"""The frame in which owners work: cards, sections, preview, drafts, versions, pictures, publishing."""

from __future__ import annotations

from flask import Blueprint, Flask

bp = Blueprint("editor", __name__)


def init_app(app: Flask) -> None:
    from vcardapp.editor import importing, my_cards, picture_views, publishing, version_views, views  # noqa: F401

    app.register_blueprint(bp)
    publishing.listen(app)
