"""Things in albums that addresses can name, and files as phones send them."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Callable
from typing import Any

from PIL import Image

from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.gallery import items, service
from vcardapp.gallery.models import Album, AlbumItem
from vcardapp.media.models import MediaFile

YOUTUBE = "https://youtu.be/aqz-KE-bpKQ"
BLUR = "data:image/webp;base64,UklGRhYAAABXRUJQVlA4TAoAAAAvAAAAAEX/I/of"


def picture(colour: str = "teal", width: int = 64, height: int = 48) -> io.BytesIO:
    """A PNG, another one for each colour."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return io.BytesIO(file.getvalue())


def paper() -> io.BytesIO:
    """A PDF of one empty page."""
    file = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(file, "PDF")
    return io.BytesIO(file.getvalue())


def ready_file(owner_id: uuid.UUID | None, name: str, kind: str = "picture", **over: Any) -> MediaFile:
    """A file as it stands when its sizes are made, without the seconds that this takes."""
    values: dict[str, Any] = {"bytes": 90_000, "width": 1200, "height": 900, "widths": [320, 640, 1200], "state": "ready"}
    if kind == "paper":
        values |= {"pages": 4, "paper_bytes": 1_234_567}
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    values |= {"placeholder": BLUR, "mark": sha256[:16]}
    file = MediaFile(owner_id=owner_id, sha256=sha256, kind=kind, name=name, **{**values, **over})
    db.session.add(file)
    db.session.commit()
    return file


def album_with(card: Card, *captions: str, title: str = "Houses", **over: Any) -> Album:
    """An album of ready pictures with these captions."""
    album = service.add_album(card, title)
    for caption in captions:
        items.add_file(album, ready_file(card.owner_id, f"{title} {caption}.png")).caption = caption
    for name, value in over.items():
        setattr(album, name, value)
    db.session.commit()
    return album


def named_by(card: Card) -> dict[str, Callable[[], Any]]:
    """Return what makes, or finds, each thing of a card's albums that an address can name."""
    return {
        "album_id": lambda: _album(card).id,
        "item_id": lambda: _video(card).id,
        "album": lambda: _album(card).key,
        "item": lambda: _video(card).key,
    }


def _album(card: Card) -> Album:
    return next(iter(service.albums_of(card)), None) or service.add_album(card, "Houses")


def _video(card: Card) -> AlbumItem:
    album = _album(card)
    return next(iter(items.items_of(album)), None) or items.add_video(album, YOUTUBE)
