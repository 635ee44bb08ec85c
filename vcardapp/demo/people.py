"""Portraits of invented people, 120 by 120 units."""

from __future__ import annotations

from vcardapp.demo.anatomy import bust, face, lips, shade
from vcardapp.demo.motifs import blockprint, coast, motion, plan
from vcardapp.demo.press import Plate, Press

CURLS = [(40, 46, 9), (42, 34, 9), (51, 26, 9), (62, 23, 9), (73, 26, 9), (82, 34, 9), (85, 46, 9), (86, 58, 8.5)]
CURLS += [(38, 58, 8.5), (38, 69, 8), (86, 70, 8), (43, 78, 7), (82, 79, 7), (54, 36, 10), (70, 36, 10), (62, 34, 10)]
GARLAND = ((77, 55.6), (82.4, 54.6), (87.6, 56.4), (91.4, 60.4), (92.8, 65.8), (91.6, 71.2), (88, 75.4))


def maria() -> bytes:
    press = Press(120, 120, "#f6eddd", ["#f5b83d", "#ee5f45", "#1c3768"], seed=1)
    ochre, coral, blue = press.plates
    ochre.disc(86, 41, 31)
    plan(blue)
    head, dark = face(press, 58, 54, 29, 42), shade(press, 58, 54, 29, 42)
    neck = press.stencil().rect(50.5, 66, 15, 26)
    coat = bust(press, 58, 93, 88, 26)
    hair = press.stencil().wedge(58, 50, 24, 180, 360).rect(34, 49.5, 24, 22).rect(58, 49.5, 24, 30)
    hair.wedge(46, 71, 12, 90, 180).wedge(70, 79, 12, 0, 90).rect(46, 71, 12, 12).rect(58, 79, 12, 12)
    press.clear(hair, neck, coat)
    blue.stamp(hair)
    press.clear(neck, head)
    coral.stamp(neck, 225).stamp(head, 48).stamp(dark.within(head), 140)
    fringe = press.stencil().disc(66, 9, 37).rect(30, 20, 14.6, 19.2).within(head)
    press.clear(fringe)
    blue.stamp(fringe)
    for eye in (50.4, 65):
        blue.arc(eye, 55, 6.2, 1.0).disc(eye, 55, 1.4)
    blue.line([(56.3, 53.6), (59.1, 53.6)], 0.9)
    lips(coral, 57.6, 68.6, 8)
    blue.stamp(coat)
    collar = press.stencil().poly([(47, 86), (69, 86), (71, 95), (58, 106), (45, 95)])
    press.clear(collar)
    ochre.stamp(collar)
    coral.stamp(press.stencil().poly([(69, 86), (71, 95), (58, 106), (58, 86)]), 120)
    squared = press.stencil().stripes(3.2, 0.35).stripes(3.2, 0.35, 90).within(coat)
    squared.within(press.stencil().rect(58, 90, 60, 40)).without(collar)
    blue.without(squared)
    return press.print()


