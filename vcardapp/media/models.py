"""Files of an account: pictures, animations and papers, and the uploads that are still under way."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from vcardapp.db import Base, now

ARRIVING, WAITING, READY, REFUSED, REMOVED = "arriving", "waiting", "ready", "refused", "removed"
PICTURE, ANIMATION, PAPER = "picture", "animation", "paper"


def new_id() -> str:
    return secrets.token_hex(16)


class MediaFile(Base):
    """One file of an account in the storage's folder `files/<id>/`; the same upload is there once.

    Other features use it by a foreign key to `media_files.id`: while one of them names it, it is kept.
    """

    __tablename__ = "media_files"
    __table_args__ = (sa.UniqueConstraint("owner_id", "sha256"),)
    __mapper_args__ = {"confirm_deleted_rows": False}

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    owner_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    sha256: Mapped[str] = mapped_column(sa.String(64))  # of the upload
    kind: Mapped[str] = mapped_column(sa.String(10))  # picture, animation, paper
    state: Mapped[str] = mapped_column(sa.String(10), default=WAITING)  # arriving, waiting, ready, refused, removed
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # why it was refused, an English sentence to translate
    name: Mapped[str] = mapped_column(sa.String(200), default="")  # what its owner's computer calls it
    bytes: Mapped[int] = mapped_column(sa.BigInteger)  # of all that is stored
    width: Mapped[int] = mapped_column(default=0)  # upright, of what was uploaded; a paper's first page as drawn
    height: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)  # of a paper
    paper_bytes: Mapped[int] = mapped_column(sa.BigInteger, default=0)  # what a visitor downloads
    placeholder: Mapped[str] = mapped_column(sa.String(200), default="")  # a data: address of a few blurred pixels
    mark: Mapped[str] = mapped_column(sa.String(16), default="")  # changes with the bytes that are served
    widths: Mapped[list[int]] = mapped_column(sa.JSON, default=list)  # of the sizes made, ascending
    animation_width: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    unused_since: Mapped[datetime | None]  # noted by the sweep
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None] = mapped_column(index=True)  # by the process that works on it

    @property
    def is_ready(self) -> bool:
        return self.state == READY

    @property
    def folder(self) -> str:
        """The folder of this file in the storage."""
        return f"files/{self.id}"

    @property
    def upload(self) -> str:
        """The name of what was uploaded: a paper itself; a picture only until its sizes are made."""
        return f"{self.folder}/upload"


class MediaUpload(Base):
    """An upload in parts that are stored one by one as `uploads/<id>/…`; what arrived is kept when the connection is lost."""

    __tablename__ = "media_uploads"
    __mapper_args__ = {"confirm_deleted_rows": False}

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    owner_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    wanted: Mapped[str] = mapped_column(sa.String(10), default="")  # picture, paper, or "" for either
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")  # as the browser says, if it says it
    received: Mapped[int] = mapped_column(sa.BigInteger, default=0)  # how many bytes have arrived
    parts: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # their names, in order
    file_id: Mapped[str] = mapped_column(sa.String(32), default="")  # what became of it
    touched_at: Mapped[datetime] = mapped_column(default=now, index=True)

    @property
    def folder(self) -> str:
        return f"uploads/{self.id}"
