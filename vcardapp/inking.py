"""Outlines to pixels: contours filled by the nonzero rule, with smooth edges."""

from __future__ import annotations

import math
from collections.abc import Sequence

from vcardapp.images import Image
from vcardapp.lettering import Outline, Point, polygons

FINER = 4  # contours are drawn so many times larger than shown


def ink(picture: Image.Image, drawn: Outline, x: float, y: float, colour: str) -> None:
    """Draw a line of text, the left end of its baseline at x, y."""
    fill(picture, [[(x + px, y + py) for px, py in contour] for contour in polygons(drawn)], colour)


def fill(picture: Image.Image, contours: Sequence[Sequence[Point]], colour: str) -> None:
    """Fill contours, in pixels of the picture; what lies outside it is left out."""
    points = [point for contour in contours for point in contour]
    if not points:
        return
    left, top = (max(0, math.floor(min(values))) for values in zip(*points, strict=True))
    right = min(picture.width, math.ceil(max(x for x, _ in points)) + 1)
    bottom = min(picture.height, math.ceil(max(y for _, y in points)) + 1)
    if left < right and top < bottom:
        moved = [[(x - left, y - top) for x, y in contour] for contour in contours]
        picture.paste(colour, (left, top, right, bottom), mask(moved, right - left, bottom - top))


def mask(contours: Sequence[Sequence[Point]], width: int, height: int) -> Image.Image:
    """Return how much of each pixel lies inside, 0 to 255."""
    across = width * FINER
    rows = _crossings(contours, height * FINER)
    inside = bytearray(across * height * FINER)
    for y, crossings in enumerate(rows):
        winding = start = 0
        for x, turn in sorted(crossings):
            at = min(across, max(0, x))
            if winding and at > start:
                inside[y * across + start : y * across + at] = b"\xff" * (at - start)
            winding, start = winding + turn, at
    return Image.frombytes("L", (across, height * FINER), bytes(inside)).reduce(FINER)


def _crossings(contours: Sequence[Sequence[Point]], height: int) -> list[list[tuple[int, int]]]:
    """Return where contours cross the middle of each fine row, and whether they go down or up there."""
    rows: list[list[tuple[int, int]]] = [[] for _ in range(height)]
    for contour in contours:
        for a, b in zip(contour, [*contour[1:], contour[0]], strict=True):
            (x, y), (end, low), turn = (a, b, 1) if a[1] < b[1] else (b, a, -1)
            first, last = math.ceil(y * FINER - 0.5), math.ceil(low * FINER - 0.5)
            if first < last:
                slope = (end - x) / (low - y)
                for row in range(max(0, first), min(height, last)):
                    rows[row].append((round((x + ((row + 0.5) / FINER - y) * slope) * FINER), turn))
    return rows
