"""What the demo's pictures have in common: plans, coasts, cloth, petals."""

from __future__ import annotations

import math

from vcardapp.demo.press import Plate, Point, Press


def plan(ink: Plate) -> None:
    """A floor plan: walls, doors with their swing, stairs, columns, a measure."""
    walls = [(6, 10, 1.8, 54), (6, 10, 44, 1.8), (27, 10, 1.8, 20), (6, 62.2, 10, 1.8), (26, 62.2, 14, 1.8)]
    walls += [(60, 10, 55.8, 1.8), (114, 10, 1.8, 82), (98, 74, 17, 1.8), (60, 10, 1.8, 10)]
    for x, y, wide, high in walls:
        ink.rect(x, y, wide, high)
    for x, y, start in ((16, 63, 270), (50, 11, 0)):
        ink.arc(x, y, 10, 0.45, start, start + 90)
    ink.line([(16, 63), (16, 53)], 0.45).line([(50, 11), (50, 21)], 0.45)
    for step in range(7):
        ink.rect(7.8, 15 + step * 2.6, 13, 0.45)
    ink.line([(14, 36), (14, 15)], 0.45).poly([(12.6, 17), (15.4, 17), (14, 14)])
    ink.line([(6, 5), (116, 5)], 0.4)
    for end in (6.9, 50, 60.9, 114.9):
        ink.line([(end - 1.2, 6.2), (end + 1.2, 3.8)], 0.5)


def motion(peach: Plate, teal: Plate) -> None:
    """How far a shoulder turns: a protractor."""
    x, y = 62, 96
    peach.wedge(x, y, 88, 196, 244, 120).wedge(x, y, 62, 196, 244, 235)
    teal.arc(x, y, 62, 0.5, 180, 360).arc(x, y, 88, 0.5, 180, 360)
    for degree in range(180, 361, 4):
        teal.arc(x, y, 88, 5 if degree % 20 == 0 else 2.4, degree - 0.14, degree + 0.14)
    for degree in (196, 244):
        end_x, end_y = x + 88 * math.cos(math.radians(degree)), y + 88 * math.sin(math.radians(degree))
        teal.line([(x, y), (end_x, end_y)], 0.5).disc(end_x, end_y, 2.6)


def coast(teal: Plate) -> None:
    """Limestone towers in the sea."""
    for x, top, wide, tone in ((4, 30, 22, 150), (20, 46, 16, 210), (100, 36, 17, 210), (112, 24, 20, 150)):
        teal.rect(x - wide / 2, top, wide, 68 - top, tone, radius=wide * 0.42).rect(x - wide / 2, 58, wide, 10, tone)


def blockprint(press: Press, width: int, height: int, side: int) -> None:
    """Cloth printed with a wooden block: a flower of four quarter petals, turned by a leaf at every other place."""
    marigold, magenta, green = press.plates
    for row in range(-(-height // side)):
        for column in range(-(-width // side)):
            x, y = column * side + side / 2, row * side + side / 2
            if (row + column) % 2:
                for quarter in range(45, 405, 90):
                    marigold.poly(petal(x, y, side * 0.7071, quarter), 150)
                magenta.disc(x, y, side * 0.09)
            else:
                marigold.disc(x, y, side * 0.4, 60)
                for turn in range(8):
                    magenta.wedge(x, y, side * 0.3, turn * 45 - 9, turn * 45 + 9, 120)
                marigold.disc(x, y, side * 0.1)


def petal(x: float, y: float, length: float, degrees: float) -> list[Point]:
    """Where two quarter circles of the same size cross: from a point outward."""
    radius = length / math.sqrt(2)
    points = [(radius * math.sin(math.radians(a)), radius * (1 - math.cos(math.radians(a)))) for a in range(0, 91, 5)]
    points += [(v, u) for u, v in reversed(points)]
    turn = math.radians(degrees - 45)
    return [
        (x + u * math.cos(turn) - v * math.sin(turn), y + u * math.sin(turn) + v * math.cos(turn)) for u, v in points
    ]
