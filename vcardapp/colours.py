"""Colours as people see them: OKLab, mixing that keeps the hue, and what they are called."""

from __future__ import annotations

import re
from functools import lru_cache
from math import atan2, degrees, dist, hypot

GREY = 0.04  # chroma below which nobody sees a hue
NAMES = ((12, "pink"), (45, "red"), (75, "orange"), (118, "yellow"), (165, "green"), (220, "turquoise"), (280, "blue"),
         (325, "purple"), (360, "pink"))  # fmt: skip  # up to which hue, in degrees
BROWN = (20, 90, 0.65, 0.12)  # hues from and to, lightness and chroma at most
BLACK, WHITE = (0.0, 0.0, 0.0), (1.0, 0.0, 0.0)

Lab = tuple[float, float, float]

_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})([0-9a-f]|[0-9a-f]{2})?", re.ASCII | re.IGNORECASE)
_LENGTHS = (3, 4, 6, 8)  # of digits in a colour of CSS


def read(text: str) -> str:
    """Return "#rrggbb" of any hexadecimal colour of CSS (CSS Color 4 §5.2), also without "#"; "" where it is none.

    Transparency is left out.
    """
    found = _HEX.fullmatch(text.strip())
    if not found or len("".join(filter(None, found.groups()))) not in _LENGTHS:
        return ""
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of "#rrggbb"."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def linear(part: float) -> float:
    """Return the light of one part of sRGB, both from 0 to 1 (CSS Color 4 §10.2)."""
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


@lru_cache(maxsize=4096)
def oklab(colour: str) -> Lab:
    """Return lightness (0 to 1), a and b of "#rrggbb" in OKLab, CSS Color 4 §9."""
    red, green, blue = (linear(value / 255) for value in rgb(colour))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def hex_of(lab: Lab) -> str:
    """Return "#rrggbb", or the nearest that a screen has, part by part."""
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    light = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + bytes(round(255 * _encoded(min(1.0, max(0.0, part)))) for part in light).hex()


def mixed(start: Lab, end: Lab, way: float) -> str:
    """Return the colour at a part of the way, 0 to 1, from one to another."""
    lightness, a, b = (one + (other - one) * way for one, other in zip(start, end, strict=True))
    return hex_of((lightness, a, b))


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


def _encoded(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
