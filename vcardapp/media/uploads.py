"""Uploads in parts: each part is stored as it arrives, so that a lost connection costs only the part under way."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa

from vcardapp.accounts.owner import Owner
from vcardapp.db import db, now
from vcardapp.i18n import N_
from vcardapp.media import service
from vcardapp.media.models import PAPER, PICTURE, MediaFile, MediaUpload
from vcardapp.media.service import AccountFull, FileRefused, NeedsAccount
from vcardapp.storage import storage

PART = 4_000_000  # bytes that a browser sends at once
MOST_OF_A_PART = 8_000_000
MOST_OPEN = 50  # uploads of one account
KEPT = timedelta(days=2)
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)

DAMAGED = N_("This file was damaged on its way. Please send it again.")


class TooManyUploads(Exception):
    """This account has as many uploads under way as it may have."""


class NotHere(Exception):
    """These bytes do not go where the upload stands, which is at `offset`."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def begin(owner: Owner, size: int, name: str, sha256: str = "", wanted: str = "") -> MediaUpload | MediaFile:
    """Begin an upload; a file that the account has already is returned instead.

    Raise FileRefused, AccountFull, TooManyUploads or NeedsAccount.
    """
    if owner.user_id is None:
        raise NeedsAccount
    most = service.MOST_BYTES.get(wanted, max(service.MOST_BYTES.values()))
    if size <= 0 or size > most:
        raise FileRefused(service.EMPTY if size <= 0 else service.TOO_LARGE[PAPER if wanted == PAPER else PICTURE])
    sha256 = sha256.lower() if SHA256.fullmatch(sha256.lower()) else ""
    same = service.find_same(owner, sha256) if sha256 else None
    if same and same.state not in service.AGAIN:
        service.check_kind(same, wanted)
        same.unused_since = None
        db.session.commit()
        return same
    service.lock_room(owner)
    if _open_uploads(owner) >= MOST_OPEN:
        db.session.rollback()
        raise TooManyUploads
    if size > service.room_of(owner).left:
        db.session.rollback()
        raise AccountFull
    upload = MediaUpload(owner_id=owner.user_id, name=service.shown_name(name), wanted=wanted, size=size, sha256=sha256)
    db.session.add(upload)
    db.session.commit()
    return upload


def find_upload(owner: Owner, upload_id: str) -> MediaUpload | None:
    """Find one of the owner's uploads."""
    query = sa.select(MediaUpload).where(MediaUpload.id == upload_id, MediaUpload.owner_id == owner.user_id)
    return db.session.scalar(query) if owner.user_id else None


def file_of(owner: Owner, upload: MediaUpload) -> MediaFile | None:
    """Return what became of an upload."""
    return service.find_file(owner, upload.file_id) if upload.file_id else None


def append(owner: Owner, upload: MediaUpload, offset: int, data: bytes) -> MediaFile | None:
    """Store the next part of an upload, and return the file once all of it is there. May be repeated.

    Raise NotHere, FileRefused, AccountFull or StorageFull.
    """
    if upload.file_id:
        return file_of(owner, upload)
    is_repeated = offset + len(data) <= upload.received
    if not is_repeated and (offset != upload.received or offset + len(data) > upload.size):
        raise NotHere(upload.received)
    if data and not is_repeated:
        if offset == 0:
            _check_begin(upload, data)
        _store_part(upload, offset, data)
    return _finish(owner, upload) if upload.received == upload.size else None


def cancel(upload: MediaUpload) -> None:
    """Forget an upload and what has arrived of it; what became of a finished one stays."""
    db.session.delete(upload)
    db.session.commit()
    storage().delete_folder(upload.folder)


def sweep() -> None:
    """Forget uploads that nobody has gone on with for two days."""
    for upload in db.session.scalars(sa.select(MediaUpload).where(MediaUpload.touched_at < now() - KEPT)).all():
        cancel(upload)


def _open_uploads(owner: Owner) -> int:
    query = sa.select(sa.func.count()).where(MediaUpload.owner_id == owner.user_id, MediaUpload.file_id == "")
    return db.session.scalar(query) or 0


def _check_begin(upload: MediaUpload, data: bytes) -> None:
    """Refuse at the first part what would be refused after the last."""
    try:
        service.check(data[: service.HEAD], upload.size, upload.wanted)
    except FileRefused:
        cancel(upload)
        raise


def _store_part(upload: MediaUpload, offset: int, data: bytes) -> None:
    """Store a part under a name of its own, then note it unless another request has been quicker."""
    name = f"{upload.folder}/{offset:012}-{secrets.token_hex(4)}"
    storage().put(name, data)
    here = sa.update(MediaUpload).where(MediaUpload.id == upload.id, MediaUpload.received == offset)
    noted = here.values(received=offset + len(data), parts=[*upload.parts, name], touched_at=now())
    result = db.session.execute(noted.execution_options(synchronize_session=False))
    db.session.commit()
    if cast("sa.CursorResult[Any]", result).rowcount == 0:
        storage().delete(name)
        raise NotHere(_stands_at(upload))


def _stands_at(upload: MediaUpload) -> int:
    return db.session.scalar(sa.select(MediaUpload.received).where(MediaUpload.id == upload.id)) or 0


def _finish(owner: Owner, upload: MediaUpload) -> MediaFile:
    with service.received() as path:
        digest = _put_together(upload, path)
        db.session.refresh(upload)
        if upload.file_id:  # another request was at it, too
            return cast("MediaFile", file_of(owner, upload))
        if digest is None or (upload.sha256 and digest != upload.sha256):
            cancel(upload)
            raise FileRefused(DAMAGED)
        try:
            file = service.keep(owner, path, digest, upload.name, upload.wanted, reserved=upload.size)
        except FileRefused:
            cancel(upload)
            raise
    upload.file_id, upload.parts = file.id, []
    db.session.commit()
    storage().delete_folder(upload.folder)
    return file


def _put_together(upload: MediaUpload, path: Path) -> str | None:
    """Write all parts into one file and return its SHA-256, None where a part is gone."""
    digest = hashlib.sha256()
    with path.open("wb") as whole:
        for name in upload.parts:
            data = storage().open(name)
            if data is None:
                return None
            digest.update(data)
            whole.write(data)
    return digest.hexdigest()
