"""A dressed QR code to PNG: whole pixels a module, put together from tiles that were drawn once, larger, and shrunk."""

from __future__ import annotations

import math
import struct
import threading
import zlib
from collections.abc import Iterator
from functools import lru_cache

from vcardapp import images
from vcardapp.cards import qr_letters, qr_logo, qr_png
from vcardapp.cards.qr import SIZES
from vcardapp.cards.qr_drawing import Dressed, gradient_line
from vcardapp.cards.qr_paths import BAR, SOFT
from vcardapp.cards.qr_style import Gradient
from vcardapp.colours import rgb

Image = images.Image.Image
Tile = tuple[bytes, ...]  # rows of pixels, from 0 (light) to DEPTH (dark)

DEPTH = 15  # steps between light and dark
LARGE = 3_000_000  # pixels of a picture that is not drawn beside another large one
ONE_AT_A_TIME = threading.Lock()
DARK, UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8, 16  # whether a module is dark, and its neighbours
SHADES = [min(255, step * 255 // DEPTH) for step in range(256)]
EYES, ALIGNMENTS = 64, 128  # where the tiles of an eye, 7 by 7, and of an alignment pattern, 5 by 5, begin among all


@lru_cache(maxsize=16)
def png(drawing: Dressed, size: int) -> bytes:
    """Return the widest picture with whole-pixel modules not wider than size pixels; a frame makes it higher.

    Raise ValueError for a size that is not in qr.SIZES, or too small for one pixel a module.
    """
    scale = size // drawing.width
    if size not in SIZES or not scale:
        raise ValueError(f"no PNG of {size} pixels")
    if _is_flat(drawing):
        return _two_colours(drawing, scale)
    if scale * scale * drawing.width * drawing.height < LARGE:
        return images.to_png(picture(drawing, scale))
    with ONE_AT_A_TIME:
        return images.to_png(picture(drawing, scale))


def picture(drawing: Dressed, scale: int) -> Image:
    """Return the drawing with so many pixels a module, in colours."""
    style, side = drawing.style, drawing.width * scale
    mask = images.Image.frombytes("L", (side, side), b"".join(_rows(drawing, scale))).point(SHADES)
    code = images.canvas(side, side, style.light)
    code.paste(_ground(drawing, style.gradient, scale) if style.gradient else style.dark, (0, 0), mask)
    if drawing.plate:
        at = (style.zone + drawing.plate.start) * scale
        code.paste(qr_logo.drawn(style, drawing.plate.side, scale), (at, at))
    if not drawing.band or not style.frame:
        return code
    whole = images.canvas(side, drawing.height * scale, style.frame.colour)
    whole.paste(code, (0, -drawing.top * scale))
    for line in drawing.band.lines:
        qr_letters.ink(whole, line, scale, 0 if drawing.top else drawing.width, style.light)
    return whole


def _is_flat(drawing: Dressed) -> bool:
    style = drawing.style
    return not (style.gradient or style.logo or style.frame)


def _rows(drawing: Dressed, scale: int) -> Iterator[bytes]:
    """Yield the rows of pixels of the code and its zone."""
    style = drawing.style
    tiles = _tiles(style.shape, style.eye_frame, style.eye_ball, scale)
    for row in _tiled(drawing):
        yield from map(b"".join, zip(*(tiles[tile] for tile in row), strict=True))


def _tiled(drawing: Dressed) -> Iterator[bytes]:
    """Yield rows of tiles, one a module: the flags of the module and its neighbours, or a part of a pattern."""
    zone, width = drawing.style.zone, drawing.width
    blank = bytes(width * zone)
    dark = blank + b"".join(bytes((*[0] * zone, *row, *[0] * zone)) for row in drawing.rows()) + blank
    cells, line = int.from_bytes(dark, "big"), 8 * width  # a byte a module
    around = cells * DARK | (cells >> line) * UP | (cells << line) * DOWN | (cells >> 8) * LEFT | (cells << 8) * RIGHT
    tiles = bytearray((around & (1 << 8 * len(dark)) - 1).to_bytes(len(dark), "big"))
    far = width - zone - 7
    patterns = [(zone, zone, 7, EYES), (zone, far, 7, EYES), (far, zone, 7, EYES)]
    patterns += [(zone + row, zone + column, 5, ALIGNMENTS) for row, column in drawing.alignments]
    for top, left, side, first in patterns:
        for row in range(side):
            at = (top + row) * width + left
            tiles[at : at + side] = range(first + side * row, first + side * row + side)
    for at in range(0, len(tiles), width):
        yield bytes(tiles[at : at + width])


@lru_cache(maxsize=32)
def _tiles(shape: str, frame: float, ball: float, scale: int) -> tuple[Tile, ...]:
    """Return all tiles by their number."""
    light = (bytes(scale),) * scale
    modules = [_module(shape, around, scale) if around & DARK else light for around in range(2 * RIGHT)]
    eye, alignment = _pattern(7, 3, frame, ball, scale), _pattern(5, 1, SOFT, SOFT, scale)
    before = (light,) * (EYES - len(modules))
    between = (light,) * (ALIGNMENTS - EYES - len(eye))
    return (*modules, *before, *eye, *between, *alignment)


def _module(shape: str, around: int, scale: int) -> Tile:
    """Draw a dark module, its corners by what is around it."""
    if shape == "square":
        return (bytes([DEPTH]) * scale,) * scale
    fine = _fine(scale)
    side = fine * scale
    tile = images.Image.new("L", (side, side))
    pen, (up, down, left, right) = (
        images.ImageDraw.Draw(tile),
        (bool(around & flag) for flag in (UP, DOWN, LEFT, RIGHT)),
    )
    if shape == "dots":
        pen.ellipse((0, 0, side - 1, side - 1), 255)
    elif shape == "bars":
        edge = (1 - BAR) / 2 * side
        box = (edge, -side if up else 0, side - 1 - edge, side * 2 if down else side - 1)
        pen.rounded_rectangle(box, BAR / 2 * side, 255)
    else:
        round_ones = (not up and not left, not up and not right, not down and not right, not down and not left)
        pen.rounded_rectangle((0, 0, side - 1, side - 1), SOFT * side, 255, corners=round_ones)
    return _stepped(tile, fine)


def _pattern(side: int, ball: int, outer: float, inner: float, scale: int) -> list[Tile]:
    """Draw a frame with a ball in it, so many modules wide, with these radii, and cut it into modules."""
    fine = _fine(scale)
    unit = fine * scale
    whole = images.Image.new("L", (side * unit, side * unit))
    pen = images.ImageDraw.Draw(whole)
    start = (side - ball) // 2
    pen.rounded_rectangle((0, 0, side * unit - 1, side * unit - 1), outer * unit, 255)
    pen.rectangle((unit, unit, (side - 1) * unit - 1, (side - 1) * unit - 1), 0)
    pen.rounded_rectangle(
        (start * unit, start * unit, (start + ball) * unit - 1, (start + ball) * unit - 1), inner * unit, 255
    )
    rows = _stepped(whole, fine)
    return [
        tuple(line[x * scale : (x + 1) * scale] for line in rows[y * scale : (y + 1) * scale])
        for y in range(side)
        for x in range(side)
    ]


def _fine(scale: int) -> int:
    """Return how many times larger tiles are drawn than they are shown."""
    return 8 if scale <= 16 else 4 if scale <= 40 else 2


def _stepped(picture: Image, fine: int) -> Tile:
    """Shrink what was drawn in black and white to steps of light."""
    small = picture.reduce(fine).point([(value * DEPTH + 127) // 255 for value in range(256)])
    pixels = small.tobytes()
    return tuple(pixels[at : at + small.width] for at in range(0, len(pixels), small.width))


def _ground(drawing: Dressed, gradient: Gradient, scale: int) -> Image:
    """Return the gradient as a picture of the code and its zone, from Pillow's own of 256 by 256 steps."""
    side = drawing.width * scale
    x0, y0, x1, y1 = (place * scale for place in gradient_line(drawing.style, drawing.code.width))
    x, y, far = x1 - x0, y1 - y0, math.dist((x0, y0), (x1, y1))
    if gradient.kind == "radial":
        steps, by = images.Image.radial_gradient("L"), 127 / far
        places = (by, 0.0, 128 - by * x0, 0.0, by, 128 - by * y0)
    else:
        steps, by = images.Image.linear_gradient("L"), 253 / far / far
        places = (0.0, 0.0, 128.0, by * x, by * y, 1 - by * (x0 * x + y0 * y))
    shares = steps.transform((side, side), images.Image.Transform.AFFINE, places, images.Image.Resampling.BILINEAR)
    ground = images.canvas(side, side, drawing.style.dark)
    ground.paste(gradient.to, (0, 0), shares)
    return ground


def _two_colours(drawing: Dressed, scale: int) -> bytes:
    """Write a picture of four bits a pixel by hand, through a palette from light to dark."""
    style, side = drawing.style, drawing.width * scale
    if (
        style.shape == "square"
        and not style.eye_frame
        and not style.eye_ball
        and (style.light, style.dark) == ("#ffffff", "#000000")
    ):
        return qr_png.bitmap(drawing.code.rows, scale, style.zone)
    even = bytes(side % 2)
    pixels = b"".join(
        [b"\0\0" + row + even for row in _rows(drawing, scale)]
    )  # two pixels become the byte of the filter
    pairs = int.from_bytes(pixels[::2], "big") << 4 | int.from_bytes(pixels[1::2], "big")
    squeeze = zlib.compressobj(6, zlib.DEFLATED, 15, 9, zlib.Z_FILTERED)
    data = squeeze.compress(pairs.to_bytes(len(pixels) // 2, "big")) + squeeze.flush()
    light, dark = rgb(style.light), rgb(style.dark)
    palette = bytes(
        round(one + (other - one) * step / DEPTH)
        for step in range(DEPTH + 1)
        for one, other in zip(light, dark, strict=True)
    )
    header = struct.pack(">IIBBBBB", side, side, 4, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", data), (b"IEND", b""))
    return qr_png.SIGNATURE + b"".join(qr_png.chunk(kind, body) for kind, body in chunks)
