"""Rows of modules to a PNG of one bit a pixel, written by hand: quicker and smaller than through a picture."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from functools import lru_cache

SIGNATURE = b"\x89PNG\r\n\x1a\n"
END = b"\0\0\0\0IEND\xaeB`\x82"
EVEN = {2, 4, 8}  # scales below 10 at which most bytes of a row are all black or all white


def bitmap(rows: Sequence[str], scale: int, zone: int) -> bytes:
    """Return black squares of scale pixels where the rows have a 1, on white, with a margin of zone squares."""
    side = len(rows) + 2 * zone
    width = side * scale
    eights, shown = -(-side // 8), -(-width // 8)  # bytes of a row of modules, of a row of pixels
    widened, shift = _widened(scale), 8 * eights - zone - len(rows)
    repeat = scale > 9 or scale in EVEN  # a row of pixels as it is, or as one that equals the row above: what is smaller
    above = b"\2" + b"\0" * shown

    def block(line: bytes, height: int) -> bytes:
        return line * height if repeat else line + above * (height - 1)

    margin = block(b"\0" + b"\xff" * shown, zone * scale) if zone else b""
    blocks = [margin]
    for row in rows:
        modules = (int(row, 2) << shift).to_bytes(eights, "big")
        blocks.append(block(b"\0" + b"".join([widened[eight] for eight in modules])[:shown], scale))
    blocks.append(margin)
    squeeze = zlib.compressobj(7 if repeat else 9, zlib.DEFLATED, 15, 8, zlib.Z_FILTERED)
    data = squeeze.compress(b"".join(blocks)) + squeeze.flush()
    head = struct.pack(">IIBBBBB", width, width, 1, 0, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", head) + chunk(b"IDAT", data) + END


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@lru_cache(maxsize=64)
def _widened(scale: int) -> tuple[bytes, ...]:
    """Return for each eight modules their pixels in a row, white being 1."""
    pixels = ("".join(bit * scale for bit in f"{eight ^ 255:08b}") for eight in range(256))
    return tuple(int(row, 2).to_bytes(scale, "big") for row in pixels)
