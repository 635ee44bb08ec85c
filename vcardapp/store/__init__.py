"""A small shop on a card: services, products, baskets, orders, and the message that WhatsApp is opened with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from vcardapp.accounts.models import User


def init_app(app: Flask) -> None:
    """Let cards sell; who leaves takes the shop and its orders along."""
    from vcardapp.accounts.signals import leaving
    from vcardapp.media import shown
    from vcardapp.store import (  # noqa: F401
        catalogue_views,
        import_views,
        order_views,
        owner_views,
        service,
        service_views,
        settings_views,
        sweeps,
    )

    def leave(_app: Flask, user: User, **_more: Any) -> None:
        sweeps.forget_shops_of(user.id)

    app.register_blueprint(owner_views.bp)
    leaving.connect(leave, app, weak=False)
    shown.by(app, service.cards_showing)
