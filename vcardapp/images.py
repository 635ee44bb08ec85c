"""The only door to Pillow: check, turn upright, shrink, strip; the sizes that cards and contact files need."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageFilter

from vcardapp.i18n import N_

__all__ = ["Image", "ImageChops", "ImageDraw", "ImageFilter"]  # what drawn pictures are made with

MOST_BYTES = 15_000_000
MOST_PIXELS = 40_000_000
LEAST_SIDE = 32  # pixels
STEEPEST = 20  # times one side may be longer than the other
MOST_SCANS = 100  # of a JPEG: each costs the time of the whole picture, however few its bytes
ORIGINAL_SIDE = 1600  # pixels
CONTACT_BYTES = 40_000
SIDES = {"photo": (96, 400, 800), "logo": (96, 256, 512), "cover": (480, 960, 1440)}  # of s, m and l, in pixels
SHAPES = {"photo": (1.0, 1.0), "logo": (0.0, float("inf")), "cover": (16 / 9, 3.0)}  # width by height, from, to

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)

SIGNATURES = (
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "PNG"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "WEBP"),
    (re.compile(rb"GIF8[79]a"), "GIF"),
    (re.compile(rb".{4}ftyp.{0,64}(avif|avis)", re.DOTALL), "AVIF"),
    (re.compile(rb".{4}ftyp.{0,64}(hei[cmsx]|hev[cx])", re.DOTALL), "HEIF"),
)
SVG = re.compile(rb"\s*(<\?xml|<!--|<!doctype svg|<svg)", re.IGNORECASE)
SCAN = re.compile(rb"\xff\xda")
TURNS = {  # EXIF orientation -> what brings the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
