"""A logo in the middle of a QR code: its plate, what a camera sees of it, and pad bits that make the code show just that.

The codewords behind a message say nothing and may hold anything; those that correct are linear in all of them. So the
modules under a logo are a system of equations over GF(2): what is solved is no longer an error.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache

from vcardapp import images
from vcardapp.cards import qr, qr_encoder, qr_grid, qr_letters, qr_rules
from vcardapp.cards.qr_encoder import Encoded
from vcardapp.cards.qr_style import Initials, Picture, Style, luma

MARGIN = 0.4  # modules between the plate's edge and what is drawn on it
SAMPLE = 9  # pixels a module that the drawing is looked at with
MOST_SPARE = 400  # bits that are solved for
LAST_SOLVED = 10  # version: larger ones have many blocks, and pads in the last ones alone

Shown = tuple[tuple[bool, ...], ...]  # rows of a plate, True is dark


@dataclass(frozen=True, slots=True)
class Plate:
    """The square of whole modules that a logo takes, and what a camera sees of it."""

    start: int  # its first row and column
    side: int  # modules
    shown: Shown
    used: tuple[float, ...]  # share of each block's correction that the logo takes


@dataclass(frozen=True, slots=True)
class Group:
    """A codeword that stands under a plate, some of its modules at least."""

    block: int
    wanted: int  # its modules that should be dark, in the symbol's number
    places: tuple[int, ...]  # its modules, as shifts in the symbol's number
    turns: tuple[int, ...]  # for each of them, which spare bits turn it


def plate_of(version: int, share: float) -> tuple[int, int]:
    """Return the first row and the side, in modules, of a centred plate; clear of finders and format, so an odd side."""
    side = 17 + 4 * version
    wide = max(3, min(int(side * share + 1e-9), side - 18))
    wide -= 1 - wide % 2
    return (side - wide) // 2, wide


@lru_cache(maxsize=64)
def solved(text: str, style: Style) -> tuple[qr.Code, Plate]:
    """Return the code of a text for a style with a logo: of the levels and masks, the one that is read best.

    The version is that of the code without a logo. Raise ValueError where the text is too long.
    """
    version = qr.matrix(text).version
    start, side = plate_of(version, style.logo_side)
    shown = shown_by(style, side)
    made, found = qr_grid.grid(version), []
    for level in qr_encoder.LEVELS:
        try:
            encoded = qr.encoded(text, level)
        except ValueError:  # no version holds it at this level
            continue
        if encoded.version != version:
            continue
        groups = _groups(version, level, start, shown, encoded.spare if version <= LAST_SOLVED else 0)
        bits, size = qr_encoder.bits_of(encoded), len(encoded.data)
        for mask in range(8) if version <= LAST_SOLVED else (qr_grid.best_mask(bits, version),):
            turned, used = _solve(groups, bits ^ made.masks[mask], version, level)
            data = int.from_bytes(encoded.data, "big") ^ turned
            filled = replace(encoded, data=data.to_bytes(size, "big"))
            code = qr.drawn(filled, mask)
            share = qr_rules.logo_share(version, level, max(used))
            found.append((share, -made.penalty(code.bits), code, used))
    _, _, code, used = max(found, key=lambda choice: choice[:2])
    return code, Plate(start, side, shown, used)


@lru_cache(maxsize=256)
def shown_by(style: Style, side: int) -> Shown:
    """Return which modules look dark in the drawing of a style's logo on a plate of so many modules."""
    grey = drawn(style, side, SAMPLE).convert("L")
    area = grey.reduce(SAMPLE).tobytes()
    middle = grey.reduce(SAMPLE // 3).resize((side, side), images.Image.Resampling.NEAREST).tobytes()
    half = luma(style.light) + max(map(luma, style.darks))
    dark = [one + other < half for one, other in zip(area, middle, strict=True)]
    return tuple(tuple(dark[row * side : (row + 1) * side]) for row in range(side))


def drawn(style: Style, side: int, scale: int) -> images.Image.Image:
    """Return the plate of a style's logo, so many modules wide, as a picture with so many pixels a module."""
    plate = images.canvas(side * scale, side * scale, style.light)
    room = side - 2 * MARGIN
    if isinstance(style.logo, Initials):
        letters = qr_letters.moved(qr_letters.initials(style.logo.text, room), 1, MARGIN, MARGIN)
        qr_letters.ink(plate, letters, scale, 0, style.logo.colour)
    elif isinstance(style.logo, Picture):
        picture = opened(style.logo.png)
        left, top, width, height = (round(length * scale) for length in fitted(picture.size, room, MARGIN))
        small = picture.resize((width, height), images.Image.Resampling.LANCZOS)
        plate.paste(small, (left, top), small if small.mode == "RGBA" else None)
    return plate


def fitted(size: tuple[int, int], room: float, at: float) -> tuple[float, float, float, float]:
    """Return left, top, width and height of a picture inside a square whose corner is at `at` `at`."""
    width, height = (room * length / max(size) for length in size)
    return at + (room - width) / 2, at + (room - height) / 2, width, height


@lru_cache(maxsize=32)
def opened(png: bytes) -> images.Image.Image:
    """Return a logo's pixels; not to be changed."""
    return images.open_upright(png)


def _groups(version: int, level: str, start: int, shown: Shown, spare: int) -> list[Group]:
    """Return the codewords under a plate, those with the fewest modules there first: they are the cheapest to solve."""
    made, width = qr_grid.grid(version), 17 + 4 * version
    found: dict[int, list[tuple[int, bool]]] = {}
    for row, line in enumerate(shown, start):
        for column, dark in enumerate(line, start):
            index = row * width + column
            if made.places[index] >= 0:
                found.setdefault(made.places[index] // 8, []).append((made.size - 1 - index, dark))
    block_of = {place: block for block, order in enumerate(qr_encoder.block_order(version, level)) for place in order}
    reach = _reach(version, level, spare)
    groups = []
    for codeword, modules in found.items():
        turns = (sum((bits >> place & 1) << i for i, bits in enumerate(reach)) for place, _ in modules)
        wanted = sum(1 << place for place, dark in modules if dark)
        groups.append(Group(block_of[codeword], wanted, tuple(place for place, _ in modules), tuple(turns)))
    return sorted(groups, key=lambda group: len(group.places))


@cache
def _reach(version: int, level: str, spare: int) -> tuple[int, ...]:
    """Return which modules each spare bit turns, the last bit of the data first."""
    room = qr_encoder.blocks(version, level).room
    return tuple(
        qr_encoder.bits_of(Encoded(version, level, (1 << bit).to_bytes(room, "big"), 0))
        for bit in range(min(spare, MOST_SPARE))
    )


def _solve(groups: list[Group], bits: int, version: int, level: str) -> tuple[int, tuple[float, ...]]:
    """Return which spare bits to turn so that most codewords show what is wanted, and what the rest uses of each block."""
    rows: dict[int, int] = {}  # by its highest spare bit: an equation, its lowest bit is the right side
    cut = qr_encoder.blocks(version, level)
    wrong = [0] * len(cut.sizes)
    for group in groups:
        wanted, added = bits ^ group.wanted, []
        for place, turns in zip(group.places, group.turns, strict=True):
            row = turns << 1 | wanted >> place & 1
            while (highest := row.bit_length()) > 1 and highest in rows:
                row ^= rows[highest]
            if row > 1:
                rows[highest] = row
                added.append(highest)
            elif row:
                wrong[group.block] += 1
                for highest in added:
                    del rows[highest]
                break
    turned = 0
    for highest in sorted(rows):
        row = rows[highest]
        if ((row >> 1 & turned).bit_count() + row) & 1:
            turned |= 1 << highest - 2
    return turned, tuple(count / (cut.correction // 2) for count in wrong)
