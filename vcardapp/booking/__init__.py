"""Hours, free times, appointments."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Let appointments be made on cards."""
    from vcardapp.booking import appointment_views, calendar_views, feed_views, hours_views, people_views, type_views  # noqa: F401
    from vcardapp.booking.owner_views import bp
    from vcardapp.booking.pictures import cards_showing
    from vcardapp.media import shown

    app.register_blueprint(bp)
    shown.by(app, cards_showing)
