"""Writes everything that is stored into one archive while the server goes on: database, pictures, settings, secrets if wished."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import IO, Any

import sqlalchemy as sa

from vcardapp.config import Settings
from vcardapp.db import now
from vcardapp.operations import rows, shown
from vcardapp.operations.parcel import MANIFEST, Packer
from vcardapp.operations.references import named_files
from vcardapp.storage import PART, Storage, make_storage, open_stored

FORMAT = 1
HEADER, SCHEMA, SETTINGS, SECRETS = "backup.json", "database.json", "settings.json", "secrets.json"
LINES = 4_000_000  # bytes of rows that go into one file of the archive
IN_MEMORY = 8_000_000  # bytes of a picture; larger ones go through a temporary file
TRIES = 3


@dataclass
class Contents:
    """What a backup holds; its manifest."""

    revision: str = ""
    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    missing: int = 0  # files that rows name and that the storage does not have
    sums: dict[str, str] = field(default_factory=dict)


def write_backup(settings: Settings, file: IO[bytes], with_secrets: bool = False) -> Contents:
    """Write an archive of this installation; may raise StorageAway and OSError, and then the archive is worth nothing.

    Pictures are copied before the moment that the database is kept of, and then those that came meanwhile: whatever the
    kept rows name was there at that moment, even if it is removed a second later.
    """
    packer, contents = Packer(file), Contents()
    packer.add_bytes(HEADER, as_json({"format": FORMAT, "vcardapp": version("vcardapp"), "made_at": now().isoformat()}))
    packer.add_bytes(SETTINGS, as_json(shown.shown(settings)))
    if with_secrets:
        packer.add_bytes(SECRETS, as_json(shown.secrets_of(settings)))
    copying = _Copying(make_storage(settings.storage, settings.media), packer, contents)
    copying.all()
    for attempt in range(TRIES):
        with rows.snapshot(settings.database_url) as connection:
            tables = rows.kept(rows.reflect(connection))
            copying.all()
            contents.missing = sum(not copying.has(name) for name in named_files(connection, tables))
            if contents.missing and attempt < TRIES - 1:  # perhaps removed just now: look at a later moment
                continue
            _write_tables(connection, tables, packer, contents)
            break
    contents.sums = packer.sums.all()
    packer.add_bytes(MANIFEST, as_json(asdict(contents)))
    packer.close()
    return contents


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


class _Copying:
    """Copies the storage into an archive, each file once."""

    def __init__(self, storage: Storage, packer: Packer, contents: Contents) -> None:
        self.storage, self.packer, self.contents = storage, packer, contents
        self._copied: set[str] = set()

    def has(self, name: str) -> bool:
        return name in self._copied

    def all(self) -> None:
        """Copy what is not yet copied; what is removed meanwhile is left out."""
        for name in self.storage.names():
            if name not in self._copied:
                self._copy(name)

    def _copy(self, name: str) -> None:
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as held:
            try:
                stored = open_stored(self.storage, name)
                while stored and (part := stored.read(PART)):
                    held.write(part)
            except FileNotFoundError:
                return
            if stored is None:
                return
            size = held.tell()
            held.seek(0)
            self.packer.add(f"media/{name}", held, size)
        self._copied.add(name)
        self.contents.files += 1
        self.contents.bytes += size


def _write_tables(connection: sa.Connection, tables: dict[str, sa.Table], packer: Packer, contents: Contents) -> None:
    contents.revision = str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
    described = [{"name": name, "columns": list(map(asdict, rows.columns_of(table)))} for name, table in tables.items()]
    packer.add_bytes(SCHEMA, as_json({"revision": contents.revision, "tables": described}))
    for name, table in tables.items():
        contents.rows[name] = 0
        for number, (count, lines) in enumerate(_in_parts(rows.lines_of(connection, table)), 1):
            packer.add_bytes(f"database/{name}/{number:06}.jsonl", lines)
            contents.rows[name] += count


def _in_parts(lines: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Join lines to parts of a few megabytes; yield each with its count of lines."""
    waiting, size = [], 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= LINES:
            yield len(waiting), b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield len(waiting), b"".join(waiting)


def tell(contents: Contents, with_secrets: bool, say: Callable[[str], None]) -> None:
    """Say what a backup holds, and what it lacks."""
    kept = sum(contents.rows.values())
    say(
        f"{kept:,} rows and {contents.files:,} files ({contents.bytes / 1e6:.1f} MB) of pictures and papers are in the backup."
    )
    if contents.missing:
        say(f"{contents.missing:,} files that the database names are missing in the storage: see vcardapp doctor.")
    if with_secrets:
        say("It holds the secret key and passwords of this server: keep it where nobody else can read it.")
    else:
        say(
            "The secret key is NOT in it, and without the key no password works any more: "
            "keep the file `secret` of the data folder (or VCARDAPP_SECRET_KEY) elsewhere, or use --with-secrets."
        )
