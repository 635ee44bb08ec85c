"""What a picture's bytes are, and its pixels alone: upright, in sRGB, without anything else; or why it is refused."""

from __future__ import annotations

import io
import mmap
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageCms

from vcardapp.i18n import N_

LEAST_SIDE = 32  # pixels
STEEPEST = 20  # times that one side may be longer than the other
MOST_SCANS = 100  # of a JPEG: each costs the time of a whole picture, however few its bytes
STRIP = 64  # rows of a shrunken picture
LARGE = 24_000_000  # pixels

warnings.simplefilter("error", Image.DecompressionBombWarning)

SIGNATURES = {
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "WEBP": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "GIF": re.compile(rb"GIF8[79]a"),
    "AVIF": re.compile(rb".{4}ftyp.{0,60}avi[fs]", re.DOTALL),
    "HEIF": re.compile(rb".{4}ftyp.{0,60}(hei[cmsx]|hev[cmsx])", re.DOTALL),
}
SVG = re.compile(rb"(\xef\xbb\xbf)?\s*<(\?xml|!--|!doctype svg|svg)", re.IGNORECASE)
MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")  # in a JPEG's scan: neither a stuffed zero nor a restart
TURNS = {  # EXIF orientation: what brings the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SPACES = {"RGB": "RGB ", "RGBA": "RGB ", "CMYK": "CMYK", "L": "GRAY"}  # mode: the ICC profiles that fit it

IS_SVG = N_("This is an SVG drawing. Please choose a photo (JPEG, PNG, WebP, AVIF or HEIC).")
NO_PICTURE = N_("This file is not a picture we can read. Please choose a photo (JPEG, PNG, WebP, AVIF or HEIC).")
BROKEN = N_("This picture is broken or incomplete. Please save it again, or choose another one.")
EMPTY = N_("This file is empty. Please choose a photo.")
TOO_SMALL = N_("This picture is too small. Please choose one that is at least 32 pixels wide and high.")
TOO_NARROW = N_("This picture is a very long strip. Please cut it to a more even shape, or choose another one.")


class PictureRefused(Exception):
    """A file that will not become a picture; reason is an English sentence that says why and what helps."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Limit:
    """How many pixels are decoded at most, and the English sentence for who brings more."""

    pixels: int
    sentence: str


def kind_of(head: bytes) -> str:
    """Tell the format by the first bytes, at least 4096 of a longer file, whatever it is called; raise PictureRefused."""
    if not head:
        raise PictureRefused(EMPTY)
    kind = next((kind for kind, signature in SIGNATURES.items() if signature.match(head)), None)
    if kind is None:
        raise PictureRefused(IS_SVG if SVG.match(head) and b"<svg" in head[:4096].lower() else NO_PICTURE)
    return kind


def read_upright(source: IO[bytes], kind: str, limit: Limit, scale: Callable[[int, int], float]) -> Image.Image:
    """Return a picture's pixels alone in RGB or RGBA, sRGB and upright; raise PictureRefused.

    `scale` says for the upright width and height by how much they are to be shrunk, from 0 to 1.
    """
    with refusing(limit), opened(source, kind) as picture:
        check_size(picture, limit)
        turn, profile = _orientation(picture), picture.info.get("icc_profile")
        size = scaled(picture.size, scale(*upright_size(picture.size, turn)))
        picture.draft(None, size)
        picture.load()
        check_size(picture, limit)
        reduced = _reduced(picture, size)
    del picture  # a large one leaves memory first
    small = reduced if reduced.size == size else reduced.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
    small = _in_srgb(small, profile)
    return _fresh(small.transpose(TURNS[turn]) if turn in TURNS else small)


@contextmanager
def refusing(limit: Limit) -> Iterator[None]:
    """Turn whatever decoders raise into PictureRefused."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureRefused(limit.sentence) from None
    except (PictureRefused, MemoryError):
        raise
    except Exception as problem:  # decoders raise anything at all on hostile bytes
        raise PictureRefused(BROKEN) from problem


def opened(source: IO[bytes], kind: str) -> Image.Image:
    """Open a picture whose kind is known, without decoding it."""
    if kind == "JPEG" and scans(_bytes_of(source)) > MOST_SCANS:
        raise PictureRefused(BROKEN)
    if kind == "HEIF":
        _learn_heif()
    return Image.open(source, formats=(kind,))


def upright_size(size: tuple[int, int], turn: int) -> tuple[int, int]:
    """Return width and height after a turn by EXIF orientation."""
    return (size[1], size[0]) if turn >= 5 else size


def scaled(size: tuple[int, int], scale: float) -> tuple[int, int]:
    """Return a size in whole pixels."""
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _bytes_of(source: IO[bytes]) -> bytes | mmap.mmap:
    """Return what can be searched without reading a large file into memory."""
    if isinstance(source, io.BytesIO):
        return source.getvalue()
    return mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)


