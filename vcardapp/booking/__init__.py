"""Hours, free times, appointments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from vcardapp.accounts.models import User


def init_app(app: Flask) -> None:
    """Let appointments be made on cards; they go with the cards' owner."""
    from vcardapp.accounts.signals import leaving
    from vcardapp.booking import (  # noqa: F401
        appointment_views,
        calendar_views,
        feed_views,
        hours_views,
        people_views,
        set_up,
        type_views,
    )
    from vcardapp.booking.owner_views import bp
    from vcardapp.booking.pictures import cards_showing
    from vcardapp.media import shown

    def leave(_app: Flask, user: User, **_more: Any) -> None:
        set_up.forget_bookings_of(user.id)

    app.register_blueprint(bp)
    leaving.connect(leave, app, weak=False)
    shown.by(app, cards_showing)
