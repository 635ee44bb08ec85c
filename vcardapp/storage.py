"""Where uploads live: names such as "cards/4f2a/m.webp" and their bytes."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Protocol

from flask import Flask

NAME = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9_.-]*(/[a-z0-9][a-z0-9_.-]*)*", re.ASCII)
LONGEST_NAME = 200
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}  # full, or broken and therefore read-only


class StorageFull(Exception):
    """There is no room left; nothing of the file was kept."""


class Storage(Protocol):
    """Keeps files by name. A name is in small letters and never leaves the storage; else it is a ValueError."""

    def put(self, name: str, data: bytes) -> None: ...
    def open(self, name: str) -> bytes | None: ...
    def exists(self, name: str) -> bool: ...
    def delete(self, name: str) -> None: ...
    def delete_folder(self, prefix: str) -> None: ...


class LocalStorage:
    """Keeps files below one folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, data: bytes) -> None:
        """Store the bytes whole or not at all, in place of what had the name before; raise StorageFull."""
        path = self._path(name)
        try:
            _write(path, data)
        except OSError as problem:
            if problem.errno in NO_ROOM:
                raise StorageFull(name) from problem
            raise

    def open(self, name: str) -> bytes | None:
        """Return the bytes of this name, None where there is none."""
        try:
            return self._path(name).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    def exists(self, name: str) -> bool:
        return self._path(name).is_file()

    def delete(self, name: str) -> None:
        """Remove this file; one that is gone already is no error."""
        self._path(name).unlink(missing_ok=True)

    def delete_folder(self, prefix: str) -> None:
        """Remove everything whose name begins with this folder."""
        folder = self._path(prefix)
        if folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)  # another process may be at it

    def _path(self, name: str) -> Path:
        if len(name) > LONGEST_NAME or not NAME.fullmatch(name):
            raise ValueError(f"not a name of a stored file: {name[:80]!r}")
        return self.folder / name


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
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


def init_app(app: Flask) -> None:
    """Keep this app's uploads in its media folder."""
    app.extensions["storage"] = LocalStorage(app.config["SETTINGS"].media)
