"""The same colour, darker or lighter as a camera sees it: mixed with black or white, so that its hue stays."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from vcardapp.cards.qr_style import luma
from vcardapp.colours import BLACK, WHITE, Lab, mixed, oklab

HALVINGS = 11  # of the way to black or white: finer than a screen shows


@lru_cache(maxsize=1024)
def darkened(colour: str, most: float) -> str:
    """Return the lightest colour of the same hue whose luma (0 to 255) is not above most: itself, where it fits."""
    return colour if luma(colour) <= most else _mixed(colour, BLACK, lambda found: luma(found) <= most)


@lru_cache(maxsize=1024)
def lightened(colour: str, least: float) -> str:
    """Return the darkest colour of the same hue whose luma (0 to 255) is not below least: itself, where it fits."""
    return colour if luma(colour) >= least else _mixed(colour, WHITE, lambda found: luma(found) >= least)


def _mixed(colour: str, end: Lab, fits: Callable[[str], bool]) -> str:
    """Return the first colour that fits on the way to black or white, which always fits."""
    start, near, far = oklab(colour), 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        near, far = (near, middle) if fits(mixed(start, end, middle)) else (middle, far)
    return mixed(start, end, far)
