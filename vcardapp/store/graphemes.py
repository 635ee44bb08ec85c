"""Where a text may be cut so that no reader sees half a letter or half an emoji (after UAX #29, extended grapheme clusters)."""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_EMOJI = ((0x1F000, 0x1FAFF), (0x2190, 0x2BFF), (0x3030, 0x303D), (0x3297, 0x3299), (0xA9, 0xA9), (0xAE, 0xAE))


def graphemes(text: str) -> list[str]:
    """Split a text into what readers take for single letters: with marks, joined emoji, flags, Hangul and Indic syllables."""
    found: list[str] = []
    for char in text:
        if found and _belongs(char, found[-1]):
            found[-1] += char
        else:
            found.append(char)
    return found


def _belongs(char: str, before: str) -> bool:
    last, code = before[-1], ord(char)
    if "\n" in (char, last):
        return False
    if char in "\u200c\u200d\u0e33\u0eb3" or unicodedata.category(char)[0] == "M":
        return True
    if 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F:  # skin tones, the letters of some flags
        return True
    if last == _JOINER:
        return _is_emoji(char) or unicodedata.category(char) == "Lo"
    if _is_flag(char):
        return len(before) == 1 and _is_flag(before)
    if unicodedata.combining(last) == 9 and unicodedata.category(char) == "Lo":  # a virama joins consonants
        return True
    return _hangul(char) > 0 and _hangul(char) >= _hangul(last) > 0 and (_hangul(char), _hangul(last)) != (3, 1)


def _is_emoji(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _EMOJI)


def _is_flag(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF


def _hangul(char: str) -> int:
    """Return 1 for a letter that begins a syllable, 2 for its vowel or a syllable that ends in one, 3 for its end, else 0."""
    code = ord(char)
    if 0xAC00 <= code <= 0xD7A3:
        return 2 if (code - 0xAC00) % 28 == 0 else 3
    return 1 if 0x1100 <= code <= 0x115F else 2 if 0x1160 <= code <= 0x11A7 else 3 if 0x11A8 <= code <= 0x11FF else 0
