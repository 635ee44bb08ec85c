"""The only door to reportlab: pages in millimetres, filled with the paths of SVG; no fonts, no dates, no raster but pictures."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from typing import Any

from reportlab import rl_config  # type: ignore[import-untyped]
from reportlab.lib.colors import CMYKColor, Color, HexColor  # type: ignore[import-untyped]
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfbase.pdfdoc import PDFResourceDictionary  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import FILL_NON_ZERO, Canvas  # type: ignore[import-untyped]
from reportlab.pdfgen.pathobject import PDFPathObject  # type: ignore[import-untyped]

from vcardapp import images
from vcardapp.colours import rgb

MM = 72 / 25.4  # points
PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}  # millimetres
BLACK, PAPER = CMYKColor(0, 0, 0, 1), CMYKColor(0, 0, 0, 0)  # of one ink: nothing to register, nothing to mix
HAIRLINE = 0.1  # millimetres
TOKEN = re.compile(r"([A-Za-z])|(-?(?:\d+\.?\d*|\.\d+))")
COUNTS = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "A": 7, "Z": 0}

Point = tuple[float, float]

rl_config.useA85 = 0  # bytes as they are: a fifth less than as letters


class Sheet:
    """Pages of one size. Lengths are millimetres from the upper left corner, y downwards, unless `placed` says otherwise."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self._file = io.BytesIO()
        self._size = (width, height)
        self._canvas = Canvas(self._file, (width * MM, height * MM), pageCompression=1, invariant=1, pdfVersion=(1, 4))
        self._canvas.setTitle(title)
        self._canvas.setProducer("vcardapp")
        self._canvas.setCreator("vcardapp")
        self._upright()

    def mark_trim(self, margin: float, bleed: float) -> None:
        """Say to presses where all pages are cut, and how far beyond they are drawn; from the edges of the page."""
        width, height = (length * MM for length in self._size)
        for name, by in (("Trim", margin * MM), ("Bleed", (margin - bleed) * MM)):
            getattr(self._canvas, f"set{name}Box")((by, by, width - by, height - by))

    def next_page(self) -> None:
        """End the page and begin another one."""
        self._canvas.showPage()
        self._upright()

    def to_bytes(self) -> bytes:
        """Return the file; nothing can be drawn after that."""
        self._canvas.save()
        return self._file.getvalue()

    @contextmanager
    def placed(self, x: float, y: float, scale: float = 1) -> Iterator[None]:
        """Draw with 0 0 at a place of the page, and all lengths so many times larger."""
        self._canvas.saveState()
        self._canvas.transform(scale, 0, 0, scale, x, y)
        yield
        self._canvas.restoreState()

    @contextmanager
    def stamp(self, name: str, width: float, height: float) -> Iterator[None]:
        """Draw what will be printed more than once, with 0 0 at its upper left corner."""
        canvas = self._canvas
        canvas.beginForm(name, 0, 0, width, height)
        yield
        resources = PDFResourceDictionary()
        resources.allProcs()
        resources.setShading(canvas._shadingUsed)  # reportlab keeps them for pages only
        if canvas._formsinuse:
            resources.XObject = canvas._doc.xobjDict(canvas._formsinuse)
        canvas.endForm(Resources=resources)

    def print(self, name: str) -> None:
        """Print a stamp at 0 0."""
        self._canvas.doForm(name)

    def fill(self, path: str, colour: Color) -> None:
        """Fill SVG path data by the nonzero rule."""
        self._canvas.setFillColor(colour)
        self._canvas.drawPath(path_of(path), stroke=0, fill=1, fillMode=FILL_NON_ZERO)

    def shade(self, path: str, colours: Sequence[Color], line: tuple[float, float, float, float], kind: str) -> None:
        """Fill SVG path data with a "linear" or "radial" gradient that runs along a line."""
        x0, y0, x1, y1 = line
        self._canvas.saveState()
        self._canvas.clipPath(path_of(path), stroke=0, fill=0, fillMode=FILL_NON_ZERO)
        if kind == "radial":
            self._canvas.radialGradient(x0, y0, math.dist((x0, y0), (x1, y1)), list(colours))
        else:
            self._canvas.linearGradient(x0, y0, x1, y1, list(colours))
        self._canvas.restoreState()

    def picture(self, picture: images.Image.Image, x: float, y: float, width: float, height: float) -> None:
        """Place a picture; where it is transparent, what is below shows."""
        self._canvas.saveState()
        self._canvas.transform(1, 0, 0, -1, x, y + height)
        self._canvas.drawImage(ImageReader(picture), 0, 0, width, height, mask="auto")
        self._canvas.restoreState()

    def lines(self, ends: Sequence[tuple[float, float, float, float]]) -> None:
        """Draw black hairlines."""
        self._canvas.setStrokeColor(BLACK)
        self._canvas.setLineWidth(HAIRLINE)
        self._canvas.lines(list(ends))

    def _upright(self) -> None:
        self._canvas.transform(MM, 0, 0, -MM, 0, self._size[1] * MM)


