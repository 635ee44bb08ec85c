"""The file of a backup: a compressed tar archive of plain files alone, written and read one after another."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import time
import zlib
from collections.abc import Iterator
from typing import IO, Any

BLOCK = tarfile.BLOCKSIZE
PART = 1_000_000  # bytes that are read at once
MOST_BYTES = 2_000_000_000  # of one file
PADDING = tarfile.RECORDSIZE  # bytes of zeros that may follow the end
LEVEL = 6
DATABASE, MEDIA, MANIFEST = "database", "media", "manifest.json"


class Damaged(Exception):
    """The file is no backup, or not a whole one; the message is one sentence."""


class Sums:
    """Checksums of what an archive holds: one for each table, one for all media, one for every other file."""

    def __init__(self) -> None:
        self._running: dict[str, Any] = {}

    def add(self, name: str, size: int, digest: bytes) -> None:
        self._running.setdefault(section_of(name), hashlib.sha256()).update(f"{name}\0{size}\0".encode() + digest)

    def all(self) -> dict[str, str]:
        return {section: running.hexdigest() for section, running in self._running.items()}


def section_of(name: str) -> str:
    """Return what a file belongs to: "database/cards", "media", else itself."""
    parts = name.split("/")
    return "/".join(parts[:2]) if parts[0] == DATABASE else parts[0]


class Packer:
    """Writes an archive; it is whole only after `close`."""

    def __init__(self, file: IO[bytes]) -> None:
        self._packed = gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=LEVEL)
        self.sums = Sums()

    def add(self, name: str, source: IO[bytes], size: int) -> None:
        """Write one file of exactly so many bytes."""
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(time.time())
        self._packed.write(info.tobuf(tarfile.USTAR_FORMAT))
        digest, left = hashlib.sha256(), size
        while left:
            part = source.read(min(PART, left))
            if not part:
                raise EOFError(name)
            digest.update(part)
            self._packed.write(part)
            left -= len(part)
        self._packed.write(bytes(-size % BLOCK))
        self.sums.add(name, size, digest.digest())

    def add_bytes(self, name: str, data: bytes) -> None:
        self.add(name, io.BytesIO(data), len(data))

    def close(self) -> None:
        self._packed.write(bytes(2 * BLOCK))
        self._packed.close()


class Member(io.RawIOBase):
    """One file of an archive while it is being read."""

    def __init__(self, packed: IO[bytes], name: str, size: int) -> None:
        self._packed, self.name, self.size, self.left = packed, name, size, size
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = _exactly(self._packed, min(len(buffer), self.left))
        self._digest.update(part)
        self.left -= len(part)
        buffer[: len(part)] = part
        return len(part)

    def whole(self, most: int) -> bytes:
        """Return all of it; raise Damaged where that is more than so many bytes."""
        if self.size > most:
            raise Damaged(f"The backup holds {self.name[:80]} of {self.size:,} bytes, more than can be.")
        return self.read(self.size) if self.size else b""

    def finish(self) -> bytes:
        """Read what is left and return the SHA-256."""
        while self.left:
            self.read(min(PART, self.left))
        return self._digest.digest()


def members(file: IO[bytes], sums: Sums) -> Iterator[Member]:
    """Yield the files of an archive in order, adding up their checksums; raise Damaged for anything but plain files."""
    with gzip.GzipFile(fileobj=file, mode="rb") as unpacked:
        packed: IO[bytes] = unpacked  # type: ignore[assignment]
        while any(header := _exactly(packed, BLOCK)):
            try:
                info = tarfile.TarInfo.frombuf(header, "ascii", "strict")
            except (tarfile.HeaderError, UnicodeDecodeError, ValueError):
                raise Damaged("This file is no backup of vcardapp, or it is damaged.") from None
            if info.type != tarfile.REGTYPE:
                raise Damaged(f"The backup holds {info.name[:80]!r}, which is no plain file.")
            if not 0 <= info.size <= MOST_BYTES:
                raise Damaged(f"The backup holds {info.name[:80]!r} of {info.size:,} bytes, more than can be.")
            member = Member(packed, info.name, info.size)
            yield member
            digest = member.finish()
            if any(_exactly(packed, -info.size % BLOCK)):
                raise Damaged("The backup is damaged.")
            if info.name != MANIFEST:
                sums.add(info.name, info.size, digest)
        if any(_some(packed, PADDING)) or _some(packed, 1):
            raise Damaged("The backup is damaged: something follows its end.")


def _exactly(packed: IO[bytes], count: int) -> bytes:
    found = _some(packed, count)
    if len(found) < count:
        raise Damaged("The backup is not whole: it was cut off.")
    return found


def _some(packed: IO[bytes], count: int) -> bytes:
    """Read so many bytes, fewer at the end."""
    parts = []
    try:
        while count and (part := packed.read(count)):
            parts.append(part)
            count -= len(part)
    except EOFError:
        raise Damaged("The backup is not whole: it was cut off.") from None
    except (gzip.BadGzipFile, zlib.error):
        raise Damaged("This file is no backup of vcardapp, or it is damaged.") from None
    return b"".join(parts)
