"""Rows of modules to a PNG of one bit a pixel, written by hand: quicker and smaller than through a picture."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from functools import lru_cache

SIGNATURE = b"\x89PNG\r\n\x1a\n"
END = b"\0\0\0\0IEND\xaeB`\x82"


def bitmap(rows: Sequence[str], scale: int, zone: int) -> bytes:
    """Return black squares of scale pixels where the rows have a 1, on white, with a margin of zone squares."""
    side = len(rows) + 2 * zone
    width = side * scale
    whole, shown = -(-side // 8), -(-width // 8)  # bytes of a row of modules, of a row of pixels
    wide, shift = _widened(scale), 8 * whole - zone - len(rows)
    white = b"\0" + b"\xff" * shown
    lines = [white * (zone * scale)]
    for row in rows:
        modules = (int(row, 2) << shift).to_bytes(whole, "big")
        lines.append((b"\0" + b"".join([wide[eight] for eight in modules])[:shown]) * scale)
    lines.append(lines[0])
    squeeze = zlib.compressobj(6, zlib.DEFLATED, 15, 9, zlib.Z_FILTERED)
    data = squeeze.compress(b"".join(lines)) + squeeze.flush()
    return SIGNATURE + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, width, 1, 0, 0, 0, 0)) + _chunk(b"IDAT", data) + END


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@lru_cache(maxsize=64)
def _widened(scale: int) -> tuple[bytes, ...]:
    """Return for each eight modules their pixels in a row, white being 1."""
    bits = (f"{eight ^ 255:08b}" for eight in range(256))
    return tuple(
        int("".join(bit * scale for bit in row), 2).to_bytes(scale, "big") for row in bits
    )
