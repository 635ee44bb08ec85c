"""The only door to Pillow: check, turn upright, shrink, strip; the sizes that cards and contact files need."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageMath

from vcardapp.i18n import N_
from vcardapp.images_reading import LEAST_SIDE, MARKER, Limit, PictureRefused, kind_of, read_upright

__all__ = ["Image", "ImageChops", "ImageDraw", "ImageFilter", "PictureRefused"]  # the first four draw

MOST_BYTES = 15_000_000
MOST_PIXELS = 40_000_000
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
BARE = {b"\xc0", b"\xc4", b"\xda", b"\xdb", b"\xdd", b"\xe0"}  # of a baseline JPEG: frame, tables, scan, restarts, JFIF

TOO_LARGE = N_("This picture has more than 15 MB. Please choose a smaller one.")
TOO_MANY_PIXELS = N_("This picture has more than 40 megapixels. Please make it smaller, or choose another one.")
GONE = N_("This picture is not here any more. Please choose it once more.")
LIMIT = Limit(MOST_PIXELS, TOO_MANY_PIXELS)


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
    if len(data) > MOST_BYTES:
        raise PictureRefused(TOO_LARGE)
    kind = kind_of(data)
    with ONE_AT_A_TIME:
        return read_upright(io.BytesIO(data), kind, LIMIT, lambda width, height: min(1.0, ORIGINAL_SIDE / max(width, height)))


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
