"""What visitors see: the first page, cards and their files, reports, the operator's texts."""

from __future__ import annotations

from flask import Blueprint, Flask
from werkzeug.routing import BaseConverter

bp = Blueprint("public", __name__)


class SlugConverter(BaseConverter):
    """The address of a card: one segment without a dot, so that no file's name is one, and without controls."""

    regex = r"[^/.\x00-\x1f\x7f]+"


def init_app(app: Flask) -> None:
    app.url_map.converters["slug"] = SlugConverter

    from vcardapp.public import card_views, file_views, site_views  # noqa: F401

    app.register_blueprint(bp)
