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
    return _goes_on_in_hangul(char, last)


def _goes_on_in_hangul(char: str, last: str) -> bool:
    """True within a syllable written with single letters: beginnings, then vowels, then ends."""
    if "\u1160" <= char <= "\u11a7":
        return "\u1100" <= last <= "\u11a7" or _is_syllable(last) and (ord(last) - 0xAC00) % 28 == 0
    if "\u11a8" <= char <= "\u11ff":
        return "\u1160" <= last <= "\u11ff" or _is_syllable(last)
    return ("\u1100" <= char <= "\u115f" or _is_syllable(char)) and "\u1100" <= last <= "\u115f"


def _is_syllable(char: str) -> bool:
    return "\uac00" <= char <= "\ud7a3"


def _is_emoji(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _EMOJI)


def _is_flag(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF
