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

    from vcardapp.cards import scans
    from vcardapp.public import (  # noqa: F401
        app_views,
        appointment_views,
        basket_views,
        booking_views,
        card_views,
        changes,
        code_views,
        domain_views,
        embed_views,
        file_views,
        gallery_views,
        media_views,
        order_views,
        ready,
        shop_views,
        site_views,
        waiting_views,
    )
    from vcardapp.public.hosts import Hosts
    from vcardapp.public.scan_counter import ScanCounter

    app.register_blueprint(bp)
    domain_views.init_app(app)
    limit = app.config["SETTINGS"].ready_megabytes * 1_000_000
    if limit:
        app.extensions["ready_pages"] = app.wsgi_app = ready.ReadyPages(app, app.wsgi_app, limit)  # type: ignore[method-assign]
    app.wsgi_app = ScanCounter(app.wsgi_app, scans.init_app(app))  # type: ignore[method-assign]
    app.extensions["hosts"] = app.wsgi_app = Hosts(app, app.wsgi_app)  # type: ignore[method-assign]


def give_ready_pages_first(app: Flask) -> None:
    """Stand outside of everything, even of what refuses unclear requests: those are left to it."""
    if "ready_pages" in app.extensions:
        app.wsgi_app = app.extensions["ready_pages"].stand_before(app.wsgi_app)  # type: ignore[method-assign]
