"""Brings a backup into an empty installation: everything is checked before anything is written."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from vcardapp.config import Settings, write_secrets
from vcardapp.db import engine_options
from vcardapp.operations import rows
from vcardapp.operations.backup import FORMAT, HEADER, SCHEMA, SECRETS, SETTINGS
from vcardapp.operations.parcel import DATABASE, MANIFEST, MEDIA, PART, Damaged, Member, Sums, members, section_of
from vcardapp.operations.rows import Column, DoesNotFit
from vcardapp.operations.shown import shown
from vcardapp.storage import Storage, check_name, make_storage, open_stored
from vcardapp.upgrade import migrate, newest_revision, stored_revision, upgrade

MOST_OF_A_LIST = 4_000_000  # bytes of a list such as the manifest
MOST_OF_A_PART = 500_000_000  # bytes of rows: one row may hold a large file
PLACES = {"VCARDAPP_DATA", "VCARDAPP_DATABASE_URL", "VCARDAPP_STORAGE"}  # they differ where a backup is restored
PLAIN = {HEADER, SCHEMA, SETTINGS, SECRETS, MANIFEST}
ROWS = re.compile(r"database/([a-z_]{1,60})/([0-9]{6})\.jsonl", re.ASCII)
REVISION = re.compile(r"[0-9]{4}", re.ASCII)


class NotEmpty(Exception):
    """Something is stored here already, and a backup never overwrites; the message is one sentence."""


@dataclass
class Checked:
    """What was found in a backup that is whole."""

    made_at: str = ""
    release: str = ""
    revision: str = ""
    tables: dict[str, list[Column]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0


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


def check(file: IO[bytes], storage: Storage) -> Checked:
    """Read a backup to its end and return what it holds; raise Damaged, DoesNotFit, or NotEmpty for other stored files."""
    found, sums = Checked(), Sums()
    there = set(storage.names())
    manifest: dict[str, Any] = {}
    parts: dict[str, int] = {}
    for member in members(file, sums):
        name = member.name
        if manifest or (name == HEADER) == bool(found.release):
            raise Damaged("This file is no backup of vcardapp, or it is damaged: its parts are not in their order.")
        if name in PLAIN:
            read = _object(member)
            if name == MANIFEST:
                manifest = read
            else:
                _understand(name, read, found)
        elif name.startswith(f"{MEDIA}/"):
            if found.revision:
                raise Damaged("The backup is damaged: its parts are not in their order.")
            there.discard(_check_media(member, storage, there))
            found.files += 1
            found.bytes += member.size
        elif ROWS.fullmatch(name):
            table = _next_part(name, parts, found)
            found.rows[table] += sum(1 for _ in _rows_in(member, table, found.tables[table]))
        else:
            raise Damaged(f"The backup holds {name[:80]!r}, which does not belong there.")
    told: dict[str, Any] = {"revision": found.revision, "files": found.files, "bytes": found.bytes, "rows": found.rows}
    told["sums"] = sums.all()
    if not manifest:
        raise Damaged("The backup is not whole: it was cut off.")
    for key, value in told.items():
        if manifest.get(key) != value:
            which = _which(manifest.get(key), value) if key == "sums" else ""
            raise Damaged(f"The backup is damaged: {which or key} is not what its manifest says.")
    if there:
        raise NotEmpty(
            f"The storage holds {len(there):,} files that are not in the backup. It is restored into an empty one."
        )
    return found


def _which(said: Any, is_now: dict[str, str]) -> str:
    said = said if isinstance(said, dict) else {}
    return next((section for section in {**said, **is_now} if said.get(section) != is_now.get(section)), "")


def _object(member: Member) -> dict[str, Any]:
    try:
        read = json.loads(member.whole(MOST_OF_A_LIST))
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise Damaged(f"The backup is damaged: its {member.name} cannot be read.")
    return read


def _understand(name: str, read: dict[str, Any], found: Checked) -> None:
    """Take one of the lists of a backup; raise Damaged."""
    if name == HEADER:
        found.made_at, found.release = str(read.get("made_at"))[:40], str(read.get("vcardapp"))[:40]
        if read.get("format") != FORMAT:
            raise Damaged(
                f"The backup was made by vcardapp {found.release}, which this one cannot read: install that one."
            )
    elif name == SCHEMA:
        revision = read.get("revision")
        if not isinstance(revision, str) or not REVISION.fullmatch(revision):
            raise Damaged("The backup is damaged: it does not say which release its rows belong to.")
        if revision > newest_revision():
            raise Damaged(f"The backup was made by a newer vcardapp ({found.release}): install that one first.")
        found.revision = revision
        try:
            found.tables = {
                str(table["name"]): [Column(str(column["name"]), str(column["kind"])) for column in table["columns"]]
                for table in read["tables"]
            }
        except (KeyError, TypeError):
            raise Damaged("The backup is damaged: its tables are not described.") from None
        found.rows = dict.fromkeys(found.tables, 0)
    elif name == SETTINGS:
        found.settings = {str(key): str(value) for key, value in read.items()}
    elif name == SECRETS:
        found.secrets = {str(key): str(value) for key, value in read.items()}


def _check_media(member: Member, storage: Storage, there: set[str]) -> str:
    """Return the name under which a file is stored; raise Damaged, or NotEmpty where another one has it."""
    name = member.name.removeprefix(f"{MEDIA}/")
    try:
        check_name(name)
    except ValueError:
        raise Damaged(f"The backup holds {member.name[:80]!r}, which does not belong there.") from None
    if name in there:
        stored = open_stored(storage, name)
        while stored and (part := stored.read(PART)) and member.read(len(part)) == part:
            pass
        if not stored or stored.tell() != stored.length or member.left or stored.length != member.size:
            raise NotEmpty(f"The storage holds another {name} already. A backup is restored only into an empty one.")
    return name


def _next_part(name: str, parts: dict[str, int], found: Checked) -> str:
    """Return the table of a part, the parts being in the order of tables and numbers; raise Damaged."""
    matched = ROWS.fullmatch(name)
    table, number = (matched[1], int(matched[2])) if matched else ("", 0)
    order = list(found.tables)
    later = parts and table in found.tables and order.index(table) < order.index(list(parts)[-1])
    if table not in found.tables or later or number != parts.get(table, 0) + 1:
        raise Damaged(f"The backup is damaged: {name[:80]} is not where it should be.")
    parts[table] = number
    return table


def _rows_in(member: Member, table: str, columns: list[Column]) -> Iterator[list[Any]]:
    for line in member.whole(MOST_OF_A_PART).splitlines():
        yield rows.read_line(line, columns, table)


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
            yield from _rows_in(member, self.name, self.columns)


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
    """Make the backup's secret keys those of this data folder."""
    key = found.get("VCARDAPP_SECRET_KEY", "")
    if key:
        os.replace(write_secrets(path, [key, *found.get("VCARDAPP_OLD_SECRET_KEYS", "").split()]), path)


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
