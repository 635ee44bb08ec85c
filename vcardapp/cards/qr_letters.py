"""The initials in a QR code and the words of its frame, drawn as outlines and fitted into their place, in modules."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from vcardapp import fitting, images, inking, lettering
from vcardapp.lettering import Outline

MOST_LINES = 3
LARGEST = 0.085  # of the width: an em of the frame's words
SIDES = 0.07  # of the width: what is left free on each side of them
AIR = 1.3  # modules above and below them


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


def ink(picture: images.Image.Image, line: Outline, scale: float, down: float, colour: str) -> None:
    """Draw a placed line into a picture of so many pixels a module, moved down by some modules."""
    contours = lettering.polygons(line, 0.2 / scale)
    inking.fill(picture, [[(x * scale, (y + down) * scale) for x, y in contour] for contour in contours], colour)
