"""The initials in a QR code and the words of its frame, drawn as outlines and fitted into their place, in modules."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from vcardapp import fitting, images, lettering
from vcardapp.lettering import Outline

MOST_LINES = 3
LARGEST = 0.085  # of the width: an em of the frame's words
SIDES = 0.07  # of the width: what is left free on each side of them
AIR = 1.3  # modules above and below them
FINE = 4  # as many times larger letters are drawn before they are shrunk


@dataclass(frozen=True, slots=True)
class Band:
    """The words of a frame on a strip as wide as the code; y counts from the strip's upper edge."""

    height: int
    lines: tuple[Outline, ...]
    missing: tuple[str, ...]  # scripts that no font of this machine has


@lru_cache(maxsize=256)
def initials(text: str, side: float) -> Outline:
    """Return initials as large as they fit into a square, its upper left corner at 0 0."""
    line = lettering.outline(text, 1.0)
    left, top, right, bottom = lettering.extent(line)
    scale = side / max(right - left, bottom - top, 0.01)
    return moved(line, scale, (side - scale * (left + right)) / 2, (side - scale * (top + bottom)) / 2)


@lru_cache(maxsize=256)
def band(text: str, width: int) -> Band:
    """Return words on one to three lines, as large as they fit."""
    largest = width * LARGEST
    words = fitting.fitted(
        text, width * (1 - 2 * SIDES), [largest * share / 10 for share in range(10, 4, -1)], MOST_LINES
    )
    downs = [0.0]
    for above, below in pairwise(words.lines):
        downs.append(downs[-1] + max(1.2 * words.size, above.descent + below.ascent))
    inks = [lettering.extent(line) for line in words.lines] or [(0.0, -largest, 0.0, 0.0)]
    top = min(down + ink[1] for down, ink in zip(downs, inks, strict=True))
    bottom = max(down + ink[3] for down, ink in zip(downs, inks, strict=True))
    height = math.ceil(bottom - top + 2 * AIR)
    start = (height - top - bottom) / 2
    placed = (
        moved(line, 1, (width - ink[0] - ink[2]) / 2, start + down)
        for line, down, ink in zip(words.lines, downs, inks, strict=False)
    )
    return Band(height, tuple(placed), words.missing)


def moved(line: Outline, scale: float, right: float, down: float) -> Outline:
    """Return an outline scaled and then moved."""
    commands = (
        (name, tuple((x * scale + right, y * scale + down) for x, y in points)) for name, points in line.commands
    )
    return replace(line, commands=tuple(commands), size=line.size * scale)


def inked(lines: Iterable[Outline], width: int, height: int, scale: float) -> images.Image.Image:
    """Return outlines as a mask in pixels, filled by the nonzero rule."""
    fine = FINE if max(width, height) * FINE <= 8192 else 1
    turns = images.Image.new("L", (width * fine, height * fine), 128)  # how often contours go around a pixel, from 128
    for line in lines:
        for contour in lettering.polygons(line, 0.2 / scale / fine):
            points = [(x * scale * fine - 0.5, y * scale * fine - 0.5) for x, y in contour]
            _wind(turns, points)
    mask = turns.point([255] * 128 + [0] + [255] * 127)
    return mask.reduce(fine) if fine > 1 else mask


def _wind(turns: images.Image.Image, points: list[tuple[float, float]]) -> None:
    """Count a contour where it goes around: one more for clockwise, one less for the other way."""
    xs, ys = zip(*points, strict=True)
    left, top = max(0, math.floor(min(xs))), max(0, math.floor(min(ys)))
    right, bottom = min(turns.width, math.ceil(max(xs)) + 1), min(turns.height, math.ceil(max(ys)) + 1)
    if right <= left or bottom <= top:
        return
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, (*points[1:], points[0]), strict=True))
    part = turns.crop((left, top, right, bottom))
    inside = images.Image.new("L", part.size)
    images.ImageDraw.Draw(inside).polygon([(x - left, y - top) for x, y in points], fill=1)
    add = images.ImageChops.add if area > 0 else images.ImageChops.subtract
    turns.paste(add(part, inside), (left, top))
