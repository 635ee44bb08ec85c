"""The icon of a card on a home screen: its photo, its logo, or its initial in the card's colours."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from vcardapp import fonts, images
from vcardapp.images import Image
from vcardapp.inking import ink
from vcardapp.lettering import extent, outline

DRAWING = "1"  # to be changed with the look, so that phones fetch it anew
SIZES = {
    "180": (180, 0.8),
    "192": (192, 0.8),
    "512": (512, 0.8),
    "maskable": (512, 0.56),
}  # pixels, room for logo or letter
WHITE = "#ffffff"


@dataclass(frozen=True, slots=True)
class Icon:
    initial: str
    language: str
    paper: str  # "#rrggbb" behind the initial
    ink: str
    photo: str  # ids of pictures
    logo: str


def mark(icon: Icon) -> str:
    """Return what stands in the files' names: it changes with everything that is drawn, fonts included."""
    said = json.dumps([DRAWING, fonts.signature(), asdict(icon)])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def draw(icon: Icon, name: str, photo: bytes | None, logo: bytes | None) -> bytes:
    """Return one of SIZES as PNG; of a maskable one the middle circle, four fifths wide, is all that is surely seen."""
    side, room = SIZES[name]
    picture = _open(photo)
    if picture:
        return images.to_png(images.cut_to(picture, side, side))
    picture = _open(logo)
    return images.to_png(_with_logo(picture, side, room) if picture else _with_initial(icon, side, room))


def _with_logo(logo: Image.Image, side: int, room: float) -> Image.Image:
    scale = side * room / max(logo.size)
    size = (max(1, round(logo.width * scale)), max(1, round(logo.height * scale)))
    corner = logo.getpixel((0, 0))
    plate = images.canvas(side, side, WHITE)
    if logo.mode == "RGB" and isinstance(corner, tuple):
        plate.paste(corner, (0, 0, side, side))
    small = images.on_white(logo).resize(size, Image.Resampling.LANCZOS)
    plate.paste(small, ((side - size[0]) // 2, (side - size[1]) // 2))
    return plate


def _with_initial(icon: Icon, side: int, room: float) -> Image.Image:
    plate = images.canvas(side, side, icon.paper)
    letter = outline(icon.initial, side * room * 0.8, language=icon.language)
    if letter.is_whole:
        left, top, right, bottom = extent(letter)
        ink(plate, letter, (side - left - right) / 2, (side - top - bottom) / 2, icon.ink)
    else:  # the eye of a code
        module = round(side * room / 9)
        start = (side - 7 * module) // 2
        for ring, colour in ((0, icon.ink), (1, icon.paper), (2, icon.ink)):
            near, far = start + ring * module, start + (7 - ring) * module
            plate.paste(colour, (near, near, far, far))
    return plate


def _open(data: bytes | None) -> Image.Image | None:
    try:
        return images.open_upright(data) if data else None
    except images.PictureRefused:
        return None
