"""A contact as a .vcf file: vCard 3.0 (RFC 2426) in the one shape that all phones and address books read whole."""

from __future__ import annotations

import re
import unicodedata
from binascii import b2a_base64
from urllib.parse import quote

from vcardapp.cards.contact import Contact
from vcardapp.cards.folds import LINE_BYTES, escaped, written

PRODID = "-//vcardapp//vcardapp//EN"
GAP = "X-VCARDAPP-ADR"

_FILE_NAME_UNSAFE = re.compile(
    '[/\\\\:*?"<>|\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]'
)


def write_vcard(contact: Contact, *, strict: bool = False) -> bytes:
    """Return the file; `strict` leaves CHARSET out (pure RFC 2426). ValueError without a name or an own address."""
    if not contact.display_name or not contact.url:
        raise ValueError("a contact file needs a name and the card's address")
    text = written(_lines(contact, "" if strict else ";CHARSET=UTF-8"))
    return text.encode() + _photo(contact.photo) + b"END:VCARD\r\n"


def content_disposition(display_name: str, slug: str, ending: str = "vcf") -> str:
    """Return the header's value: inline, an ASCII name for old readers, the display name by RFC 8187."""
    plain, encoded = file_names(display_name, slug, ending)
    return f"inline; filename=\"{plain}\"; filename*=UTF-8''{encoded}"


def file_names(display_name: str, slug: str, ending: str = "vcf") -> tuple[str, str]:
    """Return the ASCII name (60 characters at most), and the percent-encoded UTF-8 name (100 bytes and its ending)."""
    plain = _ascii(slug) or _ascii(display_name) or "contact"
    wide = _FILE_NAME_UNSAFE.sub("", display_name).encode("utf-8", "ignore")[:100].decode("utf-8", "ignore")
    wide = " ".join(wide.split()).strip(". ")
    return f"{plain}.{ending}", quote(f"{wide or plain}.{ending}", safe="")


def _ascii(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._-]+", "-", letters)[:56].strip(".-_")


def _lines(contact: Contact, charset: str) -> list[str]:
    """Return every line before PHOTO, not yet folded, in the order that no client's bug breaks."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"PRODID:{PRODID}"]
    names = [contact.family, contact.given, contact.additional, contact.prefix, contact.suffix]
    lines.append(_text("N", charset, names))
    lines.append(f"UID:urn:uuid:{contact.uid}")
    lines.append(_text("FN", charset, [contact.display_name]))
    if contact.nickname:
        lines.append(_text("NICKNAME", charset, [contact.nickname]))
    if contact.phonetic_given:
        lines.append(_text("X-PHONETIC-FIRST-NAME", "", [contact.phonetic_given]))
    if contact.phonetic_family:
        lines.append(_text("X-PHONETIC-LAST-NAME", "", [contact.phonetic_family]))
    if contact.department:
        lines.append(_text("ORG", charset, [contact.company, contact.department]))
    elif contact.company:
        lines.append(_text("ORG", charset, [contact.company]))
    lines.append(f"REV:{contact.changed:%Y%m%dT%H%M%SZ}")
    if contact.is_company:
        lines.append("X-ABShowAs:COMPANY")
    if contact.title:
        lines.append(_text("TITLE", charset, [contact.title]))
    if contact.role:
        lines.append(_text("ROLE", charset, [contact.role]))
    lines += _addresses_and_phones(contact, charset)
    preferred = ",PREF"
    for email in contact.emails:
        lines.append(f"EMAIL;TYPE=INTERNET,{email.type}{preferred}:{email.address}")
        preferred = ""
    lines.append(f"URL;TYPE=WORK:{contact.url}")
    lines += [f"URL;TYPE={url.label}:{url.url}" for url in contact.urls]
    if contact.birthday:
        lines.append(f"BDAY:{contact.birthday}")
    if contact.categories:
        lines.append("CATEGORIES:" + ",".join(map(escaped, contact.categories)))
    if contact.note:
        lines.append(_text("NOTE", charset, [contact.note]))
    return lines


def _addresses_and_phones(contact: Contact, charset: str) -> list[str]:
    """Put one short line after each address: Android 4.2 to 7 glue the second line of a folded neighbour onto it."""
    phones = []
    preferred = ",PREF"
    for phone in contact.phones:
        phones.append(f"TEL;TYPE={','.join(phone.types)}{preferred}:{phone.number}")
        preferred = ""
    lines = []
    for place, address in enumerate(contact.addresses):
        parts = ["", "", address.street, address.city, address.region, address.code, address.country]
        lines.append(_text("ADR", charset, parts, f";TYPE={address.type}"))
        if place < len(phones):
            lines.append(phones[place])
        else:
            lines.append("CLASS:PUBLIC" if place == len(phones) else f"{GAP}:{place + 1}")
    return lines + phones[len(lines) // 2 :]


def _text(name: str, charset: str, parts: list[str], types: str = "") -> str:
    value = ";".join(map(escaped, parts))
    return f"{name}{types}:{value}" if value.isascii() else f"{name}{charset}{types}:{value}"


def _photo(jpeg: bytes | None) -> bytes:
    if not jpeg:
        return b""
    text = b"PHOTO;ENCODING=B;TYPE=JPEG:" + b2a_base64(jpeg, newline=False)
    pieces = [text[:LINE_BYTES]]
    pieces += [text[at : at + LINE_BYTES - 1] for at in range(LINE_BYTES, len(text), LINE_BYTES - 1)]
    return b"\r\n ".join(pieces) + b"\r\n"
