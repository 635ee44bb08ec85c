"""Files of an account: taken in whole, found, counted against its room, removed once nothing shows them."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from flask import g, has_request_context
from sqlalchemy.exc import IntegrityError

from vcardapp.accounts.models import User
from vcardapp.accounts.owner import Owner
from vcardapp.db import db, now
from vcardapp.i18n import N_
from vcardapp.images_reading import PictureRefused, kind_of
from vcardapp.media.models import (
    ARRIVING,
    PAPER,
    PICTURE,
    READY,
    REFUSED,
    REMOVED,
    WAITING,
    MediaFile,
    MediaUpload,
    new_id,
)
from vcardapp.media.removing import WORK, remove_files
from vcardapp.storage import NO_ROOM, PART, StorageFull, storage
from vcardapp.web import settings

MOST_BYTES = {PICTURE: 150_000_000, PAPER: 50_000_000}
HEAD = 4096  # bytes that tell what a file is
AGAIN = (REFUSED, ARRIVING)  # what is stored anew when it is sent anew
HIDDEN = (REMOVED, ARRIVING)

EMPTY = N_("This file is empty. Please choose another one.")
NO_PAPER = N_("This file is not a PDF. Please choose a PDF file.")
NO_PICTURE = N_("This is a PDF. Please choose a photo (JPEG, PNG, WebP, AVIF or HEIC).")
NEITHER = N_("This file is neither a picture nor a PDF that we can read.")
PICTURE_TOO_LARGE = N_("This picture has more than 150 MB. Please choose a smaller one.")
PAPER_TOO_LARGE = N_("This PDF has more than 50 MB. Please make it smaller, or choose another one.")
TOO_LARGE = {PICTURE: PICTURE_TOO_LARGE, PAPER: PAPER_TOO_LARGE}


class FileRefused(Exception):
    """A file that is not taken; reason is an English sentence that says why and what helps."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AccountFull(Exception):
    """The account has no room for this."""


class NeedsAccount(Exception):
    """Files belong to an account; a guest has none."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many bytes an account's files take, and may take."""

    used: int
    allowed: int

    @property
    def left(self) -> int:
        return max(0, self.allowed - self.used)

    @property
    def is_full(self) -> bool:
        return self.left == 0


def find_file(owner: Owner, file_id: str) -> MediaFile | None:
    """Find one of the owner's files."""
    return find_files(owner, [file_id]).get(file_id)


def find_files(owner: Owner, ids: Collection[str]) -> dict[str, MediaFile]:
    """Find those of the owner's files that have one of these ids, by id."""
    asked = [one for one in ids if one.isalnum()]
    query = sa.select(MediaFile).where(_owned_by(owner), MediaFile.id.in_(asked), MediaFile.state.not_in(HIDDEN))
    return {file.id: file for file in db.session.scalars(query)}


def files_of(owner: Owner, kind: str = "") -> list[MediaFile]:
    """List the owner's files, the newest first; `kind` is picture, animation or paper."""
    query = sa.select(MediaFile).where(_owned_by(owner), MediaFile.state.not_in(HIDDEN))
    if kind:
        query = query.where(MediaFile.kind == kind)
    return list(db.session.scalars(query.order_by(MediaFile.created_at.desc(), MediaFile.id)))


def find_any(file_id: str) -> MediaFile | None:
    """Find a file whosever it is, to show it to those who may see it."""
    return db.session.get(MediaFile, file_id) if len(file_id) == 32 else None


def room_of(owner: Owner) -> Room:
    """Return how much of its room an account uses; uploads under way count in full."""
    stored = sa.select(sa.func.sum(MediaFile.bytes)).where(_owned_by(owner))
    coming = sa.select(sa.func.sum(MediaUpload.size)).where(MediaUpload.owner_id == owner.user_id, MediaUpload.file_id == "")
    used = (db.session.scalar(stored) or 0) + (db.session.scalar(coming) or 0)
    return Room(int(used), settings().account_megabytes * 1_000_000)


def add_file(owner: Owner, source: IO[bytes], name: str, wanted: str = "") -> MediaFile:
    """Take in a whole file; `wanted` is picture, paper or "" for either. The same bytes again are the same file.

    Raise FileRefused, AccountFull, NeedsAccount or StorageFull.
    """
    if owner.is_guest:
        raise NeedsAccount
    with received() as path:
        digest = hashlib.sha256()
        with path.open("wb") as file:
            while part := source.read(PART):
                if file.tell() + len(part) > max(MOST_BYTES.values()):
                    raise FileRefused(PAPER_TOO_LARGE if wanted == PAPER else PICTURE_TOO_LARGE)
                digest.update(part)
                file.write(part)
        return keep(owner, path, digest.hexdigest(), name, wanted)


