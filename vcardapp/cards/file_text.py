r"""Text as every phone keeps it: what is changed before it goes into a contact file.

No way to write ``;`` or ``\`` is read by all address books, so both are replaced, and with them what breaks lines,
hides text or ends a card early.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

from vcardapp.cards.phones import read_phone

LONGEST_NUMBER = 40  # digits that no country explains

_SPACES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_BREAKS = re.compile(r"\r\n?")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_INVISIBLE = re.compile("[\u202a-\u202e\ud800-\udfff]")  # bidi overrides, lone surrogates
_UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}
_BLANK = "\u2800\u3164\u115f\u1160\uffa0"  # letters by their category that show nothing
_CARD_MARK = re.compile(r"(BEGIN|END):(?=VCARD)", re.I)
_WEB_ADDRESS = re.compile(r"https?://\S+", re.I)
_URL_UNSAFE = re.compile(r"""%(?![0-9A-Fa-f]{2})|[^\x21-\x7e]|[,;\\]""")

_DIALLED = re.compile(r"\+?[\d\s()./*#-]*\d[\d\s()./*#-]*", re.A)
_EMAIL = re.compile(r"[^\s,;:\\\"<>()\[\]@]+@[^\s,;:\\\"<>()\[\]@]+")
_BIRTHDAY = re.compile(r"(\d{4}|-)-(\d\d)-(\d\d)", re.A)
_CJK = ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "HIRAGANA", "KATAKANA", "HANGUL")


def printable(text: str) -> str:
    """Drop control characters and bidi overrides, keep line breaks as LF, trim; punctuation stays as typed."""
    return _CONTROLS.sub(" ", _INVISIBLE.sub("", _BREAKS.sub("\n", text))).strip()


def one_line(text: str) -> str:
    """Do what printable does, and put the text on one line; nothing, where there is nothing to see."""
    line = " ".join(part for part in map(str.strip, printable(text).split("\n")) if part)
    return line if any(unicodedata.category(char) not in _UNSEEN and char not in _BLANK for char in line) else ""


def text_of(text: str) -> str:
    r"""Return several lines of text: printable, ``;`` as comma, ``\`` as slash, no BEGIN:VCARD or END:VCARD."""
    return _CARD_MARK.sub(r"\1 ", printable(text).replace(";", ",").replace("\\", "/"))


def line_of(text: str) -> str:
    """Return text_of on one line: FN, TITLE, ROLE, NICKNAME."""
    return text_of(one_line(text))


def part_of(text: str) -> str:
    """Return one part of N, ORG or ADR: one line that does not end in a comma."""
    return line_of(text).rstrip("," + _SPACES)


def full_name_of(text: str) -> str:
    """Return an FN: one line without a leading ``=``, Android's quoted-printable; empty if only commas."""
    name = line_of(text).lstrip("=" + _SPACES)
    return name if part_of(name) else ""


def street_of(text: str) -> str:
    """Return the lines of a street, each cleaned as a part, empty ones left out."""
    return "\n".join(line for line in map(part_of, printable(text).split("\n")) if line)


def note_of(text: str) -> str:
    """Return a note with its lines; inside a web address ``;`` becomes %3B, so that the address still works."""
    return text_of(_WEB_ADDRESS.sub(lambda found: found.group().replace(";", "%3B"), text))


def url_of(address: str) -> str:
    r"""Percent-encode what an address may not hold in a file: ``, ; \``, spaces, non-ASCII; existing escapes stay."""
    encoded = _URL_UNSAFE.sub(lambda found: _percent(found.group()), address.strip())
    return _CARD_MARK.sub(r"\1%3A", encoded)


def label_of(text: str) -> str:
    """Reduce a label to what a TYPE may be: ASCII letters, digits and hyphens, at most 30."""
    return re.sub(r"[^A-Za-z0-9-]+", "", unicodedata.normalize("NFKD", text))[:30]


@lru_cache(maxsize=4096)
def number_of(typed: str, country: str) -> tuple[str, str]:
    """Return a number as + and digits, and its extension; one that no country explains keeps its digits, * and #.

    Empty if it is longer than a line of the file: no phone dials that.
    """
    number = read_phone(typed, country)
    if not number:
        text = typed.strip()
        digits = re.sub(r"[^\d*#]", "", text, flags=re.A) if _DIALLED.fullmatch(text) else ""
        digits = digits if len(digits) <= LONGEST_NUMBER else ""
        return ("+" + digits if digits and text.startswith("+") else digits), ""
    # Each reading takes one zero after the country code off; what is written must read as itself.
    e164 = number.e164
    while (again := read_phone(e164, "")) and again.e164 != e164:
        e164 = again.e164
    return e164, number.extension


def email_of(typed: str) -> str:
    """Return an e-mail address as it is, empty if it holds what no client reads unescaped."""
    text = printable(typed)
    return text if _EMAIL.fullmatch(text) else ""


def joined_name(*, prefix: str = "", given: str = "", additional: str = "", family: str = "", suffix: str = "") -> str:
    """Put a name together as it is said: family name first and without a space where it is CJK."""
    if family and given and all(_is_cjk(sign) for sign in family + given):
        words = [prefix, family + given, suffix]
    else:
        words = [prefix, given, additional, family, suffix]
    return " ".join(word for word in words if word)


def birthday_of(text: str) -> str:
    """Return a date as YYYY-MM-DD or --MM-DD, empty if there is no such day."""
    found = _BIRTHDAY.fullmatch(text.strip())
    if not found:
        return ""
    year, month, day = found.groups()
    try:
        date(2000 if year == "-" else int(year), int(month), int(day))
    except ValueError:
        return ""
    return found.group()


def _is_cjk(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith(_CJK) or sign in "々ー・"


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "ignore"))
