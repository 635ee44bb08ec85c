"""Archives that have arrived and wait for their owner's word: one for each account, for a day."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from vcardapp.db import forget_freed
from vcardapp.storage import open_stored, storage

FOLDER = "imports"
KEPT = 86400  # seconds


def keep(user_id: uuid.UUID, path: Path) -> None:
    """Keep a file until its owner has seen what is in it, in place of the one before; raise StorageFull."""
    name = f"{_folder(user_id)}/{int(time.time())}.zip"
    storage().put_file(name, path)
    for old in list(storage().names(_folder(user_id))):
        if old != name:
            storage().delete(old)


@contextmanager
def opened(user_id: uuid.UUID) -> Iterator[IO[bytes] | None]:
    """Open what a person has brought, None where there is nothing."""
    names = list(storage().names(_folder(user_id)))
    yield open_stored(storage(), names[-1]) if names else None  # type: ignore[misc]  # it reads, seeks and tells


def forget(user_id: uuid.UUID) -> None:
    """Remove what a person has brought."""
    storage().delete_folder(_folder(user_id))


def sweep() -> None:
    """Remove what nobody has said a word about for a day; last of all, so that what was deleted is gone from the disk, too."""
    for name in list(storage().names(FOLDER)):
        if int(name.rpartition("/")[2].removesuffix(".zip")) < time.time() - KEPT:
            storage().delete(name)
    forget_freed()


def _folder(user_id: uuid.UUID) -> str:
    return f"{FOLDER}/{user_id.hex}"
