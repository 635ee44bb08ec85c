"""The wide pictures of people's cards, 150 by 50 units: what they work with."""

from __future__ import annotations

import math

from vcardapp.demo.motifs import blockprint
from vcardapp.demo.press import Plate, Press


def maria() -> bytes:
    """A street in elevation: gable, arcade, tower."""
    press = Press(150, 50, "#f6eddd", ["#f5b83d", "#ee5f45", "#1c3768"], seed=21)
    ochre, coral, blue = press.plates
    ochre.disc(97, 27, 17)
    blue.line([(0, 4), (150, 4)], 0.35)
    for x in (14, 40, 70, 84, 128):
        blue.line([(x - 1, 5), (x + 1, 3)], 0.45).line([(x, 6.5), (x, 10)], 0.2)
    gable = press.stencil().poly([(14, 44), (14, 26), (27, 14), (40, 26), (40, 44)])
    tower = press.stencil().rect(70, 12, 14, 32)
    arcade = press.stencil().rect(84, 24, 44, 20)
    low = press.stencil().rect(40, 30, 30, 14)
    press.clear(gable, tower, arcade, low)
    coral.stamp(gable)
    blue.stamp(tower).stamp(press.stencil().stripes(1.3, 0.3).within(low))
    ochre.stamp(arcade, 120)
    for number in range(4):
        middle = 89.5 + number * 11
        blue.wedge(middle, 33, 3.6, 180, 360).rect(middle - 3.6, 32.9, 7.2, 11.1)
    for row in range(5):
        for column in range(2):
            blue.rect(73 + column * 5, 15.4 + row * 5.4, 3, 3, 0)
            ochre.rect(73 + column * 5, 15.4 + row * 5.4, 3, 3, 255 if (row + column) % 3 == 0 else 0)
    blue.disc(27, 24, 2.6).rect(19, 32, 4, 12).rect(31, 32, 4, 6)
    blue.rect(0, 44, 150, 0.7)
    blue.stamp(press.stencil().stripes(1.6, 0.3, 45).within(press.stencil().rect(0, 45.4, 150, 5)), 170)
    for x, size in ((7, 6), (136, 8), (144, 5)):
        blue.disc(x, 38 - size * 0.6, size * 0.7).line([(x, 44), (x, 34)], 0.5)
    return press.print()


def dana() -> bytes:
    """A spine that swings, and how far."""
    press = Press(150, 50, "#eff0e6", ["#f6a184", "#148079", "#48204f"], seed=22)
    peach, teal, plum = press.plates
    for centre in (28, 122):
        peach.disc(centre, 25, 19, 110 if centre == 28 else 200)
        teal.arc(centre, 25, 22.5, 0.4).arc(centre, 25, 17, 0.3)
        for degree in range(0, 360, 10):
            teal.arc(centre, 25, 22.5, 2.6 if degree % 30 else 4.4, degree - 0.5, degree + 0.5)
    for number in range(19):
        along = number / 18
        x, y = 6 + along * 138, 25 + 9.5 * math.sin(along * math.tau)
        lean = math.atan(9.5 * math.tau / 138 * math.cos(along * math.tau))
        size = 0.75 + 0.5 * math.sin(along * math.pi)
        block = [(-2.7, -4.2), (2.7, -4.2), (2.1, 4.6), (-2.1, 4.6)]
        spur = [(-1.6, -6.2), (0.4, -6.2), (2.4, -11), (1, -11)]
        for corners, ink in ((block, plum if number % 4 == 1 else teal), (spur, peach)):
            turned = [
                (
                    x + size * (u * math.cos(lean) - v * math.sin(lean)),
                    y + size * (u * math.sin(lean) + v * math.cos(lean)),
                )
                for u, v in corners
            ]
            press.clear(press.stencil().poly(turned))
            ink.poly(turned)
            if ink is peach:
                plum.poly(turned, 130)
    return press.print()


