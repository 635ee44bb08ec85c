"""The same colour, darker or lighter: its lightness changes in OKLCH, its hue stays; and what people call it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import atan2, cos, degrees, hypot, radians, sin

from vcardapp.cards.qr_style import luma, rgb

GREY = 0.04  # chroma below which nobody sees a hue
NAMES = ((12, "pink"), (45, "red"), (75, "orange"), (118, "yellow"), (165, "green"), (220, "turquoise"), (280, "blue"),
         (325, "purple"), (360, "pink"))  # fmt: skip  # up to which OKLCH hue, in degrees
BROWN = (20, 90, 0.65, 0.12)  # hues from and to, lightness and chroma at most
STEPS = 18  # halvings: finer than the 256 steps of a screen


def oklch(colour: str) -> tuple[float, float, float]:
    """Return lightness (0 to 1), chroma and hue (degrees) of "#rrggbb" in OKLCH, CSS Color 4 §9."""
    red, green, blue = (_linear(value / 255) for value in rgb(colour))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, hypot(a, b), degrees(atan2(b, a)) % 360


def name(colour: str) -> str:
    """Return what people call a colour: one of NAMES, "brown" or "grey", in English."""
    lightness, chroma, hue = oklch(colour)
    if BROWN[0] <= hue <= BROWN[1] and lightness < BROWN[2] and GREY <= chroma < BROWN[3]:
        return "brown"
    return "grey" if chroma < GREY else next(word for end, word in NAMES if hue <= end)


def distance(one: str, other: str) -> float:
    """Return how different two colours look, from 0 to about 1: 0.02 is just seen side by side."""
    (l1, c1, h1), (l2, c2, h2) = oklch(one), oklch(other)
    angle = radians(h1 - h2)
    return hypot(l1 - l2, c1 * cos(angle) - c2, c1 * sin(angle))


@lru_cache(maxsize=1024)
def darkened(colour: str, most: float) -> str:
    """Return the lightest colour of the same hue whose luma (0 to 255) is not above most: itself, where it fits."""
    return colour if luma(colour) <= most else _nearest(colour, lambda found: luma(found) <= most, 0.0)


@lru_cache(maxsize=1024)
def lightened(colour: str, least: float) -> str:
    """Return the darkest colour of the same hue whose luma (0 to 255) is not below least: itself, where it fits."""
    return colour if luma(colour) >= least else _nearest(colour, lambda found: luma(found) >= least, 1.0)


def _nearest(colour: str, fits: Callable[[str], bool], end: float) -> str:
    """Halve the way from the colour's lightness to the end, black or white, which always fits."""
    near, chroma, hue = oklch(colour)
    far = end
    for _ in range(STEPS):
        middle = (near + far) / 2
        near, far = (near, middle) if fits(_hex(middle, chroma, hue)) else (middle, far)
    return _hex(far, chroma, hue)


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """Return the colour, with as much of its chroma as a screen can show."""
    low, high = 0.0, chroma
    found = _in_linear(lightness, chroma, hue)
    if not _is_shown(found):
        for _ in range(STEPS // 2):
            middle = (low + high) / 2
            low, high = (middle, high) if _is_shown(_in_linear(lightness, middle, hue)) else (low, middle)
        found = _in_linear(lightness, low, hue)
    return "#" + bytes(round(255 * _encoded(min(1.0, max(0.0, part)))) for part in found).hex()


def _in_linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _is_shown(linear: tuple[float, float, float]) -> bool:
    return all(-0.0005 <= part <= 1.0005 for part in linear)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
