"""Albums of a card: made, found, changed, moved, removed."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from vcardapp.cards.models import Card
from vcardapp.cards.service import going_with
from vcardapp.cards.slugs import key_of, propose_slug
from vcardapp.db import db, now
from vcardapp.gallery.models import GRID, LAYOUTS, Album, AlbumItem

MOST_ALBUMS = 50  # of a card
WAY_BACK = timedelta(days=1)  # for which a removed item can be brought back
LONGEST_KEY = 40


class TooManyAlbums(Exception):
    """This card has as many albums as a card may have."""


@dataclass(frozen=True, slots=True)
class ItemSaid:
    """What an owner says about one item; their order is that of the list."""

    id: uuid.UUID
    caption: str = ""
    alt: str = ""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class AlbumSaid:
    """What an owner says about an album as a whole."""

    title: str
    text: str = ""
    layout: str = GRID
    is_hidden: bool = False
    cover: uuid.UUID | None = None
    items: tuple[ItemSaid, ...] = ()
    removed: frozenset[uuid.UUID] = frozenset()


def albums_of(card: Card) -> list[Album]:
    """List a card's albums in the owner's order."""
    query = sa.select(Album).where(Album.card_id == card.id)
    return list(db.session.scalars(query.order_by(Album.place, Album.created_at, Album.key)))


def find_album(card: Card, album_id: uuid.UUID) -> Album | None:
    """Find one of a card's albums."""
    return db.session.scalar(sa.select(Album).where(Album.card_id == card.id, Album.id == album_id))


def add_album(card: Card, title: str) -> Album:
    """Begin an album at the end of the list, its address from the title; raise TooManyAlbums."""
    albums = albums_of(card)
    if len(albums) >= MOST_ALBUMS:
        raise TooManyAlbums
    key = _free_key(title, {album.key for album in albums})
    album = Album(card_id=card.id, key=key, title=title, place=albums[-1].place + 1 if albums else 0)
    db.session.add(album)
    try:
        db.session.commit()
    except IntegrityError:  # a double click: the key has just been taken
        db.session.rollback()
        return add_album(card, title)
    return album


def save_album(album: Album, said: AlbumSaid) -> None:
    """Note all that an owner says about an album; items that are not named stay as they are, behind the others."""
    album.title, album.text, album.is_hidden = said.title, said.text, said.is_hidden
    album.layout = said.layout if said.layout in LAYOUTS else GRID
    items = {item.id: item for item in db.session.scalars(sa.select(AlbumItem).where(AlbumItem.album_id == album.id))}
    album.cover_id = said.cover if said.cover in items else None
    named = [one for one in said.items if one.id in items]
    for place, one in enumerate(named):
        item = items[one.id]
        item.place, item.caption, item.alt, item.is_hidden = place, one.caption, one.alt, one.is_hidden
        item.removed_at = None
    others = [item for item in items.values() if item.id not in {one.id for one in named}]
    for place, item in enumerate(sorted(others, key=lambda item: item.place), len(named)):
        item.place = place
    for item_id in said.removed & items.keys():
        items[item_id].removed_at = items[item_id].removed_at or now()
    db.session.commit()


def move_album(album: Album, steps: int) -> None:
    """Move an album up (-1) or down (1) in its card's list."""
    query = sa.select(Album).where(Album.card_id == album.card_id)
    albums = list(db.session.scalars(query.order_by(Album.place, Album.created_at, Album.key)))
    place = albums.index(album)
    albums.insert(max(0, place + steps), albums.pop(place))
    for number, each in enumerate(albums):
        each.place = number
    db.session.commit()


def remove_album(album: Album) -> None:
    """Remove an album with all that is in it; files that nothing else shows go by themselves after a day."""
    db.session.execute(sa.delete(AlbumItem).where(AlbumItem.album_id == album.id))
    db.session.delete(album)
    db.session.commit()


def cards_showing(file_id: str) -> Collection[uuid.UUID]:
    """Return the public cards on which visitors see a file now."""
    query = (
        sa.select(AlbumItem.card_id)
        .join(Album, Album.id == AlbumItem.album_id)
        .join(Card, Card.id == AlbumItem.card_id)
        .where(AlbumItem.file_id == file_id, AlbumItem.is_hidden.is_(False), AlbumItem.removed_at.is_(None))
        .where(Album.is_hidden.is_(False))
        .where(Card.is_public)
    )
    return set(db.session.scalars(query))


def sweep() -> None:
    """Forget items that were removed a day ago, and the albums of erased cards."""
    db.session.execute(sa.delete(AlbumItem).where(AlbumItem.removed_at < now() - WAY_BACK))
    _forget(sa.select(Card.id).where(Card.erased_at.is_not(None)))


def forget_albums_of(user_id: uuid.UUID) -> None:
    """Remove the albums of a person who leaves."""
    _forget(going_with(user_id))


def _forget(cards: sa.Select[uuid.UUID]) -> None:
    db.session.execute(sa.delete(Album).where(Album.card_id.in_(cards)))
    db.session.commit()


def _free_key(title: str, taken: set[str]) -> str:
    base = key_of(propose_slug(title, LONGEST_KEY))[:LONGEST_KEY] or "album"
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base[: LONGEST_KEY - 4].rstrip('-')}-{number}"
    return key