def dana() -> bytes:
    press = Press(120, 120, "#eff0e6", ["#f6a184", "#148079", "#48204f"], seed=2)
    peach, teal, plum = press.plates
    motion(peach, teal)
    head, dark = face(press, 62, 56, 29, 41), shade(press, 62, 56, 29, 41)
    neck = press.stencil().rect(54.5, 68, 15, 30)
    coat = bust(press, 62, 95, 84, 30)
    hair = press.stencil()
    for x, y, radius in CURLS:
        hair.disc(x, y, radius)
    press.clear(hair, neck, coat)
    plum.stamp(hair)
    for x, y, radius in CURLS[::2]:
        plum.arc(x, y, radius * 0.55, 0.7, 200, 80, tone=0)
    press.clear(neck)
    peach.stamp(neck)
    teal.stamp(press.stencil().disc(62, 60, 22).within(neck), 50)
    press.clear(head)
    peach.stamp(head, 90).stamp(dark.within(head), 190)
    brow = press.stencil()
    for x, y, radius in ((49, 36, 8), (60, 34, 8), (72, 36, 7), (78, 44, 4.5)):
        brow.disc(x, y, radius)
    brow.within(head)
    press.clear(brow)
    plum.stamp(brow)
    for eye in (55, 69):
        plum.arc(eye, 54, 3.2, 1.0, 20, 160)
        plum.line([(eye - 3.5, 48.6), (eye + 3.5, 48.2)], 0.9)
    lips(plum, 61.8, 69.6, 8.4, 200)
    teal.stamp(coat)
    opening = press.stencil().poly([(53.4, 95), (70.6, 95), (62, 112)])
    press.clear(opening)
    peach.stamp(opening)
    plum.stamp(press.stencil().poly([(53.4, 95), (62, 112), (70.6, 95), (77, 94), (62, 121), (47, 94)]).within(coat))
    plum.without(opening)
    teal.rect(79, 106, 12, 1.2, 0).rect(84.4, 100.6, 1.2, 12, 0)
    return press.print()


def taro() -> bytes:
    press = Press(120, 120, "#f5efe2", ["#93b9a5", "#e2492d", "#20325c"], seed=3)
    celadon, red, indigo = press.plates
    red.disc(60, 45, 37)
    indigo.stamp(press.stencil().stripes(2.4, 0.5).within(press.stencil().rect(0, 74, 120, 46)), 150)
    head, dark = face(press, 60, 50, 29, 40), shade(press, 60, 50, 29, 40)
    ears = press.stencil().disc(45, 53, 3.6).disc(75, 53, 3.6)
    neck = press.stencil().rect(52.5, 62, 15, 28)
    coat = bust(press, 60, 84, 82, 27)
    hair = press.stencil().wedge(60, 45, 19.6, 180, 360).rect(40.4, 44.5, 39.2, 6)
    press.clear(hair, ears, neck, coat)
    indigo.stamp(hair)
    press.clear(ears, head, neck)
    red.stamp(ears, 70).stamp(neck, 120).stamp(head, 30).stamp(dark.within(head), 78)
    fringe = press.stencil().rect(40, 26, 26, 15).wedge(66, 27, 14, 0, 90).within(head)
    press.clear(fringe)
    indigo.stamp(fringe)
    for eye in (53, 67):
        indigo.arc(eye, 50.5, 3.2, 1.0, 15, 165)
        indigo.line([(eye - 3.4, 45.6), (eye + 3.4, 45.6)], 1.3)
    indigo.line([(55.5, 63.4), (63.5, 63.4)], 1.0)
    indigo.stamp(coat)
    left = press.stencil().poly([(44, 82), (52.5, 82), (70, 122), (58, 122)])
    right = press.stencil().poly([(76, 82), (67.5, 82), (46, 122), (58, 122)])
    for collar in (right, left):
        press.clear(collar)
        indigo.stamp(collar, 40)
    throat = press.stencil().poly([(52.5, 82), (67.5, 82), (59.2, 97.4)])
    press.clear(throat)
    red.stamp(throat, 120)
    stitches = press.stencil()
    for row in range(10):
        for column in range(26):
            stitches.rect(18 + column * 3.4 + row % 2 * 1.7, 90 + row * 3.4, 1.7, 0.45)
    indigo.without(stitches.within(coat).without(left).without(right))
    bowl(press)
    return press.print()


