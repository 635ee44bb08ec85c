"""Where uploads live: names such as "cards/4f2a/m.webp" and their bytes."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Protocol

from flask import Flask, current_app

NAME = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9_.-]*(/[a-z0-9][a-z0-9_.-]*)*", re.ASCII)
LONGEST_NAME = 200
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}  # full, or broken and therefore read-only
PART = 1_000_000  # bytes that are read at once
HALF_WRITTEN_FOR = 86400  # seconds after which a file that was never finished belongs to a process that was killed


class StorageFull(Exception):
    """There is no room left; nothing of the file was kept."""


class StorageAway(Exception):
    """The storage does not answer, or not to us."""


class Storage(Protocol):
    """Keeps files by name. A name is in small letters and never leaves the storage; else it is a ValueError.

    All of it may raise StorageAway. What is put is there whole or not at all, in place of what had the name before.
    """

    def put(self, name: str, data: bytes) -> None:
        """Store bytes; raise StorageFull."""

    def put_file(self, name: str, path: Path) -> None:
        """Store a copy of a file of this computer; raise StorageFull."""

    def open(self, name: str) -> bytes | None:
        """Return the bytes of this name, None where there is none."""

    def read(self, name: str, start: int, length: int) -> bytes | None:
        """Return a part of a file, shorter where it ends, None where there is none of this name."""

    def size(self, name: str) -> int | None:
        """Return how many bytes a file has, None where there is none."""

    def exists(self, name: str) -> bool:
        """True if there is a file of this name."""

    def names(self, prefix: str = "") -> Iterator[str]:
        """Yield the names of all files in a folder and below, in order; without a folder all."""

    def delete(self, name: str) -> None:
        """Remove this file; one that is gone already is no error."""

    def delete_folder(self, prefix: str) -> None:
        """Remove everything whose name begins with this folder."""

    def tidy(self) -> None:
        """Remove what processes left behind that were killed while they wrote."""


def check_name(name: str) -> str:
    """Return the name, or raise ValueError."""
    if len(name) > LONGEST_NAME or not NAME.fullmatch(name):
        raise ValueError(f"not a name of a stored file: {name[:80]!r}")
    return name


class LocalStorage:
    """Keeps files below one folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, data: bytes) -> None:
        self._write(name, io.BytesIO(data))

    def put_file(self, name: str, path: Path) -> None:
        with path.open("rb") as source:
            self._write(name, source)

    def open(self, name: str) -> bytes | None:
        try:
            return self._path(name).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    def read(self, name: str, start: int, length: int) -> bytes | None:
        try:
            with self._path(name).open("rb") as file:
                file.seek(start)
                return file.read(length)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    def size(self, name: str) -> int | None:
        path = self._path(name)
        return path.stat().st_size if path.is_file() else None

    def exists(self, name: str) -> bool:
        return self._path(name).is_file()

    def names(self, prefix: str = "") -> Iterator[str]:
        paths = _files_below(self._path(prefix) if prefix else self.folder)
        yield from sorted(name for path in paths if NAME.fullmatch(name := path.relative_to(self.folder).as_posix()))

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def delete_folder(self, prefix: str) -> None:
        folder = self._path(prefix)
        if folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)  # another process may be at it

    def tidy(self) -> None:
        for path in _files_below(self.folder):
            with suppress(OSError):
                if path.name.startswith(".") and path.stat().st_mtime < time.time() - HALF_WRITTEN_FOR:
                    path.unlink()

    def _path(self, name: str) -> Path:
        return self.folder / check_name(name)

    def _write(self, name: str, source: IO[bytes]) -> None:
        path = self._path(name)
        try:
            _write(path, source)
        except OSError as problem:
            if problem.errno in NO_ROOM:
                raise StorageFull(name) from problem
            raise


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield all files, whichever folders others remove meanwhile; raise OSError where one may not be read."""

    def unless_gone(problem: OSError) -> None:
        if not isinstance(problem, FileNotFoundError):
            raise problem

    for place, _, files in os.walk(folder, onerror=unless_gone):
        yield from (Path(place, file) for file in files)


def _write(path: Path, source: IO[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(source, file, PART)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _keep_entry(path.parent)


def _keep_entry(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class StoredFile(io.RawIOBase):
    """A stored file that is read piece by piece, as web servers and copies want it."""

    def __init__(self, storage: Storage, name: str, size: int) -> None:
        self.storage, self.stored_as, self.length, self.at = storage, name, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.length}[whence]
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self.length - self.at)
        found = self.storage.read(self.stored_as, self.at, wanted) if wanted > 0 else b""
        if found is None:
            raise FileNotFoundError(self.stored_as)
        buffer[: len(found)] = found
        self.at += len(found)
        return len(found)


def open_stored(storage: Storage, name: str) -> StoredFile | None:
    """Open a stored file for reading in pieces, None where there is none."""
    size = storage.size(name)
    return None if size is None else StoredFile(storage, name, size)


def storage() -> Storage:
    """Return where uploads live."""
    found: Storage = current_app.extensions["storage"]
    return found


def make_storage(url: str, folder: Path) -> Storage:
    """Return the storage at an address such as s3://bucket?endpoint=https://…, or in a folder where none is given."""
    if not url:
        return LocalStorage(folder)
    if url.startswith("file://"):
        return LocalStorage(Path(url.removeprefix("file://")))
    from vcardapp.storage_s3 import S3Storage

    return S3Storage(url)


def init_app(app: Flask) -> None:
    """Keep this app's uploads in its media folder, or where VCARDAPP_STORAGE says."""
    settings = app.config["SETTINGS"]
    app.extensions["storage"] = make_storage(settings.storage, settings.media)
