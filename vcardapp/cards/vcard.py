"""A contact as a .vcf file: vCard 3.0 (RFC 2426) in the one shape that all phones and address books read whole."""

from __future__ import annotations

import re
import unicodedata
from binascii import b2a_base64
from collections.abc import Iterator
from urllib.parse import quote

from vcardapp.cards.contact import Contact, KeptAddress

PRODID = "-//vcardapp//vcardapp//EN"
GAP = "X-VCARDAPP-ADR"

_LINE_BYTES = 75
_WITH_CHARSET = {"N", "FN", "NICKNAME", "ORG", "TITLE", "ROLE", "ADR", "NOTE"}
_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n"})
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_JOINED = {"\u200d", *map(chr, range(0x1F3FB, 0x1F400)), *map(chr, range(0xE0020, 0xE0080))}  # joiner, skin, tags
_FILE_NAME_UNSAFE = re.compile(
    '[/\\\\:*?"<>|\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]'
)


def write_vcard(contact: Contact, *, strict: bool = False) -> bytes:
    """Return the file; `strict` leaves CHARSET out (pure RFC 2426). ValueError without a name or an own address."""
    if not contact.display_name or not contact.url:
        raise ValueError("a contact file needs a name and the card's address")
    return b"".join(_folded(line, strict) for line in _lines(contact)) + _photo(contact.photo) + b"END:VCARD\r\n"


def content_disposition(display_name: str, slug: str) -> str:
    """Return the header's value: inline, an ASCII name for old readers, the display name by RFC 8187."""
    plain, encoded = file_names(display_name, slug)
    return f"inline; filename=\"{plain}\"; filename*=UTF-8''{encoded}"


def file_names(display_name: str, slug: str) -> tuple[str, str]:
    """Return the ASCII name (60 characters at most), and the percent-encoded UTF-8 name (100 bytes and .vcf at most)."""
    plain = _ascii(slug) or _ascii(display_name) or "contact"
    wide = _FILE_NAME_UNSAFE.sub("", display_name).encode("utf-8", "ignore")[:100].decode("utf-8", "ignore")
    wide = " ".join(wide.split()).strip(". ")
    return f"{plain}.vcf", quote(f"{wide or plain}.vcf", safe="")


def _ascii(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._-]+", "-", letters)[:56].strip(".-_")


def _lines(contact: Contact) -> Iterator[tuple[str, str]]:
    """Yield head and escaped value of every line before PHOTO, in the order that no client's bug breaks."""
    yield "BEGIN", "VCARD"
    yield "VERSION", "3.0"
    yield "PRODID", PRODID
    name = (contact.family, contact.given, contact.additional, contact.prefix, contact.suffix)
    yield "N", ";".join(map(_escaped, name))
    yield "UID", f"urn:uuid:{contact.uid}"
    yield "FN", _escaped(contact.display_name)
    if contact.nickname:
        yield "NICKNAME", _escaped(contact.nickname)
    if contact.phonetic_given:
        yield "X-PHONETIC-FIRST-NAME", _escaped(contact.phonetic_given)
    if contact.phonetic_family:
        yield "X-PHONETIC-LAST-NAME", _escaped(contact.phonetic_family)
    if contact.department:
        yield "ORG", f"{_escaped(contact.company)};{_escaped(contact.department)}"
    elif contact.company:
        yield "ORG", _escaped(contact.company)
    yield "REV", contact.changed.strftime("%Y%m%dT%H%M%SZ")
    if contact.is_company:
        yield "X-ABShowAs", "COMPANY"
    if contact.title:
        yield "TITLE", _escaped(contact.title)
    if contact.role:
        yield "ROLE", _escaped(contact.role)
    yield from _addresses_and_phones(contact)
    preferred = ",PREF"
    for email in contact.emails:
        yield f"EMAIL;TYPE=INTERNET,{email.type}{preferred}", email.address
        preferred = ""
    yield "URL;TYPE=WORK", contact.url
    for url in contact.urls:
        yield f"URL;TYPE={url.label}", url.url
    if contact.birthday:
        yield "BDAY", contact.birthday
    if contact.categories:
        yield "CATEGORIES", ",".join(map(_escaped, contact.categories))
    if contact.note:
        yield "NOTE", _escaped(contact.note)


