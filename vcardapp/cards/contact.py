"""What a phone will keep of a card: its content in the terms of a contact file, cleaned.

The .vcf, the preview of it, the contact inside a QR code and the page's structured data are all made from a Contact,
so what the owner is shown is what arrives.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from vcardapp.cards.content import Content, Link
from vcardapp.cards.file_text import (
    birthday_of,
    email_of,
    full_name_of,
    joined_name,
    label_of,
    line_of,
    note_of,
    number_of,
    part_of,
    street_of,
    url_of,
)
from vcardapp.cards.links import NETWORKS, address_of, safe_url
from vcardapp.cards.note_lines import NoteLines, write_lines

FILE_BYTES = 60_000  # of a whole .vcf, photo included

_NAMES = ("prefix", "given", "additional", "family", "suffix")
_PHONE_TYPES = {
    "work": ("WORK", "VOICE"),
    "home": ("HOME", "VOICE"),
    "mobile": ("CELL", "VOICE"),
    "fax": ("WORK", "FAX"),
    "other": ("VOICE",),
}


@dataclass(frozen=True, slots=True)
class KeptPhone:
    number: str  # + and digits; a number that no country explains keeps its digits, * and #
    types: tuple[str, ...]  # CELL VOICE, WORK VOICE, HOME VOICE, WORK FAX, or VOICE


@dataclass(frozen=True, slots=True)
class KeptEmail:
    address: str
    type: str  # WORK or HOME


@dataclass(frozen=True, slots=True)
class KeptAddress:
    street: str  # lines joined by LF
    city: str
    region: str
    code: str
    country: str
    type: str  # WORK or HOME


@dataclass(frozen=True, slots=True)
class KeptUrl:
    url: str
    label: str  # WORK, HOME, or a label of A-Z a-z 0-9 -


@dataclass(frozen=True, slots=True)
class Contact:
    """Every text is cleaned by file_text; what is empty will not be in the file."""

    uid: UUID
    changed: datetime
    url: str  # the card's own address
    is_company: bool = False
    display_name: str = ""
    family: str = ""
    given: str = ""
    additional: str = ""
    prefix: str = ""
    suffix: str = ""
    nickname: str = ""
    phonetic_given: str = ""
    phonetic_family: str = ""
    company: str = ""
    department: str = ""
    title: str = ""
    role: str = ""
    addresses: tuple[KeptAddress, ...] = ()
    phones: tuple[KeptPhone, ...] = ()
    emails: tuple[KeptEmail, ...] = ()
    urls: tuple[KeptUrl, ...] = ()  # websites, then networks; without the card's own
    birthday: str = ""  # YYYY-MM-DD or --MM-DD
    categories: tuple[str, ...] = ()
    note: str = ""  # with the lines of note_lines at its end
    photo: bytes | None = None  # the JPEG that images.py made for contacts


def contact_of(
    content: Content, *, url: str, uid: UUID, changed: datetime, photo: bytes | None = None, where_met: str = ""
) -> Contact:
    """Return what phones will keep of a card at `url`; what its owner hides is not in it (RFC 2426 terms)."""
    content = content.visible()
    parts = _name_parts(content)
    company = part_of(content.company)
    name = full_name_of(content.display_name) or full_name_of(joined_name(**parts)) or company
    if content.is_company:
        parts = dict.fromkeys(parts, "")
    elif not (parts["family"] or parts["given"] or parts["additional"]):
        parts = dict.fromkeys(parts, "") | {"given": part_of(name)}
    numbers = [(phone, *number_of(phone.number, phone.country or content.country)) for phone in content.phones]
    kept = [(phone, number, extension) for phone, number, extension in numbers if number]
    names = tuple((link.network, link.handle) for link in content.links if not _address(link))
    said = NoteLines(tuple(row[2] for row in kept), content.pronouns, names, content.hours)
    contact = Contact(
        uid=uid,
        changed=changed.astimezone(UTC),
        url=url_of(url),
        is_company=content.is_company,
        display_name=name,
        nickname=line_of(content.nickname).split(",")[0].strip(),
        phonetic_given=line_of(content.phonetic_given),
        phonetic_family=line_of(content.phonetic_family),
        company=company or (part_of(name) if content.is_company else ""),
        department=part_of(content.department),
        title=line_of(content.title),
        role=line_of(content.role),
        addresses=tuple(_addresses(content)),
        phones=tuple(KeptPhone(number, _PHONE_TYPES.get(phone.kind, ("VOICE",))) for phone, number, _ in kept),
        emails=tuple(
            KeptEmail(text, _type_of(mail.kind)) for mail in content.emails if (text := email_of(mail.address))
        ),
        urls=tuple(_urls(content, url_of(url))),
        birthday=birthday_of(content.birthday),
        photo=photo,
        family=parts["family"],
        given=parts["given"],
        additional=parts["additional"],
        prefix=parts["prefix"],
        suffix=parts["suffix"],
    )
    met = [f"Met: {line_of(where_met)}"] if line_of(where_met) else []
    return _with_note(contact, met, note_of(content.note), write_lines(said, [row[1] for row in kept]))


def _name_parts(content: Content) -> dict[str, str]:
    return {name: part_of(getattr(content, name)) for name in _NAMES}


def _type_of(kind: str) -> str:
    return "HOME" if kind == "home" else "WORK"


def _addresses(content: Content) -> Iterator[KeptAddress]:
    for address in content.addresses:
        kept = KeptAddress(
            street_of(address.street),
            part_of(address.city),
            part_of(address.region),
            part_of(address.code),
            part_of(address.country),
            _type_of(address.kind),
        )
        if kept.street or any(_places(kept)):
            yield kept


def _places(address: object) -> list[str]:
    return [getattr(address, name) for name in ("city", "region", "code", "country")]


def _urls(content: Content, own: str) -> Iterator[KeptUrl]:
    found = [(safe_url(site.url), site.label, _type_of(site.kind)) for site in content.websites]
    for link in content.links:
        name = NETWORKS[link.network].name if link.network in NETWORKS else ""
        is_said = label_of(link.label).upper() not in ("", "WORK", "HOME")
        found.append((_address(link), link.label if is_said else name, "WORK"))
    seen = {own}
    for address, text, kind in found:
        url = url_of(address or "")
        if url and url not in seen:
            seen.add(url)
            label = label_of(text)
            yield KeptUrl(url, label.upper() if label.upper() in ("WORK", "HOME") else label or kind)


def _address(link: Link) -> str | None:
    return address_of(link.network, link.handle)


def _with_note(contact: Contact, met: list[str], note: str, lines: list[str]) -> Contact:
    """Put the note together; what was typed, never the lines, is cut so far that the file stays under FILE_BYTES."""
    texts = [*_texts(contact), *met, *lines]
    room = FILE_BYTES - len(contact.photo or b"") * 7 // 5 - sum(_cost(text) + 40 for text in texts)
    if room < 100:
        note = ""
    while note and (cost := _cost(note)) > room:
        note = note[: len(note) * room // cost - 2].rstrip() + "…"
    return dataclasses.replace(contact, note="\n".join([*met, *([note] if note else []), *lines]))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))


def _cost(text: str) -> int:
    """Return the bytes of a text in the file, escapes and folds included, rather too many than too few."""
    return (len(text.encode()) + text.count(",") + text.count("\n")) * 11 // 10
