"""Text to QR code to SVG or PNG, plain black on white with a quiet zone of four modules: the only door to qrcode."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from html import escape

from qrcode.util import optimal_data_chunks

from vcardapp.cards import qr_encoder, qr_png
from vcardapp.cards.qr_encoder import LEVELS, Encoded

ZONE = 4  # light modules around the code, ISO/IEC 18004 §6.3.8
SIZES = range(64, 4097)  # widths in pixels that a PNG may be asked for
LEAST_RUN = 10  # digits or capitals that cost fewer bits apart, in spite of two more headers
RUN = re.compile(f"[0-9A-Z $%*+./:-]{{{LEAST_RUN}}}")
DRAWING = "2"  # to be changed with the look of the files, so that browsers fetch them anew


@dataclass(frozen=True)
class Code:
    """A symbol. Two are equal where all their modules are."""

    version: int
    level: str  # L, M, Q, H
    mask: int  # 0 to 7
    bits: int  # a bit a module, the top left one highest, 1 is dark; no quiet zone

    @property
    def width(self) -> int:
        """Modules along one edge, without the quiet zone."""
        return 17 + 4 * self.version

    @property
    def side(self) -> int:
        """Modules along one edge, quiet zone included."""
        return self.width + 2 * ZONE

    @property
    def rows(self) -> list[str]:
        """The rows from the top as digits, 1 is dark."""
        return _rows(self.bits, self.width)

    @cached_property
    def modules(self) -> tuple[tuple[bool, ...], ...]:
        """The rows from the top, True is dark."""
        return tuple(tuple(map("1".__eq__, row)) for row in self.rows)


def short_address(base_url: str, code: str) -> str:
    """Return the address a printed code carries, in capitals: eleven bits for two letters instead of sixteen."""
    return f"{base_url}/u/{code}".upper()


@lru_cache(maxsize=2048)
def matrix(text: str, *, level: str | None = None) -> Code:
    """Return the smallest version that holds the text, at the level or at the highest that it has room for.

    Raise ValueError where even version 40 is too small.
    """
    return drawn(encoded(text, level))


def encoded(text: str, level: str | None = None) -> Encoded:
    """Return the codewords of a text, its long runs of digits or capitals set apart where that makes a better code."""
    whole = qr_encoder.encode(text, level)
    if text.isupper() or not RUN.search(text):
        return whole
    parts = [chunk.data.decode() for chunk in optimal_data_chunks(text, minimum=LEAST_RUN)]
    return min(whole, qr_encoder.encode(parts, level), key=lambda found: (found.version, LEVELS.index(found.level)))


def plain_code(text: str) -> Code:
    """Return what any other generator gives for a text: the smallest version at level M, and no word of its alphabet."""
    return drawn(qr_encoder.encode(text, "M", eci=False))


def drawn(encoded: Encoded, mask: int | None = None) -> Code:
    """Return the symbol of codewords, with the best mask unless one is given."""
    mask, bits = qr_encoder.symbol(encoded, mask)
    return Code(encoded.version, encoded.level, mask, bits)


@lru_cache(maxsize=256)
def svg(text: str) -> bytes:
    """Return an SVG file of the code."""
    code = matrix(text)
    size = f'width="{code.side * 8}" height="{code.side * 8}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {_drawing(code)}</svg>\n'.encode()


def inline_svg(text: str, label: str, level: str | None = None) -> str:
    """Return the code as an element for a page, sized by its style sheet and named for those who do not see it."""
    return f'<svg class="qr" role="img" aria-label="{escape(label)}" {_drawing(matrix(text, level=level))}</svg>'


@lru_cache(maxsize=256)
def png(text: str, size: int) -> bytes:
    """Return the widest picture with whole-pixel modules not wider than size pixels.

    Raise ValueError for a size that is not in SIZES, or too small for one pixel a module.
    """
    code = matrix(text)
    scale = size // code.side
    if size not in SIZES or not scale:
        raise ValueError(f"no PNG of {size} pixels")
    return qr_png.bitmap(code.rows, scale, ZONE)


def etag(text: str, form: str) -> str:
    """Return a strong tag of a file to be, without drawing it; form tells "svg" from "png" and its size."""
    return hashlib.sha256(f"{DRAWING}\n{form}\n{text}".encode()).hexdigest()[:32]


def _rows(bits: int, width: int) -> list[str]:
    cells = f"{bits:0{width * width}b}"
    return [cells[start : start + width] for start in range(0, len(cells), width)]


class Pieces(dict[str, str]):
    """A run of modules to its piece of a path: dark ones a stroke, light ones a move, "|" where rows end."""

    def __init__(self, width: int) -> None:
        self.width = width

    def __missing__(self, run: str) -> str:
        if run[0] == "1":
            piece = f"h{len(run)}"
        elif rows := run.count("|"):
            piece = f"m{run.index('|') + len(run) - run.rindex('|') - 1 - self.width} {rows}"
        else:
            piece = f"m{len(run)} 0"
        self[run] = piece
        return piece


pieces = cache(Pieces)


def _drawing(code: Code) -> str:
    """One white square and one path of strokes: half the bytes of outlines, and no seams at any size.

    The frames of the eyes are squares, all else is rows. The box begins half a module above the zone, so that the
    middles of the rows are whole numbers.
    """
    side, (frames, squares) = code.side, _frames(code.width)
    runs = "|".join(_rows(code.bits ^ frames, code.width)).rstrip("0|")
    runs = runs.replace("01", "0 1").replace("10", "1 0").replace("1|", "1 |").replace("|1", "| 1")
    strokes = "".join(map(pieces(code.width).__getitem__, runs.split(" ")))
    return (
        f'viewBox="-4 -4.5 {side} {side}"><path fill="#fff" d="M-4-4.5h{side}v{side}H-4z"/>'
        f'<path fill="none" stroke="#000" d="{strokes}{squares}"/>'
    )


@cache
def _frames(width: int) -> tuple[int, str]:
    """Return the frames of the three eyes as modules and as strokes."""
    cells = [["0"] * width for _ in range(width)]
    strokes = ""
    for top, left in ((0, 0), (0, width - 7), (width - 7, 0)):
        strokes += f"M{left or ''}.5 {top}h6v6h-6z"
        for i in range(6):
            cells[top][left + i] = cells[top + i][left + 6] = cells[top + 6][left + 6 - i] = cells[top + 6 - i][left] = "1"
    return int("".join(map("".join, cells)), 2), strokes
