"""A contact as vCard 4.0 (RFC 6350), for machines: its properties, and their text; jcard.py writes the same as JSON."""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Iterator
from typing import NamedTuple

from vcardapp.cards.contact import Contact
from vcardapp.cards.folds import escaped, written
from vcardapp.cards.vcard import PRODID

Value = str | list[str]  # a list is the parts of a structured value

_DATES = ("timestamp", "date-and-or-time")


class Property(NamedTuple):
    """A property as jCard has it (RFC 7095 §3.3): unescaped, dates in the extended format of ISO 8601."""

    name: str
    params: dict[str, Value]
    type: str
    values: list[Value]


def write_vcard4(contact: Contact) -> bytes:
    """Return the file. ValueError without a name or an own address."""
    lines = [_line(property) for property in properties(contact)]
    return written(["BEGIN:VCARD", *lines, "END:VCARD"]).encode()


def properties(contact: Contact) -> Iterator[Property]:
    """Yield the properties in the order of vCard 3.0's file. ValueError without a name or an own address."""
    if not contact.display_name or not contact.url:
        raise ValueError("a contact file needs a name and the card's address")
    yield _text("version", "4.0")
    yield _text("prodid", PRODID)
    yield _text("n", [contact.family, contact.given, contact.additional, contact.prefix, contact.suffix])
    yield Property("uid", {}, "uri", [f"urn:uuid:{contact.uid}"])
    yield _text("fn", contact.display_name)
    yield from _texts("nickname", contact.nickname)
    yield from _texts("x-phonetic-first-name", contact.phonetic_given)
    yield from _texts("x-phonetic-last-name", contact.phonetic_family)
    if contact.department:
        yield _text("org", [contact.company, contact.department])
    else:
        yield from _texts("org", contact.company)
    yield Property("rev", {}, "timestamp", [f"{contact.changed:%Y-%m-%dT%H:%M:%SZ}"])
    if contact.is_company:
        yield _text("kind", "org")
    yield from _texts("title", contact.title)
    yield from _texts("role", contact.role)
    yield from _ways(contact)
    if contact.birthday:
        yield Property("bday", {}, "date-and-or-time", [contact.birthday])
    if contact.categories:
        yield _text("categories", *contact.categories)
    yield from _texts("note", contact.note)
    if contact.photo:
        data = b2a_base64(contact.photo, newline=False).decode()
        yield Property("photo", {}, "uri", [f"data:image/jpeg;base64,{data}"])


def _ways(contact: Contact) -> Iterator[Property]:
    """Yield the addresses, numbers, e-mails and pages."""
    for place in contact.addresses:
        parts = ["", "", place.street, place.city, place.region, place.code, place.country]
        yield Property("adr", {"type": place.type.lower()}, "text", [parts])
    for number, phone in enumerate(contact.phones):
        words = [word.lower() for word in phone.types]
        params = {"type": words if len(words) > 1 else words[0], **_preferred(number)}
        if phone.number.startswith("+"):
            yield Property("tel", params, "uri", [f"tel:{phone.number}"])
        else:  # a local number is no tel: address without its phone-context (RFC 3966 §5.1.5)
            yield Property("tel", params, "text", [phone.number])
    for number, email in enumerate(contact.emails):
        yield Property("email", {"type": email.type.lower(), **_preferred(number)}, "text", [email.address])
    yield Property("url", {"type": "work"}, "uri", [contact.url])
    for url in contact.urls:
        label = url.label.lower() if url.label in ("WORK", "HOME") else url.label
        yield Property("url", {"type": label}, "uri", [url.url])


def _preferred(number: int) -> dict[str, Value]:
    return {} if number else {"pref": "1"}


def _text(name: str, *values: Value) -> Property:
    return Property(name, {}, "text", list(values))


def _texts(name: str, value: str) -> Iterator[Property]:
    if value:
        yield _text(name, value)


def _line(property: Property) -> str:
    name, params, kind, values = property
    head = name.upper()
    for key, value in params.items():
        head += f";{key.upper()}=" + (value if isinstance(value, str) else f'"{",".join(value)}"')
    if name == "tel" or name.startswith("x-"):  # readers do not agree on the type that is meant without a word
        head += f";VALUE={kind}"
    if kind == "text":
        text = ",".join(escaped(value) if isinstance(value, str) else ";".join(map(escaped, value)) for value in values)
    else:
        text = str(values[0])
    if kind in _DATES:  # the basic format (RFC 6350 §4.3)
        text = re.sub(r"(?<=\d)[-:]", "", text)
    return f"{head}:{text}"
