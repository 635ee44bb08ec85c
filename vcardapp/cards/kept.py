"""What phones keep of a card otherwise than its owner typed it: what the editor says before anybody saves."""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from vcardapp.cards.contact import Contact, contact_of
from vcardapp.cards.content import Content
from vcardapp.cards.file_text import email_of, label_of, line_of, note_of, number_of, part_of, street_of, url_of
from vcardapp.cards.links import address_of, safe_url
from vcardapp.cards.note_lines import WITHOUT_ADDRESS, date_line, spans_text

_SINGLE = (
    "display_name", "prefix", "given", "additional", "family", "suffix", "nickname", "phonetic_given", "phonetic_family",
    "company", "department", "title", "role", "birthday",
)  # fmt: skip


class Change(NamedTuple):
    """A field of the content that phones keep otherwise than typed; `after` is empty if they will not have it."""

    field: str
    before: str
    after: str


def changes(content: Content, *, url: str = "", photo: bytes | None = None) -> list[Change]:
    """Say what phones will keep otherwise than it was typed; spaces and the grouping of numbers do not count.

    `url` and `photo` are those of contact_of: beside a large photo a long note is cut.
    """
    content = content.visible()
    contact = contact_of(content, url=url, uid=UUID(int=0), changed=datetime.fromtimestamp(0, UTC), photo=photo)
    pairs = [*_texts(content, contact), *_reach(content), *_pages(content), *_hours(content)]
    pairs.append(("note", content.note, _note(content, contact)))
    return [Change(*pair) for pair in pairs if pair[1].split() != pair[2].split()]


def _texts(content: Content, contact: Contact) -> Iterator[tuple[str, str, str]]:
    for name in _SINGLE:
        if typed := getattr(content, name):
            yield name, typed, getattr(contact, name)
    yield "pronouns", content.pronouns, line_of(content.pronouns)


def _reach(content: Content) -> Iterator[tuple[str, str, str]]:
    for phone in content.phones:
        number, extension = number_of(phone.number, phone.country or content.country)
        if extension or not number:
            yield "phones", phone.number, number
    for mail in content.emails:
        yield "emails", mail.address, email_of(mail.address)
    for address in content.addresses:
        yield "addresses", address.street, street_of(address.street)
        for text in (address.city, address.region, address.code, address.country):
            yield "addresses", text, part_of(text)


def _pages(content: Content) -> Iterator[tuple[str, str, str]]:
    for site in content.websites:
        safe = safe_url(site.url)
        yield "websites", safe or site.url, url_of(safe or "")
        yield "websites", site.label, label_of(site.label) if safe else ""
    for link in content.links:
        if address_of(link.network, link.handle):
            yield "links", link.label, label_of(link.label)
        else:
            is_named = link.network in WITHOUT_ADDRESS.values()
            yield "links", link.handle, line_of(link.handle) if is_named else ""
            yield "links", link.label, ""


def _hours(content: Content) -> Iterator[tuple[str, str, str]]:
    for spans in (*content.hours.week, *(day.spans for day in content.hours.exceptions)):
        for span in spans:
            yield "hours", f"{span.start}-{span.end}", spans_text([span])
    for day in content.hours.exceptions:
        if not date_line(day):
            yield "hours", f"{day.date} {day.note}", ""
        else:
            yield "hours", day.note, line_of(day.note)


def _note(content: Content, contact: Contact) -> str:
    """Return what the file has of the note, without the lines that contact_of puts at its end."""
    whole = note_of(content.note)
    if contact.note.startswith(whole):
        return whole
    begun = os.path.commonprefix([whole, contact.note])
    return f"{begun}…" if contact.note[len(begun) :].startswith("…") else ""
