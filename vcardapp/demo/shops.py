"""Pictures of invented shops: a bakery and a bicycle repair."""

from __future__ import annotations

import math

from vcardapp.demo.motifs import petal
from vcardapp.demo.press import Plate, Press


def bakery_photo() -> bytes:
    """An oven's arch with the day's bread, on a wall of jasmine tiles."""
    press = Press(120, 120, "#fbf3e3", ["#efae4f", "#b4542a", "#1f5d4a"], seed=11)
    crust, brown, green = press.plates
    tiles(press, 120, 120, 20)
    arch = press.stencil().wedge(60, 56, 44, 180, 360).rect(16, 55.5, 88, 70)
    press.clear(arch)
    green.stamp(arch)
    pale, burnt = bricks(press)
    press.clear(pale, burnt)
    crust.stamp(pale, 200).stamp(burnt, 200)
    brown.stamp(pale, 130).stamp(burnt)
    mouth = press.stencil().wedge(60, 56, 33, 180, 360).rect(27, 55.5, 66, 70)
    press.clear(mouth)
    crust.stamp(mouth)
    brown.stamp(mouth, 235)
    green.stamp(mouth, 205)
    glow = press.stencil().screen(1.8, lambda x, y: max(0, 1 - math.hypot(x - 60, y - 58) / 30) * 0.6)
    press.clear(glow.within(mouth))
    crust.stamp(glow)
    for y in (64, 92):
        shelf = press.stencil().rect(27, y + 14, 66, 2)
        press.clear(shelf)
        crust.stamp(shelf, 120)
    for x, y, wide, high in ((44, 78, 13, 11), (75, 78, 14, 13), (60, 106, 25, 14)):
        loaf(press, x, y, wide, high)
    return press.print()


def bricks(press: Press) -> tuple[Plate, Plate]:
    """The stones of the arch, by turns pale and burnt."""
    kinds = press.stencil(), press.stencil()
    for number in range(13):
        degree = 180 + number * 180 / 13
        kinds[number % 2].wedge(60, 56, 42.4, degree + 0.9, degree + 180 / 13 - 0.9)
    for row in range(5):
        for x in (17.6, 94):
            kinds[1 - row % 2].rect(x, 57 + row * 13.4, 8.4, 12)
    for kind in kinds:
        kind.wedge(60, 56, 34, 180, 360, 0)
    return kinds


def loaf(press: Press, x: float, y: float, wide: float, high: float) -> None:
    """A round loaf on its shelf, scored four times."""
    crust, brown, _green = press.plates
    body = press.stencil().oval(x, y, wide, high).rect(x - wide - 1, y, 2 * wide + 2, high + 1, 0)
    body.rect(x - wide, y - 2, 2 * wide, 2.2, radius=1.1)
    press.clear(body)
    crust.stamp(body)
    brown.stamp(press.stencil().oval(x + wide * 0.3, y, wide, high).rect(x - 40, y, 80, 30, 0).within(body), 70)
    scores = press.stencil()
    for number in (-1.5, -0.5, 0.5, 1.5):
        middle = x + number * wide * 0.42
        scores.poly(
            [
                (middle - wide * 0.16, y - high * 0.28),
                (middle, y - high * 0.84),
                (middle + wide * 0.3, y - high * 0.84),
                (middle + wide * 0.06, y - high * 0.28),
            ]
        )
    scores.within(body)
    brown.without(scores).stamp(scores, 190)


