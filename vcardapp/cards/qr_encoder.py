"""Text to the codewords of a QR code and to its symbol: pure Python, the same modules as the qrcode package draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from vcardapp.cards import qr_grid

LEVELS = "HQML"  # strongest first
VALUES = {letter: i for i, letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")}
COUNT_BITS = {1: (10, 12, 14), 2: (9, 11, 13), 4: (8, 16, 16)}  # by mode, of versions 1 to 9, 10 to 26, and above
HIGH_BITS = int("80" * 31, 16)
PADS = b"\xec\x11" * 1500
UTF_8 = 0b0111_00011010  # ECI designator 26
# Of versions 1 to 40, ISO/IEC 18004 table 9: correction codewords a block, and blocks. Shorter blocks come first.
# fmt: off
CORRECTION = {
    "L": (7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, *[30] * 14),
    "M": (10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, *[26] * 4, *[28] * 19),
    "Q": (13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, *[30] * 4, 28, *[30] * 14),
    "H": (17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, *[30] * 18),
}
BLOCKS = {
    "L": (1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8,
          8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25),
    "M": (1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
          17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49),
    "Q": (1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20,
          23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68),
    "H": (1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25,
          25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Encoded:
    version: int
    level: str
    data: bytes  # the data codewords, pads included
    spare: int  # bits at the end of data that say nothing: whole pad codewords, which readers skip


@dataclass(frozen=True, slots=True)
class Blocks:
    """How the codewords of a version and level are cut: each block is corrected for itself."""

    sizes: tuple[int, ...]  # data codewords of each block
    room: int  # data codewords in all
    correction: int  # correction codewords of every block; half as many wrong codewords can be mended


class Segment(NamedTuple):
    mode: int
    characters: int
    bits: int
    length: int  # of the bits


def encode(
    text: str | Sequence[str], level: str | None = None, version: int | None = None, eci: bool | None = None
) -> Encoded:
    """Return the data codewords of a text: digits, capitals or UTF-8 bytes, whichever is densest; parts each for itself.

    Without a version the smallest one that holds the text at the level; without a level the strongest that fits the
    smallest version, but never 1-L. ECI 26 says that bytes are UTF-8, and is said where they are not all ASCII, unless
    eci decides. Raise ValueError where the text does not fit.
    """
    parts = [text] if isinstance(text, str) else text
    segments = [_segment(part) for part in parts]
    said = not all(map(str.isascii, parts)) if eci is None else eci
    length = 12 * said + sum(4 + segment.length for segment in segments)
    for found in range(1, 41) if version is None else (version,):
        sizes = (found > 9) + (found > 26)
        needed = length + sum([COUNT_BITS[segment.mode][sizes] for segment in segments])
        if needed <= 8 * blocks(found, level or ("M" if found == 1 else "L")).room:
            break
    else:
        raise ValueError(f"{sum(map(len, parts))} characters do not fit")
    bits = UTF_8 if said else 0
    for mode, count, own, long in segments:
        bits = ((bits << 4 | mode) << COUNT_BITS[mode][sizes] | count) << long | own
    strength = level or next(name for name in LEVELS if needed <= 8 * blocks(found, name).room)
    return _filled(bits, needed, found, strength)


def codewords(data: bytes, version: int, level: str) -> bytes:
    """Return data codewords with those that correct them, interleaved as they are placed (§7.6). Linear in data."""
    cut = blocks(version, level)
    if len(cut.sizes) == 1:
        return data + _correction(data, cut.correction)
    parts, start = [], 0
    for size in cut.sizes:
        parts.append(data[start : start + size])
        start += size
    short, many = cut.sizes[0], len(parts)
    whole = bytearray(qr_grid.codewords_of(version))
    for i, part in enumerate(parts):
        whole[i : short * many : many] = part[:short]
        whole[cut.room + i :: many] = _correction(part, cut.correction)
    whole[short * many : cut.room] = b"".join(part[short:] for part in parts)
    return bytes(whole)


def bits_of(encoded: Encoded) -> int:
    """Return the codewords on their modules: unmasked, all patterns light. Linear in encoded.data."""
    return qr_grid.placed(codewords(encoded.data, encoded.version, encoded.level), encoded.version)


def symbol(encoded: Encoded, mask: int | None = None) -> tuple[int, int]:
    """Return the mask, the best one unless it is given, and the symbol as a number (see qr_grid)."""
    bits = bits_of(encoded)
    if mask is None:
        mask = qr_grid.best_mask(bits, encoded.version)
    return mask, qr_grid.finished(bits, encoded.version, encoded.level, mask)


def read_blocks(symbol: int, version: int, level: str, mask: int) -> list[bytes]:
    """Return the codewords of each block as the modules of a symbol show them, data first, then correction."""
    cells = f"{symbol ^ qr_grid.grid(version).masks[mask]:0{qr_grid.grid(version).size}b}"
    shown = ["0"] * 8 * qr_grid.codewords_of(version)
    for place, cell in zip(qr_grid.grid(version).places, cells, strict=True):
        if place >= 0:
            shown[place] = cell
    whole = int("".join(shown), 2).to_bytes(len(shown) // 8, "big")
    return [bytes(whole[i] for i in order) for order in block_order(version, level)]


@cache
def blocks(version: int, level: str) -> Blocks:
    """Return the blocks of a version, 1 to 40, and level."""
    many, correction = BLOCKS[level][version - 1], CORRECTION[level][version - 1]
    size, longer = divmod(qr_grid.codewords_of(version), many)
    sizes = [size - correction] * (many - longer) + [size - correction + 1] * longer
    return Blocks(tuple(sizes), sum(sizes), correction)


@cache
def block_order(version: int, level: str) -> tuple[tuple[int, ...], ...]:
    """Return for each block where its codewords stand among the interleaved ones, data first, then correction."""
    cut = blocks(version, level)
    many, short, longer = len(cut.sizes), cut.sizes[0], cut.sizes.count(cut.sizes[0] + 1)
    found = []
    for i, size in enumerate(cut.sizes):
        data = [i + many * row for row in range(short)] + [many * short + i - (many - longer)] * (size - short)
        found.append((*data, *(cut.room + i + many * row for row in range(cut.correction))))
    return tuple(found)


def _segment(text: str) -> Segment:
    """Return the characters in the densest mode (§7.4)."""
    bits = length = 0
    if text.isdigit() and text.isascii():
        for i in range(0, len(text), 3):
            group = text[i : i + 3]
            bits, length = bits << 1 + 3 * len(group) | int(group), length + 1 + 3 * len(group)
        return Segment(1, len(text), bits, length)
    try:
        values = [VALUES[letter] for letter in text]
    except KeyError:
        data = text.encode()
        return Segment(4, len(data), int.from_bytes(data, "big"), 8 * len(data))
    for one, other in zip(values[::2], values[1::2], strict=False):
        bits = bits << 11 | one * 45 + other
    if len(values) % 2:
        bits = bits << 6 | values[-1]
    return Segment(2, len(values), bits, len(values) // 2 * 11 + len(values) % 2 * 6)


def _filled(bits: int, length: int, version: int, level: str) -> Encoded:
    """End the bits with up to four zeros, fill the codeword, then the symbol with pads (§7.4.10)."""
    room = blocks(version, level).room
    used = min(-(-(length + 4) // 8), room)
    data = (bits << 8 * used - length).to_bytes(used, "big")
    return Encoded(version, level, data + PADS[: room - used], 8 * (room - used))


def _correction(data: bytes, count: int) -> bytes:
    """Return the remainder of data divided by the generator polynomial (§7.5.2)."""
    table, top = _multiples(count), 8 * (count - 1)
    keep, rest = (1 << top) - 1, 0
    for byte in data:
        rest = (rest & keep) << 8 ^ table[rest >> top ^ byte]
    return rest.to_bytes(count, "big")


@cache
def _multiples(count: int) -> tuple[int, ...]:
    """Return the 256 multiples of the generator polynomial without its first coefficient, eight bits a coefficient."""
    generator, root = 1, 1
    for _ in range(count):
        generator = generator << 8 ^ _product(generator, root)
        root = _product(root, 2)
    generator ^= 1 << 8 * count
    return tuple(_product(generator, factor) for factor in range(256))


def _product(polynomial: int, factor: int) -> int:
    """Multiply every coefficient by a factor in GF(256) of the polynomial 0x11d."""
    result = 0
    while factor:
        if factor & 1:
            result ^= polynomial
        carried = polynomial & HIGH_BITS
        polynomial = (polynomial ^ carried) << 1 ^ (carried >> 7) * 0x1D
        factor >>= 1
    return result
