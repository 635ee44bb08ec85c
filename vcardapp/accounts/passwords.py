"""Which passwords are too weak. Knows neither the web nor the database."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from vcardapp.i18n import N_

SHORTEST = 8
LONGEST = 256
LONGEST_TAIL = 6  # digits or signs that people put before or after a common word
LEET = str.maketrans("013457@$!", "oleastasi")
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm",
        "qwertzuiop", "yxcvbnm", "1qaz2wsx3edc4rfv5tgb", "qazwsxedcrfvtgb", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6",
        "147258369", "741852963", "789456123", "159357")  # fmt: skip


def weakness_of(password: str, email: str = "") -> str | None:
    """Return what is wrong with a password, marked for translation, or None."""
    password = unicodedata.normalize("NFC", password)
    if len(password) < SHORTEST:
        return N_("This password is too short. Use 8 characters or more; a short sentence is easy to remember.")
    if len(password) > LONGEST:
        return N_("This password is too long. Use 256 characters or fewer.")
    if email and password.casefold() in (email.casefold(), email.casefold().split("@")[0]):
        return N_("This password is your e-mail address. Please think of something that nobody can guess.")
    if is_common(password):
        return N_("Many people use this password, so it is the first that others try. Please choose another one.")
    return None


def is_common(password: str) -> bool:
    """True for passwords that guessing programs try first: common words with a short tail, rows of keys, repetitions."""
    plain = password.casefold()
    if _is_repetition(plain) or _is_row(plain):
        return True
    core = _without_tail(plain)
    letters = re.sub(r"[\W_]+", "", plain)
    tried = {core, core.translate(LEET), letters, letters.translate(LEET)}
    half = core[: len(core) // 2]
    return bool(tried & common_words()) or (core == half * 2 and half in common_words()) or _is_date(plain)


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Read the list of words and passwords that stand behind most common passwords."""
    text = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def _is_repetition(text: str) -> bool:
    return any(text == (text[:n] * len(text))[: len(text)] for n in range(1, min(4, len(text) // 2) + 1))


def _is_row(text: str) -> bool:
    """True if the text is made of at most two rows of neighbouring keys or letters, either way."""
    rows = [row for one in ROWS for row in (one, one[::-1])]
    reached = {0}
    for _part in range(2):
        reached |= {
            end
            for begin in reached
            for row in rows
            for end in range(begin + 3, len(text) + 1)
            if text[begin:end] in row
        }
    return len(text) in reached


def _without_tail(text: str) -> str:
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    return core if len(text) - len(core) <= LONGEST_TAIL else text


def _is_date(text: str) -> bool:
    return bool(re.fullmatch(r"(19|20)\d\d[01]?\d[0-3]?\d|[0-3]?\d[./-]?[01]?\d[./-]?(19|20)\d\d", text))
