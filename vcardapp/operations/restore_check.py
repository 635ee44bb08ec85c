"""Reads a backup to its end before anything of it is restored: is it whole, in order, and is there room for it here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from vcardapp.operations import rows
from vcardapp.operations.backup import FORMAT, HEADER, SCHEMA, SECRETS, SETTINGS
from vcardapp.operations.parcel import MANIFEST, MEDIA, PART, Damaged, Member, Sums, members
from vcardapp.operations.rows import Column
from vcardapp.storage import Storage, check_name, open_stored
from vcardapp.upgrade import newest_revision

MOST_OF_A_LIST = 4_000_000  # bytes of a list such as the manifest
MOST_OF_A_PART = 500_000_000  # bytes of rows: one row may hold a large file
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
            found.rows[table] += sum(1 for _ in rows_in(member, table, found.tables[table]))
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


def rows_in(member: Member, table: str, columns: list[Column]) -> Iterator[list[Any]]:
    """Yield the rows of one part of a table; raise Damaged, DoesNotFit."""
    for line in member.whole(MOST_OF_A_PART).splitlines():
        yield rows.read_line(line, columns, table)
