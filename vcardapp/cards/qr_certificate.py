"""The certificate of a drawn code: how much of each Reed-Solomon block's correction its design has used up already."""

from __future__ import annotations

from dataclasses import dataclass

from vcardapp.cards import qr_encoder, qr_grid
from vcardapp.cards.qr import Code
from vcardapp.images import Image

SAMPLE = 9  # pixels a module: the three by three in the middle are what a sharp reader looks at


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a reader of the clean picture has to correct."""

    used: tuple[float, ...]  # of each block's correction; above 1 it cannot be read
    patterns_intact: bool  # finders, timing, format and version, which no block corrects


def certify(picture: Image.Image, code: Code) -> Certificate:
    """Compare the modules of a grey picture, SAMPLE pixels each and without quiet zone, with those meant.

    By two readers: a sharp one looks at the middle of a module, a blurred one at its whole area. The worse one counts.
    """
    blurred = picture.reduce(SAMPLE)
    sharp = picture.reduce(SAMPLE // 3).resize(blurred.size, Image.Resampling.NEAREST)
    read = [_read(found.tobytes(), code) for found in (blurred, sharp)]
    used = tuple(map(max, *(_used(bits, code) for bits in read)))
    patterns = qr_grid.grid(code.version).all & ~qr_grid.grid(code.version).data
    wrong = ((read[0] ^ code.bits) | (read[1] ^ code.bits)) & patterns
    places = (at for at, bit in enumerate(f"{wrong:0{code.width * code.width}b}") if bit == "1")
    return Certificate(used, all(_is_spare(at, code.width) for at in places))


def _read(shades: bytes, code: Code) -> int:
    """Return which modules look dark: below half-way between what is dark and what is light on the whole."""
    meant = "".join(code.rows)
    dark, light = (sum(seen for seen, bit in zip(shades, meant, strict=True) if bit == kind) / meant.count(kind) for kind in "10")
    return int("".join("1" if 2 * seen < dark + light else "0" for seen in shades), 2)


def _used(bits: int, code: Code) -> list[float]:
    """Return the share of each block's correction that it takes to read these modules as the code."""
    seen, meant = (qr_encoder.read_blocks(symbol, code.version, code.level, code.mask) for symbol in (bits, code.bits))
    most = qr_encoder.blocks(code.version, code.level).correction // 2
    return [sum(map(int.__ne__, one, other)) / most for one, other in zip(seen, meant, strict=True)]


def _is_spare(at: int, width: int) -> bool:
    """True off the corners and the timing: readers find a code without its smaller alignment patterns."""
    y, x = divmod(at, width)
    near, far = x < 9 or y < 9, x >= width - 11 or y >= width - 11
    return x != 6 and y != 6 and not (near and (far or (x < 9 and y < 9)))
