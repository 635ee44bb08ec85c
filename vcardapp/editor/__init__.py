"""The frame in which owners work: cards, sections, preview, drafts, versions, pictures, publishing."""

from __future__ import annotations

from flask import Blueprint, Flask

bp = Blueprint("editor", __name__)


def init_app(app: Flask) -> None:
    from vcardapp.editor import (  # noqa: F401
        code_life,
        code_outputs,
        code_views,
        down_views,
        embed_views,
        event_views,
        importing,
        my_cards,
        phone_views,
        picture_views,
        print_views,
        publishing,
        service,
        version_views,
        views,
    )
    from vcardapp.web import error_page

    app.register_error_handler(service.DraftConflict, lambda _: error_page(409))
    app.register_error_handler(service.DraftTooLong, lambda _: error_page(413))
    app.register_blueprint(bp)
    publishing.listen(app)
