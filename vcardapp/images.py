"""The only door to Pillow: check, turn upright, shrink, strip; the sizes that cards and contact files need."""

from __future__ import annotations

import io
import re
import threading
import warnings
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageFilter, ImageMath

from vcardapp.i18n import N_

__all__ = ["Image", "ImageChops", "ImageDraw", "ImageFilter"]  # what drawn pictures are made with

MOST_BYTES = 15_000_000
MOST_PIXELS = 40_000_000
LEAST_SIDE = 32  # pixels
STEEPEST = 20  # times that one side may be longer than the other
MOST_SCANS = 100  # of a JPEG: each costs the time of a whole picture, however few its bytes
ORIGINAL_SIDE = 1600  # pixels
CONTACT_BYTES = 40_000
WIDTHS = {
    "photo": (96, 400, 800), "logo": (96, 256, 512), "cover": (480, 800, 1440),
    "backdrop": (240, 720, 1440), "favicon": (64, 192, 512),
}  # of s, m and l, in pixels
SHAPES = {
    "photo": (1.0, 1.0), "logo": (0.0, float("inf")), "cover": (16 / 9, 3.0), "backdrop": (0.4, 2.5), "favicon": (1.0, 1.0),
}  # width by height, from and to
BY_LONGER_SIDE = ("logo", "backdrop")  # which WIDTHS are of the longer side
IN_CONTACTS = ("photo", "logo")
QUALITY = {"backdrop": 66}  # of WebP; it lies behind everything
LOGO_MARGIN = 0.1  # of its longer side: phones cut contact pictures to a circle
ABOVE_CENTRE = 0.38  # where heads are in an upright picture

ONE_AT_A_TIME = threading.Lock()  # 40 megapixels of WebP take 630 MB for two seconds, of PNG 340 MB

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
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
BARE = {b"\xc0", b"\xc4", b"\xda", b"\xdb", b"\xdd", b"\xe0"}  # of a baseline JPEG: frame, tables, scan, restarts, JFIF
SPACES = {"RGB": "RGB ", "RGBA": "RGB ", "CMYK": "CMYK", "L": "GRAY"}  # mode: the ICC profiles that fit it

IS_SVG = N_("This is an SVG drawing. Please choose a photo (JPEG, PNG, WebP, AVIF or HEIC).")
NO_PICTURE = N_("This file is not a picture we can read. Please choose a photo (JPEG, PNG, WebP, AVIF or HEIC).")
BROKEN = N_("This picture is broken or incomplete. Please save it again, or choose another one.")
EMPTY = N_("This file is empty. Please choose a photo.")
TOO_LARGE = N_("This picture has more than 15 MB. Please choose a smaller one.")
TOO_MANY_PIXELS = N_("This picture has more than 40 megapixels. Please make it smaller, or choose another one.")
GONE = N_("This picture is not here any more. Please choose it once more.")
TOO_SMALL = N_("This picture is too small. Please choose one that is at least 32 pixels wide and high.")
TOO_NARROW = N_("This picture is a very long strip. Please cut it to a more even shape, or choose another one.")


class PictureRefused(Exception):
    """A file that will not become a picture; reason is an English sentence that says why and what helps."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of a picture that is shown, in fractions of its width and height from the top left corner."""

    x: float
    y: float
    width: float
    height: float

    def __post_init__(self) -> None:
        inside = 0 <= self.x < 1 and 0 <= self.y < 1 and 0 < self.width <= 1 and 0 < self.height <= 1
        if not inside or self.x + self.width > 1.001 or self.y + self.height > 1.001:
            raise ValueError("a crop lies within its picture")


def normalise(data: bytes) -> bytes:
    """Return an uploaded picture as upright WebP in sRGB, at most 1600 pixels long, with nothing but its pixels.

    Of an animation the first frame is kept. Raise PictureRefused.
    """
    return _webp(open_upright(data), 88)


