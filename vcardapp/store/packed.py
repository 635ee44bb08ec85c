"""A zip with a table and pictures: never unpacked to the disk, and never more of it than the limits allow. Pure."""

from __future__ import annotations

import zipfile
from typing import IO

from vcardapp.i18n import N_

MOST_ENTRIES = 2000
MOST_UNPACKED = 200_000_000  # bytes of all files
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others ask for as much memory as the file says
TABLES = (".csv", ".tsv", ".txt")
_ZIP = b"PK\x03\x04"

NO_TABLE_INSIDE = N_("In a zip there has to be one CSV file, and beside it the pictures.")
DAMAGED = N_("This zip file is damaged, or locked with a password.")
TOO_LARGE = N_("This file in the zip is too large.")


class NotUnpacked(Exception):
    """A file could not be taken out; reason is an English sentence for the catalogue."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_zip(source: IO[bytes]) -> bool:
    """True if a file begins as a zip does; it is read from its beginning afterwards."""
    head = source.read(len(_ZIP))
    source.seek(0)
    return head == _ZIP


class Packed:
    """An opened zip. Raise NotUnpacked where it is none, or holds too many files."""

    def __init__(self, source: IO[bytes]) -> None:
        try:
            self.zip = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, ValueError, OSError):
            raise NotUnpacked(DAMAGED) from None
        entries = self.zip.infolist()
        if len(entries) > MOST_ENTRIES:
            raise NotUnpacked(TOO_LARGE)
        self.files = [one for one in entries if not one.is_dir() and "__MACOSX/" not in one.filename]
        self.left = MOST_UNPACKED

    def table(self, most_bytes: int) -> bytes:
        """Return the one table inside; raise NotUnpacked where there is none, or more than one."""
        tables = [one for one in self.files if one.filename.lower().endswith(TABLES)]
        if len(tables) != 1:
            raise NotUnpacked(NO_TABLE_INSIDE)
        return self._read(tables[0], most_bytes)

    def find(self, name: str, most_bytes: int) -> bytes | None:
        """Return a file by its whole name, or by the last part of it, in small or capital letters; raise NotUnpacked."""
        wanted = name.casefold()
        exact = (one for one in self.files if one.filename.casefold() == wanted)
        last = (one for one in self.files if one.filename.casefold().rpartition("/")[2] == wanted)
        entry = next(exact, None) or next(last, None)
        return self._read(entry, most_bytes) if entry else None

    def _read(self, entry: zipfile.ZipInfo, most_bytes: int) -> bytes:
        """Read no more than the limit, whatever the zip says of the size."""
        if entry.compress_type not in _PLAIN:
            raise NotUnpacked(DAMAGED)
        try:
            with self.zip.open(entry) as file:
                data = file.read(min(most_bytes, self.left) + 1)
        except Exception as problem:  # locked, odd, damaged: zipfile and zlib have errors of their own
            raise NotUnpacked(DAMAGED) from problem
        if len(data) > min(most_bytes, self.left):
            raise NotUnpacked(TOO_LARGE)
        self.left -= len(data)
        return data
