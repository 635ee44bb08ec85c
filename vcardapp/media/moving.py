"""Copies every file from one storage to another and compares checksums; what is there already is not copied again."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from vcardapp.storage import PART, Storage, open_stored

COPIED, THERE, DIFFERS, GONE = "copied", "there", "differs", "gone"
TRIES = 2


def copy_all(source: Storage, target: Storage) -> Iterator[tuple[str, str, int]]:
    """Copy file by file; yield each name with what came of it and its bytes. May be stopped and begun again at any time.

    "copied" and "there" are proved: the target has been read back. "gone" was removed from the source meanwhile.
    """
    with tempfile.TemporaryDirectory(prefix="vcardapp-move-") as folder:
        local = Path(folder) / "file"
        for name in source.names():
            yield name, *_copy(source, target, name, local)


def _copy(source: Storage, target: Storage, name: str, local: Path) -> tuple[str, int]:
    with local.open("wb") as file:
        wanted = _digest(source, name, file)
    size = local.stat().st_size
    if wanted is None:
        return GONE, 0
    if target.size(name) == size and _digest(target, name) == wanted:
        return THERE, size
    for _ in range(TRIES):
        target.put_file(name, local)
        if _digest(target, name) == wanted:
            return COPIED, size
    return DIFFERS, size


def _digest(storage: Storage, name: str, copy: IO[bytes] | None = None) -> str | None:
    """Return the SHA-256 of a stored file, None where there is none; write its bytes to `copy`."""
    file, digest = open_stored(storage, name), hashlib.sha256()
    if file is None:
        return None
    try:
        while part := file.read(PART):
            digest.update(part)
            if copy:
                copy.write(part)
    except FileNotFoundError:
        return None
    return digest.hexdigest()