def keep(owner: Owner, path: Path, sha256: str, name: str, wanted: str, reserved: int = 0) -> MediaFile:
    """Store a file that has arrived, unless the account has it already; `reserved` of its bytes are counted before.

    Raise FileRefused, AccountFull or StorageFull.
    """
    size = path.stat().st_size
    kind = check(head_of(path), size, wanted)
    file = find_same(owner, sha256)
    if file and file.state not in AGAIN:
        file.unused_since = None
        db.session.commit()
        return file
    file = _reserve(owner, file, sha256, size, reserved)
    try:
        storage().put_file(file.upload, path)
    except BaseException:
        db.session.rollback()
        remove_files(MediaFile.id == file.id)
        raise
    file.kind, file.state, file.name = kind, WAITING, shown_name(name)
    db.session.commit()
    work_is_waiting()
    return file


def _reserve(owner: Owner, file: MediaFile | None, sha256: str, size: int, reserved: int) -> MediaFile:
    """Note what is about to be stored, so that it is counted, and removed by the sweep where it never arrives."""
    lock_room(owner)
    if size > room_of(owner).left + reserved:
        db.session.rollback()
        raise AccountFull
    file = file or MediaFile(id=new_id(), owner_id=owner.user_id, sha256=sha256, kind=PICTURE)
    file.state, file.reason, file.bytes, file.created_at = ARRIVING, "", size, now()
    file.attempts, file.claimed_until, file.unused_since = 0, None, None
    db.session.add(file)
    try:
        db.session.commit()
    except IntegrityError:  # the same upload arrives twice at once: they store the same bytes under the same name
        db.session.rollback()
        same = find_same(owner, sha256)
        if same is None:
            raise
        return same
    return file


def check(head: bytes, size: int, wanted: str) -> str:
    """Return whether a file that begins so is a picture or a paper; raise FileRefused where another one is wanted."""
    if size == 0:
        raise FileRefused(EMPTY)
    if head.lstrip()[:5] == b"%PDF-":
        kind = PAPER
    else:
        try:
            kind_of(head)
        except PictureRefused as refused:
            raise FileRefused({PICTURE: refused.reason, PAPER: NO_PAPER}.get(wanted, NEITHER)) from None
        kind = PICTURE
    if wanted not in ("", kind):
        raise FileRefused(NO_PAPER if wanted == PAPER else NO_PICTURE)
    if size > MOST_BYTES[kind]:
        raise FileRefused(TOO_LARGE[kind])
    return kind


def check_kind(file: MediaFile, wanted: str) -> None:
    """Raise FileRefused for a paper where a picture is wanted, and the other way round."""
    if wanted and (file.kind == PAPER) != (wanted == PAPER):
        raise FileRefused(NO_PAPER if wanted == PAPER else NO_PICTURE)


def find_same(owner: Owner, sha256: str) -> MediaFile | None:
    """Find the owner's file that was made of these bytes."""
    query = sa.select(MediaFile).where(_owned_by(owner), MediaFile.sha256 == sha256, MediaFile.state != REMOVED)
    return db.session.scalar(query)


def lock_room(owner: Owner) -> None:
    """Have uploads of one account take turns until the commit, so that together they stay within its room."""
    db.session.execute(sa.update(User).where(User.id == owner.user_id).values(id=User.id))


def work_is_waiting() -> None:
    """Have the job begin as soon as the request is answered."""
    if has_request_context():
        g.media_is_waiting = True


@contextmanager
def received() -> Iterator[Path]:
    """Give a file of this computer for bytes on their way into the storage; it is gone afterwards."""
    folder = settings().data / WORK
    try:
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="upload-", dir=folder) as own:
            yield Path(own) / "file"
    except OSError as problem:
        if problem.errno in NO_ROOM:
            raise StorageFull(folder.name) from problem
        raise


def head_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def shown_name(name: str) -> str:
    """Return a file's name without its folders and what cannot be shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable())[:200]


def status_of(file: MediaFile) -> dict[str, Any]:
    """Return what a page needs to show a file, also while it waits."""
    from vcardapp.media.addresses import url_of

    return {
        "id": file.id, "kind": file.kind, "state": file.state, "reason": file.reason, "name": file.name,
        "bytes": file.bytes, "width": file.width, "height": file.height, "pages": file.pages,
        "placeholder": file.placeholder,
        "urls": {str(width): url_of(file, width) for width in file.widths} if file.state == READY else {},
    }  # fmt: skip


def _owned_by(owner: Owner) -> sa.ColumnElement[bool]:
    return MediaFile.owner_id == owner.user_id if owner.user_id else sa.false()
