"""Photos, logos, covers and the pictures of a design: checked, cut, stored in the media folder, counted in the database."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import sqlalchemy as sa
from flask import current_app

from vcardapp import images
from vcardapp.cards.models import Card, Picture
from vcardapp.db import db
from vcardapp.design import design
from vcardapp.storage import Storage, StorageFull

SORTS = ("photo", "logo", "cover")
ALL_SORTS = (*SORTS, *design.PICTURES)
ORIGINAL = "original.webp"
MOST_OF_A_CARD = 200
_ID = re.compile(r"[0-9a-f]{32}", re.A)


class TooManyPictures(Exception):
    """This card, or all drafts without an owner together, hold as many pictures as they may."""


def storage() -> Storage:
    """Return where uploads live."""
    found: Storage = current_app.extensions["storage"]
    return found


def picture_url(picture_id: str, size: str) -> str:
    """Return the public path of a picture; `size` is s, m or l."""
    return f"/media/{picture_id}/{size}.webp"


def find_picture(picture_id: str) -> Picture | None:
    """Find a picture by its id."""
    return db.session.get(Picture, picture_id) if _ID.fullmatch(picture_id) else None


def find_public_picture(picture_id: str) -> Picture | None:
    """Find a picture by its id, unless its card is deleted or taken down."""
    query = sa.select(Picture).join(Card, Card.id == Picture.card_id)
    query = query.where(Card.deleted_at.is_(None), Card.taken_down_at.is_(None))
    return db.session.scalar(query.where(Picture.id == picture_id)) if _ID.fullmatch(picture_id) else None


def find_picture_of(card: Card, picture_id: str) -> Picture | None:
    """Find one of this card's pictures."""
    picture = find_picture(picture_id)
    return picture if picture and picture.card_id == card.id else None


def original_of(picture: Picture) -> bytes | None:
    """Return the upright, stripped picture from which crops are cut (WebP)."""
    return storage().open(f"{picture.id}/{ORIGINAL}")


def shown_file(picture_id: str, name: str) -> bytes | None:
    """Return a file of a picture; its AVIF and JPEG forms are made of the WebP when they are first asked for."""
    found = storage().open(f"{picture_id}/{name}")
    size, form = name.split(".")
    webp = None if found or form == "webp" else storage().open(f"{picture_id}/{size}.webp")
    if webp is None:
        return found
    made = images.converted(webp, form)
    with suppress(StorageFull):  # it is made again next time
        storage().put(f"{picture_id}/{name}", made)
    return made


def contact_photo(picture_id: str) -> bytes | None:
    """Return the JPEG that goes into a contact file."""
    return storage().open(f"{picture_id}/contact.jpg") if picture_id else None


def store_picture(
    card: Card, sort: str, data: bytes, crop: images.Crop | None = None, *, guest_bytes: int = 0
) -> Picture:
    """Check and store an uploaded picture; raise images.PictureRefused, TooManyPictures or StorageFull."""
    return _commit(add_picture(card, sort, data, crop, guest_bytes=guest_bytes))


def add_picture(
    card: Card, sort: str, data: bytes, crop: images.Crop | None = None, *, guest_bytes: int = 0
) -> Picture:
    """Do what store_picture does; the caller commits. A photo made for contact files goes into ours byte for byte."""
    _check_room(card, guest_bytes)
    original = images.normalise(data)
    is_ready = sort == "photo" and crop is None and images.is_contact_photo(data)
    return _add(card, sort, original, crop, {"contact.jpg": data} if is_ready else {})


def crop_picture(card: Card, picture: Picture, crop: images.Crop) -> Picture:
    """Cut the same picture anew; the old one stays for the versions that show it."""
    _check_room(card, 0)
    original = original_of(picture)
    if original is None:
        raise images.PictureRefused(images.GONE)
    return _commit(_add(card, picture.sort, original, crop, {}))


def copy_picture(picture_id: str, card: Card) -> str:
    """Copy a picture's files for another card and return the new id, or "" if there is none; the caller commits."""
    old = find_picture(picture_id)
    if old is None:
        return ""
    new = Picture(
        id=secrets.token_hex(16), card_id=card.id, sort=old.sort, size=old.size, width=old.width, height=old.height
    )
    with _all_or_nothing(new.id):
        for name in (ORIGINAL, "s.webp", "m.webp", "l.webp", "contact.jpg"):
            data = storage().open(f"{old.id}/{name}")
            if data is not None:
                storage().put(f"{new.id}/{name}", data)
    db.session.add(new)
    return new.id


def forget_pictures(pictures: list[Picture]) -> None:
    """Remove pictures and their files; the caller commits. Rows go first: a file without a row is only space."""
    for picture in pictures:
        db.session.delete(picture)
        storage().delete_folder(picture.id)


def _check_room(card: Card, guest_bytes: int) -> None:
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Picture).where(Picture.card_id == card.id))
    if (count or 0) >= MOST_OF_A_CARD:
        raise TooManyPictures
    if card.owner_id is None and guest_bytes:
        used = db.session.scalar(
            sa.select(sa.func.sum(Picture.size)).join(Card, Card.id == Picture.card_id).where(Card.owner_id.is_(None))
        )
        if (used or 0) >= guest_bytes:
            raise TooManyPictures


def _add(card: Card, sort: str, original: bytes, crop: images.Crop | None, ready: dict[str, bytes]) -> Picture:
    files = {**images.make_sizes(original, sort, crop), **ready}
    width, height = images.size_of(files["l.webp"])
    picture = Picture(id=secrets.token_hex(16), card_id=card.id, sort=sort, size=0, width=width, height=height)
    with _all_or_nothing(picture.id):
        for name, data in {ORIGINAL: original, **files}.items():
            storage().put(f"{picture.id}/{name}", data)
            picture.size += len(data)
    db.session.add(picture)
    return picture


def _commit(picture: Picture) -> Picture:
    with _all_or_nothing(picture.id):
        db.session.commit()
    return picture


@contextmanager
def _all_or_nothing(picture_id: str) -> Iterator[None]:
    """Take a picture's files away again where not all of them, or not its row, can be stored."""
    try:
        yield
    except BaseException:
        storage().delete_folder(picture_id)
        raise