def colour_of(colour: str) -> Color:
    """Return "#rrggbb" as sheets take it."""
    return HexColor(colour)


def ink_of(colour: str) -> Color:
    """Return "#rrggbb" in the inks of a press, as images.to_cmyk does."""
    inks = [1 - value / 255 for value in rgb(colour)]
    black = min(inks)
    return CMYKColor(*((ink - black) / max(1 - black, 0.01) for ink in inks), black)


@lru_cache(maxsize=32)
def path_of(path: str) -> Any:
    """Return SVG path data as PDF takes it: straight lines and cubic curves. Arcs are those of circles, up to half a one."""
    found = PDFPathObject()
    x = y = start_x = start_y = 0.0
    for name, numbers in _commands(path):
        kind, (dx, dy) = name.upper(), (x, y) if name.islower() else (0.0, 0.0)
        if kind == "Z":
            found.close()
            x, y = start_x, start_y
            continue
        if kind in "HV":
            numbers = [numbers[0], y - dy] if kind == "H" else [x - dx, numbers[0]]
        end = (numbers[-2] + dx, numbers[-1] + dy)
        points = [(numbers[i] + dx, numbers[i + 1] + dy) for i in range(0, len(numbers) - 2, 2)]
        if kind == "M":
            found.moveTo(*end)
            start_x, start_y = end
        elif kind == "A":
            for curve in _arc(numbers[-2] + dx - x, numbers[-1] + dy - y, numbers[0], numbers[4] == 1):
                found.curveTo(*(place + (y if i % 2 else x) for i, place in enumerate(curve)))
        elif kind == "C":
            found.curveTo(*points[0], *points[1], *end)
        elif kind == "Q":
            (cx, cy) = points[0]
            found.curveTo((x + 2 * cx) / 3, (y + 2 * cy) / 3, (end[0] + 2 * cx) / 3, (end[1] + 2 * cy) / 3, *end)
        else:
            found.lineTo(*end)
        x, y = end
    return found


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    name, numbers = "", list[float]()
    for letter, number in TOKEN.findall(path):
        if letter:
            name = letter
        else:
            numbers.append(float(number))
        if len(numbers) == COUNTS[name.upper()]:
            yield name, numbers
            numbers = []


@lru_cache(maxsize=256)
def _arc(across: float, down: float, radius: float, clockwise: bool) -> tuple[tuple[float, ...], ...]:
    """Return one or two cubic curves for an arc from 0 0, at most half a circle."""
    chord, turn = math.hypot(across, down), 1 if clockwise else -1
    off = math.sqrt(max(0.0, radius * radius - chord * chord / 4)) / chord * turn
    cx, cy = across / 2 - down * off, down / 2 + across * off
    radius = math.hypot(cx, cy)
    whole = 2 * math.asin(min(1.0, chord / 2 / radius)) * turn
    pieces = 2 if abs(whole) > 1.6 else 1
    step = whole / pieces
    reach = 4 / 3 * math.tan(step / 4)
    angles = [math.atan2(-cy, -cx) + step * i for i in range(pieces + 1)]
    points = [(math.cos(angle), math.sin(angle)) for angle in angles]
    return tuple(
        tuple(
            centre + radius * place
            for x, y in ((ax - reach * ay, ay + reach * ax), (bx + reach * by, by - reach * bx), (bx, by))
            for centre, place in ((cx, x), (cy, y))
        )
        for (ax, ay), (bx, by) in pairwise(points)
    )
