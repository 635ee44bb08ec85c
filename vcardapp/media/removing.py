"""Removes files that nothing shows any more, of people who leave, and what killed processes left behind."""

from __future__ import annotations

import shutil
import time
import uuid
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from vcardapp.db import Base, db, now
from vcardapp.media.models import ARRIVING, REMOVED, MediaFile, MediaUpload
from vcardapp.storage import storage
from vcardapp.web import settings

GRACE = timedelta(days=1)  # that a file stays after nothing shows it any more
LEFT_BEHIND = 3600  # seconds after which what lies in the folder of work is nobody's any more
WORK = "work"  # the folder in the data folder for files that are being worked on


def uses() -> list[sa.Column[Any]]:
    """Return the columns by which other features name the files that they show: by a key, or by a note where "" is none."""
    columns = [column for table in Base.metadata.tables.values() for column in table.columns]
    noted = [column for column in columns if column.info.get("names") == "media_files"]
    keys = [key.parent for column in columns for key in column.foreign_keys if key.target_fullname == "media_files.id"]
    return keys + noted


def is_used() -> sa.ColumnElement[bool]:
    """Return the condition that something shows a file."""
    return sa.or_(sa.false(), *(sa.exists().where(column == MediaFile.id) for column in uses()))


def sweep() -> None:
    """Remove files that nothing has shown for a while, and what is left of accounts that are gone."""
    used = is_used()
    no_longer = sa.update(MediaFile).where(used, MediaFile.unused_since.is_not(None)).values(unused_since=None)
    since_now = sa.update(MediaFile).where(~used, MediaFile.unused_since.is_(None)).values(unused_since=now())
    for note in (no_longer, since_now):
        db.session.execute(note.execution_options(synchronize_session=False))
    old = sa.and_(~used, MediaFile.unused_since < now() - GRACE)
    lost = sa.and_(MediaFile.state == ARRIVING, MediaFile.created_at < now() - GRACE)
    remove_files(sa.or_(old, lost, MediaFile.owner_id.is_(None), MediaFile.state == REMOVED))
    _tidy()


def _tidy() -> None:
    """Remove what processes left behind that were killed at work."""
    for folder in (settings().data / WORK).glob("*"):
        if folder.stat().st_mtime < time.time() - LEFT_BEHIND:
            shutil.rmtree(folder, ignore_errors=True)
    storage().tidy()


def remove_files_of(user_id: uuid.UUID) -> None:
    """Remove all files of a person who leaves, and their uploads."""
    for upload_id in db.session.scalars(sa.select(MediaUpload.id).where(MediaUpload.owner_id == user_id)).all():
        storage().delete_folder(f"uploads/{upload_id}")
    db.session.execute(sa.delete(MediaUpload).where(MediaUpload.owner_id == user_id))
    remove_files(MediaFile.owner_id == user_id)


def remove_files(which: sa.ColumnElement[bool]) -> None:
    """Remove files: noted first, so that what is cut short here is done by the next sweep."""
    taken = sa.update(MediaFile).where(which).values(state=REMOVED, owner_id=None).returning(MediaFile.id)
    ids = db.session.scalars(taken.execution_options(synchronize_session=False)).all()
    db.session.commit()
    for file_id in ids:
        storage().delete_folder(f"files/{file_id}")
        db.session.execute(sa.delete(MediaFile).where(MediaFile.id == file_id, MediaFile.state == REMOVED))
        db.session.commit()
