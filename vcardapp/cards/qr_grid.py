"""The grid of a QR code: where each bit of its codewords stands, the eight masks and which of them is best.

A symbol is one whole number here: a bit a module, the top left module first (highest), dark is 1, no quiet zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from operator import itemgetter

LEVEL_BITS = {"L": 1, "M": 0, "Q": 3, "H": 2}  # ISO/IEC 18004 §7.9.1
MASKS = (  # §7.8.2, row and column from the top left; all repeat after 12 rows
    lambda y, x: (y + x) % 2 == 0,
    lambda y, x: y % 2 == 0,
    lambda y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: (y * x) % 2 + (y * x) % 3 == 0,
    lambda y, x: ((y * x) % 2 + (y * x) % 3) % 2 == 0,
    lambda y, x: ((y * x) % 3 + (y + x) % 2) % 2 == 0,
)


def placed(codewords: bytes, version: int) -> int:
    """Return interleaved codewords on their modules: unmasked, with every other module light.

    Linear: the exclusive or of two rows of codewords is placed as the exclusive or of both.
    """
    bits = f"{int.from_bytes(codewords, 'big'):0{8 * len(codewords)}b}0"
    return int("".join(grid(version).pick(bits)), 2)


def finished(bits: int, version: int, level: str, mask: int) -> int:
    """Return the symbol of placed codewords: masked, with all patterns and the format."""
    made = grid(version)
    return bits ^ made.masks[mask] ^ made.patterns ^ made.formats[level][mask]


def best_mask(bits: int, version: int) -> int:
    """Return the first of the masks that give placed codewords the fewest penalty points (§7.8.3).

    The modules of the format count as light, as they do in the qrcode package, so that both choose alike.
    """
    made = grid(version)
    plain = bits ^ made.patterns
    points = [made.penalty(plain ^ mask) for mask in made.masks]
    return points.index(min(points))


def codewords_of(version: int) -> int:
    """Return how many codewords a version holds, those of correction included (§6.4)."""
    modules = (16 * version + 128) * version + 64
    if version > 1:
        count = version // 7 + 2
        modules -= (25 * count - 10) * count - 55
    return (modules - 36 * (version >= 7)) // 8


class Grid:
    """What all symbols of a version share."""

    def __init__(self, version: int) -> None:
        self.side = side = 17 + 4 * version
        self.size = side * side
        fixed = _patterns(version)
        free = [index for index in _snake(side) if index not in fixed]
        places = [-1] * self.size
        for bit, index in enumerate(free[: 8 * codewords_of(version)]):
            places[index] = bit
        self.places = tuple(places)  # which bit of the interleaved codewords a module shows, -1 for none
        self.pick = itemgetter(*places)  # from a text of those bits that ends in one more 0
        self.patterns = self._number(index for index, dark in fixed.items() if dark)
        self.data = self._number(free)
        self.masks = tuple(self._mask(number) & self.data for number in range(8))
        self.formats = {level: tuple(self._format(version, level, mask) for mask in range(8)) for level in LEVEL_BITS}
        columns = [self._number(range(x, self.size, side)) for x in range(side)]
        self.all = (1 << self.size) - 1
        self.not_left, self.not_top = self.all ^ columns[0], self.all >> side
        self.from_6, self.from_10 = sum(columns[6:-4]), sum(columns[10:])

    def penalty(self, dark: int) -> int:
        """Return the penalty points of a symbol, by the four rules of §7.8.3."""
        side, light = self.side, dark ^ self.all
        across = ((dark ^ dark >> 1) & self.not_left) ^ self.not_left  # the same as the left neighbour
        down = ((dark ^ dark >> side) & self.not_top) ^ self.not_top  # the same as the one above
        points = 3 * (across & across >> side & down).bit_count()
        for same, step in ((across, 1), (down, side)):
            threes = same & same >> step
            fives = threes & threes >> 2 * step
            points += 3 * fives.bit_count() - 2 * (fives & fives >> step).bit_count()
        for step, before, after in ((1, self.from_10, self.from_6), (side, self.all, self.all)):
            edge = dark & light >> step
            eye = edge & edge >> 4 * step & dark >> 6 * step & dark >> 2 * step & dark >> 3 * step  # 1011101
            two = light & light >> step
            four = two & two >> 2 * step
            points += 40 * ((eye & four >> 7 * step & before).bit_count() + (eye & four << 4 * step & after).bit_count())
        return points + 10 * int(abs(dark.bit_count() / self.size * 100 - 50) / 5)

    def _number(self, dark: Iterable[int]) -> int:
        cells = bytearray(b"0" * self.size)
        for index in dark:
            cells[index] = ord("1")
        return int(cells, 2)

    def _mask(self, number: int) -> int:
        rows = ["".join("01"[MASKS[number](y, x)] for x in range(self.side)) for y in range(12)]
        return int("".join(rows[y % 12] for y in range(self.side)), 2)

    def _format(self, version: int, level: str, mask: int) -> int:
        side = self.side
        bits = _checked(LEVEL_BITS[level] << 3 | mask, 10, 0x537) ^ 0x5412
        dark = [side * (side - 8) + 8]
        for bit, (one, other) in enumerate(zip(*_format_places(side), strict=True)):
            dark += [one, other] * (bits >> bit & 1)
        if version >= 7:
            bits = _checked(version, 12, 0x1F25)
            for bit, (one, other) in enumerate(_version_places(side)):
                dark += [one, other] * (bits >> bit & 1)
        return self._number(dark)


grid = cache(Grid)


def _patterns(version: int) -> dict[int, bool]:
    """Return whether each module is dark that carries no codeword, by its index; those of the format are light."""
    side = 17 + 4 * version
    found = {}
    for top, left in ((0, 0), (0, side - 7), (side - 7, 0)):
        for y in range(max(top - 1, 0), min(top + 8, side)):
            for x in range(max(left - 1, 0), min(left + 8, side)):
                found[y * side + x] = max(abs(y - top - 3), abs(x - left - 3)) in (0, 1, 3)
    centres = alignments(version)
    for row in centres:
        for column in centres:
            if row * side + column not in found:
                for y in range(row - 2, row + 3):
                    for x in range(column - 2, column + 3):
                        found[y * side + x] = max(abs(y - row), abs(x - column)) != 1
    for i in range(8, side - 8):
        found.setdefault(i * side + 6, i % 2 == 0)
        found.setdefault(6 * side + i, i % 2 == 0)
    for places in _format_places(side):
        found.update(dict.fromkeys(places, False))
    found[side * (side - 8) + 8] = False
    if version >= 7:
        found.update((place, False) for pair in _version_places(side) for place in pair)
    return found


def alignments(version: int) -> list[int]:
    """Return the rows, which are also the columns, of the centres of alignment patterns (Annex E)."""
    if version == 1:
        return []
    count = version // 7 + 2
    step = (8 * version + 3 * count + 5) // (4 * count - 4) * 2
    return [6, *(10 + 4 * version - step * i for i in reversed(range(count - 1)))]


def _format_places(side: int) -> tuple[list[int], list[int]]:
    """Return where the fifteen format bits stand twice, the lowest bit first (§7.9)."""
    rows = [*range(6), 7, 8, *range(side - 7, side)]
    columns = [*range(side - 1, side - 9, -1), 7, *range(5, -1, -1)]
    return [side * row + 8 for row in rows], [8 * side + column for column in columns]


def _version_places(side: int) -> list[tuple[int, int]]:
    """Return where the eighteen version bits stand twice, the lowest bit first (§7.10)."""
    return [(i // 3 * side + i % 3 + side - 11, (i % 3 + side - 11) * side + i // 3) for i in range(18)]


def _checked(value: int, length: int, polynomial: int) -> int:
    """Return a value with its BCH check bits behind it (Annexes C and D)."""
    rest = value << length
    while rest >> length:
        rest ^= polynomial << rest.bit_length() - length - 1
    return value << length | rest


def _snake(side: int) -> Iterator[int]:
    """Yield the modules in the order of the bits: two columns at a time from the right, up and down (§7.7.3)."""
    upwards = True
    for right in range(side - 1, 0, -2):
        right -= right <= 6
        for y in reversed(range(side)) if upwards else range(side):
            yield y * side + right
            yield y * side + right - 1
        upwards = not upwards
