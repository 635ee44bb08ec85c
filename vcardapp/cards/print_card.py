"""A business card for the press: what stands where on its two sides, in millimetres, in letters that are shapes already."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from vcardapp import images
from vcardapp.cards import qr_letters, qr_paths
from vcardapp.cards.qr_drawing import Dressed
from vcardapp.cards.qr_style import Initials, Style
from vcardapp.fitting import Fitted, fitted
from vcardapp.images import Image
from vcardapp.lettering import Outline, extent
from vcardapp.text_runs import direction_of

SIZES = {"eu": (85.0, 55.0), "us": (88.9, 50.8)}  # millimetres after the cut
SIDES = ("front", "back")
BLEED = 3.0  # millimetres that are drawn beyond the cut
EDGE = 5.5  # millimetres from the cut within which no letter stands
PHOTO, LOGO, PATTERN = 0.32, 0.2, 0.21  # of the width: a photo's strip, a logo's room, the strip of modules
AIR = 4.0  # between a text and what stands beside it
NAME = (7.4, 7.0, 6.6, 6.2, 5.8, 5.4, 5.0, 4.6, 4.2, 3.8, 3.4, 3.0, 2.7)  # an em of the name
WORK = (3.2, 3.0, 2.8, 2.6, 2.4, 2.2)
ROW = (2.7, 2.6, 2.5, 2.4, 2.3, 2.2, 2.1)  # 6 points are the least that a press prints well
MOST_LINES = {name: 3 if name > 3.4 else 6 if name > 3.0 else 9 for name in NAME}
BEFORE_ROWS = 0.6  # rather two rows less than a name in smaller print than this of what its width allows
ROW_STEP = 1.55  # from row to row, in ems
CODE = 0.62  # of the height: the code's modules without their zone
CALL = (4.6, 4.3, 4.0, 3.7, 3.4, 3.1, 2.8)
HINT, ADDRESS = (2.6, 2.5, 2.4, 2.3, 2.2), (2.5, 2.4, 2.3, 2.2, 2.1)
MODULE = 2.2
DENSE = 0.78  # of the modules at the very edge are dark, and ever fewer towards the text
BLACK, WHITE = "#000000", "#ffffff"


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    is_number: bool = False  # runs from left to right in every script


@dataclass(frozen=True, slots=True)
class PrintCard:
    """What is printed, as it stands on the page."""

    name: str
    work: tuple[str, ...]  # title, company, or a headline
    rows: tuple[Row, ...]  # the most important first: the last ones go where there is no room
    call: str  # what the code is for
    hint: str
    address: str
    language: str
    seed: str  # makes the pattern of modules the card's own
    accent: str  # "#rrggbb"
    code: Dressed
    photo: bytes | None = None
    logo: bytes | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """SVG path data in one colour, filled by the nonzero rule."""

    path: str
    colour: str


@dataclass(frozen=True, slots=True)
class Plate:
    """A picture and its place."""

    picture: Image.Image
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a width with its zone, in black alone, and its upper left corner."""

    drawing: Dressed
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Face:
    """One side: 0 0 is where the cuts meet at its upper left, shapes reach BLEED beyond every cut."""

    width: float
    height: float
    parts: tuple[Shape | Plate | Code, ...]
    missing: tuple[str, ...] = ()  # scripts that no font of this machine has


def in_black(style: Style) -> Style:
    """Return a style for one ink, without a frame: the card says in its own words what the code is for."""
    logo = replace(style.logo, colour=BLACK) if isinstance(style.logo, Initials) else style.logo
    return replace(style, dark=BLACK, gradient=None, light=WHITE, page=WHITE, frame=None, logo=logo)


def face_of(card: PrintCard, size: str, side: str) -> Face:
    """Lay out the "front" or "back" of a card of one of SIZES; raise ValueError for another."""
    if size not in SIZES or side not in SIDES:
        raise ValueError(f"no {side} of size {size}")
    return _front(card, *SIZES[size]) if side == "front" else _back(card, *SIZES[size])


def missing(card: PrintCard) -> tuple[str, ...]:
    """Return the scripts (ISO 15924) that no font of this machine has, on both sides."""
    found = (script for side in SIDES for script in face_of(card, "eu", side).missing)
    return tuple(dict.fromkeys(script for script in found if script != "emoji"))


