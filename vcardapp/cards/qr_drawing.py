"""A text and a style to a dressed QR code, and the dressed code to SVG: one path a colour, no text, no fonts, no seams."""

from __future__ import annotations

import base64
import hashlib
import math
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape

from vcardapp import images
from vcardapp.cards import qr, qr_grid, qr_letters, qr_logo, qr_paths
from vcardapp.cards.qr import Code
from vcardapp.cards.qr_letters import Band
from vcardapp.cards.qr_logo import Plate
from vcardapp.cards.qr_style import Gradient, Initials, Picture, Style

GRADIENT = ""  # in place of a colour: the style's gradient, from dark


@dataclass(frozen=True, slots=True)
class Dressed:
    """A code, how it is dressed, and what is where; text and style decide about the rest.

    Lengths are in modules; the code with its zone begins at 0 0.
    """

    text: str
    style: Style
    code: Code = field(compare=False)
    plate: Plate | None = field(default=None, compare=False)  # of the logo
    band: Band | None = field(default=None, compare=False)  # of the frame

    @property
    def width(self) -> int:
        """Modules along the whole drawing, quiet zone included."""
        return self.code.width + 2 * self.style.zone

    @property
    def height(self) -> int:
        return self.width + (self.band.height if self.band else 0)

    @property
    def top(self) -> int:
        """Where the drawing begins: above the code, if a frame's words stand there."""
        return -self.band.height if self.band and self.style.frame and self.style.frame.place == "above" else 0

    @property
    def under(self) -> frozenset[tuple[int, int]]:
        """The modules under the logo, as rows and columns of the symbol."""
        if not self.plate:
            return frozenset()
        covered = range(self.plate.start, self.plate.start + self.plate.side)
        return frozenset((row, column) for row in covered for column in covered)

    @property
    def missing(self) -> tuple[str, ...]:
        """Scripts of the frame's words or the initials that no font of this machine has."""
        logo = self.style.logo
        drawn = qr_letters.initials(logo.text, 1).missing if isinstance(logo, Initials) else ()
        return tuple(dict.fromkeys((*drawn, *(self.band.missing if self.band else ()))))

    @property
    def picture_place(self) -> tuple[float, float, float, float] | None:
        """Left, top, width and height of the logo, if that is a picture."""
        if not self.plate or not isinstance(self.style.logo, Picture):
            return None
        at = self.style.zone + self.plate.start + qr_logo.MARGIN
        return qr_logo.fitted(qr_logo.opened(self.style.logo.png).size, self.plate.side - 2 * qr_logo.MARGIN, at)

    @property
    def alignments(self) -> list[tuple[int, int]]:
        """The upper left corners of alignment patterns that are drawn whole: some readers lose them among dots and bars."""
        if self.style.shape not in ("dots", "bars"):
            return []
        centres, far = qr_grid.alignments(self.code.version), self.code.width - 7
        corners = {(6, 6), (6, far), (far, 6)}
        found = [(row - 2, column - 2) for row in centres for column in centres if (row, column) not in corners]
        return [place for place in found if not self._is_covered(*place)]

    def rows(self) -> list[list[bool]]:
        """Return the modules that are drawn one by one: those of whole patterns and under the logo are light."""
        rows = [list(row) for row in self.code.modules]
        far = len(rows) - 7
        squares = [(0, 0, 7), (0, far, 7), (far, 0, 7), *((row, column, 5) for row, column in self.alignments)]
        if self.plate:
            squares.append((self.plate.start, self.plate.start, self.plate.side))
        for top, left, side in squares:
            for row in rows[top : top + side]:
                row[left : left + side] = [False] * side
        return rows

    def _is_covered(self, row: int, column: int) -> bool:
        """Tell whether a plate reaches into the five modules from a row and a column on."""
        covered = range(self.plate.start - 4, self.plate.start + self.plate.side) if self.plate else range(0)
        return row in covered and column in covered


@dataclass(frozen=True, slots=True)
class Layer:
    """Path data in one colour, or in GRADIENT; filled by the nonzero rule."""

    colour: str
    path: str


@lru_cache(maxsize=64)
def dressed(text: str, style: Style) -> Dressed:
    """Return the code of a text in a style. A logo never makes the version higher. Raise ValueError for too long a text."""
    code, plate = (qr_logo.solved(text, style)) if style.logo else (qr.matrix(text), None)
    width = code.width + 2 * style.zone
    return Dressed(text, style, code, plate, qr_letters.band(style.frame.text, width) if style.frame else None)


