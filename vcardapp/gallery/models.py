"""Albums of a card, and what is in them: pictures, videos by link, papers."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from vcardapp.db import Base, now
from vcardapp.gallery.videos import Video, read_video
from vcardapp.i18n import N_
from vcardapp.media.models import PAPER, MediaFile

GRID, MASONRY, CAROUSEL, COMPARE = "grid", "masonry", "carousel", "compare"
LAYOUTS = {GRID: N_("Grid"), MASONRY: N_("Wall"), CAROUSEL: N_("Side by side"), COMPARE: N_("Before and after")}
PICTURE, VIDEO = "picture", "video"  # and PAPER


def new_key() -> str:
    return secrets.token_hex(4)


class Album(Base):
    """Nothing of it is drafted: a change is seen at once."""

    __tablename__ = "albums"
    __table_args__ = (sa.UniqueConstraint("card_id", "key"),)
    __mapper_args__ = {"confirm_deleted_rows": False}  # a double click removes it once

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(40))  # stands in its address, made from its first title
    title: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    layout: Mapped[str] = mapped_column(sa.String(10), default=GRID)  # a key of LAYOUTS
    place: Mapped[int] = mapped_column(default=0)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    cover_id: Mapped[uuid.UUID | None]  # of one of its items; without one, or when it is gone, the first
    created_at: Mapped[datetime] = mapped_column(default=now)


class AlbumItem(Base):
    """One thing in an album. A removed one can be brought back for a day."""

    __tablename__ = "album_items"
    __table_args__ = (sa.UniqueConstraint("album_id", "key"),)
    __mapper_args__ = {"confirm_deleted_rows": False}

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    album_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("albums.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(8), default=new_key)  # stands in its address
    kind: Mapped[str] = mapped_column(sa.String(10))  # picture, video, paper
    file_id: Mapped[str | None] = mapped_column(sa.ForeignKey("media_files.id", ondelete="SET NULL"), index=True)
    video_url: Mapped[str] = mapped_column(sa.String(500), default="")  # the page of the video
    caption: Mapped[str] = mapped_column(sa.String(500), default="")
    alt: Mapped[str] = mapped_column(sa.String(500), default="")
    place: Mapped[int] = mapped_column(default=0)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    file: Mapped[MediaFile | None] = relationship(MediaFile)  # of a video its poster, if its owner chose one

    @property
    def video(self) -> Video | None:
        return read_video(self.video_url) if self.kind == VIDEO else None

    @property
    def is_paper(self) -> bool:
        return self.kind == PAPER

    @property
    def is_ready(self) -> bool:
        """True if there is something to show."""
        return self.video is not None if self.kind == VIDEO else self.file is not None and self.file.is_ready

    @property
    def is_shown(self) -> bool:
        """True if visitors see it in its album."""
        return self.is_ready and not self.is_hidden and self.removed_at is None
