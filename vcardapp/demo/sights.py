"""Pictures of what the demo's architect built and its potter made; workers that draw load this and no more."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from vcardapp.demo.covers import silhouette
from vcardapp.demo.press import Point, Press


def draw(name: str) -> bytes:
    """Return a picture as PNG, the same every time."""
    sort, _, seed = name.partition(" ")
    makers: dict[str, Callable[[int], bytes]] = {"house": house, "before": ruin, "pot": pot}
    return makers[sort](int(seed))


def house(seed: int, is_old: bool = False) -> bytes:
    """A front in elevation, under a sun; an old one has lost its colours."""
    chance = random.Random(seed)  # noqa: S311 - the same house every time
    papers = ("#f6eddd", "#eef0e6", "#f5e9e2", "#e9eef2")
    inks = ["#f5b83d", "#ee5f45", "#1c3768"] if not is_old else ["#b9b2a3", "#8d8577", "#4c4a4f"]
    press = Press(96, 72, papers[seed % 4], inks, seed=40 + seed)
    ochre, coral, blue = press.plates
    ochre.disc(20 + chance.random() * 56, 20, 12)
    wide, high = 34 + chance.randrange(5) * 6, 26 + chance.randrange(4) * 5
    left, top = (96 - wide) / 2, 62 - high
    roof = chance.choice(("gable", "flat", "shed"))
    lines: dict[str, list[Point]] = {
        "gable": [(left - 2, top), (48, top - 13), (left + wide + 2, top)],
        "flat": [(left - 2, top), (left - 2, top - 2.4), (left + wide + 2, top - 2.4), (left + wide + 2, top)],
        "shed": [(left - 2, top), (left - 2, top - 11), (left + wide + 2, top - 2)],
    }
    front = press.stencil().rect(left, top, wide, high)
    press.clear(front)
    coral.stamp(front, 150 if seed % 3 else 255)
    coral.stamp(press.stencil().stripes(1.5, 0.3).within(front))
    blue.poly([*lines[roof], (left + wide + 2, top)])
    columns, rows = round(wide / 11), round(high / 14)
    for row in range(rows):
        for column in range(columns):
            x = left + (column + 0.5) * wide / columns - 2.6
            y = top + 4 + row * (high - 4) / rows
            pane = press.stencil().rect(x, y, 5.2, 7.5)
            press.clear(pane)
            blue.stamp(pane)
            if is_old:
                blue.line([(x, y), (x + 5.2, y + 7.5)], 0.7, 0)
            elif chance.random() < 0.6:
                press.clear(press.stencil().rect(x + 0.7, y + 0.7, 3.8, 6.1))
                ochre.rect(x + 0.7, y + 0.7, 3.8, 6.1)
    blue.rect(0, 62, 96, 0.8).stamp(press.stencil().stripes(2, 0.4, 45).within(press.stencil().rect(0, 62.6, 96, 10)), 170)
    for x in (left - 12, left + wide + 11):
        size = 4 + chance.random() * 4
        blue.disc(x, 56 - size, size, 255 if not is_old else 110).line([(x, 62), (x, 54)], 0.7)
    return press.print()


def ruin(seed: int) -> bytes:
    return house(seed, is_old=True)


def pot(seed: int) -> bytes:
    """One pot in front of a wall, upright or lying wide."""
    shape = ("bowl", "vase", "cup", "jar", "bowl", "vase")[seed % 6]
    width, height = ((80, 64), (60, 84), (68, 72), (64, 80), (84, 60), (60, 76))[seed % 6]
    press = Press(width, height, ("#f5efe2", "#efe9dc")[seed % 2], ["#93b9a5", "#e2492d", "#20325c"], seed=60 + seed)
    celadon, red, indigo = press.plates
    red.disc(width * (0.3 + 0.1 * (seed % 4)), height * 0.34, height * 0.2)
    ground = height * 0.82
    form = silhouette(press, width / 2, ground, {"bowl": 22, "vase": 15, "cup": 16, "jar": 17}[shape], shape)
    press.clear(form)
    ink, glaze = (indigo, celadon) if seed % 2 else (celadon, indigo)
    ink.stamp(form)
    dip = press.stencil().rect(0, 0, width, ground - height * 0.2)
    for step in range(12):
        dip.disc(width * step / 11, ground - height * (0.2 - 0.03 * math.sin(step * 1.7 + seed)), 3)
    glaze.stamp(dip.within(form), 165)
    indigo.rect(0, ground, width, 0.9)
    indigo.stamp(press.stencil().stripes(2.2, 0.4).within(press.stencil().rect(0, ground + 1, width, height)), 150)
    return press.print()
