"""What readers written in JavaScript make of our files: every field must be as the preview shows it."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import assume, given

from tests.cards.contact_cards import EVERY, PHOTO, contents, kept, rounds
from tests.interop.fields import (
    as_fields,
    of_ical,
    of_vcard4_ts,
    of_vcard_parser,
    of_vcf,
    of_version_4,
    promised,
)
from tests.interop.node import NodeReaders
from vcardapp.cards.contact import Contact
from vcardapp.cards.jcard import write_jcard
from vcardapp.cards.vcard import write_vcard
from vcardapp.cards.vcard4 import write_vcard4

READERS_3: dict[str, Any] = {"ical.js": of_ical, "vcf": of_vcf, "vcard-parser": of_vcard_parser}
READERS_4: dict[str, Any] = {"ical.js": of_ical, "vcard4-ts": of_vcard4_ts}


def check_3(readers: NodeReaders, contact: Contact) -> None:
    answers = readers.read(write_vcard(contact))
    assert list(answers) == list(READERS_3)
    for name, answer in answers.items():
        assert "refused" not in answer, (name, answer)
        assert as_fields(READERS_3[name](answer)) == promised(contact), name


def check_4(readers: NodeReaders, contact: Contact) -> None:
    answers = readers.read(write_vcard4(contact))
    assert list(answers) == list(READERS_4)
    for name, answer in answers.items():
        assert "refused" not in answer, (name, answer)
        assert as_fields(of_version_4(READERS_4[name](answer))) == promised(contact, "4.0"), name
    ours = json.loads(write_jcard(contact))
    assert as_known_to_ical(ours) == as_known_to_ical(answers["ical.js"][:2])


def as_known_to_ical(jcard: list[Any]) -> list[Any]:
    """Leave out what ical.js has otherwise: it knows no PRODID in a contact, and takes UID for a text."""
    rows = [[name, params, "" if name in ("prodid", "uid") else kind, *more] for name, params, kind, *more in jcard[1]]
    return ["vcard", rows]


@pytest.mark.parametrize("name", EVERY)
def test_every_kind_of_card_is_read_whole(node_readers: NodeReaders, name: str) -> None:
    contact = dataclasses.replace(kept(EVERY[name], PHOTO), categories=("Fair 2026", "Wood"))
    check_3(node_readers, contact)
    check_4(node_readers, contact)


@rounds
@given(contents)
def test_random_cards_are_read_whole(node_readers: NodeReaders, content: Any) -> None:
    contact = kept(content, PHOTO)
    assume("ΩΩΩ" not in repr(contact))  # vcard-parser's own mark
    check_3(node_readers, contact)


@rounds
@given(contents)
def test_random_cards_of_version_4_are_read_whole(node_readers: NodeReaders, content: Any) -> None:
    check_4(node_readers, kept(content, PHOTO))
