"""A small risograph: plates of one ink each, printed over one another on paper, a little out of register."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from typing import Self

from vcardapp import images
from vcardapp.images import Image, ImageChops, ImageDraw, ImageFilter

FINER = 2  # plates are drawn so many times larger than printed, for smooth edges
Point = tuple[float, float]


class Plate:
    """One ink's stencil. Lengths are in tenths of the printed picture's hundred-pixel squares; tone 0 takes ink away."""

    def __init__(self, width: float, height: float, unit: int = 10) -> None:
        self.scale = unit * FINER
        self.area = (width, height)
        self.mask = Image.new("L", (round(width * self.scale), round(height * self.scale)), 0)
        self.pen = ImageDraw.Draw(self.mask)

    def _px(self, *lengths: float) -> list[float]:
        return [length * self.scale for length in lengths]

    def rect(self, x: float, y: float, width: float, height: float, tone: int = 255, radius: float = 0) -> Self:
        box = self._px(x, y, x + width, y + height)
        box[2] -= 1
        box[3] -= 1
        if box[2] >= box[0] and box[3] >= box[1]:
            self.pen.rounded_rectangle(box, radius * self.scale, fill=tone)
        return self

    def disc(self, x: float, y: float, radius: float, tone: int = 255) -> Self:
        return self.oval(x, y, radius, radius, tone)

    def oval(self, x: float, y: float, across: float, down: float, tone: int = 255) -> Self:
        self.pen.ellipse(self._px(x - across, y - down, x + across, y + down), fill=tone)
        return self

    def wedge(self, x: float, y: float, radius: float, start: float, end: float, tone: int = 255) -> Self:
        """Degrees run clockwise from three o'clock."""
        self.pen.pieslice(self._px(x - radius, y - radius, x + radius, y + radius), start, end, fill=tone)
        return self

    def arc(
        self, x: float, y: float, radius: float, width: float, start: float = 0, end: float = 360, tone: int = 255
    ) -> Self:
        box = self._px(x - radius, y - radius, x + radius, y + radius)
        self.pen.arc(box, start, end, fill=tone, width=round(width * self.scale))
        return self

    def poly(self, points: Iterable[Point], tone: int = 255) -> Self:
        self.pen.polygon([(x * self.scale, y * self.scale) for x, y in points], fill=tone)
        return self

    def curve(self, points: Iterable[Point], tone: int = 255) -> Self:
        """A closed shape that runs softly through the points."""
        return self.poly(softened(list(points)), tone)

    def line(self, points: Iterable[Point], width: float, tone: int = 255, round_ends: bool = True) -> Self:
        path = [(x * self.scale, y * self.scale) for x, y in points]
        self.pen.line(path, fill=tone, width=round(width * self.scale), joint="curve")
        if not round_ends:
            return self
        half = width * self.scale / 2
        for x, y in (path[0], path[-1]):
            self.pen.ellipse((x - half, y - half, x + half, y + half), fill=tone)
        return self

    def stamp(self, stencil: Plate, tone: int = 255) -> Self:
        """Print what another plate shows onto this one."""
        if box := stencil.mask.getbbox():
            self.mask.paste(tone, box, stencil.mask.crop(box))
        return self

    def within(self, stencil: Plate) -> Self:
        """Keep only what lies inside the other plate."""
        self.mask = ImageChops.multiply(self.mask, stencil.mask)
        self.pen = ImageDraw.Draw(self.mask)
        return self

    def without(self, stencil: Plate) -> Self:
        return self.stamp(stencil, 0)

    def stripes(self, step: float, width: float, angle: float = 0) -> Self:
        """Fill the plate with parallel lines; angle in degrees, 0 lies flat."""
        reach = math.hypot(*self.area)
        centre_x, centre_y = self.area[0] / 2, self.area[1] / 2
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        for index in range(-int(reach / step) - 1, int(reach / step) + 2):
            off = index * step
            x, y = centre_x - sin * off, centre_y + cos * off
            ends = [(x - cos * reach, y - sin * reach), (x + cos * reach, y + sin * reach)]
            self.line(ends, width)
        return self

    def screen(self, step: float, dot: Callable[[float, float], float]) -> Self:
        """Fill the plate with halftone dots; dot tells the radius at a place, as a share of the step."""
        for row in range(int(self.area[1] / step * 1.42) + 2):
            for column in range(int(self.area[0] / step) + 2):
                x, y = (column + row % 2 / 2) * step, row * step * 0.7071
                if (radius := dot(x, y) * step) > 0.02:
                    self.disc(x, y, radius)
        return self


class Press:
    """Paper of some size, in tens of pixels, and its inks; what is drawn on the plates is printed by print()."""

    def __init__(self, width: float, height: float, paper: str, inks: Iterable[str], seed: int) -> None:
        self.area = (width, height)
        self.paper = paper
        self.inks = list(inks)
        self.plates = [self.stencil() for _ in self.inks]
        self.chance = random.Random(seed)  # noqa: S311 - the same picture every time

    def stencil(self) -> Plate:
        return Plate(*self.area)

    def clear(self, *stencils: Plate) -> None:
        """Leave bare paper there, whatever was on the plates."""
        for plate in self.plates:
            for stencil in stencils:
                plate.without(stencil)

    def print(self) -> bytes:
        """Return the printed sheet as PNG."""
        size = (round(self.area[0] * 10), round(self.area[1] * 10))
        sheet = images.canvas(*size, self.paper)
        for number, (ink, plate) in enumerate(zip(self.inks, self.plates, strict=True)):
            coverage = ImageChops.multiply(plate.mask.reduce(FINER), self._grain(size))
            shifted = coverage.copy()
            shifted.paste(
                coverage, (self.chance.choice((-2, -1, 1, 2)), self.chance.choice((-1, 1))) if number else None
            )
            layer = images.canvas(*size, "white")
            layer.paste(ink, mask=shifted)
            sheet = ImageChops.multiply(sheet, layer)
        fibres = self._noise(size).point(lambda value: 244 + value // 23)
        return images.to_png(ImageChops.multiply(sheet, Image.merge("RGB", [fibres] * 3)))

    def _noise(self, size: tuple[int, int]) -> Image.Image:
        return Image.frombytes("L", size, self.chance.randbytes(size[0] * size[1]))

    def _grain(self, size: tuple[int, int]) -> Image.Image:
        """Ink lies thinner here and there: fine dust, and broad clouds of it."""
        dust = self._noise(size).filter(ImageFilter.BoxBlur(0.7)).point(lambda value: 168 if value < 62 else 246)
        coarse = self._noise((size[0] // 70 + 2, size[1] // 70 + 2)).filter(ImageFilter.BoxBlur(1))
        clouds = coarse.resize(size, Image.Resampling.BICUBIC).point(lambda value: 224 + value // 8)
        return ImageChops.multiply(dust, clouds)


def softened(points: list[Point], steps: int = 12) -> list[Point]:
    """Return a closed Catmull-Rom curve through the points."""
    found: list[Point] = []
    for index in range(len(points)):
        a, b, c, d = (points[(index + off) % len(points)] for off in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            found.append((_between(a[0], b[0], c[0], d[0], t), _between(a[1], b[1], c[1], d[1], t)))
    return found


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