def make_sizes(original: bytes, sort: str, crop: Crop | None = None) -> dict[str, bytes]:
    """Return the files that a card needs of a sort of picture, a key of WIDTHS, by name, from what normalise returned.

    Never larger than the part of the original that is shown, but for the contact's 400 pixels.
    """
    part = _part(open_upright(original), sort, crop)
    sizes = {}
    for name, width in zip("sml", WIDTHS[sort], strict=True):
        scale = min(1.0, width / (max(part.size) if sort in BY_LONGER_SIDE else part.width))
        size = (max(1, round(part.width * scale)), max(1, round(part.height * scale)))
        sizes[f"{name}.webp"] = _webp(part.resize(size, Image.Resampling.LANCZOS), QUALITY.get(sort, 82))
    if sort in IN_CONTACTS:
        sizes["contact.jpg"] = _contact(part, margin=LOGO_MARGIN if sort == "logo" else 0)
    return sizes


def open_upright(data: bytes) -> Image.Image:
    """Return the picture in RGB or RGBA, sRGB, upright and at most 1600 pixels long; raise PictureRefused."""
    kind = _kind(data)
    try:
        with ONE_AT_A_TIME, Image.open(io.BytesIO(data), formats=(kind,)) as picture:
            _check(picture)
            picture.draft(None, (ORIGINAL_SIDE, ORIGINAL_SIDE))
            orientation, profile = _orientation(picture), picture.info.get("icc_profile")
            picture.load()
            _check(picture)
            small = _shrunk(_plain(picture))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureRefused(TOO_MANY_PIXELS) from None
    except PictureRefused:
        raise
    except Exception as problem:  # decoders raise anything at all on hostile bytes
        raise PictureRefused(BROKEN) from problem
    small = _in_srgb(small, profile)
    if orientation in TURNS:
        small = small.transpose(TURNS[orientation])
    return _fresh(small)


