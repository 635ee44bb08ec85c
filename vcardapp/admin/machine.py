"""The machine room: jobs, waiting work, storage, and the settings in effect."""

from __future__ import annotations

import os
import shutil
import uuid
from dataclasses import Field, dataclass, fields
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from vcardapp.accounts.models import User
from vcardapp.admin import audit
from vcardapp.cards.models import Card, Picture
from vcardapp.config import Settings, variable_of
from vcardapp.db import db
from vcardapp.media import service as media
from vcardapp.media.models import REFUSED, REMOVED, WAITING, MediaFile
from vcardapp.operations.shown import shown
from vcardapp.web import settings

TOP = 50
LISTED = 100


@dataclass(frozen=True, slots=True)
class Used:
    email: str
    user_id: uuid.UUID
    bytes: int


@dataclass(frozen=True, slots=True)
class Room:
    kind: str  # folder, s3
    place: str
    total: int  # bytes
    free: int | None  # bytes of the disk, None where there is none
    most: list[Used]
    to_remove: int  # files
    to_remove_bytes: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting as it may be shown."""

    variable: str
    value: str  # "" for a secret
    is_secret: bool
    is_set: bool  # to something else than its default


def waiting_files() -> list[tuple[MediaFile, User | None]]:
    """List files whose sizes are still to be made, those that wait longest first."""
    query = sa.select(MediaFile, User).outerjoin(User, User.id == MediaFile.owner_id).where(MediaFile.state == WAITING)
    return [(file, user) for file, user in db.session.execute(query.order_by(MediaFile.created_at).limit(LISTED))]


def failed_files() -> list[tuple[MediaFile, User | None]]:
    """List files that were given up, the last first."""
    query = sa.select(MediaFile, User).outerjoin(User, User.id == MediaFile.owner_id).where(MediaFile.state == REFUSED)
    return [(file, user) for file, user in db.session.execute(query.order_by(MediaFile.created_at.desc()).limit(LISTED))]


def find_waiting_file(file_id: str) -> MediaFile | None:
    """Find a file whose sizes are still to be made."""
    return db.session.scalar(sa.select(MediaFile).where(MediaFile.id == file_id, MediaFile.state == WAITING))


def try_again(file: MediaFile) -> None:
    """Have a waiting file made at once, however often that failed and whoever was at it."""
    file.attempts, file.claimed_until = 0, None
    audit.note("try-again", file)
    db.session.commit()
    media.work_is_waiting()


def room() -> Room:
    """Return how much is stored, by whom, and what is about to go."""
    files = sa.select(MediaFile.owner_id.label("owner"), MediaFile.bytes.label("size")).where(MediaFile.owner_id.is_not(None))
    pictures = sa.select(Card.owner_id.label("owner"), Picture.size.label("size")).join(Card, Card.id == Picture.card_id)
    both = sa.union_all(files, pictures).subquery()
    size = sa.func.sum(both.c.size)
    by_person = sa.select(User.email, User.id, size).join(both, both.c.owner == User.id).group_by(User.id, User.email)
    most = by_person.order_by(size.desc(), User.email).limit(TOP)
    going = sa.or_(MediaFile.unused_since.is_not(None), MediaFile.state == REMOVED)
    count, waiting = db.session.execute(sa.select(sa.func.count(), sa.func.sum(MediaFile.bytes)).where(going)).one()
    place = settings().storage
    is_s3 = place.startswith("s3://")
    folder = Path(place.removeprefix("file://")) if place else settings().media
    return Room(
        kind="s3" if is_s3 else "folder",
        place=place.partition("?")[0] if is_s3 else str(folder),
        total=int(db.session.scalar(sa.select(size)) or 0),
        free=None if is_s3 else shutil.disk_usage(_existing(folder)).free,
        most=[Used(email, user_id, int(used or 0)) for email, user_id, used in db.session.execute(most)],
        to_remove=count,
        to_remove_bytes=int(waiting or 0),
    )


def shown_settings(known: Settings, env: dict[str, str] | None = None) -> list[Shown]:
    """Return every setting as it may be shown: what lets somebody in only as set or not set."""
    env, texts = dict(os.environ) if env is None else env, shown(known)
    return [_shown(field, getattr(known, field.name), texts, env) for field in fields(known)]


def _shown(field: Field[Any], value: Any, texts: dict[str, str], env: dict[str, str]) -> Shown:
    variable = variable_of(field.name)
    if variable not in texts:
        return Shown(variable, "", is_secret=True, is_set=bool(value))
    is_set = variable in env or (isinstance(field.default, type(value)) and value != field.default)
    return Shown(variable, texts[variable], is_secret=False, is_set=is_set)


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())
