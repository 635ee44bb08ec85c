"""The picture that messengers show for a card's address: 1200 x 630 pixels, name and face inside the middle square."""

from __future__ import annotations

import colorsys
import hashlib
import json
from dataclasses import asdict, dataclass
from itertools import pairwise, product

from vcardapp import fonts, images
from vcardapp.fitting import Fitted, fitted
from vcardapp.images import Image
from vcardapp.inking import ink
from vcardapp.lettering import Outline, extent, outline
from vcardapp.text_runs import direction_of

DRAWING = "1"  # to be changed with the look, so that messengers fetch it anew
WIDTH, HEIGHT = 1200, 630
MOST_BYTES = 300_000  # WhatsApp's limit by the strictest source
MIDDLE = 600  # width of what everybody sees, in pixels: some cut the picture to a square
BAND = 240  # height of the cover
MODULE = 30
FACE, TOP, RIM = 240, 52, 12  # the portrait's side, its place and the paper around it
BARE_FACE, BARE_TOP = 380, 125  # where nothing can be lettered
FOOT, LEAST_GAP = 606, 20  # below the foot stands nothing; between face and name, too
PAPER, INK, SOFT, SIGNAL = "#f5f1e8", "#1a1714", "#575047", "#cb3408"
NAME_SIZES = (92, 84, 76, 68, 60, 52, 46, 40)
LINE_SIZES = (40, 36, 32, 28, 25)
LEAST_SIZE = 23
BY_LINES = {1: 1.25, 2: 1.0, 3: 0.85}  # how much a size of the name is worth on so many lines
LINE_SETS = {(1.0, 2): 1.0, (0.9, 2): 0.95, (0.8, 2): 0.88, (0.8, 1): 0.84, (0.7, 1): 0.72}  # scale and most lines of the rest
ON_ONE_LINE = 0.73  # how small a text may be beside the same on two lines
INKS = ("#1f4a3d", "#23395d", "#5b2b4c", "#8c4a12", "#0f4f57", "#2e4756", "#4a3f78")  # of covers that are none
EDGE = (0.12, 0.38, 0.72)  # how much of the cover's last rows is paper


@dataclass(frozen=True, slots=True)
class Preview:
    """What is drawn, as it stands on the page."""

    name: str
    lines: tuple[str, ...]  # title, company, or a headline
    initial: str
    language: str
    seed: str  # makes the edge of modules the card's own
    photo: str  # ids of pictures
    logo: str
    cover: str
    colour: str = ""  # "#rrggbb" in place of a cover; else one of the photo, else the card's own


@dataclass(frozen=True, slots=True)
class Pictures:
    """The bytes of a card's pictures, None for those it has not."""

    photo: bytes | None = None
    logo: bytes | None = None
    cover: bytes | None = None


