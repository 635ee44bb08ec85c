"""A .vcf file of unknown origin, taken apart: whole lines by card, repaired, in bounded time and memory.

Reads vCard 2.1, 3.0 and 4.0 as they are found, not only as they should be: line breaks without folding, any
character set, quoted-printable, missing ends.
"""

from __future__ import annotations

import codecs
import re
from binascii import a2b_qp
from collections.abc import Iterator
from dataclasses import dataclass, field

from vcardapp.i18n import N_

MOST_BYTES = 5 * 1024 * 1024
MOST_CARDS = 1_000
MOST_CARD_BYTES = 512 * 1024
MOST_PROPERTIES = 500
MOST_PHYSICAL_LINES = 150_000
MOST_LOGICAL_LINES = 50_000
MOST_CHARSETS = 20

TOO_LARGE = N_("The file is larger than 5 MB.")
TOO_MANY_CARDS = N_("The file holds more than 1,000 contacts.")
TOO_MANY_LINES = N_("The file has too many lines for a file of contacts.")
NO_CARD = N_("There is no contact in this file.")
CARD_TOO_LARGE = N_("This contact is larger than 512 KB.")
CARD_TOO_LONG = N_("This contact has more than 500 entries.")

_BASE64 = re.compile(rb";(?:ENCODING=)?\"?(?:BASE64|B)\"?\s*(?:;|$)", re.I)
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/=]+\s*")
_HEAD_START = re.compile(rb"[A-Za-z0-9_.-]+;")
_QUOTED_PRINTABLE = re.compile(r';\s*(?:ENCODING\s*=\s*)?"?QUOTED-PRINTABLE"?\s*(?=;|$)', re.I)
_NEEDLESS = re.compile(r';\s*(?:ENCODING\s*=\s*)?"?[78]-?BIT"?\s*(?=;|$)|;\s*(?=;|$)', re.I)
_CHARSET = re.compile(r';\s*CHARSET\s*=\s*"?([^";:,]*)"?', re.I)
_TEXT_CODEC = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp\d+|koi8-[rut]|mac-\w+|tis-620|big5\w*|gb\w+|euc_\w+|shift_jis\w*|iso2022_\w+|johab"
)


