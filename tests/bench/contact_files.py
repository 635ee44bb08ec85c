"""Writing a contact file, beside vobject's serializer and segno's helper for the same card: ratios of one run."""

from __future__ import annotations

import dataclasses
import statistics
import time
from base64 import b64encode
from collections.abc import Callable

import vobject
from segno.helpers import make_vcard_data

from tests.cards.contact_cards import PHOTO, ZOE, kept
from vcardapp.cards.contact import Contact
from vcardapp.cards.vcard import write_vcard

LARGEST = PHOTO + bytes(40 * 1024 - len(PHOTO))
ROUNDS = 30
CALLS = 200


def compare() -> list[tuple[str, float, float, float]]:
    """Return for each card its name and the median microseconds of our writer, vobject's and segno's, by turns."""
    contact = dataclasses.replace(kept(ZOE), categories=())
    found = []
    for name, card in (("without a photo", contact), ("with one of 40 KB", dataclasses.replace(contact, photo=LARGEST))):
        built, values = as_vobject(card), as_segno(card)
        writers: list[Callable[[], object]] = [
            lambda card=card: write_vcard(card),
            lambda built=built: built.serialize(),
            lambda values=values: make_vcard_data(**values).encode(),
        ]
        times = [[timed(writer) for writer in writers] for _ in range(ROUNDS)]
        ours, theirs, helper = (statistics.median(column) for column in zip(*times, strict=True))
        found.append((name, ours, theirs, helper))
    return found


def timed(write: Callable[[], object]) -> float:
    begun = time.perf_counter()
    for _ in range(CALLS):
        write()
    return (time.perf_counter() - begun) / CALLS * 1e6


def as_vobject(contact: Contact) -> vobject.base.Component:
    """Return the card as vobject keeps it, ready to be written."""
    card = vobject.vCard()
    card.add("prodid").value = "-//vcardapp//vcardapp//EN"
    names = {name: getattr(contact, name) for name in ("family", "given", "additional", "prefix", "suffix")}
    card.add("n").value = vobject.vcard.Name(**names)
    card.add("uid").value = f"urn:uuid:{contact.uid}"
    card.add("fn").value = contact.display_name
    card.add("nickname").value = contact.nickname
    card.add("org").value = [contact.company, contact.department]
    card.add("rev").value = f"{contact.changed:%Y%m%dT%H%M%SZ}"
    card.add("title").value = contact.title
    card.add("role").value = contact.role
    for place in contact.addresses:
        parts = {name: getattr(place, name) for name in ("street", "city", "region", "code", "country")}
        typed(card, "adr", vobject.vcard.Address(**parts), [place.type])
    for phone in contact.phones:
        typed(card, "tel", phone.number, list(phone.types))
    for email in contact.emails:
        typed(card, "email", email.address, ["INTERNET", email.type])
    typed(card, "url", contact.url, ["WORK"])
    for url in contact.urls:
        typed(card, "url", url.url, [url.label])
    card.add("bday").value = contact.birthday
    card.add("note").value = contact.note
    if contact.photo:
        photo = card.add("photo")
        photo.value = contact.photo
        photo.params = {"ENCODING": ["b"], "TYPE": ["JPEG"]}
    return card


def typed(card: vobject.base.Component, name: str, value: object, types: list[str]) -> None:
    line = card.add(name)
    line.value = value
    line.params = {"TYPE": types}


def as_segno(contact: Contact) -> dict[str, object]:
    """Return what segno's helper has words for: of the addresses, one; of the photo, an address, here one of data."""
    (place,) = contact.addresses
    mobile, work = contact.phones
    photo = f"data:image/jpeg;base64,{b64encode(contact.photo).decode()}" if contact.photo else None
    return {
        "name": f"{contact.family};{contact.given};{contact.additional};{contact.prefix};{contact.suffix}",
        "displayname": contact.display_name,
        "email": [email.address for email in contact.emails],
        "cellphone": mobile.number,
        "workphone": work.number,
        "memo": contact.note,
        "nickname": contact.nickname,
        "birthday": contact.birthday,
        "url": [contact.url, *(url.url for url in contact.urls)],
        "street": place.street,
        "city": place.city,
        "zipcode": place.code,
        "country": place.country,
        "org": contact.company,
        "rev": f"{contact.changed:%Y-%m-%d}",
        "title": [contact.title, contact.role],
        "photo_uri": photo,
    }


def show() -> None:
    print(f"\n{'a contact file, microseconds':34}{'ours':>10}{'vobject':>10}{'ratio':>8}{'segno':>10}{'ratio':>8}")
    for name, ours, theirs, helper in compare():
        print(f"{name:34}{ours:>10.0f}{theirs:>10.0f}{theirs / ours:>8.2f}{helper:>10.0f}{helper / ours:>8.2f}")


if __name__ == "__main__":
    show()
