"""What visitors see of a card's albums: nothing that is hidden, removed or not ready."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from vcardapp.cards.models import Card
from vcardapp.cards.slugs import key_of
from vcardapp.db import db
from vcardapp.gallery.models import Album, AlbumItem
from vcardapp.gallery.videos import Video


@dataclass(frozen=True, slots=True)
class ShownAlbum:
    album: Album
    items: tuple[AlbumItem, ...]

    @property
    def key(self) -> str:
        return self.album.key

    @property
    def title(self) -> str:
        return self.album.title

    @property
    def cover(self) -> AlbumItem:
        """The item that stands for the album: the owner's choice, else the first that has a picture, else the first."""
        chosen = [item for item in self.items if item.id == self.album.cover_id]
        with_picture = [item for item in self.items if item.file and item.file.is_ready]
        return (*chosen, *with_picture, *self.items)[0]

    @property
    def videos(self) -> tuple[Video, ...]:
        return tuple(item.video for item in self.items if item.video)

    def find(self, key: str) -> int | None:
        """Return the place of an item, from 0."""
        return next((place for place, item in enumerate(self.items) if item.key == key), None)


def shown_albums(card: Card) -> tuple[ShownAlbum, ...]:
    """Return the albums that visitors of a card see, in order; an empty one is not shown."""
    albums = sa.select(Album).where(Album.card_id == card.id, Album.is_hidden.is_(False))
    found = db.session.scalars(albums.order_by(Album.place, Album.created_at, Album.key)).all()
    return _with_items(found) if found else ()


def find_shown_album(card: Card, key: str) -> ShownAlbum | None:
    """Find an album that visitors see by the key in its address."""
    key = key_of(key)
    if len(key) > 80 or not key.isprintable():
        return None
    album = db.session.scalar(sa.select(Album).where(Album.card_id == card.id, Album.key == key, Album.is_hidden.is_(False)))
    return next(iter(_with_items([album])), None) if album else None


def _with_items(albums: Iterable[Album]) -> tuple[ShownAlbum, ...]:
    own = {album.id: album for album in albums}
    query = sa.select(AlbumItem).where(AlbumItem.album_id.in_(own)).options(joinedload(AlbumItem.file))
    found = db.session.scalars(query.order_by(AlbumItem.place, AlbumItem.created_at, AlbumItem.key))
    items = [item for item in found if item.is_shown]
    each = ((album, tuple(item for item in items if item.album_id == album.id)) for album in own.values())
    return tuple(ShownAlbum(album, shown) for album, shown in each if shown)