def tiles(press: Press, width: int, height: int, side: int) -> None:
    """Wall tiles: a jasmine of five petals, and quarter circles that join into rings."""
    crust, brown, green = press.plates
    for row in range(-(-height // side)):
        for column in range(-(-width // side)):
            x, y = column * side + side / 2, row * side + side / 2
            if (row + column) % 2:
                green.rect(x - side / 2, y - side / 2, side, side)
                for number in range(5):
                    green.poly(petal(x, y, side * 0.44, number * 72 - 90), 0)
                green.disc(x, y, side * 0.06, 255)
                crust.disc(x, y, side * 0.06)
            else:
                crust.rect(x - side / 2, y - side / 2, side, side, 70)
                for degree in range(0, 360, 90):
                    corner_x = x + side / 2 * (1 if degree in (90, 180) else -1)
                    corner_y = y + side / 2 * (1 if degree >= 180 else -1)
                    green.wedge(corner_x, corner_y, side * 0.34, degree, degree + 90, 110)
                    brown.wedge(corner_x, corner_y, side * 0.17, degree, degree + 90, 190)
                crust.poly([(x, y - side * 0.2), (x + side * 0.2, y), (x, y + side * 0.2), (x - side * 0.2, y)])


def bakery_cover() -> bytes:
    press = Press(150, 50, "#fbf3e3", ["#efae4f", "#b4542a", "#1f5d4a"], seed=12)
    tiles(press, 150, 50, 25)
    return press.print()


def kellner_logo() -> bytes:
    """A chainring, and in it a K of bar, quarter circle and quarter circle."""
    press = Press(120, 120, "#f3efe4", ["#f2682a", "#173f35"], seed=13)
    orange, green = press.plates
    for number in range(24):
        turn = math.radians(number * 15)
        cos, sin = math.cos(turn), math.sin(turn)
        corners = ((40, -3.4), (52, -1.7), (52, 1.7), (40, 3.4))
        green.poly([(60 + u * cos - v * sin, 60 + u * sin + v * cos) for u, v in corners])
    green.disc(60, 60, 46.5).disc(60, 60, 38.5, 0)
    green.rect(40, 36, 12, 48)
    upper, lower = press.stencil().wedge(52.8, 36, 23.4, 0, 90), press.stencil().wedge(52.8, 84, 23.4, 270, 360)
    orange.stamp(upper).stamp(lower)
    green.stamp(lower)
    return press.print()


def kellner_cover() -> bytes:
    """A bicycle as its drawing: two wheels, a diamond, the ground; spare rings and a spanner on the wall."""
    press = Press(150, 50, "#f3efe4", ["#f2682a", "#173f35"], seed=14)
    orange, green = press.plates
    orange.disc(104, 29, 17, 110)
    green.stamp(press.stencil().stripes(1.7, 0.35, 90).within(press.stencil().rect(0, 46.4, 150, 5)), 200)
    green.rect(0, 46, 150, 0.5)
    for x, y, radius in ((10, 13, 6.4), (22, 11, 4.6), (31, 9.4, 3.2)):
        chainring(green, x, y, radius)
    orange.line([(125, 12), (139, 12)], 1.6)
    for x, start in ((123, 30), (141, 210)):
        orange.arc(x, 12, 3.4, 1.6, start, start + 300)
    bicycle(orange, green, 46, 29)
    return press.print()


def bicycle(orange: Plate, green: Plate, x: float, y: float) -> None:
    """Seen from its right side; x and y are the middle of the rear wheel."""
    rear, front, seat = (x, y), (x + 58, y), (x + 20.5, y - 15.5)
    bottom, head, crown = (x + 26, y + 2), (x + 48, y - 16), (x + 50, y - 11)
    wheel(green, *rear)
    wheel(green, *front)
    for tube in (
        [rear, seat],
        [rear, bottom],
        [bottom, seat],
        [(x + 21.4, y - 12.6), (x + 49, y - 13.2)],
        [bottom, crown],
    ):
        orange.line(tube, 1.5)
    orange.line([head, crown, front], 1.5)
    green.line([seat, (x + 19, y - 20.4)], 1.1).line([(x + 14.6, y - 20.8), (x + 23.4, y - 21)], 1.7)
    green.line([head, (x + 46.6, y - 20.4), (x + 53, y - 20.8)], 1.1).arc(x + 53, y - 17.8, 3.5, 1.1, 270, 90)
    green.line([(x + 53, y - 14.8), (x + 50.6, y - 14.8)], 1.1)
    chainring(green, *bottom, 4.6)
    green.line([bottom, (x + 30.6, y + 9.6)], 1.1).rect(x + 28, y + 9, 6, 1.4)
    green.disc(x, y, 2.6).disc(x, y, 1.2, 0)
    for side in (-1, 1):
        green.line([(x, y + 2.2 * side), (x + 26, y + 2 + 4.2 * side)], 0.45)


def chainring(ink: Plate, x: float, y: float, radius: float) -> None:
    for number in range(20):
        turn = math.radians(number * 18)
        ink.disc(x + radius * math.cos(turn), y + radius * math.sin(turn), radius * 0.1)
    ink.disc(x, y, radius).disc(x, y, radius * 0.72, 0)
    for number in range(5):
        turn = math.radians(number * 72 - 90)
        ink.line([(x, y), (x + radius * 0.8 * math.cos(turn), y + radius * 0.8 * math.sin(turn))], radius * 0.13)
    ink.disc(x, y, radius * 0.26)


def wheel(ink: Plate, x: float, y: float) -> None:
    ink.arc(x, y, 17, 1.3).arc(x, y, 15, 0.4)
    for number in range(14):
        turn = math.radians(number * 360 / 14 + 6)
        ink.line([(x, y), (x + 15 * math.cos(turn), y + 15 * math.sin(turn))], 0.22)
    ink.disc(x, y, 1.2)
