"""vcardapp: digital business cards that anybody can make, scan and save."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from vcardapp.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Make the app: the table of contents of vcardapp."""
    from flask import Flask
    from jinja2 import StrictUndefined

    from vcardapp import (
        accounts,
        admin,
        archive,
        assets,
        booking,
        config,
        db,
        domains,
        editor,
        fonts,
        gallery,
        jobs,
        media,
        operations,
        public,
        storage,
        store,
        web,
    )

    settings = settings or config.read_settings()
    app = Flask(__name__, template_folder=str(assets.TEMPLATES), static_folder=None)
    app.config.from_mapping(config.flask_config(settings))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    db.init_app(app)
    storage.init_app(app)
    assets.init_app(app)
    web.init_app(app)
    fonts.look_in(settings.fonts or None)

    accounts.init_app(app)
    media.init_app(app)
    domains.init_app(app)
    gallery.init_app(app)
    store.init_app(app)
    booking.init_app(app)
    editor.init_app(app)
    admin.init_app(app)
    archive.init_app(app)
    public.init_app(app)
    operations.init_app(app)

    jobs.init_app(app)
    web.refuse_unclear_requests(app)
    public.give_ready_pages_first(app)
    return app