def _front(card: PrintCard, width: float, height: float) -> Face:
    is_turned = direction_of(card.name) == "rtl"
    photo, logo = _open(card.photo), _open(card.logo)
    beside = width * (PHOTO if photo else LOGO if logo else PATTERN)
    above = width - EDGE - (EDGE if logo and not photo else 0) - beside - AIR
    below = width - 2 * EDGE if logo and not photo else above
    parts: list[Shape | Plate | Code] = [_ground(width, height)]
    if photo:
        parts.append(_strip(photo, width, height, beside, is_turned))
    elif logo:
        parts.append(_logo(logo, EDGE if is_turned else width - EDGE - beside, EDGE, beside, 0.27 * height, is_turned))
    else:
        parts += _pattern(card, width, height, beside, is_turned)
    top, rows, said = _texts(card, above, below, height - 2 * EDGE)
    y = EDGE
    for line, step, colour in top:
        y += step
        parts.append(Shape(_placed(line, EDGE, width - EDGE, y, is_turned), colour))
    y = height - EDGE
    for row in reversed(rows):
        for line in reversed(row.lines):
            parts.append(Shape(_placed(line, EDGE, width - EDGE, y - 0.1 * row.size, is_turned), BLACK))
            y -= ROW_STEP * row.size
    return Face(width, height, tuple(parts), _missing(said))


def _texts(
    card: PrintCard, above: float, below: float, room: float
) -> tuple[list[tuple[Outline, float, str]], list[Fitted], list[Fitted]]:
    """Return name and work with their steps, the rows, and all of them; rows go, then sizes, until there is room."""
    said = [row for row in _rows(card, below, ROW) if not row.is_cut]
    said = [row for row in _rows(card, below, [min((row.size for row in said), default=ROW[0])]) if not row.is_cut]
    rows = [row for row in said if row.is_whole]
    largest = fitted(card.name, above, NAME, 3, language=card.language).size
    for most in range(len(rows), -1, -1):
        kept = rows[:most]
        foot = sum(ROW_STEP * row.size * len(row.lines) for row in kept) + (AIR if kept else 0)
        for at, size in enumerate(NAME):
            name = fitted(card.name, above, NAME[at:], MOST_LINES[size], language=card.language)
            work = [
                fitted(text, above, _below(name.size), 2 if at < 8 else 3, weight=weight, language=card.language)
                for text, weight in zip(card.work, ("bold", "regular"), strict=False)
            ]
            stacked = _stack([name, *work])
            is_small = most > 2 and name.size < BEFORE_ROWS * largest
            if sum(step for _, step, _ in stacked) + foot <= room and not name.is_cut and not is_small:
                return stacked, kept, [name, *work, *said]
    name = fitted(card.name, above, NAME[-1:], MOST_LINES[NAME[-1]], language=card.language)
    return _stack([name]), [], [name, *said]


def _rows(card: PrintCard, width: float, sizes: Sequence[float]) -> Iterator[Fitted]:
    for row in card.rows:
        direction = "ltr" if row.is_number else None
        yield fitted(row.text, width, sizes, 2, weight="regular", direction=direction, language=card.language)


def _below(size: float) -> list[float]:
    """Return the sizes of what stands below a name: calmer than the name."""
    return [work for work in WORK if work <= 0.85 * size] or [WORK[-1]]


def _stack(texts: Sequence[Fitted]) -> list[tuple[Outline, float, str]]:
    """Return lines with the step to their baselines, from the upper edge of the first; marks of no two lines meet."""
    placed = [
        (line, 0.16 * text.size if number else 0.85 * text.size if at == 1 else 0.4 * text.size if at else 0.0)
        for at, text in enumerate(texts)
        if text.is_whole
        for number, line in enumerate(text.lines)
    ]
    found = [(line, max(-extent(line)[1], 0.72 * line.size), BLACK) for line, _ in placed[:1]]
    for (before, _), (line, gap) in pairwise(placed):
        step = max(extent(before)[3], 0.22 * before.size) + gap + max(-extent(line)[1], 0.72 * line.size)
        found.append((line, step, BLACK))
    return found


