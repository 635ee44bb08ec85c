"""What readers in Java, PHP and C make of our files: every field must be as the preview shows it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given

from tests.cards.contact_cards import EVERY, PHOTO, contents, kept, rounds
from tests.interop.debian import COMMANDS, DebianReader
from tests.interop.fields import Fields, Row, as_fields, of_version_4, promised, unescaped
from vcardapp.cards.contact import Contact
from vcardapp.cards.jcard import write_jcard
from vcardapp.cards.vcard import write_vcard
from vcardapp.cards.vcard4 import write_vcard4

Find = Callable[[str], DebianReader]


def of_ez_vcard(rows: Iterable[Row]) -> Iterator[Row]:
    """It keeps the escapes of properties that it does not know."""
    for name, types, parts in rows:
        yield name, types, [unescaped(part) for part in parts] if name.startswith("X-") else parts


def of_sabre(rows: Iterable[Row]) -> Iterator[Row]:
    """Version 2 keeps the escapes of commas."""
    for name, types, parts in rows:
        yield name, types, [part.replace("\\,", ",") for part in parts]


QUIRKS: dict[str, Any] = {"ez-vcard": of_ez_vcard, "sabre": of_sabre, "gnome": lambda rows: rows}


def read_3(reader: DebianReader, name: str, contact: Contact) -> Fields:
    return as_fields(QUIRKS[name](reader.read(write_vcard(contact))))


@pytest.mark.parametrize("reader", COMMANDS)
@pytest.mark.parametrize("name", EVERY)
def test_every_kind_of_card_is_read_whole(debian_reader: Find, reader: str, name: str) -> None:
    contact = dataclasses.replace(kept(EVERY[name], PHOTO), categories=("Fair 2026", "Wood"))
    assert read_3(debian_reader(reader), reader, contact) == promised(contact)


@pytest.mark.parametrize("reader", COMMANDS)
@rounds
@given(contents)
def test_random_cards_are_read_whole(debian_reader: Find, reader: str, content: Any) -> None:
    contact = kept(content, PHOTO)
    assert read_3(debian_reader(reader), reader, contact) == promised(contact)


@rounds
@given(contents)
def test_random_cards_of_version_4_are_read_whole(debian_reader: Find, content: Any) -> None:
    contact = kept(content, PHOTO)
    rows = debian_reader("ez-vcard").read(write_vcard4(contact))
    assert as_fields(of_version_4(of_ez_vcard(rows))) == promised(contact, "4.0")


@rounds
@given(contents)
def test_random_cards_in_json_are_read_whole(debian_reader: Find, content: Any) -> None:
    contact = kept(content, PHOTO)
    rows = debian_reader("ez-vcard").read(write_jcard(contact))
    expected = promised(contact, "4.0")
    if not contact.company and contact.department:
        expected["ORG"] = [([contact.department], [])]  # from JSON it takes no empty part
    assert as_fields(of_version_4(rows)) == expected
