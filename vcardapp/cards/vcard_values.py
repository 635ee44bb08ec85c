"""One property of a read .vcf file, and its value undone: escapes, parts, dates, pictures."""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from vcardapp.cards.file_text import birthday_of, one_line, printable

LONGEST_TEXT = 20_000
MOST_PARTS = 100  # of a name, company or address

_ESCAPE = re.compile(r"\\(.)", re.S)
_TOKEN = re.compile(r"\\.|[^\\;]+|;|\\", re.S)
_DATE = re.compile(r"(\d{4}|-)-?(\d\d)-?(\d\d)(?:[T ].*)?", re.S | re.A)
_APPLE_LABEL = re.compile(r"_?\$!<(.*)>!\$_?", re.S)
_NO_YEAR = "1604"  # Apple's
_PHONE_KINDS = {"cell": "mobile", "mobile": "mobile", "iphone": "mobile", "work": "work", "home": "home"}
_LABELS = {*_PHONE_KINDS, "main", "other", "pager", "fax", "workfax", "homefax", "otherfax"}  # of which kinds are made


@dataclass(frozen=True, slots=True)
class Property:
    name: str  # in capitals
    group: str
    params: Mapping[str, tuple[str, ...]]  # names in capitals; bare ones of 2.1 are TYPE
    value: str  # as in the file
    label: str = ""  # X-ABLabel of the same group

    @property
    def types(self) -> set[str]:
        """All types and the label in small letters."""
        return {word.lower() for word in (*self.params.get("TYPE", ()), self.label) if word}

    @property
    def kind(self) -> str:
        """work, home or other."""
        return next((kind for kind in ("work", "home") if kind in self.types), "other")

    @property
    def phone_kind(self) -> str:
        """One of content.KINDS."""
        if any(word.endswith("fax") for word in self.types):  # Apple's WorkFAX, HomeFAX, OtherFAX too
            return "fax"
        return next((kind for word, kind in _PHONE_KINDS.items() if word in self.types), "other")

    @property
    def has_own_label(self) -> bool:
        """True if somebody made up its X-ABLabel."""
        return bool(self.label) and self.label.lower() not in _LABELS

    @property
    def rank(self) -> int:
        """1 for what is preferred, up to 100 for what is less so (RFC 6350 §5.3), 101 where nothing is said."""
        ranks = [int(word) for word in self.params.get("PREF", ()) if re.fullmatch(r"\d{1,3}", word, re.A)]
        return min(ranks, default=1 if "pref" in self.types else 101)

    @property
    def text(self) -> str:
        return printable(unescaped(self.value))

    @property
    def line(self) -> str:
        return one_line(unescaped(self.value))

    @property
    def is_base64(self) -> bool:
        named = {word.upper() for word in self.params.get("ENCODING", ())}
        return bool(named & {"B", "BASE64"}) or "base64" in self.types

    def parts(self, count: int) -> list[str]:
        """Divide the value at its unescaped semicolons; at least `count` parts, at most MOST_PARTS."""
        parts = [""]
        for piece in _TOKEN.findall(self.value):
            if piece == ";":
                parts.append("")
            else:
                parts[-1] += piece
        texts = [printable(unescaped(part)) for part in parts[:MOST_PARTS]]
        return texts + [""] * (count - len(texts))


def unescaped(value: str) -> str:
    r"""Undo \n \N \, \; \\; every other escaped character stands for itself."""
    return _ESCAPE.sub(lambda found: "\n" if found.group(1) in "nN" else found.group(1), value)


def caret_unescaped(value: str) -> str:
    """Undo the escapes of parameter values in vCard 4.0 (RFC 6868)."""
    signs = {"^n": "\n", "^'": '"', "^^": "^"}
    return re.sub(r"\^[n'^]", lambda found: signs[found.group()], value)


def apple_label(value: str) -> str:
    """Return a label without the marks that Apple puts around its own."""
    text = one_line(unescaped(value))
    found = _APPLE_LABEL.fullmatch(text)
    return found.group(1) if found else text


def phone_text(value: str) -> str:
    """Return a number as people write it, from a text or a tel: URI (RFC 3966)."""
    text = one_line(unescaped(value))
    if text[:4].lower() != "tel:":
        return text
    number, *params = unquote(text[4:]).split(";")
    extension = next((param[4:] for param in params if param[:4].lower() == "ext="), "")
    return f"{number} ext. {extension}" if extension else number


def date_text(value: str) -> str:
    """Return YYYY-MM-DD, or --MM-DD without a year; empty if it is no date."""
    found = _DATE.fullmatch(value.strip())
    if not found:
        return ""
    year, month, day = found.groups()
    return birthday_of(f"{'-' if year == _NO_YEAR else year}-{month}-{day}")


def picture(of: Property) -> bytes | None:
    """Return the bytes of a picture inside the file; None for an address, which is never fetched, and for no data."""
    value = of.value
    if value[:40].lstrip().lower().startswith("data:"):
        head, _, value = unescaped(value).partition(",")
        if not head.lower().rstrip().endswith(";base64"):
            return None
    elif not of.is_base64 and re.match(r"\s*[a-z][a-z0-9+.-]*:", unescaped(value[:40]), re.I):
        return None
    digits = re.sub(r"[^A-Za-z0-9+/=]", "", value).partition("=")[0]
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    return a2b_base64(digits + "=" * (-len(digits) % 4)) or None