def bowl(press: Press) -> None:
    """A tea bowl held up with both hands."""
    celadon, red, indigo = press.plates
    body = press.stencil().wedge(60, 96, 23, 0, 180).rect(53, 117, 14, 6)
    press.clear(body)
    celadon.stamp(body)
    glaze = press.stencil().rect(30, 90, 60, 10)
    for x, deep in ((40, 4), (46.5, 8), (53, 3), (59.5, 6), (66, 11), (72.5, 5), (79, 3)):
        glaze.rect(x - 3.25, 96, 6.5, 4 + deep, radius=3.2)
    indigo.stamp(glaze.within(body), 170)
    fingers = press.stencil()
    for number in range(4):
        fingers.rect(33.5 + number * 2.2, 99.4 + number * 4.5, 11, 4.1, radius=2.05)
        fingers.rect(75.5 - number * 2.2, 99.4 + number * 4.5, 11, 4.1, radius=2.05)
    press.clear(fingers)
    red.stamp(fingers, 64)
    press.clear(press.stencil().oval(60, 96, 23, 3.4))
    indigo.oval(60, 96, 23, 3.4, 255).oval(60, 95.6, 20.6, 2.2, 90)


def somchai() -> bytes:
    press = Press(120, 120, "#fdf1dc", ["#f9b52e", "#ef5550", "#0a6672"], seed=4)
    yellow, coral, teal = press.plates
    yellow.rect(0, 0, 120, 68, 110)
    sky = press.stencil().screen(2.2, lambda _x, y: max(0, y - 14) / 54 * 0.42)
    coral.stamp(sky.within(press.stencil().rect(0, 0, 120, 68)), 150)
    coral.wedge(84, 68, 30, 180, 360)
    coast(teal)
    waves = press.stencil().stripes(2.6, 1.2).within(press.stencil().rect(0, 68, 120, 60))
    teal.stamp(waves)
    coral.stamp(
        press.stencil().stripes(5.2, 1.1).within(press.stencil().poly([(58, 68), (110, 68), (98, 120), (70, 120)]))
    )
    head, dark = face(press, 58, 58, 30, 39), shade(press, 58, 58, 30, 39)
    ears = press.stencil().disc(42.6, 60, 3.6).disc(73.4, 60, 3.6)
    neck = press.stencil().rect(50, 70, 16, 26)
    shirt = bust(press, 58, 93, 88, 28)
    hat = press.stencil().poly([(50, 17), (66, 17), (71, 30), (93, 46), (23, 46), (45, 30)])
    press.clear(ears, neck, shirt, head)
    for stencil, tone in ((ears, 120), (neck, 185), (head, 95)):
        yellow.stamp(stencil, 190)
        coral.stamp(stencil, tone)
    coral.stamp(dark.within(head), 165)
    teal.stamp(press.stencil().poly([(30, 40), (90, 40), (90, 49), (58, 53), (30, 49)]).within(head), 90)
    press.clear(hat)
    yellow.stamp(hat)
    weave = press.stencil()
    for spoke in range(-9, 10):
        weave.line([(58 + spoke * 0.9, 17), (58 + spoke * 4.2, 47)], 0.5)
    coral.stamp(weave.within(hat)).stamp(press.stencil().rect(20, 43.4, 80, 2.6).rect(44, 29, 30, 1.4).within(hat))
    for eye in (51, 65):
        teal.disc(eye, 57, 1.5).line([(eye - 3.2, 53), (eye + 3.2, 52.6)], 1.1)
        coral.disc(eye, 57, 1.5)
    smile = press.stencil().wedge(58, 68.6, 6.4, 8, 172)
    press.clear(smile)
    teal.line([(51.6, 69.4), (64.4, 69.4)], 0.7)
    teal.stamp(shirt)
    scarf(press, shirt)
    return press.print()


def scarf(press: Press, shirt: Plate) -> None:
    """A checked cloth around the neck, with one end hanging down."""
    cloth = press.stencil().poly([(42, 90), (50, 84), (66, 84), (74, 90), (68, 102), (58, 106), (48, 102)])
    cloth.poly([(62, 100), (74, 96), (82, 121), (68, 121)])
    press.clear(cloth)
    checks = press.stencil().stripes(4.2, 2.1, 24).within(cloth)
    crossed = press.stencil().stripes(4.2, 2.1, 114).within(cloth)
    press.plates[1].stamp(cloth, 60).stamp(checks, 160).stamp(crossed, 160)
    press.plates[1].stamp(checks.within(crossed), 255)