class Unreadable(Exception):
    """Nothing of the file can be read; `reason` is a sentence for the catalogue."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Line:
    head: str  # group, name and parameters, without encoding and character set of texts
    value: str  # as in the file, escapes kept; base64 as it is


@dataclass(slots=True)
class CardLines:
    number: int  # place in the file, from 1
    raw: list[tuple[bytes, bytes]] = field(default_factory=list)
    size: int = 0
    problem: str = ""

    def add(self, head: bytes, value: bytes) -> None:
        self.size += len(head) + len(value)
        if self.size > MOST_CARD_BYTES:
            self.problem = CARD_TOO_LARGE
        elif len(self.raw) == MOST_PROPERTIES:
            self.problem = CARD_TOO_LONG
        if self.problem:
            self.raw.clear()
        else:
            self.raw.append((head, value))


class TextReader:
    """Turns the bytes of lines into text; remembers whether a character set had to be guessed."""

    def __init__(self, cards: list[CardLines], fallback: str = "") -> None:
        named = sorted({name for card in cards for name in _charset_names(card)})[:MOST_CHARSETS]
        self.codecs = {name: codec for name in named if (codec := _codec(name))}
        self.others = sorted(set(self.codecs.values()) - {"utf-8"})
        self.fallback = _codec(fallback)
        self.has_guessed = False

    def read(self, head: bytes, value: bytes) -> Line:
        """Return a line as text, quoted-printable undone."""
        is_base64 = bool(_BASE64.search(head))
        text = head.decode("utf-8", "replace").strip()
        named = ""
        if found := _CHARSET.search(text):
            named = self.codecs.get(found.group(1).strip().lower(), "")
            text = _CHARSET.sub("", text)
        text, count = _QUOTED_PRINTABLE.subn("", text)
        if count:
            value = a2b_qp(value)
        while (shorter := _NEEDLESS.sub("", text)) != text:
            text = shorter
        if is_base64:
            return Line(text, value.decode("ascii", "ignore"))
        return Line(text, self._decoded(value, named))

    def _decoded(self, value: bytes, named: str) -> str:
        if value.isascii() and not named.startswith("iso2022"):
            return value.decode()
        for codec in (named, "utf-8", self.fallback, *self.others):
            if codec:
                try:
                    return value.decode(codec)
                except UnicodeDecodeError:
                    continue
        self.has_guessed = True
        return value.decode("cp1252", "replace")


def cards_in(data: bytes) -> list[CardLines]:
    """Take a file apart into cards; Unreadable if it is too large or holds none."""
    if len(data) > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    data = _utf8(data)
    if data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n") > MOST_PHYSICAL_LINES:
        raise Unreadable(TOO_MANY_LINES)
    lines: list[tuple[bytes, bytes]] = []
    for line in _logical_lines(data.splitlines()):
        if len(lines) == MOST_LOGICAL_LINES:
            raise Unreadable(TOO_MANY_LINES)
        lines.append(_split(line))
    cards = list(_cards(lines))
    if not cards:
        raise Unreadable(NO_CARD)
    return cards


def _utf8(data: bytes) -> bytes:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    if data[:4] in (b"B\0E\0", b"\0B\0E"):
        return data.decode("utf-16-le" if data[1] == 0 else "utf-16-be", "replace").encode("utf-8", "replace")
    return data.removeprefix(codecs.BOM_UTF8)


def _logical_lines(physical: list[bytes]) -> Iterator[bytes]:
    """Yield whole lines: folded, soft-broken, and plainly broken ones joined; comments and empty lines left out."""
    pieces: list[bytes] = []
    is_quoted = is_base64 = False
    for place, line in enumerate(physical):
        is_folded = line.startswith((b" ", b"\t")) and bool(pieces)
        if not line.strip() and (is_base64 or not is_folded):
            is_base64 = False
        elif is_folded:
            if is_quoted and pieces[-1].endswith(b"="):
                pieces[-1] = pieces[-1][:-1]
            pieces.append(line[1:])
        elif is_quoted and pieces[-1].endswith(b"=") and not _is_end(line):
            pieces[-1] = pieces[-1][:-1]
            pieces.append(line)
        elif line.startswith(b"#"):
            continue
        elif is_base64 and _BASE64_LINE.fullmatch(line):
            pieces.append(line)
        elif b":" not in line and not _is_folded_head(physical, place):
            if pieces:
                pieces += (b"\n", line)
        else:
            if pieces:
                yield b"".join(pieces)
            pieces = [line]
            head = line[:1000].partition(b":")[0]
            is_quoted = b"QUOTED-PRINTABLE" in head.upper()
            is_base64 = bool(_BASE64.search(head))
    if pieces:
        yield b"".join(pieces)


def _is_end(line: bytes) -> bool:
    return line[:9].upper() == b"END:VCARD"


def _is_folded_head(physical: list[bytes], place: int) -> bool:
    follows = physical[place + 1 : place + 2]
    return bool(follows and follows[0][:1] in (b" ", b"\t") and _HEAD_START.match(physical[place][:1000]))


def _split(line: bytes) -> tuple[bytes, bytes]:
    """Divide a line at its first colon outside quotes."""
    in_quotes = False
    for found in re.finditer(rb'[":]', line[:1001]):
        if found.group() == b'"':
            in_quotes = not in_quotes
        elif not in_quotes:
            return line[: found.start()], line[found.end() :]
    head, _, value = line.partition(b":")
    return head, value


def _cards(lines: list[tuple[bytes, bytes]]) -> Iterator[CardLines]:
    """Yield the cards; a card inside a card is skipped, unless BEGIN and END show that ends are missing."""
    names = [head.strip().upper() if len(head) < 10 else b"" for head, _ in lines]
    is_balanced = names.count(b"BEGIN") == names.count(b"END")
    card: CardLines | None = None
    depth = count = 0
    before = b""
    for name, (head, value) in zip(names, lines, strict=True):
        if name == b"BEGIN":
            is_card = value.strip().upper() == b"VCARD"
            if card and (depth or is_balanced or not is_card or before.startswith(b"AGENT")):
                depth += 1
            elif is_card:
                if card:
                    yield card
                count += 1
                if count > MOST_CARDS:
                    raise Unreadable(TOO_MANY_CARDS)
                card = CardLines(count)
        elif name == b"END" and card:
            if depth:
                depth -= 1
            else:
                yield card
                card = None
        elif card and not depth:
            card.add(head, value)
        before = head[:5].upper()
    if card:
        yield card


def _charset_names(card: CardLines) -> set[str]:
    heads = (head[:1000].decode("ascii", "ignore") for head, _ in card.raw)
    return {found.group(1).strip().lower() for head in heads if (found := _CHARSET.search(head))}


def _codec(name: str) -> str:
    """Return Python's name of a character set of text, empty if there is none: never a codec that unpacks or escapes."""
    try:
        codec = codecs.lookup(name.strip()).name if name.strip() else ""
    except (LookupError, ValueError):
        return ""
    return codec if _TEXT_CODEC.fullmatch(codec) else ""
