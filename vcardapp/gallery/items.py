"""What is in an album: listed for its owner, added, brought back."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from vcardapp.db import db, now
from vcardapp.gallery.models import PICTURE, VIDEO, Album, AlbumItem
from vcardapp.gallery.service import WAY_BACK
from vcardapp.gallery.videos import read_video
from vcardapp.media.models import PAPER, MediaFile

MOST_ITEMS = 200  # of an album


class TooManyItems(Exception):
    """This album holds as much as an album may hold."""


class NotAVideo(Exception):
    """This address is none of a video that can be played here."""


def items_of(album: Album) -> list[AlbumItem]:
    """List what is in an album, in order, with hidden, waiting and refused ones."""
    return list(db.session.scalars(_query(album).where(AlbumItem.removed_at.is_(None))))


def removed_items_of(album: Album) -> list[AlbumItem]:
    """List what can be brought back, the last removed first."""
    lately = _query(album).where(AlbumItem.removed_at > now() - WAY_BACK).order_by(None)
    return list(db.session.scalars(lately.order_by(AlbumItem.removed_at.desc(), AlbumItem.key)))


def find_item(album: Album, item_id: uuid.UUID) -> AlbumItem | None:
    """Find one thing in an album, also a removed one."""
    return db.session.scalar(_query(album).where(AlbumItem.id == item_id))


def add_file(album: Album, file: MediaFile) -> AlbumItem:
    """Put one of the owner's pictures or papers into an album, at its end; one that is in it already is found again.

    Raise TooManyItems.
    """
    kind = PAPER if file.kind == PAPER else PICTURE
    same = db.session.scalar(_query(album).where(AlbumItem.file_id == file.id, AlbumItem.kind == kind).limit(1))
    if same:
        same.removed_at = None
        db.session.commit()
        return same
    return _add(album, AlbumItem(kind=kind, file_id=file.id))


def add_video(album: Album, address: str) -> AlbumItem:
    """Put a video into an album by its address; raise NotAVideo or TooManyItems."""
    video = read_video(address)
    if video is None:
        raise NotAVideo
    return _add(album, AlbumItem(kind=VIDEO, video_url=video.page))


def set_poster(item: AlbumItem, file: MediaFile | None) -> None:
    """Show this picture before a video is played, or the one that we draw."""
    item.file_id = file.id if file else None
    db.session.commit()


def bring_back(item: AlbumItem) -> None:
    """Show a removed item again, where it was."""
    item.removed_at = None
    db.session.commit()


def _add(album: Album, item: AlbumItem) -> AlbumItem:
    said = sa.select(sa.func.count(), sa.func.max(AlbumItem.place)).where(AlbumItem.album_id == album.id)
    count, last = db.session.execute(said.where(AlbumItem.removed_at.is_(None))).one()
    if count >= MOST_ITEMS:
        raise TooManyItems
    item.card_id, item.album_id, item.place = album.card_id, album.id, (last or 0) + 1
    db.session.add(item)
    db.session.commit()
    return item


def _query(album: Album) -> sa.Select[AlbumItem]:
    found = sa.select(AlbumItem).where(AlbumItem.album_id == album.id).options(joinedload(AlbumItem.file))
    return found.order_by(AlbumItem.place, AlbumItem.created_at, AlbumItem.key)
