"""Things in albums that addresses can name, and files as phones send them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from PIL import Image

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.accounts.owner import Owner
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.gallery import items, service
from vcardapp.gallery.models import Album, AlbumItem
from vcardapp.media import service as media
from vcardapp.media import work
from vcardapp.media.models import MediaFile

YOUTUBE = "https://youtu.be/aqz-KE-bpKQ"


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


def file_of(person: User, colour: str = "teal") -> MediaFile:
    return media.add_file(factories.owner(person), picture(colour), f"{colour}.png")


def album_with(card: Card, *colours: str, title: str = "Houses", **over: Any) -> Album:
    """An album of ready pictures."""
    album = service.add_album(card, title)
    for colour in colours:
        items.add_file(album, media.add_file(Owner(user_id=card.owner_id), picture(colour), f"{colour}.png"))
    work.work_on_waiting()
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
