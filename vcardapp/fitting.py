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


def fitted(
    text: str, width: float, sizes: Sequence[float], lines: int, *,
    weight: str = "bold", direction: str | None = None, language: str = "",
) -> Fitted:  # fmt: skip
    """Set a text in the first of `sizes` in which its whole words fit `lines` lines; else words break, else it is cut."""
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


def pieces(text: str) -> list[Piece]:
    """Split a text where a line may end: at spaces, after hyphens, between characters of Chinese, Japanese and Korean."""
    found: list[Piece] = []
    for word in text.split():
        has_space = True
        for part in AFTER_HYPHEN.split(word):
            for piece in _apart(part):
                found.append((piece, has_space))
                has_space = False
    return found


def _lines(
    text: str, width: float, sizes: Sequence[float], most: int, width_of: Callable[[str], float]
) -> tuple[list[str], float, bool]:
    whole = pieces(text)
    letters = [(letter, space and not at) for word, space in whole for at, letter in enumerate(clusters(word))]
    space = width_of(f"{text[:1]} {text[:1]}") - 2 * width_of(text[:1])
    for parts in (whole, letters):
        widths = [width_of(part) for part, _ in parts]
        for size in sizes:
            broken = _broken(parts, widths, space, width / size)
            if len(broken) <= most and max(widths, default=0) <= width / size:
                return _evened(parts, widths, space, width / size, len(broken)), size, False
    room = width / sizes[-1]
    broken = _broken(letters, widths, space, room)[:most]
    last = clusters(broken[-1])
    while last and width_of("".join(last) + ELLIPSIS) > room:
        last.pop()
    return [*broken[:-1], "".join(last).rstrip() + ELLIPSIS], sizes[-1], True


def _broken(parts: list[Piece], widths: list[float], space: float, room: float) -> list[str]:
    """Fill lines one after the other."""
    lines: list[str] = []
    used = 0.0
    for (part, has_space), own in zip(parts, widths, strict=True):
        gap = space if has_space else 0
        if lines and used + gap + own <= room:
            lines[-1] += (" " if has_space else "") + part
            used += gap + own
        else:
            lines.append(part)
            used = own
    return lines


def _evened(parts: list[Piece], widths: list[float], space: float, room: float, count: int) -> list[str]:
    """Return as many lines, as alike in length as can be."""
    low, high = max(widths, default=0), room
    for _ in range(STEPS if count > 1 else 0):
        middle = (low + high) / 2
        low, high = (low, middle) if len(_broken(parts, widths, space, middle)) <= count else (middle, high)
    return _broken(parts, widths, space, high)


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
