"""Makes the sizes of files that wait; each is claimed for a while, so that one process is at it, and another if that one dies."""

from __future__ import annotations

import hashlib
import logging
import shutil
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from vcardapp.db import Base, db, now
from vcardapp.i18n import N_
from vcardapp.media import service
from vcardapp.media.models import PAPER, READY, REFUSED, WAITING, MediaFile
from vcardapp.media.press import TOO_LARGE
from vcardapp.media.pressing import Press, Stopped
from vcardapp.storage import NO_ROOM, PART, StorageAway, StorageFull, open_stored, storage

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)  # a file taken by a process that died comes back after this; renewed while one is at it
WAIT = timedelta(minutes=1)  # until the next try where the storage is full or away
WRONG_CLOCK = timedelta(hours=1)  # what is claimed for longer was claimed by a clock that was wrong
MOST_ATTEMPTS = 3

GONE = N_("This file is not here any more. Please choose it once more.")


class ClaimLost(Exception):
    """The file was removed, or another process has it."""


def work_on_waiting(stopping: threading.Event | None = None) -> int:
    """Make all that waits, until there is nothing or the process stops; return how many were settled."""
    settled = 0
    with Press(stopping or threading.Event()) as press:
        while file := _claim():
            try:
                settled += _settle(file, press)
            except ClaimLost:
                continue
            except Stopped:
                _release(file.id, attempts=-1)
                break
            except (StorageFull, StorageAway) as problem:
                logger.warning("Files cannot be stored right now: %s", type(problem).__name__)
                _release(file.id, attempts=-1, until=now() + WAIT)
                break
    return settled


def sweep() -> None:
    """Remove uploads whose sizes were made by processes that died before they could do that."""
    over = sa.or_(MediaFile.claimed_until < now(), MediaFile.claimed_until > now() + WRONG_CLOCK)
    left = sa.and_(MediaFile.state.in_((READY, REFUSED)), over)
    for file in db.session.scalars(sa.select(MediaFile).where(left)).all():
        _forget_upload(file, file.state)


def _claim() -> MediaFile | None:
    """Take the file that has waited longest; None if none waits."""
    while True:
        until = MediaFile.claimed_until
        free = sa.or_(until.is_(None), until < now(), until > now() + WRONG_CLOCK)
        query = sa.select(MediaFile.id, MediaFile.claimed_until).where(MediaFile.state == WAITING, free)
        found = db.session.execute(query.order_by(MediaFile.created_at, MediaFile.id).limit(1)).first()
        db.session.commit()
        if found is None:
            return None
        mine = {"claimed_until": now() + LEASE, "attempts": MediaFile.attempts + 1}
        if _change(found.id, found.claimed_until, mine):
            return _apart(found.id)


def _apart(file_id: str) -> MediaFile | None:
    """Return what is to be known of a file, apart from the session: it may be removed at any time."""
    known = [MediaFile.id, MediaFile.kind, MediaFile.sha256, MediaFile.attempts, MediaFile.claimed_until]
    row = db.session.execute(sa.select(*known).where(MediaFile.id == file_id)).first()
    db.session.commit()
    return MediaFile(**row._mapping) if row else None


def _release(file_id: str, attempts: int, until: datetime | None = None) -> None:
    values = {"claimed_until": until, "attempts": MediaFile.attempts + attempts}
    db.session.execute(sa.update(MediaFile).where(MediaFile.id == file_id, MediaFile.state == WAITING).values(values))
    db.session.commit()


def _renew(file: MediaFile) -> None:
    """Keep a claim; raise ClaimLost."""
    until = now() + LEASE
    if not _change(file.id, file.claimed_until, {"claimed_until": until}):
        raise ClaimLost
    file.claimed_until = until


def _change(file_id: str, seen: datetime | None, values: dict[str, Any]) -> bool:
    """Change a waiting file unless another process has claimed it meanwhile."""
    claim = MediaFile.claimed_until.is_(None) if seen is None else MediaFile.claimed_until == seen
    change = sa.update(MediaFile).where(MediaFile.id == file_id, MediaFile.state == WAITING, claim).values(values)
    result = db.session.execute(change.execution_options(synchronize_session=False))
    db.session.commit()
    return cast("sa.CursorResult[Any]", result).rowcount == 1


def _settle(file: MediaFile, press: Press) -> bool:
    """Make a file's sizes, or say why not; False if it has to be tried once more."""
    with service.received() as source:
        target = source.with_name("made")
        target.mkdir()
        if not _fetch(file, source):
            return _refuse(file, GONE)
        found = press.make("paper" if file.kind == PAPER else "picture", source, target, lambda: _renew(file))
        if found is None:  # the process died or took too long
            if file.attempts >= MOST_ATTEMPTS:
                return _refuse(file, TOO_LARGE)
            _release(file.id, attempts=0)
            return False
        if "errno" in found:
            if found["errno"] in NO_ROOM:
                raise StorageFull(file.id)
            return _refuse(file, TOO_LARGE)
        return _refuse(file, found["refused"]) if "refused" in found else _keep(file, found, target)


def _fetch(file: MediaFile, target: Path) -> bool:
    stored = open_stored(storage(), file.upload)
    if stored is None:
        return False
    with target.open("wb") as copy:
        shutil.copyfileobj(stored, copy, PART)
    return True


def _refuse(file: MediaFile, reason: str) -> bool:
    return _finish(file, {"state": REFUSED, "reason": reason, "bytes": 0})


def _keep(file: MediaFile, made: dict[str, Any], folder: Path) -> bool:
    """Store all sizes, then say in one step that they are there."""
    parts = sorted(folder.iterdir())
    digest = hashlib.sha256(file.sha256.encode() if file.kind == PAPER else b"")
    for part in parts:
        digest.update(part.name.encode() + b"\0" + part.read_bytes())
    mark = digest.hexdigest()[:16]
    paper_bytes = (storage().size(file.upload) or 0) if file.kind == PAPER else 0
    for part in parts:
        _renew(file)
        storage().put_file(f"{file.folder}/{mark}/{part.name}", part)
    size = sum(part.stat().st_size for part in parts) + paper_bytes
    return _finish(file, {**made, "state": READY, "mark": mark, "bytes": size, "paper_bytes": paper_bytes})


def _finish(file: MediaFile, values: dict[str, Any]) -> bool:
    if not _change(file.id, file.claimed_until, values):
        raise ClaimLost
    _touch_pages(file.id)
    _forget_upload(file, values["state"])
    return True


def _forget_upload(file: MediaFile, state: str) -> None:
    """Remove what was uploaded, which may say more than its pixels; a paper is what was uploaded."""
    if file.kind != PAPER or state == REFUSED:
        storage().delete(file.upload)
    db.session.execute(sa.update(MediaFile).where(MediaFile.id == file.id).values(claimed_until=None))
    db.session.commit()


def _touch_pages(file_id: str) -> None:
    """Have pages drawn anew on which the file is shown: a row with a `card_id` that changes says so."""
    for mapper in Base.registry.mappers:
        for column in mapper.local_table.columns:
            if "card_id" in mapper.columns and any(key.target_fullname == "media_files.id" for key in column.foreign_keys):
                name = mapper.get_property_by_column(column).key
                for row in db.session.scalars(sa.select(mapper.class_).where(column == file_id)):
                    flag_modified(row, name)
    db.session.commit()
