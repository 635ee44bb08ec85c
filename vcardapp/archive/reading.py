"""Archives as they arrive, from anybody: opened without unpacking, measured, and read into rows that are checked."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import IO, Any

from vcardapp.archive import tables
from vcardapp.archive.refused import ArchiveRefused
from vcardapp.archive.values import read_row
from vcardapp.i18n import N_

MOST_ENTRIES = 50_000
MOST_INDEX = 16_000_000  # bytes of the list of names
MOST_JSON = 50_000_000  # bytes of one file of rows
MOST_ALL_JSON = 200_000_000
MOST_VALUES = 3_000_000  # in all JSON: 50 MB of "[]," would ask for 1,300 MB of memory
MOST_ROWS = 200_000  # of one table of a card
MOST_CARDS = 1000
_END_SIZE, _END_ENTRIES = 5, 4  # places in what zipfile knows of the end of a zip
_SAFE = re.compile(r"[^/\\\0]+(/[^/\\\0]+)*")

NO_ZIP = N_("This file is damaged, or it is no zip file.")
NOT_OURS = N_("This zip file holds no account: account.json is missing, or something else.")
NEWER = N_("This archive was written by a newer vcardapp. Ask whoever runs this server to bring it up to date.")
TOO_MUCH = N_("This archive holds more than one account can.")
ODD_NAMES = N_("A name in this archive leads out of it. Nothing was taken.")
ODD_ROWS = N_("The file %(file)s in this archive is not as it was written. Nothing was taken.")


@dataclass(slots=True)
class ArrivedCard:
    """A card of an archive: its rows by their tables, and the pictures that lie beside them."""

    folder: str
    card: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]]


@dataclass(slots=True)
class Arrived:
    """An archive that was read and found right."""

    archive: zipfile.ZipFile
    head: dict[str, Any]
    files: list[dict[str, Any]]
    cards: list[ArrivedCard]
    read: int = 0  # bytes of JSON
    values: int = 0  # at most, in that JSON
    entries: dict[str, zipfile.ZipInfo] = field(default_factory=dict)

    def counts(self) -> Counter[str]:
        """Return how many rows there are, by their tables."""
        found = Counter({"cards": len(self.cards), "media_files": len(self.files)})
        for card in self.cards:
            found.update({name: len(rows) for name, rows in card.rows.items()})
        return found

    def bytes_of_files(self) -> int:
        """Return how much room the pictures and papers of albums and shops take, as the archive says."""
        return sum(entry.file_size for name, entry in self.entries.items() if name.startswith("files/"))

    def open(self, name: str) -> IO[bytes] | None:
        """Open a file of the archive, None where there is none."""
        entry = self.entries.get(name)
        return self.archive.open(entry) if entry else None

    def picture(self, name: str, most: int) -> bytes | None:
        """Return a file, None where there is none or where it is larger than that."""
        file = self.open(name)
        data = file.read(most + 1) if file else None
        return data if data is not None and len(data) <= most else None


def read_archive(source: IO[bytes]) -> Arrived:
    """Read what an archive holds, but no pictures; raise ArchiveRefused."""
    entries, archive = _opened(source)
    arrived = Arrived(archive, {}, [], [], entries=entries)
    try:
        return _read(arrived)
    except ArchiveRefused:
        raise
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as problem:
        raise ArchiveRefused(NO_ZIP) from problem
    except Exception as problem:  # zlib, lzma and others have errors of their own
        if type(problem).__module__ in ("zlib", "_lzma"):
            raise ArchiveRefused(NO_ZIP) from problem
        raise


def _opened(source: IO[bytes]) -> tuple[dict[str, zipfile.ZipInfo], zipfile.ZipFile]:
    try:
        end = zipfile._EndRecData(source)  # type: ignore[attr-defined]  # before the list of names is read
        if end and (end[_END_ENTRIES] > MOST_ENTRIES or end[_END_SIZE] > MOST_INDEX):
            raise ArchiveRefused(TOO_MUCH)
        archive = zipfile.ZipFile(source)
    except ArchiveRefused:
        raise
    except Exception as problem:  # whatever zipfile stumbles over
        raise ArchiveRefused(NO_ZIP) from problem
    if len(archive.infolist()) > MOST_ENTRIES:
        raise ArchiveRefused(TOO_MUCH)
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        name = entry.filename
        if name in entries or not _SAFE.fullmatch(name.rstrip("/")) or {".", ".."} & set(name.split("/")) or ":" in name[:2]:
            raise ArchiveRefused(ODD_NAMES)
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ArchiveRefused(NO_ZIP)  # locked, or packed in a way that asks for any amount of memory
        entries[name] = entry
    return entries, archive


def _read(arrived: Arrived) -> Arrived:
    head = _json(arrived, "account.json", NOT_OURS)
    if head.get("format") != tables.FORMAT or type(head.get("version")) is not int:
        raise ArchiveRefused(NOT_OURS)
    if head["version"] > tables.VERSION:
        raise ArchiveRefused(NEWER)
    arrived.head = head
    if "files/files.json" in arrived.entries:
        arrived.files = _rows(arrived, "files/files.json", "media_files", _json(arrived, "files/files.json"))
    folders = [name.removesuffix("/" + tables.CARD) for name in arrived.entries if re.fullmatch(r"cards/[^/]+/card\.json", name)]
    if len(folders) > MOST_CARDS:
        raise ArchiveRefused(TOO_MUCH)
    arrived.cards = [_card(arrived, folder) for folder in folders]
    return arrived


def _card(arrived: Arrived, folder: str) -> ArrivedCard:
    rows: dict[str, list[dict[str, Any]]] = {}
    card: dict[str, Any] = {}
    for name, kept in tables.OF_A_CARD.items():
        path = f"{folder}/{name}"
        data = _json(arrived, path) if path in arrived.entries else {}
        if name == tables.CARD:
            card = _row(path, "cards", data.get("card"))
        for one in kept:
            rows[one] = _rows(arrived, path, one, data)
    return ArrivedCard(folder, card, rows)


def _rows(arrived: Arrived, path: str, name: str, data: dict[str, Any]) -> list[dict[str, Any]]:
    rows = data.get(name, [])
    if not isinstance(rows, list):
        raise ArchiveRefused(ODD_ROWS, file=path)
    if len(rows) > MOST_ROWS:
        raise ArchiveRefused(TOO_MUCH)
    return [_row(path, name, row) for row in rows]


def _row(path: str, name: str, row: Any) -> dict[str, Any]:
    try:
        return read_row(name, row)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as problem:
        raise ArchiveRefused(ODD_ROWS, file=path) from problem


def _json(arrived: Arrived, name: str, otherwise: str = ODD_ROWS) -> dict[str, Any]:
    entry = arrived.entries.get(name)
    if entry is None:
        raise ArchiveRefused(otherwise, file=name)
    with arrived.archive.open(entry) as file:
        data = file.read(MOST_JSON + 1)  # whatever the zip says of its size
    arrived.read += len(data)
    arrived.values += sum(data.count(mark) for mark in (b",", b"[", b"{"))
    if len(data) > MOST_JSON or arrived.read > MOST_ALL_JSON or arrived.values > MOST_VALUES:
        raise ArchiveRefused(TOO_MUCH)
    try:
        found = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError) as problem:
        raise ArchiveRefused(otherwise, file=name) from problem
    if not isinstance(found, dict):
        raise ArchiveRefused(otherwise, file=name)
    return found


def _no_number(text: str) -> Any:
    raise ValueError(text)
