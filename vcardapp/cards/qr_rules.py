"""What is left of a plain code's share of reads when a code is dressed: measured figures, interpolated, multiplied.

Each factor is a ratio to the plain black code at the same printed width, rounded down; their product is lower than what
the same elements scored together, so a code that reaches 1.00 here is read at least as well as the plain one.
"""

from __future__ import annotations

from bisect import bisect_left
from math import prod

from vcardapp.cards.qr import Code
from vcardapp.cards.qr_style import Style, luma

ENOUGH = 1.0  # of the plain code: nothing below leaves the house
LEAST_CONTRAST = 0.5  # luma between dark and light, of 1
LEAST_ZONE = 2  # painted light modules around the code
MOST_USED = 0.5  # of the correction of any block
PLAIN_ZONE = 4
WHITE = 1.0

Points = tuple[tuple[float, float], ...]
# Width of a module in modules of the plain code: what that alone makes of the score
SIZE: Points = ((0.5, 0.02), (0.755, 0.32), (0.822, 0.54), (0.902, 0.76), (1, 1), (1.121, 1.13), (1.276, 1.17), (1.364, 1.27),
                (1.5, 1.32))  # fmt: skip
LEVEL = {"L": 0.85, "M": 1.0, "Q": 1.055, "H": 1.07}  # at the same version
# Level L beside level M of the next version, for which the size alone counts too little; the first has no alignment pattern
NEXT_TO_M: Points = ((1, 0.78), (2, 0.93), (3, 0.9), (4, 0.92), (6, 0.92), (7, 0.95))
ZONE = {4: 1.0, 3: 1.02, 2: 1.03}  # at the same width of a module
# Luma between dark and light, of 1
CONTRAST: Points = ((0.3, 0.3), (0.35, 0.42), (0.42, 0.59), (0.51, 0.77), (0.54, 0.82), (0.61, 0.865), (0.65, 0.9),
                    (0.7, 0.92), (0.78, 0.95), (0.85, 0.975), (0.92, 0.983), (1, 1))  # fmt: skip
# How much darker than the page the light modules are, in luma
DARKER: Points = ((0, 1), (0.017, 0.985), (0.03, 0.97), (0.044, 0.955), (0.05, 0.95), (0.095, 0.84), (0.166, 0.7), (0.259, 0.56),
                  (0.537, 0.16))  # fmt: skip
# Luma of the light modules where the page has their colour
LIGHT: Points = ((0.463, 0.82), (0.741, 0.87), (0.834, 0.91), (0.956, 0.965), (1, 1))
# How much darker than the light modules the page is, in luma, beside a zone of more than two modules
EDGE: Points = ((0, 1), (0.02, 1), (0.1, 0.945), (0.26, 0.93), (0.5, 0.96), (0.89, 1))
# How much darker than the lightest ink the page is, in luma: readers then take the page for the code, and the code for light
PALE_INK: dict[int, Points] = {
    2: ((0, 1), (0.1, 0.97), (0.2, 0.9), (0.3, 0.75), (0.35, 0.58), (0.46, 0.4)),
    4: ((0, 1), (0.3, 0.98), (0.35, 0.94), (0.46, 0.86)),
}
MODULES = {"square": 1.0, "soft": 0.995, "dots": 0.995, "bars": 0.985}
EYE_FRAME: Points = ((0, 1), (0.5, 0.965))  # corner radius in modules
EYE_BALL: Points = ((0, 1), (1, 0.975))
ROUNDEST = {"dots": (0.4, 0.5), "bars": (0.4, 0.75)}  # radii beyond which some readers miss even clean files of these shapes
GRADIENT = 0.98  # beside what its lightest stop loses
FRAME = 0.98
# Share of the correction that a logo uses in the worst block
LOGO: Points = ((0, 0.97), (0.2, 0.94), (0.3, 0.91), (0.5, 0.86), (0.8, 0.75), (1, 0.3))
MILLIMETRES: Points = ((4, 0.4), (10, 0.6))  # a module needs in print, by version
CENTIMETRES = 48  # that a module of one millimetre is read from


