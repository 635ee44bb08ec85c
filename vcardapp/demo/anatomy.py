"""How the demo's people are built: a face whose shadow draws its profile, quarter circles for shoulders."""

from __future__ import annotations

from vcardapp.demo.press import Plate, Point, Press


def face(press: Press, x: float, y: float, wide: float, high: float) -> Plate:
    """A head from the front: square at the temples, round at the chin."""
    a, b = wide / 2, high / 2
    side = [(0.5, -1.12), (0.95, -0.8), (1, -0.2), (0.96, 0.3), (0.8, 0.66), (0.5, 0.9), (0.18, 1.0)]
    outline = [(x + a * u, y + b * v) for u, v in side] + [(x - a * u, y + b * v) for u, v in reversed(side)]
    return press.stencil().curve(outline)


def shade(press: Press, x: float, y: float, wide: float, high: float) -> Plate:
    """The half of a face that lies in shadow; its edge draws brow, nose, lips and chin."""
    a, b = wide / 2, high / 2
    edge = [(-0.04, -1.3), (-0.04, -0.34), (-0.3, 0.3), (-0.25, 0.37), (-0.02, 0.37), (-0.02, 1.3)]
    points: list[Point] = [(x + a * u, y + b * v) for u, v in edge]
    return press.stencil().poly([*points, (x + wide, y + high), (x + wide, y - high)])


def lips(ink: Plate, x: float, y: float, wide: float, tone: int = 255) -> None:
    a = wide / 2
    ink.poly(
        [(x - a, y), (x - a * 0.35, y - a * 0.42), (x, y - a * 0.22), (x + a * 0.35, y - a * 0.42), (x + a, y)], tone
    )
    ink.wedge(x, y - a * 0.12, a * 0.62, 12, 168, tone)


def bust(press: Press, x: float, y: float, wide: float, slope: float) -> Plate:
    """Shoulders: two quarter circles and what lies between."""
    a = wide / 2
    stencil = press.stencil().rect(x - a + slope, y, wide - 2 * slope, 60).rect(x - a, y + slope, wide, 60)
    return stencil.wedge(x - a + slope, y + slope, slope, 180, 270).wedge(x + a - slope, y + slope, slope, 270, 360)
