"""Brings a backup into an empty installation: everything is checked before anything is written."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from vcardapp.config import Settings, kept_secrets, write_secrets
from vcardapp.db import engine_options
from vcardapp.operations import rows
from vcardapp.operations.parcel import DATABASE, MEDIA, PART, Member, Sums, members, section_of
from vcardapp.operations.restore_check import Checked, NotEmpty, check, rows_in
from vcardapp.operations.rows import Column, DoesNotFit
from vcardapp.operations.shown import shown
from vcardapp.storage import Storage, make_storage
from vcardapp.upgrade import migrate, stored_revision, upgrade

PLACES = {"VCARDAPP_DATA", "VCARDAPP_DATABASE_URL", "VCARDAPP_STORAGE"}  # they differ where a backup is restored


def restore(settings: Settings, file: IO[bytes], secret_is_set: bool) -> Checked:
    """Load a backup; raise Damaged, NotEmpty, DoesNotFit, StorageFull, StorageAway or DatabaseUnusable, then nothing is kept."""
    storage = make_storage(settings.storage, settings.media)
    stored_revision(settings.database_url)  # can it be reached?
    _require_no_rows(settings.database_url)
    checked = check(file, storage)
    file.seek(0)
    migrate(settings.database_url, checked.revision)
    new: list[str] = []
    engine = sa.create_engine(**engine_options(settings.database_url), poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            _begin(connection)
            if rows.count_rows(connection):
                raise NotEmpty("Somebody began to use this installation meanwhile.")
            _load(connection, storage, file, checked, new)
            if checked.secrets and not secret_is_set:
                _keep_secrets(settings.data / "secret", checked.secrets)
            connection.commit()
    except BaseException:
        for name in new:
            with contextlib.suppress(Exception):
                storage.delete(name)
        with contextlib.suppress(Exception):
            upgrade(settings)  # empty as it is, it can be used and tried again
        raise
    upgrade(settings)
    return checked


def _require_no_rows(url: str) -> None:
    """Raise NotEmpty where the database holds anything."""
    if not stored_revision(url):
        return
    with rows.snapshot(url) as connection:
        counts = rows.count_rows(connection)
    if counts:
        most = max(counts, key=lambda name: counts[name])
        raise NotEmpty(
            f"The database holds {sum(counts.values()):,} rows already ({counts[most]:,} in {most}). A backup is restored only "
            "into an empty one: set VCARDAPP_DATA to a new folder, or VCARDAPP_DATABASE_URL to a new database."
        )


def _begin(connection: sa.Connection) -> None:
    if rows.is_sqlite(connection.engine):
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # looked at as a whole before the end
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _load(connection: sa.Connection, storage: Storage, file: IO[bytes], checked: Checked, new: list[str]) -> None:
    """Store the media, noting their names, and the rows; the caller commits."""
    tables = rows.kept(rows.reflect(connection))
    for name, columns in checked.tables.items():
        if name not in tables or set(columns) != set(rows.columns_of(tables[name])):
            raise DoesNotFit(f"The table {name} of the backup is not as release {checked.revision} has it.")
    coming = members(file, Sums())
    waiting: Member | None = None
    for member in coming:
        if section_of(member.name).startswith(f"{DATABASE}/"):
            waiting = member
            break
        if member.name.startswith(f"{MEDIA}/"):
            _put(storage, member, new)
    for name, columns in checked.tables.items():
        if checked.rows[name]:
            stream = _Table(name, columns, waiting, coming)
            rows.load(connection, tables[name], columns, stream.rows())
            waiting = stream.next
    if rows.is_sqlite(connection.engine) and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise DoesNotFit("The backup holds rows that refer to nothing.")


class _Table:
    """The parts of one table, and what comes after them."""

    def __init__(self, name: str, columns: list[Column], first: Member | None, coming: Iterator[Member]) -> None:
        self.name, self.columns, self.next, self._coming = name, columns, first, coming

    def rows(self) -> Iterator[list[Any]]:
        for member in chain([self.next] if self.next else [], self._coming):
            self.next = member
            if section_of(member.name) != f"{DATABASE}/{self.name}":
                return
            yield from rows_in(member, self.name, self.columns)


def _put(storage: Storage, member: Member, new: list[str]) -> None:
    name = member.name.removeprefix(f"{MEDIA}/")
    if storage.exists(name):  # the same bytes, as was checked
        return
    with tempfile.NamedTemporaryFile(prefix="vcardapp-restore-") as held:
        while part := member.read(PART):
            held.write(part)
        held.flush()
        new.append(name)
        storage.put_file(name, Path(held.name))


def _keep_secrets(path: Path, found: dict[str, str]) -> None:
    """Make the backup's secret keys those of this data folder; those that were here stay as old ones: they may be needed."""
    key = found.get("VCARDAPP_SECRET_KEY", "")
    if key:
        here = kept_secrets(path) if path.exists() else []
        lines = dict.fromkeys([key, *found.get("VCARDAPP_OLD_SECRET_KEYS", "").split(), *here])
        os.replace(write_secrets(path, list(lines)), path)


def what_to_do(settings: Settings, checked: Checked, secret_is_set: bool) -> Iterator[str]:
    """Yield what whoever restored a backup has to know and do."""
    key = checked.secrets.get("VCARDAPP_SECRET_KEY", "")
    if not key:
        yield (
            "The backup holds no secret key: without the old one no password works. "
            "Put the old file `secret` into the data folder, or set VCARDAPP_SECRET_KEY."
        )
    elif secret_is_set and key != settings.secret_key:
        yield "VCARDAPP_SECRET_KEY is set, and not to the key of the backup: with another one no password works."
    here = shown(settings)
    other = {
        name: value
        for name, value in checked.settings.items()
        if value and value != here.get(name) and name not in PLACES
    }
    if other:
        yield "Set there and not, or otherwise, here:"
        yield from (f"  {name}={value}" for name, value in sorted(other.items()))