def ananya() -> bytes:
    press = Press(120, 120, "#f9eddc", ["#f6a623", "#cb2a6c", "#135a52"], seed=5)
    marigold, magenta, green = press.plates
    blockprint(press, 120, 120, 20)
    head, dark = face(press, 58, 56, 28, 40), shade(press, 58, 56, 28, 40)
    neck = press.stencil().rect(51, 70, 14, 25)
    sari = bust(press, 58, 89, 88, 30)
    hair = press.stencil().oval(58, 50, 18.5, 21).disc(81, 66, 11)
    press.clear(hair, neck, sari)
    green.stamp(hair)
    magenta.stamp(hair, 200)
    flowers = press.stencil()
    for x, y in GARLAND:
        flowers.disc(x, y, 3.1)
    press.clear(flowers)
    marigold.stamp(flowers)
    for x, y in GARLAND:
        magenta.disc(x, y, 1.1)
    press.clear(neck, head)
    for stencil, tone in ((neck, 150), (head, 62)):
        marigold.stamp(stencil, 185)
        magenta.stamp(stencil, tone)
    magenta.stamp(dark.within(head), 112)
    parting = (
        press.stencil().poly([(40, 30), (76, 30), (76, 52), (72, 46), (58, 36.5), (44, 46), (40, 52)]).within(head)
    )
    press.clear(parting)
    green.stamp(parting)
    magenta.stamp(parting, 200).disc(58, 46.4, 1.7)
    for eye in (51.4, 64.8):
        lens = press.stencil().disc(eye, 57.6, 4.2).within(press.stencil().disc(eye, 52.6, 4.2))
        press.clear(lens)
        for ink in (green, magenta):
            ink.stamp(press.stencil().disc(eye, 54.9, 1.7).within(lens))
        green.arc(eye, 57.6, 4.4, 0.8, 212, 328).arc(eye, 54.4, 6.4, 0.9, 232, 308)
    lips(magenta, 57.6, 68.6, 8.2)
    for x in (45, 71):
        press.clear(press.stencil().disc(x, 66, 1.6).wedge(x, 73, 3.4, 180, 360).disc(x, 74.6, 1))
        marigold.disc(x, 66, 1.6).wedge(x, 73, 3.4, 180, 360).disc(x, 74.6, 1)
        magenta.rect(x - 3.4, 72.4, 6.8, 0.7)
    dress(press, sari)
    return press.print()


def dress(press: Press, sari: Plate) -> None:
    """A sari over the shoulder with its border, and a tailor's tape around the neck."""
    marigold, magenta, green = press.plates
    green.stamp(sari)
    drape = press.stencil().poly([(62, 84), (104, 84), (110, 122), (22, 122), (16, 114)]).within(sari)
    press.clear(drape)
    magenta.stamp(drape)
    dots = press.stencil()
    for row in range(10):
        for column in range(24):
            dots.disc(12 + column * 4.4 + row % 2 * 2.2, 91 + row * 3.4, 0.75)
    border = press.stencil().poly([(60, 86), (70, 86), (24, 124), (10, 124)]).within(sari)
    magenta.without(dots.within(drape).without(border))
    marigold.stamp(dots)
    press.clear(border)
    marigold.stamp(border)
    magenta.stamp(press.stencil().stripes(3.2, 1.3, 52).within(border))
    tape = press.stencil().poly([(47.5, 89), (51.5, 87), (57, 106), (56, 122), (52, 122), (53, 106)])
    tape.poly([(68.5, 89), (64.5, 87), (65, 104), (72, 122), (76, 122), (69, 104)])
    press.clear(tape)
    marigold.stamp(tape, 110)
    green.stamp(press.stencil().stripes(1.9, 0.4).within(tape))
