"""Text to QR code to SVG or PNG: the only door to qrcode. Black on white, quiet zone of four modules, always."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import groupby
from typing import Any

from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode

from vcardapp import images

ZONE = 4  # light modules around the code, ISO/IEC 18004 §6.3.8
LEVELS = {"H": ERROR_CORRECT_H, "Q": ERROR_CORRECT_Q, "M": ERROR_CORRECT_M, "L": ERROR_CORRECT_L}  # strongest first
SIZES = range(64, 4097)  # widths in pixels that a PNG may be asked for
DRAWING = "1"  # to be changed with the look of the files, so that browsers fetch them anew


@dataclass(frozen=True, slots=True)
class Code:
    version: int
    level: str  # L, M, Q, H
    modules: tuple[tuple[bool, ...], ...]  # rows from the top, True is dark; no quiet zone

    @property
    def side(self) -> int:
        """Modules along one edge, quiet zone included."""
        return len(self.modules) + 2 * ZONE


def short_address(base_url: str, code: str) -> str:
    """Return the address a printed code carries, in capitals: eleven bits for two letters instead of sixteen."""
    return f"{base_url}/u/{code}".upper()


@lru_cache(maxsize=2048)
def matrix(text: str) -> Code:
    """Return the smallest version that holds the text at level L, at the highest level that it has room for.

    Raise ValueError where even version 40 is too small.
    """
    smallest = _symbol(text, "L", None).version
    for level in LEVELS:
        symbol = _symbol(text, level, smallest)
        try:
            symbol.make(fit=False)
            break
        except DataOverflowError:
            continue
    return Code(smallest, level, tuple(tuple(map(bool, row)) for row in symbol.modules))


@lru_cache(maxsize=256)
def svg(text: str) -> bytes:
    """Return an SVG file of the code."""
    side = matrix(text).side
    size = f'width="{side * 8}" height="{side * 8}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {_drawing(text)}</svg>\n'.encode()


def inline_svg(text: str, label: str) -> str:
    """Return the code as an element for a page, sized by its style sheet and named for those who do not see it."""
    return f'<svg class="qr" role="img" aria-label="{escape(label)}" {_drawing(text)}</svg>'


@lru_cache(maxsize=256)
def png(text: str, size: int) -> bytes:
    """Return the widest picture with whole-pixel modules not wider than size pixels.

    Raise ValueError for a size that is not in SIZES, or too small for one pixel a module.
    """
    code = matrix(text)
    scale = size // code.side
    if size not in SIZES or not scale:
        raise ValueError(f"no PNG of {size} pixels")
    return images.bitmap_png(code.modules, scale, ZONE)


def etag(text: str, form: str) -> str:
    """Return a strong tag of a file to be, without drawing it; form tells "svg" from "png" and its size."""
    return hashlib.sha256(f"{DRAWING}\n{form}\n{text}".encode()).hexdigest()[:32]


def _symbol(text: str, level: str, version: int | None) -> QRCode[Any]:
    symbol: QRCode[Any] = QRCode(version=version, error_correction=LEVELS[level])
    symbol.add_data(text, optimize=0)
    return symbol


@lru_cache(maxsize=512)
def _drawing(text: str) -> str:
    """One white square and one path of horizontal strokes: half the bytes of outlines, and no seams at any size."""
    code = matrix(text)
    strokes = "".join(_strokes(row, ZONE + y) for y, row in enumerate(code.modules))
    return (
        f'viewBox="0 0 {code.side} {code.side}"><path fill="#fff" d="M0 0h{code.side}v{code.side}H0z"/>'
        f'<path stroke="#000" d="{strokes}"/>'
    )


def _strokes(row: tuple[bool, ...], y: int) -> str:
    path, x, start = "", ZONE, 0
    for dark, run in groupby(row):
        length = len(tuple(run))
        if dark:
            path += f"m{x - start} 0h{length}" if path else f"M{x} {y}.5h{length}"
            start = x + length
        x += length
    return path
