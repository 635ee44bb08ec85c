"""The sizes and forms in which pictures of albums and shops are shown: AVIF, WebP and JPEG, never upscaled; animations."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from vcardapp.i18n import N_
from vcardapp.images_reading import (
    Limit,
    check_size,
    kind_of,
    opened,
    read_upright,
    refusing,
    scaled,
)

WIDTHS = (320, 640, 1280, 1920)
TALLEST = 3840  # pixels of the largest size
MOST_PIXELS = 64_000_000
MOST_OF_A_JPEG = 120_000_000  # it is shrunk while it is decoded, unless it is a progressive one
FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"quality": 50, "max_threads": 1}),
    "webp": ("WEBP", {"quality": 78, "method": 3}),
    "jpg": ("JPEG", {"quality": 80, "optimize": True, "progressive": True}),
}
CAREFUL_TO = 640  # pixels of width: phones load these; wider ones as AVIF would take five times as long for a tenth fewer bytes
PLACEHOLDER_BYTES = 200
MOST_FRAMES = 300
ANIMATION_WIDTH = 640
LEAST_ANIMATION_WIDTH = 160
MOST_OF_AN_ANIMATION = 40_000_000  # pixels of all frames together, as shown
LONGEST_FRAME = 10_000  # milliseconds
SHORTEST_FRAME = 20

TOO_MANY_PIXELS = N_("This picture has more than 64 megapixels. Please make it smaller, or choose another one.")
TOO_MANY_OF_A_JPEG = N_("This picture has more than 120 megapixels. Please make it smaller, or choose another one.")
ANY = Limit(MOST_PIXELS, TOO_MANY_PIXELS)
JPEG = Limit(MOST_OF_A_JPEG, TOO_MANY_OF_A_JPEG)

Write = Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of an upload; width and height are those of the upload, upright."""

    kind: str
    width: int
    height: int
    widths: list[int]
    placeholder: str
    animation_width: int = 0
    pages: int = 0


def make_all(path: Path, write: Write) -> Made:
    """Make all files of a picture and hand each to `write` with its name; raise PictureRefused.

    Pixels take at most 4 bytes each in memory, and a JPEG is shrunk before. Of what moves there is an animated WebP
    as well, unless it is too long: then it stands still.
    """
    Image.MAX_IMAGE_PIXELS = MOST_OF_A_JPEG
    with path.open("rb") as source:
        kind = kind_of(source.read(4096))
        source.seek(0)
        with refusing(JPEG if kind == "JPEG" else ANY), opened(source, kind) as picture:
            limit = _limit_of(picture, kind)
            check_size(picture, limit)
            frames = getattr(picture, "n_frames", 1) if kind in ("GIF", "WEBP") else 1
        source.seek(0)
        whole: list[tuple[int, int]] = []

        def scale(width: int, height: int) -> float:
            whole.append((width, height))
            return min(1.0, WIDTHS[-1] / width, TALLEST / height)

        master = read_upright(source, kind, limit, scale)
    animation_width = _animate(path, kind, frames, write) if frames > 1 else 0
    made = make_sizes(master, write)
    width, height = whole[0]
    return Made("animation" if animation_width else "picture", width, height, made, placeholder(master), animation_width)


def _limit_of(picture: Image.Image, kind: str) -> Limit:
    return JPEG if kind == "JPEG" and not picture.info.get("progressive") else ANY


def make_sizes(master: Image.Image, write: Write) -> list[int]:
    """Make every size and form of an upright picture and return the widths."""
    widths = [width for width in WIDTHS if width < master.width] + [min(master.width, WIDTHS[-1])]
    for width in widths:
        size = (width, scaled(master.size, width / master.width)[1])
        small = master if size == master.size else master.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
        for form, (name, options) in FORMS.items():
            file, more = io.BytesIO(), {"speed": 8 if width <= CAREFUL_TO else 9} if form == "avif" else {}
            (_on_white(small) if form == "jpg" else small).save(file, name, **options, **more)
            write(f"{width}.{form}", file.getvalue())
    return widths


def placeholder(picture: Image.Image) -> str:
    """Return a few blurred pixels as a data: address of at most 200 bytes."""
    for side, quality in ((10, 20), (8, 10), (6, 5), (4, 1), (2, 1)):
        scale = side / max(picture.size)
        file = io.BytesIO()
        small = _on_white(picture.resize(scaled(picture.size, scale), Image.Resampling.BOX))
        small.save(file, "WEBP", quality=quality, method=6)
        address = "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()
        if len(address) <= PLACEHOLDER_BYTES:
            return address
    return ""


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    whole = Image.new("RGB", picture.size, "white")
    whole.paste(picture, None, picture)
    return whole


def _animate(path: Path, kind: str, frames: int, write: Write) -> int:
    """Make the animated WebP and return its width, 0 where it would be too long or is broken after its first frame."""
    with Image.open(path, formats=(kind,)) as moving:
        width = min(moving.width, ANIMATION_WIDTH)
        while width >= LEAST_ANIMATION_WIDTH and frames * width * width * moving.height > MOST_OF_AN_ANIMATION * moving.width:
            width = width * 3 // 4
        if frames > MOST_FRAMES or frames * width * width * moving.height > MOST_OF_AN_ANIMATION * moving.width:
            return 0
        size = (width, scaled(moving.size, width / moving.width)[1])
        shown: list[Image.Image] = []
        lasting: list[int] = []
        try:
            for number in range(frames):
                moving.seek(number)
                shown.append(_bare(moving.convert("RGBA").resize(size, Image.Resampling.BICUBIC)))
                lasting.append(min(LONGEST_FRAME, max(SHORTEST_FRAME, int(moving.info.get("duration") or 100))))
        except Exception:  # decoders raise anything at all on hostile bytes
            return 0
        loop = int(moving.info.get("loop") or 0)
    file = io.BytesIO()
    shown[0].save(file, "WEBP", save_all=True, append_images=shown[1:], duration=lasting, loop=loop, quality=60, method=2)
    write("animation.webp", file.getvalue())
    return width


def _bare(frame: Image.Image) -> Image.Image:
    bare = Image.new("RGBA", frame.size)
    bare.paste(frame)
    return bare


def make_of_page(page: Image.Image, pages: int, write: Write) -> Made:
    """Make all files of the drawn first page of a paper."""
    bare = Image.new("RGB", page.size)
    bare.paste(page)
    return Made("paper", page.width, page.height, make_sizes(bare, write), placeholder(bare), pages=pages)
