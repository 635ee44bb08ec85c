"""Files that an admin asks for: there when they are whole, for nobody else to read."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def appearing_whole(path: Path, may_replace: bool) -> Iterator[IO[bytes]]:
    """Open a file that only its owner may read and that has its name when it is whole; raise FileExistsError."""
    if path.exists() and not may_replace:
        raise FileExistsError(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(path.parent))
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".unfinished", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not may_replace:  # a file that came meanwhile stays; no hard link, which memory sticks do not know
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.replace(temporary, path)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):  # a full disk names no file
            problem.filename = str(path)
        raise
    finally:
        Path(temporary).unlink(missing_ok=True)