def contrast(style: Style) -> float:
    """Return D, the luma from the lightest dark module to the light ones, of 1: negative for an inverted code."""
    return (luma(style.light) - max(map(luma, style.darks))) / 255


def ink_share(style: Style) -> float:
    """Return what is left of the reads for the dark modules' colours: a gradient's lightest end counts three times."""
    shares = sorted(contrast_share((luma(style.light) - luma(dark)) / 255) for dark in style.darks)
    return (3 * shares[0] + shares[-1]) / 4 if contrast(style) >= CONTRAST[0][0] else 0.0


def contrast_share(difference: float) -> float:
    """Return what is left of the reads at a luma difference, from 0 to 1."""
    return between(CONTRAST, difference) if difference >= CONTRAST[0][0] else 0.0


def background_share(light: str, page: str) -> float:
    """Return what is left for light modules on a page; a file may end on white paper whatever page was said."""
    shade = luma(light) / 255
    darker = max(luma(page) / 255, WHITE) - shade
    return min(between(DARKER, darker), between(LIGHT, shade))


def page_share(style: Style) -> float:
    """Return what is left for a code in its own light box on a darker page."""
    page = luma(style.page)
    edge = between(EDGE, (luma(style.light) - page) / 255) if style.zone > LEAST_ZONE else 1.0
    return edge * between(PALE_INK[4 if style.zone == PLAIN_ZONE else 2], (max(map(luma, style.darks)) - page) / 255)


def finds_eyes(style: Style) -> bool:
    """True unless the eyes are rounder than every reader takes beside modules of this shape."""
    frame, ball = ROUNDEST.get(style.shape, (1.0, 1.0))
    return style.eye_frame <= frame and style.eye_ball <= ball


def logo_share(version: int, level: str, used: float) -> float:
    """Return what a level and a logo that uses so much of a block's correction make of the version at level M."""
    return LEVEL[level] * between(LOGO, used)


def factors(code: Code, style: Style, plain: Code, used: float = 0.0) -> dict[str, float]:
    """Return by name what each element makes of the plain code's share; used is the logo's part of a block's correction."""
    module = (plain.width + 2 * PLAIN_ZONE) / (code.width + 2 * style.zone)
    return {
        "size": between(SIZE, module),
        "level": between(NEXT_TO_M, code.version) if code.level == "L" and code.version < plain.version else LEVEL[code.level],
        "zone": ZONE.get(style.zone, 0.0),
        "contrast": ink_share(style),
        "background": background_share(style.light, style.page),
        "page": page_share(style),
        "gradient": GRADIENT if style.gradient else 1.0,
        "modules": MODULES[style.shape],
        "eyes": between(EYE_FRAME, style.eye_frame) * between(EYE_BALL, style.eye_ball),
        "logo": between(LOGO, used) if style.logo else 1.0,
        "frame": FRAME if style.frame else 1.0,
    }


def expected(code: Code, style: Style, plain: Code, used: float = 0.0) -> float:
    """Return the share of the plain code's reads that the dressed one is expected to have, at the same printed width."""
    return prod(factors(code, style, plain, used).values())


def smallest_millimetres(code: Code, style: Style, share: float) -> float:
    """Return the least safe printed width with its zone; share is what the dress leaves of the same code undressed."""
    return (code.width + 2 * style.zone) * between(MILLIMETRES, code.version) / min(1.0, max(share, 0.5))


def centimetres(code: Code, style: Style, millimetres: float) -> int:
    """Return how far away a code of a printed width is read by a phone's camera."""
    return int(CENTIMETRES * millimetres / (code.width + 2 * style.zone))


def between(points: Points, x: float) -> float:
    """Return the value at x on the line through measured points, flat beyond the first and the last."""
    at = bisect_left(points, (x,))
    if at in (0, len(points)):
        return points[min(at, len(points) - 1)][1]
    (x0, y0), (x1, y1) = points[at - 1], points[at]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
