"""A simulated camera: thirteen damages in five strengths, from a drawing to the grey frames that a phone would see."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np

Grey = np.ndarray[Any, np.dtype[np.uint8]]
Light = np.ndarray[Any, np.dtype[np.float32]]

SHARP = 3  # rays along the edge of one camera pixel
AROUND = 0.16  # of the picture's width that is seen of the page on each side
PIXELS = 2.4  # of the camera for one module of the plain code, where the damage is another


@dataclass(frozen=True)
class Shot:
    """How one frame is taken. Lengths are in camera pixels, light from 0 to 255."""

    pixels: float = PIXELS
    turn: float = 0.0  # degrees
    tilt: tuple[float, float] = (0.0, 0.0)  # degrees about the horizontal and the vertical axis
    blur: float = 0.3  # standard deviation; the lens alone
    motion: tuple[float, float] = (0.0, 0.0)  # length and direction in degrees
    noise: float = 1.5  # standard deviation
    black: float = 6.0
    white: float = 225.0
    quality: int = 0  # of JPEG; 0 leaves it away
    glare: float = 0.0
    gain: float = 0.03  # of ink, in modules of the plain code on each edge
    cover: float = 0.0  # share of the picture's side that a blot hides
    seed: int = field(default=0, compare=False)


def steps(first: float, last: float) -> list[float]:
    return [first + (last - first) * step / 4 for step in range(5)]


def shots(seeds: range) -> Iterator[tuple[str, int, Shot]]:
    """Yield the damage, its strength from 1 to 5 and the shot; every drawing meets the same ones."""
    for seed in seeds:
        for number, (name, ladder) in enumerate(LADDERS.items()):
            for strength in range(5):
                draw = np.random.default_rng((seed, number, strength))
                mild = Shot(turn=draw.uniform(-4, 4), seed=int(draw.integers(1 << 30)))
                yield name, strength + 1, ladder(mild, strength, draw)


def _few_pixels(shot: Shot, strength: int, draw: np.random.Generator) -> Shot:
    return replace(shot, pixels=steps(2.6, 1.4)[strength] * draw.uniform(0.95, 1.05))


def _tilt(shot: Shot, strength: int, draw: np.random.Generator) -> Shot:
    angle, way = steps(15, 55)[strength], draw.uniform(0, 2 * math.pi)
    return replace(shot, tilt=(angle * math.cos(way), angle * math.sin(way)))


def _rotation(shot: Shot, strength: int, draw: np.random.Generator) -> Shot:
    return replace(shot, turn=steps(9, 45)[strength] + draw.uniform(-4, 4) + 90 * draw.integers(4))


def _defocus(shot: Shot, strength: int, draw: np.random.Generator) -> Shot:
    return replace(shot, blur=steps(0.5, 1.5)[strength])


def _motion(shot: Shot, strength: int, draw: np.random.Generator) -> Shot:
    return replace(shot, motion=(steps(1.2, 4.8)[strength], draw.uniform(0, 180)))


def _noise(shot: Shot, strength: int, draw: np.random.Generator) -> Shot:
    return replace(shot, noise=steps(5, 29)[strength])


def _low_light(shot: Shot, strength: int, draw: np.random.Generator) -> Shot:
    return replace(shot, black=3, white=steps(110, 30)[strength], noise=steps(3, 5)[strength], blur=0.4)


def _low_contrast(shot: Shot, strength: int, draw: np.random.Generator) -> Shot:
    middle, half = draw.uniform(90, 160), steps(60, 16)[strength]
    return replace(shot, black=middle - half, white=middle + half, noise=2)


def _jpeg(shot: Shot, strength: int, draw: np.random.Generator) -> Shot:
    return replace(shot, quality=int(steps(40, 8)[strength]))


def _glare(shot: Shot, strength: int, draw: np.random.Generator) -> Shot:
    return replace(shot, glare=steps(0.3, 1.3)[strength], white=200)


def _print_gain(shot: Shot, strength: int, draw: np.random.Generator) -> Shot:
    return replace(shot, gain=steps(0.10, 0.30)[strength])


def _occlusion(shot: Shot, strength: int, draw: np.random.Generator) -> Shot:
    return replace(shot, cover=steps(0.05, 0.21)[strength])


def _all_together(shot: Shot, strength: int, draw: np.random.Generator) -> Shot:
    way, part = draw.uniform(0, 2 * math.pi), strength / 4
    return replace(
        shot,
        pixels=2.8 - 0.6 * part,
        turn=draw.uniform(0, 360),
        tilt=((10 + 20 * part) * math.cos(way), (10 + 20 * part) * math.sin(way)),
        blur=0.35 + 0.35 * part,
        motion=(0.5 + 1.5 * part, draw.uniform(0, 180)),
        noise=3 + 4 * part,
        black=15,
        white=205 - 60 * part,
        quality=int(70 - 30 * part),
        glare=0.4 * part,
        gain=0.1,
    )


LADDERS = {
    "few pixels": _few_pixels,
    "tilt": _tilt,
    "rotation": _rotation,
    "defocus": _defocus,
    "motion": _motion,
    "noise": _noise,
    "low light": _low_light,
    "low contrast": _low_contrast,
    "JPEG": _jpeg,
    "glare": _glare,
    "print gain": _print_gain,
    "occlusion": _occlusion,
    "all together": _all_together,
}


def frame(drawing: Grey, modules: float, shot: Shot, page: int = 255) -> Grey:
    """Return what the camera sees of a drawing that is printed as wide as so many modules of the plain code."""
    draw = np.random.default_rng(shot.seed)
    inked = _inked(drawing, shot.gain * drawing.shape[1] / modules)
    light = _projected(inked, modules * shot.pixels, shot, page, draw)
    if shot.cover:
        _blot(light, modules * shot.pixels * shot.cover, draw)
    light = cv2.GaussianBlur(light, (0, 0), shot.blur)
    if shot.motion[0]:
        light = cv2.filter2D(light, -1, _smear(*shot.motion), borderType=cv2.BORDER_REPLICATE)
    light = shot.black + light * ((shot.white - shot.black) / 255)
    if shot.glare:
        light += _highlight(light.shape, shot.glare, draw)
    light += draw.normal(0, shot.noise, light.shape).astype(np.float32)
    seen = np.clip(light, 0, 255).round().astype(np.uint8)
    if shot.quality:
        seen = cv2.imdecode(cv2.imencode(".jpg", seen, (cv2.IMWRITE_JPEG_QUALITY, shot.quality))[1], 0)
    return seen


def _inked(drawing: Grey, grown: float) -> Grey:
    """Let the ink run over its edges by pixels of the drawing, parts of a pixel as well."""
    whole = math.floor(grown)
    return cv2.addWeighted(_spread(drawing, whole), 1 - grown + whole, _spread(drawing, whole + 1), grown - whole, 0)


def _spread(drawing: Grey, pixels: int) -> Grey:
    size = 2 * pixels + 1
    return cv2.erode(drawing, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))) if pixels else drawing


def _projected(drawing: Grey, width: float, shot: Shot, page: int, draw: np.random.Generator) -> Light:
    """Lay the drawing on its page before the camera, so many camera pixels wide, and see it."""
    rows, columns = drawing.shape
    scale = width / columns
    along, across = (math.radians(angle) for angle in shot.tilt)
    turn = math.radians(shot.turn)
    far = 3.0 * max(rows, columns) * scale
    spin = np.array([[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0], [0, 0, 1]])
    nod = np.array([[1, 0, 0], [0, math.cos(along), -math.sin(along)], [0, math.sin(along), math.cos(along)]])
    sway = np.array([[math.cos(across), 0, math.sin(across)], [0, 1, 0], [-math.sin(across), 0, math.cos(across)]])
    pose = sway @ nod @ spin
    flat = np.array([[scale, 0, -scale * columns / 2], [0, scale, -scale * rows / 2], [0, 0, 1]])
    lens = np.array([[far, 0, 0], [0, far, 0], [0, 0, 1]])
    view = lens @ np.column_stack([pose[:, 0], pose[:, 1], [0, 0, far]]) @ flat
    corners = np.array([[0, 0, 1], [columns, 0, 1], [columns, rows, 1], [0, rows, 1]]).T
    seen = view @ corners
    seen = seen[:2] / seen[2]
    margin = AROUND * width
    low = seen.min(axis=1) - margin + draw.uniform(0, 1, 2)
    size = np.ceil(seen.max(axis=1) + margin - low).astype(int)
    crop = np.array([[SHARP, 0, -SHARP * low[0]], [0, SHARP, -SHARP * low[1]], [0, 0, 1]])
    wide = (int(size[0]) * SHARP, int(size[1]) * SHARP)
    big = cv2.warpPerspective(drawing, crop @ view, wide, flags=cv2.INTER_LINEAR, borderValue=page)
    return cv2.resize(big.astype(np.float32), tuple(map(int, size)), interpolation=cv2.INTER_AREA)


def _blot(light: Light, side: float, draw: np.random.Generator) -> None:
    """Put a round blot, dark or light, somewhere on the picture."""
    height, width = light.shape
    at = (int(width * draw.uniform(0.3, 0.7)), int(height * draw.uniform(0.3, 0.7)))
    cv2.circle(light, at, max(1, round(side / 2)), float(draw.choice([40, 250])), -1, cv2.LINE_AA)


def _smear(length: float, direction: float) -> Light:
    size = 2 * math.ceil(length / 2) + 1
    fine = 8
    kernel = np.zeros((size * fine, size * fine), np.float32)
    middle = size * fine / 2
    dx, dy = (length * fine / 2 * turn(math.radians(direction)) for turn in (math.cos, math.sin))
    ends = [(round(middle + way * dx), round(middle + way * dy)) for way in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0, fine // 2)
    kernel = cv2.resize(kernel, (size, size), interpolation=cv2.INTER_AREA)
    return kernel / kernel.sum()


def _highlight(shape: tuple[int, ...], strength: float, draw: np.random.Generator) -> Light:
    """A light of its own on the picture, round and soft at its edge."""
    height, width = shape
    x, y = width * draw.uniform(0.25, 0.75), height * draw.uniform(0.25, 0.75)
    radius = 0.28 * width
    down, right = np.mgrid[:height, :width].astype(np.float32)
    return 160 * strength * np.exp(-((right - x) ** 2 + (down - y) ** 2) / (2 * radius**2))
