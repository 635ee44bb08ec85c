"""Cards made of contact files: a draft of each contact, with its photo; a file of many can be gone on with."""

from __future__ import annotations

import dataclasses
import time
import uuid
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from vcardapp import images
from vcardapp.accounts.owner import Owner
from vcardapp.cards import pictures
from vcardapp.cards.content import Content
from vcardapp.cards.models import Card, ContactFile
from vcardapp.cards.vcard_reader import ReadCard, read_vcards
from vcardapp.db import db, now

FILES_KEPT = timedelta(days=1)


class TooLong(Exception):
    """The contact has more text than a card may hold."""


def with_defaults(content: Content, base: Content) -> Content:
    """Return a read content with the country, zone and language of `base` where the file says nothing of them."""
    names = ("country", "time_zone", "language")
    return dataclasses.replace(content, **{name: getattr(content, name) or getattr(base, name) for name in names})


def make_card(owner: Owner, read: ReadCard, slug: str = "", base: Content | None = None) -> tuple[Card, str]:
    """Make a draft of one contact; return also why its photo was left out, if it was. Raise TooLong."""
    card, reason = _add_card(owner, read, slug, base or Content())
    db.session.commit()
    return card, reason


def adopt_uid(card: Card, uid: uuid.UUID | None) -> None:
    """Give a card that nobody has saved yet the UID of our own file it was filled from, unless a card here has it."""
    if uid and card.published_at is None and _is_free(uid):
        card.uid = uid
        try:
            db.session.commit()
        except IntegrityError:  # another card was quicker
            db.session.rollback()


def keep_file(user_id: uuid.UUID, data: bytes, charset: str, total: int) -> ContactFile:
    """Keep a file of many contacts until its owner says what to do with it, in place of the one before."""
    db.session.execute(sa.delete(ContactFile).where(ContactFile.owner_id == user_id))
    file = ContactFile(owner_id=user_id, data=data, charset=charset[:40], total=total)
    db.session.add(file)
    db.session.commit()
    return file


def find_file(owner: Owner, file_id: str) -> ContactFile | None:
    """Find a file that its owner is about to make cards of."""
    try:
        wished = uuid.UUID(file_id)
    except ValueError:
        return None
    return db.session.scalar(sa.select(ContactFile).where(ContactFile.id == wished, ContactFile.owner_id == owner.user_id))


def make_cards(file: ContactFile, base: Content, seconds: float) -> bool:
    """Make drafts of the next contacts for about this long; True once all are made.

    Each card is stored together with the count of those made: whatever happens in between, none is made twice or missed.
    """
    end = time.monotonic() + seconds
    owner = Owner(user_id=file.owner_id)
    made = file.made
    for number, read in enumerate(read_vcards(file.data, base.country, file.charset).cards[made:], made):
        if not _claim(file, number):
            return False
        try:
            _, reason = _add_card(owner, read, "", base)
            file.photos_left_out += bool(reason)
        except TooLong:
            file.left_out += 1
        db.session.commit()
        if time.monotonic() > end:
            break
    return file.made >= file.total


def forget_file(file: ContactFile) -> None:
    """Remove a file whose cards are made."""
    db.session.execute(sa.delete(ContactFile).where(ContactFile.id == file.id))
    db.session.commit()


def sweep() -> None:
    """Remove files that nobody made cards of."""
    db.session.execute(sa.delete(ContactFile).where(ContactFile.created_at < now() - FILES_KEPT))
    db.session.commit()


def _claim(file: ContactFile, number: int) -> bool:
    """Count this contact as made; False if another request, making cards of the same file, has done so."""
    mine = sa.update(ContactFile).where(ContactFile.id == file.id, ContactFile.made == number)
    result = db.session.execute(mine.values(made=number + 1))
    if not cast("sa.CursorResult[Any]", result).rowcount:
        db.session.rollback()
        return False
    return True


def _add_card(owner: Owner, read: ReadCard, slug: str, base: Content) -> tuple[Card, str]:
    content = with_defaults(read.content, base)
    if content.is_too_long:
        raise TooLong
    uid = read.uid if read.uid and _is_free(read.uid) else uuid.uuid4()
    card = Card(id=uuid.uuid4(), uid=uid, owner_id=owner.user_id, draft=content, draft_slug=slug)
    db.session.add(card)
    db.session.flush()
    if not read.photo:
        return card, ""
    try:
        photo = pictures.add_picture(card, "photo", read.photo)
    except images.PictureRefused as refused:
        return card, refused.reason
    card.draft = dataclasses.replace(content, photo=photo.id)
    return card, ""


def _is_free(uid: uuid.UUID) -> bool:
    return db.session.scalar(sa.select(Card.id).where(Card.uid == uid)) is None