def taro() -> bytes:
    """A board with what came out of the kiln."""
    press = Press(150, 50, "#f5efe2", ["#93b9a5", "#e2492d", "#20325c"], seed=23)
    celadon, red, indigo = press.plates
    red.disc(75, 27, 18)
    indigo.stamp(press.stencil().stripes(2.2, 0.4).within(press.stencil().rect(0, 41, 150, 10)), 160)
    pots = [(14, 8.5, "bowl"), (33, 6, "vase"), (52, 9.5, "bowl"), (75, 8, "jar"), (98, 10, "bowl"), (118, 6, "cup")]
    for number, (x, half, shape) in enumerate([*pots, (135, 7, "vase")]):
        pot = silhouette(press, x, 41, half, shape)
        press.clear(pot)
        ink, glaze = (indigo, celadon) if number % 3 == 1 else (celadon, indigo)
        ink.stamp(pot)
        dip = press.stencil()
        for step in range(9):
            deep = (3, 6, 4, 8, 5, 7, 3, 6, 4)[(step + number) % 9]
            dip.rect(x - half + step * half / 4 - half / 8, 5, half / 4 + 0.2, 20 + deep + number % 3, radius=half / 8)
        if ink is celadon:
            glaze.stamp(dip.within(pot), 150)
        else:
            press.clear(dip.within(pot))
            glaze.stamp(dip, 200)
    indigo.rect(0, 41, 150, 1)
    return press.print()


def silhouette(press: Press, x: float, ground: float, half: float, shape: str) -> Plate:
    """The outline of a pot that stands on the ground; half is half its width."""
    pot = press.stencil()
    if shape == "bowl":
        return pot.wedge(x, ground - half - 1.2, half, 0, 180).rect(x - half * 0.34, ground - 2, half * 0.68, 2)
    if shape == "cup":
        return pot.rect(x - half, ground - 13, half * 2, 13, radius=1.6).rect(x - half, ground - 13, half * 2, 4)
    if shape == "jar":
        return pot.oval(x, ground - 9.5, half * 1.2, 9.5).rect(x - half * 0.62, ground - 21.5, half * 1.24, 5)
    pot.oval(x, ground - 7, half, 7).rect(x - half * 0.26, ground - 24, half * 0.52, 14)
    return pot.rect(x - half * 0.5, ground - 25, half, 1.6, radius=0.8)


def somchai() -> bytes:
    """A long-tail boat in the bay at sunset."""
    press = Press(150, 50, "#fdf1dc", ["#f9b52e", "#ef5550", "#0a6672"], seed=24)
    yellow, coral, teal = press.plates
    yellow.rect(0, 0, 150, 33, 110)
    sky = press.stencil().screen(1.7, lambda _x, y: max(0, y - 4) / 29 * 0.42)
    coral.stamp(sky.within(press.stencil().rect(0, 0, 150, 33)), 150)
    sun = press.stencil().wedge(98, 33, 15, 180, 360)
    press.clear(sun)
    coral.stamp(sun)
    for x, top, wide, tone in (
        (8, 8, 20, 150),
        (23, 17, 13, 215),
        (36, 23, 9, 150),
        (122, 20, 12, 215),
        (136, 10, 18, 150),
    ):
        teal.rect(x - wide / 2, top, wide, 33 - top, tone, radius=wide * 0.42).rect(x - wide / 2, 27, wide, 6, tone)
    teal.stamp(press.stencil().stripes(1.9, 0.9).within(press.stencil().rect(0, 33, 150, 20)))
    coral.stamp(
        press.stencil().stripes(3.8, 0.8).within(press.stencil().poly([(83, 33), (113, 33), (106, 50), (90, 50)]))
    )
    hull = press.stencil().curve(
        [(30, 35), (48, 37.5), (76, 37.5), (92, 33), (104, 22.5), (105.5, 23.4), (97, 36), (82, 43), (46, 43), (33, 40)]
    )
    press.clear(hull)
    teal.stamp(hull)
    coral.stamp(hull, 235)
    band = press.stencil().curve(
        [(30, 35), (48, 37.5), (76, 37.5), (92, 33), (104, 22.5), (93.4, 35), (77, 39.4), (47, 39.4)]
    )
    press.clear(band)
    yellow.stamp(band)
    roof = press.stencil().curve([(44, 26), (60, 23.4), (76, 26), (60, 24.8)])
    roof.line([(44, 26), (60, 24), (76, 26)], 1.2)
    for x in (46, 60, 74):
        teal.line([(x, 26), (x, 37)], 0.6)
    teal.stamp(roof)
    for number, ink in enumerate((coral, yellow, teal)):
        ribbon = press.stencil().poly(
            [
                (98.6 + number * 1.7, 27.6 - number * 1.8),
                (100.6 + number * 1.7, 29 - number * 1.8),
                (98.6 + number * 1.9, 36 - number),
                (97.2 + number * 1.9, 35.6 - number),
            ]
        )
        press.clear(ribbon)
        ink.stamp(ribbon)
    teal.line([(33, 35), (14, 44)], 0.7).rect(31, 32, 5, 3.6, radius=0.8)
    return press.print()