def small_png(data: bytes, side: int, most_bytes: int) -> bytes:
    """Return an uploaded picture as PNG that is upright, sRGB, and no longer or larger than this; raise PictureRefused."""
    picture = open_upright(data)
    while True:
        scale = min(1.0, side / max(picture.size))
        size = (max(LEAST_SIDE, round(picture.width * scale)), max(LEAST_SIDE, round(picture.height * scale)))
        file = io.BytesIO()
        picture.resize(size, Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
        if file.tell() <= most_bytes or side <= LEAST_SIDE:
            return file.getvalue()
        side = side * 3 // 4


def is_contact_photo(data: bytes) -> bool:
    """True for a square baseline colour JPEG of at most 400 pixels and 40 KB that holds nothing but its pixels."""
    if len(data) > CONTACT_BYTES or not _is_bare_jpeg(data):
        return False
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            picture.load()
            width, height = picture.size
            return picture.mode == "RGB" and width == height and LEAST_SIDE <= width <= WIDTHS["photo"][1]
    except Exception:  # decoders raise anything at all on hostile bytes
        return False


def _is_bare_jpeg(data: bytes) -> bool:
    """Walk the segments of a JPEG (ITU T.81 annex B): no metadata, nothing between them, nothing behind the end."""
    at, is_scan = 2, False
    while data[:2] == b"\xff\xd8" and (found := (MARKER.search if is_scan else MARKER.match)(data, at)):
        marker, size = found[1], int.from_bytes(data[found.end() : found.end() + 2], "big")
        if marker == b"\xd9":
            return found.end() == len(data)
        if marker not in BARE or (marker == b"\xe0" and size != 16):  # a longer JFIF segment holds a thumbnail
            return False
        at, is_scan = found.end() + size, marker == b"\xda"
    return False


def size_of(data: bytes) -> tuple[int, int]:
    """Return the width and height in pixels of a picture that this module made."""
    with Image.open(io.BytesIO(data)) as picture:
        return picture.size


def canvas(width: int, height: int, color: str) -> Image.Image:
    """Return an empty picture to draw on."""
    return Image.new("RGB", (width, height), color)


def cut_to(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Return as much of a picture's middle as fills this size; what is transparent is white."""
    scale = max(width / picture.width, height / picture.height)
    box = (picture.width - width / scale, picture.height - height / scale)
    part = (box[0] / 2, box[1] / 2, picture.width - box[0] / 2, picture.height - box[1] / 2)
    return on_white(picture).resize((width, height), Image.Resampling.LANCZOS, part)


def on_white(picture: Image.Image) -> Image.Image:
    """Return a picture without transparency."""
    whole = Image.new("RGB", picture.size, "white")
    whole.paste(picture, None, picture if picture.mode == "RGBA" else None)
    return whole


def to_jpeg(picture: Image.Image, most_bytes: int) -> bytes:
    """Return a drawn picture as JPEG, as good as fits into so many bytes; edges of colours stay sharp."""
    for quality in range(90, 9, -8):
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality, subsampling=0, optimize=True, progressive=True)
        if file.tell() <= most_bytes:
            break
    return file.getvalue()


def converted(webp: bytes, form: str) -> bytes:
    """Return one of our own pictures as "avif", for browsers that show it, or as "jpg", for those that know no WebP."""
    with Image.open(io.BytesIO(webp)) as picture:
        file = io.BytesIO()
        if form == "avif":
            picture.save(file, "AVIF", quality=50, speed=6)
        else:
            on_white(picture).save(file, "JPEG", quality=80, optimize=True, progressive=True)
        return file.getvalue()


def to_cmyk(picture: Image.Image) -> Image.Image:
    """Return a picture in the inks of a press: what its three colours share is black, so that no spot takes more than 300 %."""
    inks = [ImageChops.invert(band) for band in on_white(picture).split()]
    black = ImageChops.darker(ImageChops.darker(inks[0], inks[1]), inks[2])

    def less(found: dict[str, Any]) -> Any:
        left = (found["ink"] - found["black"]) * 255 / found["max"](255 - found["black"], 1)
        return found["convert"](left, "L")

    return Image.merge("CMYK", (*(ImageMath.lambda_eval(less, ink=ink, black=black) for ink in inks), black))


def to_png(picture: Image.Image) -> bytes:
    """Return a drawn picture as PNG."""
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return file.getvalue()


def _kind(data: bytes) -> str:
    """Tell the format by its first bytes, whatever the file is called."""
    if not data:
        raise PictureRefused(EMPTY)
    if len(data) > MOST_BYTES:
        raise PictureRefused(TOO_LARGE)
    kind = next((kind for kind, signature in SIGNATURES.items() if signature.match(data)), None)
    if kind is None:
        raise PictureRefused(IS_SVG if SVG.match(data) and b"<svg" in data[:4096].lower() else NO_PICTURE)
    if kind == "JPEG" and _scans(data) > MOST_SCANS:
        raise PictureRefused(BROKEN)
    if kind == "HEIF":
        _learn_heif()
    return kind


def _scans(jpeg: bytes) -> int:
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


def _check(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise PictureRefused(TOO_MANY_PIXELS)
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


def _shrunk(picture: Image.Image) -> Image.Image:
    scale = min(1.0, ORIGINAL_SIDE / max(picture.size))
    size = (round(picture.width * scale), round(picture.height * scale))
    return picture if scale == 1 else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)


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


def _part(picture: Image.Image, sort: str, crop: Crop | None) -> Image.Image:
    """Cut to the crop, then to the nearest shape that the sort of picture allows."""
    narrowest, widest = SHAPES[sort]
    x, y, width, height = 0, 0, picture.width, picture.height
    if crop:
        x, y = round(crop.x * picture.width), round(crop.y * picture.height)
        width = min(picture.width - x, max(1, round(crop.width * picture.width)))
        height = min(picture.height - y, max(1, round(crop.height * picture.height)))
    right = min(width, max(1, round(height * widest))) if widest < float("inf") else width
    low = min(height, max(1, round(width / narrowest))) if narrowest else height
    x += (width - right) // 2
    y += round((height - low) * (0.5 if crop else ABOVE_CENTRE))
    return picture.crop((x, y, x + right, y + low))


def _contact(part: Image.Image, margin: float) -> bytes:
    """Return the square baseline JPEG on white that goes into a contact file, at most 40 KB."""
    side = round(max(part.size) * (1 + 2 * margin))
    square = Image.new("RGB", (side, side), "white")
    square.paste(part, ((side - part.width) // 2, (side - part.height) // 2), part if part.mode == "RGBA" else None)
    for side in (400, 320):
        small = square.resize((side, side), Image.Resampling.LANCZOS)
        for quality in range(82, 41, -5):
            file = io.BytesIO()
            small.save(file, "JPEG", quality=quality, optimize=True)
            if file.tell() <= CONTACT_BYTES:
                return file.getvalue()
    return file.getvalue()


def _webp(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=quality, method=4)
    return file.getvalue()
