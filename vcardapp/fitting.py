"""Text that is to fit a width: wrapped where its script allows it, set in the largest size that fits, cut only at the last."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vcardapp.lettering import Outline, measured, outline
from vcardapp.text_runs import clusters, direction_of, drawable

ELLIPSIS = "…"
NOT_FIRST = (  # on a line, JIS X 4051
    "、。，．・：；！？」』）］｝】〉》〕ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ々ゝゞ"
    "…‥’”)]}.,:;!?%"
)
NOT_LAST = "「『（［｛【〈《〔‘“([{"
AFTER_HYPHEN = re.compile(r"(?<=[\w)][-–—/_@])(?=\w)")
BEFORE_HYPHEN, BEFORE_BREAK = 0.75, 0.6  # how small whole words may be beside what a break at hyphens, or anywhere, allows
STEPS = 10  # of halving, to make lines alike in length


@dataclass(frozen=True, slots=True)
class Fitted:
    """The lines of a text from the top, all in one size."""

    lines: tuple[Outline, ...]
    texts: tuple[str, ...]  # what stands on them, but for what is missing
    size: float
    direction: str
    missing: tuple[str, ...]
    is_cut: bool

    @property
    def is_whole(self) -> bool:
        """True where nothing but emoji was left out, and something was drawn."""
        return bool(self.lines) and all(line.is_whole for line in self.lines)


Piece = tuple[str, bool]  # and whether a space stands before it
Sized = tuple[str, bool, float]  # and its width


def fitted(
    text: str, width: float, sizes: Sequence[float], lines: int, *,
    weight: str = "bold", direction: str | None = None, language: str = "",
) -> Fitted:  # fmt: skip
    """Set a text in the largest of `sizes` (largest first) in which its words fit `lines` lines; else it is cut.

    A line ends behind a hyphen, or within a word, only where that makes the text a good deal larger.
    """
    text = drawable(text)
    direction = direction or direction_of(text)

    def width_of(part: str) -> float:
        return measured(part, weight=weight, direction=direction, language=language)

    said, size, is_cut = _lines(text, width, sizes, lines, width_of)
    drawn = [outline(line, size, weight=weight, direction=direction, language=language) for line in said]
    widest = max((line.width for line in drawn), default=0)
    if widest > width:  # letters that were measured apart may be wider joined
        size *= width / widest
        drawn = [outline(line, size, weight=weight, direction=direction, language=language) for line in said]
    missing = dict.fromkeys(script for line in drawn for script in line.missing)
    return Fitted(tuple(line for line in drawn if line.commands), tuple(said), size, direction, tuple(missing), is_cut)


def pieces(text: str, *, at_hyphens: bool = True) -> list[Piece]:
    """Split a text where a line may end: at spaces, after hyphens, between characters of Chinese and Japanese."""
    found: list[Piece] = []
    for word in text.split():
        has_space = True
        for part in AFTER_HYPHEN.split(word) if at_hyphens else [word]:
            for piece in _apart(part):
                found.append((piece, has_space))
                has_space = False
    return found


def _lines(
    text: str, width: float, sizes: Sequence[float], most: int, width_of: Callable[[str], float]
) -> tuple[list[str], float, bool]:
    words, parts = pieces(text, at_hyphens=False), pieces(text)
    letters = [(letter, space and not at) for word, space in parts for at, letter in enumerate(clusters(word))]
    space = width_of(f"{text[:1]} {text[:1]}") - 2 * width_of(text[:1])
    calm, split, broken_up = ([(*piece, width_of(piece[0])) for piece in way] for way in (words, parts, letters))
    size, hyphened = _largest(calm, space, width, sizes, most), _largest(split, space, width, sizes, most)
    chosen = calm if size >= BEFORE_HYPHEN * hyphened else split
    size = size if chosen is calm else hyphened
    if size < BEFORE_BREAK * (broken := _largest(broken_up, space, width, sizes, most)):
        chosen, size = broken_up, broken
    if size:
        return _evened(chosen, space, width / size, len(_broken(chosen, space, width / size))), size, False
    room = width / sizes[-1]
    lines = _broken(broken_up, space, room)[:most]
    last = clusters(lines[-1])
    while last and sum(map(width_of, last)) + width_of(ELLIPSIS) > room:
        last.pop()
    return [*lines[:-1], "".join(last).rstrip() + ELLIPSIS], sizes[-1], True


def _largest(parts: list[Sized], space: float, width: float, sizes: Sequence[float], most: int) -> float:
    """Return the first size in which the parts fit, 0 for none."""
    widest = max((own for _, _, own in parts), default=0)
    fits = (size for size in sizes if widest <= width / size and len(_broken(parts, space, width / size)) <= most)
    return next(fits, 0)


def _broken(parts: list[Sized], space: float, room: float) -> list[str]:
    """Fill lines one after the other."""
    lines: list[str] = []
    used = 0.0
    for part, has_space, own in parts:
        gap = space if has_space else 0
        if lines and used + gap + own <= room:
            lines[-1] += (" " if has_space else "") + part
            used += gap + own
        else:
            lines.append(part)
            used = own
    return lines


def _evened(parts: list[Sized], space: float, room: float, count: int) -> list[str]:
    """Return as many lines, as alike in length as can be."""
    low, high = max((own for _, _, own in parts), default=0), room
    for _ in range(STEPS if count > 1 else 0):
        middle = (low + high) / 2
        low, high = (low, middle) if len(_broken(parts, space, middle)) <= count else (middle, high)
    return _broken(parts, space, high)


def _apart(word: str) -> list[str]:
    """Split a word between ideographs, syllables and kana, never before a closing sign nor behind an opening one."""
    found: list[str] = []
    for cluster in clusters(word):
        is_free = found and _stands_alone(found[-1][-1]) and _stands_alone(cluster[0])
        if is_free and cluster[0] not in NOT_FIRST and found[-1][-1] not in NOT_LAST:
            found.append(cluster)
        elif found:
            found[-1] += cluster
        else:
            found.append(cluster)
    return found


def _stands_alone(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF" and not 0xAC00 <= ord(char) <= 0xD7A3