def _back(card: PrintCard, width: float, height: float) -> Face:
    is_turned = direction_of(card.call) == "rtl"
    drawing = card.code
    modules = CODE * height
    scale = modules / drawing.code.width
    whole, zone = scale * drawing.width, scale * drawing.style.zone
    margin = (height - modules) / 2
    left = width - margin - modules if is_turned else margin
    start, end = (EDGE, left - AIR - 2) if is_turned else (left + modules + AIR + 2, width - EDGE)
    parts: list[Shape | Plate | Code] = [_ground(width, height), Code(drawing, left - zone, margin - zone, whole)]
    call = fitted(card.call, end - start, CALL, 3)
    hint = fitted(card.hint, end - start, HINT, 5, weight="regular")
    address = fitted(card.address, end - start, ADDRESS, 4, weight="regular", direction="ltr")
    y = margin
    for line, step, colour in _stack([call, hint]):
        y += step
        parts.append(Shape(_placed(line, start, end, y, is_turned), colour))
    y = margin + modules
    for line in reversed(address.lines if not address.is_cut else ()):
        parts.append(Shape(_placed(line, start, end, y - 0.22 * address.size, is_turned), BLACK))
        y -= 1.35 * address.size
    return Face(width, height, tuple(parts), _missing([call, hint, address]))


def _ground(width: float, height: float) -> Shape:
    return Shape(qr_paths.rounded(-BLEED, -BLEED, width + 2 * BLEED, height + 2 * BLEED), WHITE)


def _placed(line: Outline, start: float, end: float, y: float, is_turned: bool) -> str:
    """Return a line with its ink at the start, which is the right end where the text runs to the left."""
    left, _, right, _ = extent(line)
    return qr_letters.moved(line, 1, end - right if is_turned else start - left, y).path


def _strip(photo: Image.Image, width: float, height: float, strip: float, is_turned: bool) -> Plate:
    """Return the photo from edge to edge at the end of the card, sharp at 300 dots an inch where it has them."""
    across, down = strip + BLEED, height + 2 * BLEED
    high = min(photo.height, 960)
    cut = images.cut_to(photo, round(high * across / down), high)
    return Plate(cut, -BLEED if is_turned else width - strip, -BLEED, across, down)


def _logo(logo: Image.Image, x: float, y: float, width: float, height: float, is_turned: bool) -> Plate:
    """Return the logo in the outer upper corner of a room."""
    scale = min(width / logo.width, height / logo.height)
    across, down = logo.width * scale, logo.height * scale
    return Plate(images.on_white(logo), x if is_turned else x + width - across, y, across, down)


def _pattern(card: PrintCard, width: float, height: float, strip: float, is_turned: bool) -> Iterator[Shape]:
    """Yield modules that thicken towards the edge and run over it, one of them in the card's colour."""
    columns = round(strip / MODULE)
    rows = int((height + 2 * BLEED) / MODULE) + 1
    noise = hashlib.shake_128(card.seed.encode()).digest((columns + 1) * rows + 2)
    signal = (columns - 2 - noise[-1] % 3, 3 + noise[-2] % (rows - 7))
    dark = ""
    for row in range(rows):
        for column in range(columns + 1):  # the last one lies beyond the cut and follows its neighbour
            at = min(column, columns - 1)
            share = DENSE * ((at + 1) / columns) ** 1.6
            if (at, row) != signal and noise[row * columns + at] < share * 256:
                dark += _module(width, column - columns, row, is_turned)
    yield Shape(dark, BLACK)
    yield Shape(_module(width, signal[0] - columns, signal[1], is_turned), card.accent)


def _module(width: float, column: int, row: int, is_turned: bool) -> str:
    """Return the path of a module, its column counted from the cut at the card's end."""
    x = -(column + 1) * MODULE if is_turned else width + column * MODULE
    return qr_paths.rounded(x, row * MODULE - BLEED, MODULE, MODULE)


def _missing(texts: Sequence[Fitted]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(script for text in texts for script in text.missing))


def _open(data: bytes | None) -> Image.Image | None:
    try:
        return images.open_upright(data) if data else None
    except images.PictureRefused:
        return None
