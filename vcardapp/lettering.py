"""Text of any script and direction to outlines, for pictures and for files that carry no fonts: the door to uharfbuzz.

Never a box: what no font of this machine has is left out and said in `missing`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import uharfbuzz as hb  # type: ignore[import-untyped]

from vcardapp import fonts
from vcardapp.text_runs import LONGEST, Run, direction_of, drawable, runs_of

EM = 1000  # units that shaped text is kept in
MOST_READ = 4 * LONGEST

Point = tuple[float, float]
Command = tuple[str, tuple[Point, ...]]  # M, L, Q, C with their points, Z with none


@dataclass(frozen=True, slots=True)
class Outline:
    """A line of text drawn. x grows to the right from 0, y downwards; the baseline is at y 0."""

    commands: tuple[Command, ...]
    width: float
    ascent: float  # above the baseline
    descent: float  # below it
    size: float  # of an em
    direction: str  # "ltr" or "rtl"
    missing: tuple[str, ...]  # scripts without a font (ISO 15924), "Zsym" for signs, "emoji"

    @property
    def height(self) -> float:
        return self.ascent + self.descent

    @property
    def is_whole(self) -> bool:
        """True where nothing but emoji was left out, and something was drawn."""
        return bool(self.commands) and not set(self.missing) - {"emoji"}

    @property
    def path(self) -> str:
        """Return the data of an SVG path; its fill rule is nonzero."""
        digits = max(0, 3 - math.floor(math.log10(self.size)))
        return "".join(
            name + " ".join(f"{_number(x, digits)} {_number(y, digits)}" for x, y in points)
            for name, points in self.commands
        )


def outline(text: str, size: float, *, weight: str = "bold", direction: str | None = None, language: str = "") -> Outline:
    """Draw a line of text, its em `size` high; weight is "bold" or "regular", direction "ltr", "rtl" or the text's own.

    Language (BCP 47) chooses between the forms of Han characters. At most 200 characters are drawn.
    """
    return _scaled(text[:MOST_READ], size, weight, direction, language, fonts.chosen())


def measured(text: str, *, weight: str = "bold", direction: str | None = None, language: str = "") -> float:
    """Return the width of a text in ems."""
    return _shaped(text[:MOST_READ], weight, direction, language, fonts.chosen()).width / EM


def polygons(drawn: Outline, tolerance: float = 0.1) -> list[list[Point]]:
    """Return the contours with curves as straight lines, at most `tolerance` off; filled by the nonzero rule."""
    contours: list[list[Point]] = []
    for name, points in drawn.commands:
        if name == "M":
            contours.append([points[0]])
        elif name != "Z":
            contours[-1].extend(_flat(contours[-1][-1], points, tolerance))
    return [contour for contour in contours if len(contour) > 2]


def extent(drawn: Outline) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of what is inked; curves' handles count. All 0 where nothing is."""
    xs = [x for _, points in drawn.commands for x, _ in points] or [0.0]
    ys = [y for _, points in drawn.commands for _, y in points] or [0.0]
    return min(xs), min(ys), max(xs), max(ys)


@lru_cache(maxsize=256)
def _scaled(
    text: str, size: float, weight: str, direction: str | None, language: str, chosen: tuple[Path, ...] | None
) -> Outline:
    shaped = _shaped(text, weight, direction, language, chosen)
    scale = size / EM
    commands = ((name, tuple((x * scale, y * scale) for x, y in points)) for name, points in shaped.commands)
    return Outline(
        tuple(commands), shaped.width * scale, shaped.ascent * scale, shaped.descent * scale,
        size, shaped.direction, shaped.missing,
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _shaped(text: str, weight: str, direction: str | None, language: str, _: tuple[Path, ...] | None) -> Outline:
    text = drawable(text)
    direction = direction or direction_of(text)
    runs, missing = runs_of(text, direction, weight, language)
    pen = _Pen()
    ascent, descent = 0.0, 0.0
    for run in runs:
        font = fonts.font_at(run.face, weight)
        pen.scale = EM / run.face.face.upem
        is_drawn = _draw(pen, font, run, language)
        missing = missing if is_drawn or run.script in missing else (*missing, run.script)
        lines = font.get_font_extents("ltr")
        ascent, descent = max(ascent, lines.ascender * pen.scale), max(descent, -lines.descender * pen.scale)
    return Outline(tuple(pen.commands), pen.x, ascent, descent, EM, direction, missing)


def _draw(pen: _Pen, font: Any, run: Run, language: str) -> bool:
    """Draw a run where the pen is; False where its face has not all glyphs after all."""
    buffer = hb.Buffer()
    buffer.add_str(run.text)
    buffer.script, buffer.direction = run.script, "rtl" if run.level % 2 else "ltr"
    buffer.language = language or "und"
    hb.shape(font, buffer)
    glyphs = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
    for glyph, place in glyphs:
        if glyph.codepoint:
            pen.shift = (place.x_offset, place.y_offset)
            font.draw_glyph_with_pen(glyph.codepoint, pen)
            pen.x += place.x_advance * pen.scale
    return all(glyph.codepoint for glyph, _ in glyphs)


class _Pen:
    """Collects contours where uharfbuzz draws glyphs, y turned downwards."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.x = 0.0
        self.scale = 1.0
        self.shift: Point = (0.0, 0.0)

    def moveTo(self, point: Point) -> None:  # noqa: N802 - the protocol's names
        self._add("M", point)

    def lineTo(self, point: Point) -> None:  # noqa: N802
        self._add("L", point)

    def qCurveTo(self, *points: Point) -> None:  # noqa: N802
        self._add("Q", *points)

    def curveTo(self, *points: Point) -> None:  # noqa: N802
        self._add("C", *points)

    def closePath(self) -> None:  # noqa: N802
        self._add("Z")

    def _add(self, name: str, *points: Point) -> None:
        dx, dy = self.shift
        placed = tuple((self.x + (x + dx) * self.scale, -(y + dy) * self.scale) for x, y in points)
        self.commands.append((name, placed))


def _flat(start: Point, points: tuple[Point, ...], tolerance: float) -> Iterator[Point]:
    control = (start, *points)
    bend = max((math.dist((a[0] + c[0], a[1] + c[1]), (2 * b[0], 2 * b[1])) for a, b, c in _triples(control)), default=0)
    steps = min(32, max(1, math.ceil(math.sqrt(0.75 * bend / tolerance)))) if bend else 1
    degree = len(points)
    for step in range(1, steps + 1):
        t = step / steps
        shares = [math.comb(degree, i) * t**i * (1 - t) ** (degree - i) for i in range(degree + 1)]
        yield (
            sum(share * point[0] for share, point in zip(shares, control, strict=True)),
            sum(share * point[1] for share, point in zip(shares, control, strict=True)),
        )


def _triples(points: tuple[Point, ...]) -> Iterator[tuple[Point, Point, Point]]:
    return zip(points, points[1:], points[2:], strict=False)


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) if float(text) else "0"
