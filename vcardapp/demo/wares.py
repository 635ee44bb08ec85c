"""Pictures of what the demo's bakery sells: each on a plate of its own colour."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from vcardapp.demo.press import Plate, Point, Press

SIDE = 80.0
MIDDLE = SIDE / 2


def draw(name: str) -> bytes:
    """Return a picture as PNG, the same every time."""
    seed = list(MAKERS).index(name)
    papers = ("#fbf3e3", "#eaf0e4", "#f7e7da", "#e8eef0")
    press = Press(SIDE, SIDE, papers[seed % 4], ["#efae4f", "#b4542a", "#1f5d4a"], seed=70 + seed)
    _table(press, seed)
    MAKERS[name](press, random.Random(seed))  # noqa: S311 - the same dish every time
    return press.print()


def _table(press: Press, seed: int) -> None:
    """A plate on a cloth that is striped another way each time."""
    _crust, brown, green = press.plates
    cloth = green if seed % 3 else brown
    cloth.stamp(press.stencil().stripes(6, 1.1, (0, 45, 90, 135)[seed % 4]), 46)
    rim = press.stencil().disc(MIDDLE, MIDDLE, 35)
    press.clear(rim)
    cloth.arc(MIDDLE, MIDDLE, 35, 0.9).arc(MIDDLE, MIDDLE, 31, 0.4)


def _baked(press: Press, shape: Plate, tone: int = 120) -> None:
    """A crust: pale where it is thick, darker towards one side."""
    crust, brown, _green = press.plates
    press.clear(shape)
    crust.stamp(shape)
    shade = press.stencil().screen(1.5, lambda x, y: max(0.0, (x + y - 66) / 60)).within(shape)
    brown.stamp(shade, tone + 60)


def _round(press: Press, x: float, y: float, radius: float, chance: random.Random) -> Plate:
    points = [_at(x, y, radius * (0.95 + chance.random() * 0.1), turn * 30) for turn in range(12)]
    shape = press.stencil().curve(points)
    _baked(press, shape)
    return shape


def _at(x: float, y: float, radius: float, degree: float) -> Point:
    return x + radius * math.cos(math.radians(degree)), y + radius * math.sin(math.radians(degree))


def _strewn(ink: Plate, chance: random.Random, count: int, reach: float, size: float, tone: int = 255) -> None:
    for _ in range(count):
        x, y = _at(MIDDLE, MIDDLE, reach * math.sqrt(chance.random()), chance.random() * 360)
        ink.oval(x, y, size, size * 0.6, tone)


def loaf(press: Press, chance: random.Random) -> None:
    _crust, brown, _green = press.plates
    for x, y in ((31, 32), (49, 34), (40, 50)):
        _round(press, x, y, 13, chance)
        for turn in (20, 90, 160):
            brown.line([_at(x, y, 8, turn), _at(x, y, 8, turn + 180)], 0.5, 150)


def flat(press: Press, chance: random.Random) -> None:
    _crust, brown, _green = press.plates
    _round(press, MIDDLE, MIDDLE, 26, chance)
    for row in range(5):
        for column in range(5):
            x, y = 22 + column * 9 + row % 2 * 4, 22 + row * 9
            if math.hypot(x - MIDDLE, y - MIDDLE) < 22:
                brown.oval(x, y, 2.6 + chance.random(), 1.8, 150)


def ring(press: Press, chance: random.Random) -> None:
    crust, brown, _green = press.plates
    shape = press.stencil().oval(MIDDLE, MIDDLE, 27, 21).oval(MIDDLE, MIDDLE - 2, 13, 8, 0)
    _baked(press, shape, 150)
    seeds = press.stencil()
    _strewn(seeds, chance, 170, 27, 0.9)
    seeds.within(shape)
    press.clear(seeds)
    crust.stamp(seeds, 40)
    brown.arc(MIDDLE, MIDDLE, 27.4, 0.3, 20, 80)


def _long_loaf(press: Press, chance: random.Random, grain: int) -> None:
    crust, brown, _green = press.plates
    shape = press.stencil().rect(12, 27, 56, 27, radius=13)
    _baked(press, shape, 150)
    for number in range(5):
        x = 21 + number * 9.5
        brown.line([(x, 48), (x + 5, 32)], 1.2, 190)
    seeds = press.stencil()
    _strewn(seeds, chance, grain, 30, 1.1)
    seeds.within(shape)
    brown.stamp(seeds, 230)
    crust.stamp(seeds)


def grain(press: Press, chance: random.Random) -> None:
    _long_loaf(press, chance, 90)


def oats(press: Press, chance: random.Random) -> None:
    _crust, brown, _green = press.plates
    for number in range(4):
        x = 17 + number * 12
        slice_ = press.stencil().rect(x, 26, 15, 30, radius=5).oval(x + 7.5, 28, 8.6, 6)
        _baked(press, slice_, 60)
        brown.stamp(press.stencil().rect(x, 26, 1.1, 29, radius=0.5), 200)
        for _ in range(14):
            brown.oval(x + 3 + chance.random() * 10, 30 + chance.random() * 22, 0.9, 0.5, 170)


def _topped(press: Press, chance: random.Random, ink: int, count: int, size: float, tone: int = 255) -> None:
    shape = _round(press, MIDDLE, MIDDLE, 27, chance)
    inside = press.stencil().disc(MIDDLE, MIDDLE, 22).within(shape)
    press.plates[ink].stamp(inside, 70)
    topping = press.stencil()
    _strewn(topping, chance, count, 21, size)
    press.plates[ink].stamp(topping.within(inside), tone)


def zaatar(press: Press, chance: random.Random) -> None:
    _topped(press, chance, 2, 240, 1.2, 235)


def cheese(press: Press, chance: random.Random) -> None:
    crust, brown, _green = press.plates
    shape = _round(press, MIDDLE, MIDDLE, 27, chance)
    melted = press.stencil()
    for turn in range(11):
        melted.disc(*_at(MIDDLE, MIDDLE, 14, turn * 33), 7.4)
    melted.disc(MIDDLE, MIDDLE, 13).within(shape)
    press.clear(melted)
    crust.stamp(melted, 70)
    _strewn(brown, chance, 18, 19, 1.8, 150)


def meat(press: Press, chance: random.Random) -> None:
    _topped(press, chance, 1, 150, 1.9, 220)
    _strewn(press.plates[2], chance, 26, 19, 1.1, 230)


def spinach(press: Press, chance: random.Random) -> None:
    _crust, brown, green = press.plates
    for x, y, turn in ((27, 32, -90), (52, 32, 90), (28, 52, 90), (53, 52, -90), (40, 42, -90)):
        shape = press.stencil().curve([_at(x, y, 11.5, turn + corner) for corner in (0, 60, 120, 180, 240, 300)][::2])
        _baked(press, shape, 100)
        for corner in (0, 120, 240):
            brown.line([(x, y), _at(x, y, 9, turn + corner)], 0.6, 190)
        green.disc(x, y, 1.3 + chance.random())


def _cookies(press: Press, ink: int, petals: int) -> None:
    _crust, brown, _green = press.plates
    for row in range(3):
        for column in range(3):
            x, y = 25 + column * 15, 25 + row * 15
            shape = press.stencil().disc(x, y, 6.7)
            _baked(press, shape, 70)
            for turn in range(petals):
                brown.line([_at(x, y, 2.4, turn * 360 / petals), _at(x, y, 5.8, turn * 360 / petals)], 0.55, 200)
            press.plates[ink].disc(x, y, 1.6)


def dates(press: Press, _chance: random.Random) -> None:
    _cookies(press, 1, 12)


def nuts(press: Press, _chance: random.Random) -> None:
    _cookies(press, 2, 8)


def tray(press: Press, chance: random.Random) -> None:
    crust, brown, green = press.plates
    shape = press.stencil().disc(MIDDLE, MIDDLE, 28)
    _baked(press, shape, 120)
    for angle in (30, -30):
        brown.stamp(press.stencil().stripes(7, 0.6, angle).within(shape), 220)
    nuts_ = press.stencil()
    _strewn(nuts_, chance, 40, 26, 1.2)
    green.stamp(nuts_.within(shape))
    crust.arc(MIDDLE, MIDDLE, 30, 1.4)


def tea(press: Press, _chance: random.Random) -> None:
    crust, brown, green = press.plates
    glass = press.stencil().poly([(28, 18), (52, 18), (49, 38), (52, 60), (28, 60), (31, 38)])
    press.clear(glass)
    drink = press.stencil().rect(20, 26, 40, 36).within(glass)
    crust.stamp(drink)
    brown.stamp(drink, 150)
    green.line([(36, 30), (42, 14)], 0.8)
    for x, y, turn in ((40, 18, -40), (43, 13, 20), (38, 24, 200), (45, 20, 30)):
        green.curve([_at(x, y, 0.5, turn + 180), _at(x, y, 4, turn - 28), _at(x, y, 7, turn), _at(x, y, 4, turn + 28)])
    for end in (28, 52):
        green.line([(end, 18), (31 if end == 28 else 49, 38), (end, 60)], 0.7)
    green.line([(28, 60), (52, 60)], 1.2)


MAKERS: dict[str, Callable[[Press, random.Random], None]] = {
    "loaf": loaf, "flat": flat, "ring": ring, "grain": grain, "oats": oats, "zaatar": zaatar, "cheese": cheese, "meat": meat,
    "spinach": spinach, "dates": dates, "nuts": nuts, "tray": tray, "tea": tea,
}  # fmt: skip
