"""The same colour, darker or lighter: mixed with black or white in OKLab, so that its hue stays; and what people call it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import atan2, degrees, dist, hypot

from vcardapp.cards.qr_style import luma, rgb

GREY = 0.04  # chroma below which nobody sees a hue
NAMES = ((12, "pink"), (45, "red"), (75, "orange"), (118, "yellow"), (165, "green"), (220, "turquoise"), (280, "blue"),
         (325, "purple"), (360, "pink"))  # fmt: skip  # up to which hue, in degrees
BROWN = (20, 90, 0.65, 0.12)  # hues from and to, lightness and chroma at most
BLACK, WHITE = (0.0, 0.0, 0.0), (1.0, 0.0, 0.0)
HALVINGS = 11  # of the way to black or white: finer than a screen shows

Lab = tuple[float, float, float]


@lru_cache(maxsize=4096)
def oklab(colour: str) -> Lab:
    """Return lightness (0 to 1), a and b of "#rrggbb" in OKLab, CSS Color 4 §9."""
    red, green, blue = (_linear(value / 255) for value in rgb(colour))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def name(colour: str) -> str:
    """Return what people call a colour: one of NAMES, "brown" or "grey", in English."""
    lightness, a, b = oklab(colour)
    chroma, hue = hypot(a, b), degrees(atan2(b, a)) % 360
    if BROWN[0] <= hue <= BROWN[1] and lightness < BROWN[2] and GREY <= chroma < BROWN[3]:
        return "brown"
    return "grey" if chroma < GREY else next(word for end, word in NAMES if hue <= end)


def distance(one: str, other: str) -> float:
    """Return how different two colours look, from 0 to about 1: 0.02 is just seen side by side."""
    return dist(oklab(one), oklab(other))


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
        near, far = (near, middle) if fits(_hex(start, end, middle)) else (middle, far)
    return _hex(start, end, far)


def _hex(start: Lab, end: Lab, way: float) -> str:
    lightness, a, b = (one + (other - one) * way for one, other in zip(start, end, strict=True))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + bytes(round(255 * _encoded(min(1.0, max(0.0, part)))) for part in linear).hex()


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