@lru_cache(maxsize=64)
def layers(drawing: Dressed) -> tuple[Layer, ...]:
    """Return what is drawn but a logo's picture, from the back to the front; one path a colour."""
    style, width = drawing.style, drawing.width
    side = drawing.code.width
    ink = {GRADIENT if style.gradient else style.dark: _modules(drawing, side)}
    front = ""
    if isinstance(style.logo, Initials) and drawing.plate:
        at, room = style.zone + drawing.plate.start + qr_logo.MARGIN, drawing.plate.side - 2 * qr_logo.MARGIN
        letters = qr_letters.moved(qr_letters.initials(style.logo.text, room), 1, at, at)
        ink[style.logo.colour] = ink.get(style.logo.colour, "") + letters.path
    if style.frame and drawing.band:
        down = drawing.top or width
        strip = qr_paths.rounded(0, down, width, drawing.band.height)
        ink[style.frame.colour] = ink.get(style.frame.colour, "") + strip
        front = "".join(qr_letters.moved(line, 1, 0, down).path for line in drawing.band.lines)
    ground = qr_paths.rounded(0, drawing.top, width, drawing.height)
    found = (Layer(style.light, ground), *(Layer(colour, path) for colour, path in ink.items()))
    return (*found, Layer(style.light, front)) if front else found


def gradient_line(style: Style, side: int) -> tuple[float, float, float, float]:
    """Return from where to where the colours of a gradient run, in modules, for a symbol so many modules wide.

    A radial one runs from the centre to the corners. A linear one reaches its colours in opposite corners.
    """
    middle = style.zone + side / 2
    if style.gradient is None or style.gradient.kind == "radial":
        return middle, middle, middle + side / math.sqrt(2), middle
    angle = math.radians(style.gradient.angle)
    x, y = math.cos(angle), math.sin(angle)
    reach = side / 2 * (abs(x) + abs(y))
    return middle - x * reach, middle - y * reach, middle + x * reach, middle + y * reach


@lru_cache(maxsize=64)
def svg(drawing: Dressed) -> bytes:
    """Return an SVG file."""
    size = f'width="{drawing.width * 8}" height="{drawing.height * 8}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {_elements(drawing)}</svg>\n'.encode()


def inline_svg(drawing: Dressed, label: str) -> str:
    """Return the drawing as an element for a page, sized by its style sheet and named for those who do not see it."""
    return f'<svg class="qr" role="img" aria-label="{escape(label)}" {_elements(drawing)}</svg>'


def _elements(drawing: Dressed) -> str:
    style = drawing.style
    return f'viewBox="0 {drawing.top} {drawing.width} {drawing.height}">' + "".join(
        (
            *((_gradient(drawing, style.gradient),) if style.gradient else ()),
            *(f'<path fill="{_paint(layer, drawing)}" d="{layer.path}"/>' for layer in layers(drawing)),
            _picture(drawing),
        )
    )


def _paint(layer: Layer, drawing: Dressed) -> str:
    if layer.colour == GRADIENT:
        return f"url(#{_name(drawing)})"
    return "#" + layer.colour[1::2] if layer.colour[1::2] == layer.colour[2::2] else layer.colour


def _name(drawing: Dressed) -> str:
    """Return a name that differs between the gradients of a page: two codes may be drawn in it."""
    style = drawing.style
    parts = repr((style.dark, style.gradient, style.zone, drawing.width))
    return "g" + hashlib.sha256(parts.encode()).hexdigest()[:8]


def _gradient(drawing: Dressed, gradient: Gradient) -> str:
    style, side = drawing.style, drawing.code.width
    numbers = [qr_paths.short(number) for number in gradient_line(style, side)]
    if gradient.kind == "radial":
        reach = qr_paths.short(side / math.sqrt(2))
        name, where = "radialGradient", f'cx="{numbers[0]}" cy="{numbers[1]}" r="{reach}"'
    else:
        name, where = "linearGradient", 'x1="{}" y1="{}" x2="{}" y2="{}"'.format(*numbers)
    stops = f'<stop stop-color="{style.dark}"/><stop offset="1" stop-color="{gradient.to}"/>'
    return f'<defs><{name} id="{_name(drawing)}" gradientUnits="userSpaceOnUse" {where}>{stops}</{name}></defs>'


def _modules(drawing: Dressed, side: int) -> str:
    style, zone = drawing.style, drawing.style.zone
    path = qr_paths.modules(drawing.rows(), style.shape, zone) + qr_paths.eyes(
        side, style.eye_frame, style.eye_ball, zone
    )
    return path + "".join(qr_paths.alignment(zone + column, zone + row) for row, column in drawing.alignments)


def _picture(drawing: Dressed) -> str:
    """Return a logo's picture, its pixels alone, inside the margins of its plate."""
    place = drawing.picture_place
    if place is None or not isinstance(drawing.style.logo, Picture):
        return ""
    x, y, width, height = map(qr_paths.short, place)
    data = base64.b64encode(images.to_png(qr_logo.opened(drawing.style.logo.png))).decode("ascii")
    return f'<image x="{x}" y="{y}" width="{width}" height="{height}" href="data:image/png;base64,{data}"/>'