def _addresses_and_phones(contact: Contact) -> Iterator[tuple[str, str]]:
    """Put one short line after each address: Android 4.2 to 7 glue the second line of a folded neighbour onto it."""
    phones = [("TEL;TYPE=" + ",".join(phone.types), phone.number) for phone in contact.phones]
    if phones:
        phones[0] = (phones[0][0] + ",PREF", phones[0][1])
    for place, address in enumerate(contact.addresses):
        yield f"ADR;TYPE={address.type}", _address(address)
        if place < len(phones):
            yield phones[place]
        elif place == len(phones):
            yield "CLASS", "PUBLIC"
        else:
            yield GAP, str(place + 1)
    yield from phones[len(contact.addresses) :]


def _address(address: KeptAddress) -> str:
    parts = (address.street, address.city, address.region, address.code, address.country)
    return ";;" + ";".join(map(_escaped, parts))


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _folded(line: tuple[str, str], strict: bool) -> bytes:
    head, value = line
    text = f"{head}:{value}"
    if text.isascii():
        if len(text) <= _LINE_BYTES:
            return text.encode() + b"\r\n"
    elif not strict:
        name, semicolon, rest = head.partition(";")
        if name in _WITH_CHARSET:
            text = f"{name};CHARSET=UTF-8{semicolon}{rest}:{value}"
    return b"\r\n ".join(_pieces(text, text.index(":") + 1)) + b"\r\n"


def _pieces(text: str, least: int) -> Iterator[bytes]:
    """Divide a line behind its first `least` signs into pieces of one physical line each, the fold's space counted."""
    start, room = 0, _LINE_BYTES
    while len(rest := text[start : start + room].encode()) > room or start + room < len(text):
        longest = start + len(rest[:room].decode("utf-8", "ignore"))
        places = range(longest, least, -1)
        end = next((place for place in places if _is_free(text, place)), 0)
        end = end or next((place for place in places if not _is_inside(text, place)), longest)
        yield text[start:end].encode()
        start, least, room = end, end, _LINE_BYTES - 1
    yield rest


def _is_free(text: str, place: int) -> bool:
    """Say whether a line may be folded here: not inside a sign, nor beside a space that a trimming reader would eat."""
    return not (text[place - 1].isspace() or text[place].isspace() or _is_inside(text, place))


def _is_inside(text: str, place: int) -> bool:
    """Say whether an escape, a flag, or a sign with its marks, skin tone or joiner would be divided."""
    before, after = text[place - 1], text[place]
    if before == "\\":
        return _run(text, place, "\\") % 2 == 1
    if after.isascii():
        return False
    if "\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff":
        return _run(text, place, _FLAG_LETTERS) % 2 == 1
    return before == "\u200d" or after in _JOINED or unicodedata.category(after).startswith("M")


def _run(text: str, place: int, signs: str) -> int:
    """Count how many of these signs stand directly before a place."""
    before = text[max(0, place - _LINE_BYTES) : place]
    return len(before) - len(before.rstrip(signs))


def _photo(jpeg: bytes | None) -> bytes:
    if not jpeg:
        return b""
    text = b"PHOTO;ENCODING=B;TYPE=JPEG:" + b2a_base64(jpeg, newline=False)
    pieces = [text[:_LINE_BYTES]]
    pieces += [text[at : at + _LINE_BYTES - 1] for at in range(_LINE_BYTES, len(text), _LINE_BYTES - 1)]
    return b"\r\n ".join(pieces) + b"\r\n"
