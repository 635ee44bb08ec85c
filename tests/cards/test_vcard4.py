"""Contacts as vCard 4.0 and as jCard, beside what readers of others make of them (tests/interop)."""

import dataclasses
import json

import pytest
from hypothesis import given

from tests.cards.contact_cards import CAST, PHOTO, ZOE, contents, kept, rounds
from tests.cases import each
from vcardapp.cards.content import Content, Phone
from vcardapp.cards.jcard import write_jcard
from vcardapp.cards.vcard4 import write_vcard4
from vcardapp.cards.vcard_reader import read_vcards

EXAMPLE = """\
BEGIN:VCARD
VERSION:4.0
PRODID:-//vcardapp//vcardapp//EN
N:Brandt-Okafor;Zoë;;Dr.;
UID:urn:uuid:7c1d0c4e-6a55-4d0e-9f0b-2f4d1f3a8e21
FN:Dr. Zoë Brandt-Okafor
NICKNAME:Zo
ORG:Lantern Workshop Ltd;Furniture\\, Restoration
REV:20260301T090000Z
TITLE:Head of Workshop
ROLE:Conservator
ADR;TYPE=work:;;12 Lantern Row\\nFloor 2\\, Door 7;London;;E1 0ZZ;United King
 dom
TEL;TYPE="cell,voice";PREF=1;VALUE=uri:tel:+447700900123
TEL;TYPE="work,voice";VALUE=uri:tel:+442079460958
EMAIL;TYPE=work;PREF=1:zoe@example.com
URL;TYPE=work:https://card.example.com/zoe
URL;TYPE=LinkedIn:https://www.linkedin.com/in/zoe-example
URL;TYPE=Portfolio:https://example.org/?q=chairs%2Ctables%3Boak
BDAY:19840229
CATEGORIES:Fair 2026,Wood\\, old
NOTE:Repairs & gilding\\, by appointment.\\nWork line: ext. 55. "Çok güzel"
 \\, say our clients in every second letter.
END:VCARD
"""


def lines_of(content: Content) -> list[str]:
    return write_vcard4(kept(content)).decode().split("\r\n")


def rows_of(content: Content) -> list[list[object]]:
    name, rows = json.loads(write_jcard(kept(content)))
    assert name == "vcard"
    return rows


def test_a_person_is_written_as_rfc_6350_says():
    contact = dataclasses.replace(kept(ZOE), categories=("Fair 2026", "Wood, old"))
    assert write_vcard4(contact) == EXAMPLE.replace("\n", "\r\n").encode()


def test_the_photo_is_a_folded_data_address():
    text = write_vcard4(kept(ZOE, PHOTO)).decode()
    assert "\r\nPHOTO:data:image/jpeg;base64,/9j/" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_company_is_an_organisation():
    lines = lines_of(CAST["company"])
    assert "KIND:org" in lines
    assert "X-ABShowAs:COMPANY" not in lines
    assert "N:;;;;" in lines


def test_only_international_numbers_are_addresses():
    lines = lines_of(Content(display_name="Ada", phones=(Phone("112", "other"), Phone("+442079460958", "fax"))))
    assert [line for line in lines if line.startswith("TEL")] == [
        "TEL;TYPE=voice;PREF=1;VALUE=text:112",
        'TEL;TYPE="work,fax";VALUE=uri:tel:+442079460958',
    ]


def test_json_has_dates_in_the_extended_format():
    rows = {row[0]: row for row in rows_of(ZOE)}
    assert rows["rev"] == ["rev", {}, "timestamp", "2026-03-01T09:00:00Z"]
    assert rows["bday"] == ["bday", {}, "date-and-or-time", "1984-02-29"]
    assert rows["tel"] == ["tel", {"type": ["work", "voice"]}, "uri", "tel:+442079460958"]
    assert rows["org"] == ["org", {}, "text", ["Lantern Workshop Ltd", "Furniture, Restoration"]]


@each("write", [write_vcard4, write_jcard])
def test_without_a_name_or_an_address_there_is_no_file(write):
    with pytest.raises(ValueError, match="name"):
        write(kept(Content(display_name=" , ; ")))
    with pytest.raises(ValueError, match="address"):
        write(dataclasses.replace(kept(ZOE), url=""))


@rounds
@given(contents)
def test_random_cards_come_back_as_they_were(content):
    contact = kept(content, PHOTO)
    data = write_vcard4(contact)
    assert write_vcard4(contact) == data
    (card,) = read_vcards(data).cards
    assert kept(card.content, card.photo) == contact