def mark(preview: Preview) -> str:
    """Return what stands in the file's name: it changes with everything that is drawn, fonts included."""
    said = json.dumps([DRAWING, fonts.signature(), asdict(preview)], ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def missing(preview: Preview) -> tuple[str, ...]:
    """Return the scripts (ISO 15924) that no font has, for which the picture goes without its text."""
    texts = [_name(preview, NAME_SIZES[0], 3), *_lines(preview, 1.0, 2)]
    return tuple(dict.fromkeys(script for text in texts for script in text.missing if script != "emoji"))


def draw(preview: Preview, pictures: Pictures) -> bytes:
    """Return the picture as JPEG below 300 KB."""
    photo, logo, cover = (_open(data) for data in (pictures.photo, pictures.logo, pictures.cover))
    colour = preview.colour or _colour_of(photo or logo) or INKS[_noise(preview.seed, 1)[0] % len(INKS)]
    lines = _set(preview)
    drawn = images.canvas(WIDTH, HEIGHT, PAPER)
    _draw_cover(drawn, cover, colour, preview.seed, direction_of(preview.name) == "rtl")
    _draw_face(drawn, _face(preview, photo, logo, FACE if lines else BARE_FACE), TOP if lines else BARE_TOP)
    for line, x, y, ink_colour in lines:
        ink(drawn, line, x, y, ink_colour)
    return images.to_jpeg(drawn, MOST_BYTES)


def _set(preview: Preview) -> list[tuple[Outline, float, float, str]]:
    """Return lines with the place of their baselines and their colours; none where the name cannot be lettered."""
    if not _name(preview, NAME_SIZES[-1], 3).is_whole:
        return []
    start = TOP + FACE + RIM
    names = {(size, count): _name(preview, size, count) for size, count in product(NAME_SIZES, BY_LINES)}
    others = {key: [text for text in _lines(preview, *key) if text.is_whole] for key in LINE_SETS}
    worth = {
        (size, count, *rest): size * BY_LINES[count] * LINE_SETS[rest]
        for size, count, rest in product(NAME_SIZES, BY_LINES, LINE_SETS)
    }
    for size, count, scale, most in sorted(worth, key=worth.__getitem__, reverse=True):
        name = names[size, count]
        if name.is_cut or (name.size, len(name.lines)) != (size, count):
            continue
        lines = _one_below_the_other(name, others[scale, most])
        if _tall(lines) <= FOOT - start - 2 * LEAST_GAP:
            break
    else:
        lines = _one_below_the_other(_name(preview, NAME_SIZES[-1], 3), [])
    y = start + (FOOT - start - _tall(lines)) / 2 - extent(lines[0][0])[1]
    return [(line, (WIDTH - line.width) / 2, y + below, colour) for line, below, colour in lines]


def _name(preview: Preview, largest: int, count: int) -> Fitted:
    sizes = [size for size in NAME_SIZES if size <= largest]
    return fitted(preview.name, MIDDLE, sizes, count, language=preview.language)


def _lines(preview: Preview, scale: float, most: int) -> list[Fitted]:
    weights = ["bold" if len(preview.lines) > 1 else "regular", *["regular"] * len(preview.lines)]
    return [
        _calm(text, [max(LEAST_SIZE, size * scale) for size in LINE_SIZES], most, weight, preview.language)
        for text, weight in zip(preview.lines, weights, strict=False)
    ]


def _calm(text: str, sizes: list[float], most: int, weight: str, language: str) -> Fitted:
    """Fit a text, on one line where that is not much smaller."""
    several, one = (fitted(text, MIDDLE, sizes, lines, weight=weight, language=language) for lines in (most, 1))
    return one if not one.is_cut and one.size >= ON_ONE_LINE * several.size else several


def _tall(lines: list[tuple[Outline, float, str]]) -> float:
    """Return the height of the ink."""
    return lines[-1][1] + extent(lines[-1][0])[3] - extent(lines[0][0])[1]


def _one_below_the_other(name: Fitted, more: list[Fitted]) -> list[tuple[Outline, float, str]]:
    """Return lines with their distance from the first baseline and their colours; marks of no two lines meet."""
    placed = [(line, INK, 0.14 * name.size) for line in name.lines]
    for number, text in enumerate(more):
        colour = INK if number == 0 and len(more) > 1 else SOFT
        gap = 0.4 * text.size + (0.1 * name.size if number == 0 else 0)
        placed += [(line, colour, gap if at == 0 else 0.28 * text.size) for at, line in enumerate(text.lines)]
    found = [(placed[0][0], 0.0, INK)]
    for (before, _, _), (line, colour, gap) in pairwise(placed):
        step = max(extent(before)[3], 0.24 * before.size) + gap + max(-extent(line)[1], 0.72 * line.size)
        found.append((line, found[-1][1] + step, colour))
    return found


def _draw_cover(drawn: Image.Image, cover: Image.Image | None, colour: str, seed: str, is_turned: bool) -> None:
    """Lay the cover over the top, its lower edge crumbling into modules."""
    if cover:
        drawn.paste(images.cut_to(cover, WIDTH, BAND), (0, 0))
    else:
        drawn.paste(colour, (0, 0, WIDTH, BAND))
    columns = WIDTH // MODULE
    noise = _noise(seed, columns * len(EDGE) + 2)
    for row, share in enumerate(EDGE):
        for column in range(columns):
            if noise[row * columns + column] < share * 256:
                _square(drawn, column, BAND // MODULE - len(EDGE) + row, PAPER)
    column = 3 + noise[-1] % 5
    _square(drawn, columns - 1 - column if is_turned else column, BAND // MODULE - 1 + noise[-2] % 2, SIGNAL)


def _noise(seed: str, length: int) -> bytes:
    return hashlib.shake_128(seed.encode()).digest(length)


def _square(drawn: Image.Image, column: int, row: int, colour: str) -> None:
    drawn.paste(colour, (column * MODULE, row * MODULE, (column + 1) * MODULE, (row + 1) * MODULE))


def _face(preview: Preview, photo: Image.Image | None, logo: Image.Image | None, side: int) -> Image.Image:
    if photo:
        return images.cut_to(photo, side, side)
    if logo:
        return _logo(logo, side)
    plate = images.canvas(side, side, INK)
    letter = outline(preview.initial, side * 0.56, language=preview.language)
    if letter.is_whole:
        left, top, right, bottom = extent(letter)
        ink(plate, letter, (side - left - right) / 2, (side - top - bottom) / 2, PAPER)
    else:
        _draw_modules(plate, preview.seed)
    return plate


def _logo(logo: Image.Image, side: int) -> Image.Image:
    corner = logo.getpixel((0, 0))
    plate = images.canvas(side, side, "#ffffff")
    if logo.mode == "RGB" and isinstance(corner, tuple):
        plate.paste(corner, (0, 0, side, side))
    room = side * 0.76
    scale = min(room / logo.width, room / logo.height)
    size = (max(1, round(logo.width * scale)), max(1, round(logo.height * scale)))
    small = images.on_white(logo).resize(size, Image.Resampling.LANCZOS)
    plate.paste(small, ((side - size[0]) // 2, (side - size[1]) // 2))
    return plate


def _draw_modules(plate: Image.Image, seed: str) -> None:
    """Draw a pattern like that of a code, alike on both sides, for a face without a letter."""
    noise = _noise(seed, 28)
    module = plate.width // 9
    start = (plate.width - 7 * module) // 2
    for row in range(7):
        for column in range(4):
            if noise[row * 4 + column] % 2:
                for place in {column, 6 - column}:
                    x, y = start + place * module, start + row * module
                    plate.paste(PAPER, (x, y, x + module, y + module))


def _draw_face(drawn: Image.Image, face: Image.Image, top: int) -> None:
    left = (WIDTH - face.width) // 2
    drawn.paste(PAPER, (left - RIM, top - RIM, left + face.width + RIM, top + face.height + RIM))
    drawn.paste(face, (left, top))


def _open(data: bytes | None) -> Image.Image | None:
    try:
        return images.open_upright(data) if data else None
    except images.PictureRefused:
        return None


def _colour_of(picture: Image.Image | None) -> str:
    """Return a deep colour of the picture, "" where it has none."""
    if picture is None:
        return ""
    small = images.on_white(picture).resize((48, 48)).quantize(8)
    palette, counts = small.getpalette() or [], small.getcolors() or []
    best, most = (0.0, 0.0, 0.0), 0.0
    for count, index in counts:
        red, green, blue = (value / 255 for value in palette[3 * int(index) : 3 * int(index) + 3])  # type: ignore[arg-type]
        hue, light, rich = colorsys.rgb_to_hls(red, green, blue)
        weight = count * rich * (1 - abs(2 * light - 1))
        if weight > most:
            best, most = (hue, light, rich), weight
    if most < 60:
        return ""
    hue, light, rich = best
    return "#" + "".join(f"{round(255 * value):02x}" for value in colorsys.hls_to_rgb(hue, min(0.5, max(0.24, light)), rich))
