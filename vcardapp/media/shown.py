"""Which files visitors may see: later features say where they show them, which media may not know."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection

from flask import Flask, current_app

Showing = Callable[[str], Collection[uuid.UUID]]


def by(app: Flask, cards_showing: Showing) -> None:
    """Let a feature show files: for a file's id it tells the public cards on which visitors see it now."""
    app.extensions.setdefault("media_shown", []).append(cards_showing)


def cards_showing(file_id: str) -> set[uuid.UUID]:
    """Return the public cards on which visitors see a file."""
    features: list[Showing] = current_app.extensions.get("media_shown", [])
    return {card for cards_of in features for card in cards_of(file_id)}
