"""Contrast as WCAG 2.2 measures it, and the nearest colour of the same hue that has enough of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from vcardapp.colours import BLACK, WHITE, Lab, distance, linear, mixed, oklab, rgb

TEXT = 4.5  # §1.4.3
SIGN = 3.0  # §1.4.3 for large text, §1.4.11 for icons, edges and focus
HALVINGS = 11  # of the way to another colour: finer than a screen shows
STOPS, FINER = 32, 8  # into how many parts a gradient is cut to be measured, and each part where it is darkest


@lru_cache(maxsize=8192)
def luminance(colour: str) -> float:
    """Return the relative luminance of "#rrggbb", 0 to 1."""
    red, green, blue = (linear(value / 255) for value in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def least(colour: str, papers: Iterable[str]) -> float:
    """Return the contrast where it is weakest."""
    return min(contrast(colour, paper) for paper in papers)


@lru_cache(maxsize=256)
def stops(start: str, end: str) -> tuple[str, ...]:
    """Return the colours of a gradient as browsers draw it: in sRGB, part by part. Without an end it is one colour.

    It is lightest at an end, as luminance is convex in sRGB, and darkest at an end or somewhere on the way, which is finer.
    """
    if not end or end == start:
        return (start,)
    pairs = list(zip(rgb(start), rgb(end), strict=True))

    def at(step: float) -> str:
        return "#" + bytes(round(one + (other - one) * step) for one, other in pairs).hex()

    steps = [number / STOPS for number in range(STOPS + 1)]
    darkest = min(steps, key=lambda step: luminance(at(step)))
    near = (darkest + part / STOPS / FINER for part in range(1 - FINER, FINER))
    return tuple(dict.fromkeys(at(step) for step in sorted({*steps, *(step for step in near if 0 < step < 1)})))


def repaired(colour: str, papers: Iterable[str], ratio: float, ends: tuple[Lab, ...] = (BLACK, WHITE)) -> str:
    """Return the colour, or the nearest on the ways to `ends` that reaches the ratio on every paper.

    Black or white alone reach any ratio up to 4.58 on any one colour. Where no end does, the one that comes closest is returned.
    """
    against = tuple(papers)

    def fits(found: str) -> bool:
        return least(found, against) >= ratio

    if fits(colour):
        return colour
    reached = [found for end in ends if fits(found := way_to(colour, end, fits))]
    if reached:
        return min(reached, key=lambda found: distance(colour, found))
    return max((mixed(end, end, 0) for end in ends), key=lambda found: least(found, against))


def way_to(colour: str, end: Lab, fits: Callable[[str], bool]) -> str:
    """Return a colour that just fits on the way to an end that does."""
    start, near, far = oklab(colour), 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        near, far = (near, middle) if fits(mixed(start, end, middle)) else (middle, far)
    return mixed(start, end, far)