def scans(jpeg: bytes | mmap.mmap) -> int:
    """Count the scans up to the end of the picture; bytes of metadata and of what lies behind do not count."""
    scans, at = 0, 2
    while (found := MARKER.search(jpeg, at)) and (marker := found[1][0]) != 0xD9:
        scans += marker == 0xDA
        at = found.end() + int.from_bytes(jpeg[found.end() : found.end() + 2], "big")
    return scans


def _learn_heif() -> None:
    import pi_heif  # large, and seldom needed

    if "HEIF" not in Image.OPEN:
        pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def check_size(picture: Image.Image, limit: Limit) -> None:
    """Raise PictureRefused for what is too large to decode, or too small or narrow to show."""
    width, height = picture.size
    if width * height > limit.pixels:
        raise PictureRefused(limit.sentence)
    if min(width, height) < LEAST_SIDE:
        raise PictureRefused(TOO_SMALL)
    if max(width, height) > STEEPEST * min(width, height):
        raise PictureRefused(TOO_NARROW)


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(0x0112, 1))
    except Exception:  # broken EXIF does not make a broken picture
        return 1


def _plain(picture: Image.Image) -> Image.Image:
    """Return the picture in a mode that can be shrunk: RGB, RGBA, L or CMYK."""
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data and picture.mode != "RGBA":
        return picture.convert("RGBA")
    return picture if picture.mode in SPACES else picture.convert("RGB")


def _reduced(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return a picture in a plain mode, and a large one averaged to whole parts of its size, at least this large."""
    is_plain = picture.mode in ("RGB", "L", "CMYK") and not picture.has_transparency_data
    ratio = max(1, min(picture.width // size[0], picture.height // size[1]))
    factor = ratio if picture.width * picture.height > LARGE else 1
    if is_plain:
        return picture.reduce(factor) if factor > 1 else picture
    return _plain_strips(picture, factor if factor > 1 else max(1, ratio // 3))


def _plain_strips(picture: Image.Image, factor: int) -> Image.Image:
    """Convert and reduce a picture strip by strip: all at once would be in memory twice."""
    if factor == 1:
        return _plain(picture)
    small, step = None, STRIP * factor
    for top in range(0, picture.height, step):
        strip = _plain(picture.crop((0, top, picture.width, min(top + step, picture.height)))).reduce(factor)
        small = small or Image.new(strip.mode, (strip.width, -(-picture.height // factor)))
        small.paste(strip, (0, top // factor))
    assert small  # noqa: S101 - a picture has rows
    return small


def _in_srgb(picture: Image.Image, icc: bytes | None) -> Image.Image:
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc)) if icc else None
        if profile and profile.profile.xcolor_space == SPACES[picture.mode]:
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, profile, srgb, outputMode=mode)
            return converted or picture
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        pass  # a broken profile: the colours are taken as they are
    return picture.convert(mode)


def _fresh(picture: Image.Image) -> Image.Image:
    """Return the pixels alone: comments and the like survive every other way."""
    opaque = picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255)
    fresh = Image.new("RGB" if opaque else picture.mode, picture.size)
    fresh.paste(picture)
    return fresh
