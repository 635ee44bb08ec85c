"""A zip that is written piece by piece, without ever being whole in memory or on the disk. Pure."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

ENOUGH = 64_000  # bytes that are handed on at once


class _Sink(io.RawIOBase):
    """Takes what is written, until it is handed on."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.waiting = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        self.waiting += len(data)
        return len(data)

    def take(self) -> bytes:
        taken, self.parts, self.waiting = b"".join(self.parts), [], 0
        return taken


Entry = tuple[str, datetime, Iterable[bytes]]  # name, time, and what is in it


def zip_stream(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Yield a zip with these entries; each is asked for when its turn comes."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, at, parts in entries:
            info = zipfile.ZipInfo(name, (max(1980, at.year), at.month, at.day, at.hour, at.minute, at.second))
            info.external_attr = 0o644 << 16
            packed = name.endswith((".webp", ".jpg", ".png", ".pdf"))
            info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=True) as file:
                for part in parts:
                    file.write(part)
                    if sink.waiting >= ENOUGH:
                        yield sink.take()
    yield sink.take()


def json_parts(head: dict[str, Any], lists: Iterable[tuple[str, Iterable[dict[str, Any]]]]) -> Iterator[bytes]:
    """Yield an object as JSON: what is known at once, then lists with one row a line."""
    yield b"{" + _members(head)
    begun = bool(head)
    for name, rows in lists:
        yield (b",\n" if begun else b"\n") + json.dumps(name).encode() + b": ["
        begun = True
        for number, row in enumerate(rows):
            yield (b",\n" if number else b"\n") + to_json(row)
        yield b"\n]"
    yield b"\n}\n"


def _members(head: dict[str, Any]) -> bytes:
    return b",".join(b"\n" + json.dumps(name).encode() + b": " + to_json(value) for name, value in head.items())


def to_json(value: Any) -> bytes:
    """Return JSON on one line; moments are written as ISO 8601."""
    text = json.dumps(value, ensure_ascii=False, default=_plain, separators=(", ", ": "))
    return text.encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(type(value).__name__)