def ananya() -> bytes:
    """Printed cloth with its border."""
    press = Press(150, 50, "#f9eddc", ["#f6a623", "#cb2a6c", "#135a52"], seed=25)
    marigold, magenta, green = press.plates
    blockprint(press, 150, 50, 20)
    cloth = press.stencil().rect(0, 34, 150, 16)
    press.clear(cloth)
    magenta.stamp(cloth)
    for number in range(31):
        x = number * 5
        green.poly([(x, 34), (x + 5, 34), (x + 2.5, 38)])
        magenta.poly([(x, 34), (x + 5, 34), (x + 2.5, 38)], 0)
        marigold.disc(x, 42, 1.3)
        magenta.disc(x, 42, 0.5, 0)
        magenta.rect(x + 2, 41.5, 1, 1, 0)
        marigold.rect(x + 2, 41.5, 1, 1)
    for y in (45.6, 47.6):
        magenta.rect(0, y, 150, 0.8, 0)
        marigold.rect(0, y, 150, 0.8)
    return press.print()


def ngozi() -> bytes:
    """A double bass on its side, close: waist, bridge, f-holes, four strings."""
    press = Press(150, 50, "#f4ead6", ["#eba52b", "#d2403f", "#1e1b45"], seed=26)
    brass, red, night = press.plates
    night.rect(0, 0, 150, 50)
    rim, body = bass(press, 0), bass(press, 1.5)
    press.clear(rim, body)
    brass.stamp(rim, 90).stamp(body)
    red.stamp(body, 150).stamp(press.stencil().stripes(1.5, 0.55, 4).within(body), 235)
    red.within(press.stencil().rect(0, 0, 150, 50).without(rim).stamp(body))
    holes = press.stencil()
    for side in (-1, 1):
        path = [(78 + t * 1.1, 25 + side * (10.2 + 4.6 * (t / 20) ** 2 * (3 - t / 10))) for t in range(21)]
        holes.line(path, 1.4).disc(79.4, 25 + side * 11.6, 1.8).disc(99, 25 + side * 13.2, 2.2)
        holes.rect(88.4, 25 + side * 12.6 - 1.9, 0.7, 3.8)
    night.stamp(holes)
    board = press.stencil().poly([(0, 20.6), (62, 18.6), (62, 31.4), (0, 29.4)])
    bridge = press.stencil().rect(87, 14.6, 2.6, 20.8, radius=1.2)
    press.clear(board, bridge)
    night.stamp(board)
    brass.stamp(bridge, 110)
    for number in range(4):
        string = press.stencil().poly(
            [
                (0, 22 + number * 2),
                (88, 19 + number * 4),
                (150, 22.4 + number * 1.7),
                (150, 22.8 + number * 1.8),
                (88, 19.4 + number * 4.1),
                (0, 22.3 + number * 2.1),
            ]
        )
        press.clear(string)
    tail = press.stencil().poly([(118, 20.4), (150, 21.8), (150, 29.4), (118, 30.4)])
    press.clear(tail)
    night.stamp(tail)
    for x, number in ((14, 1), (31, 3), (44, 0)):
        y = 22 + number * 2 + (number * 2 - 3) * x / 88
        press.clear(press.stencil().disc(x, y, 1.5))
        brass.disc(x, y, 1.5)
    return press.print()


def bass(press: Press, inside: float) -> Plate:
    """The front of the bass, so much smaller than it is."""
    front = press.stencil().oval(34, 25, 46 - inside, 34 - inside).oval(118, 25, 52 - inside, 40 - inside)
    front.rect(44, 4 + inside, 62, 42 - 2 * inside)
    for y in (-10, 60):
        front.disc(88, y, 17 + inside, 0)
    return front
