"""Fonts made for one test: a few letters that are rectangles of their own height, and a box for what is missing."""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables.TupleVariation import TupleVariation

ADVANCE, WIDTH, BOX = 600, 500, 999


def rectangle(height: int, width: int = WIDTH):
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, height), (width, height), (width, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def make_font(path: Path, heights: dict[str, int], *, family: str = "Test Sans", variable: bool = False) -> Path:
    """Write a font whose glyph of each character is a rectangle of this height, 500 wide, on an advance of 600."""
    order = [".notdef", "space", *(f"u{ord(char):04X}" for char in heights)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({0x20: "space"} | {ord(char): f"u{ord(char):04X}" for char in heights})
    shapes = {".notdef": rectangle(BOX), "space": TTGlyphPen(None).glyph()}
    builder.setupGlyf(shapes | {f"u{ord(char):04X}": rectangle(height) for char, height in heights.items()})
    builder.setupHorizontalMetrics({name: (ADVANCE, 0) for name in order})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(usWeightClass=400)
    builder.setupPost()
    if variable:
        builder.setupFvar([("wght", 400, 400, 900, "Weight")], [])
        wider = [(0, 0), (0, 0), (100, 0), (100, 0), (0, 0), (200, 0), (0, 0), (0, 0)]  # and the advance
        builder.setupGvar({name: [TupleVariation({"wght": (0, 1, 1)}, wider)] for name in order[2:]})
    builder.save(path)
    return path
