"""Names of any script as a page can bear them; the data stays as it was typed."""

from __future__ import annotations

import itertools
import unicodedata

from vcardapp.cards.file_text import one_line

MOST_MARKS = {False: 2, True: 4}  # combining marks kept on one letter: of Latin and its kin, of scripts with vowel signs
LONG, VERY_LONG = 20, 38  # columns of a whole name
LONG_WORD, VERY_LONG_WORD = 12, 19  # columns of its longest word


def shown(text: str) -> str:
    """Return a text for one line of a page: no bidi overrides, no controls, no towers of combining marks."""
    kept: list[str] = []
    marks, most = 0, MOST_MARKS[False]
    for char in unicodedata.normalize("NFC", one_line(text)):
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if not marks:
            most = MOST_MARKS[needs_air(char)]
        if marks <= most:
            kept.append(char)
    return "".join(kept)


def needs_air(text: str) -> bool:
    """True where letters join or carry marks (Arabic, Hebrew, Thai, Devanagari, …), which tight lines would cut."""
    return any(0x0590 <= ord(char) <= 0x10FF or 0x1780 <= ord(char) <= 0x1CFF for char in text)


def initial_of(name: str) -> str:
    """Return the first letter or digit of a name with its marks, in capitals; empty for a name of emoji alone."""
    letters = itertools.dropwhile(lambda char: unicodedata.category(char)[0] not in "LN", shown(name))
    first = next(letters, "")
    marks = itertools.takewhile(lambda char: unicodedata.category(char)[0] == "M", letters)
    initial = first + "".join(mark for mark in marks if unicodedata.combining(mark) != 9)
    return initial.upper() if len(initial.upper()) == len(initial) else initial


def size_of(name: str) -> str:
    """Return "", "is-long" or "is-very-long": in which of three sizes a name is set."""
    whole = _columns(name)
    word = max((_columns(part) for part in name.replace("-", "- ").split()), default=0)
    if whole > VERY_LONG or word > VERY_LONG_WORD:
        return "is-very-long"
    return "is-long" if whole > LONG or word > LONG_WORD else ""


def _columns(text: str) -> int:
    widths = {"W": 2, "F": 2}
    seen = (char for char in text if unicodedata.category(char)[0] not in "MC")
    return sum(widths.get(unicodedata.east_asian_width(char), 1) for char in seen)
