"""What the editor says that phones will keep: what it does not mention arrives as typed, the rest as it says."""

import dataclasses

import pytest
import vobject
from hypothesis import assume, given

from tests.cards.contact_cards import PHOTO, URL, kept, rounds, texts
from vcardapp.cards.contact import FILE_BYTES
from vcardapp.cards.content import Address, Content, Email, Hours, Link, Phone, Span, SpecialDay, Website
from vcardapp.cards.kept import Change, changes
from vcardapp.cards.vcard import write_vcard

ADA = Content(display_name="Ada Lovelace")


def ada(**fields: object) -> Content:
    return dataclasses.replace(ADA, **fields)


def test_the_editor_is_told_what_was_changed():
    content = ada(
        title="Architect; Partner",
        nickname="Zo, Zoey",
        company="Engines",
        pronouns="she; her",
        phones=(Phone("+442079460958 ext. 55"), Phone("+44 20 7946 0000"), Phone("none")),
        emails=(Email("a;b@example.com"),),
        addresses=(Address("1 Row;", "London"),),
        websites=(Website("example.org/a;b", label="My shop"), Website("example.org", label="Shop")),
        links=(
            Link("instagram", "ada", "Фото"),
            Link("wechat", "ada_w"),
            Link("wechat", "a;b"),
            Link("none", "x", "X"),
        ),
        birthday="soon",
        hours=Hours(
            ((Span("9", "17:00"), Span("18:00", "20:00")),),
            (SpecialDay("2026-12-24", (), "a; b"), SpecialDay("x", (), "y")),
        ),
        note="a\\b",
    )
    assert changes(content) == [
        Change("nickname", "Zo, Zoey", "Zo"),
        Change("title", "Architect; Partner", "Architect, Partner"),
        Change("birthday", "soon", ""),
        Change("pronouns", "she; her", "she, her"),
        Change("phones", "+442079460958 ext. 55", "+442079460958"),
        Change("phones", "none", ""),
        Change("emails", "a;b@example.com", ""),
        Change("addresses", "1 Row;", "1 Row"),
        Change("websites", "https://example.org/a;b", "https://example.org/a%3Bb"),
        Change("websites", "My shop", "Myshop"),
        Change("links", "Фото", ""),
        Change("links", "a;b", "a,b"),
        Change("links", "x", ""),
        Change("links", "X", ""),
        Change("hours", "9-17:00", ""),
        Change("hours", "a; b", "a, b"),
        Change("hours", "x y", ""),
        Change("note", "a\\b", "a/b"),
    ]


def test_nothing_is_said_of_a_card_that_is_kept_as_typed():
    assert changes(ada(title="Architect ", note="One\r\ntwo", phones=(Phone("+44 20 7946 0000"),))) == []


WHERE = {  # a field of the form, and where vobject finds it
    "display_name": lambda card: card.fn.value,
    "prefix": lambda card: card.n.value.prefix,
    "given": lambda card: card.n.value.given,
    "additional": lambda card: card.n.value.additional,
    "family": lambda card: card.n.value.family,
    "suffix": lambda card: card.n.value.suffix,
    "nickname": lambda card: card.nickname.value,
    "phonetic_given": lambda card: card.x_phonetic_first_name.value,
    "phonetic_family": lambda card: card.x_phonetic_last_name.value,
    "company": lambda card: card.org.value[0],
    "department": lambda card: card.org.value[1],
    "title": lambda card: card.title.value,
    "role": lambda card: card.role.value,
    "pronouns": lambda card: card.note.value.removeprefix("Pronouns: "),
    "note": lambda card: card.note.value,
    "street": lambda card: card.adr.value.street,
    "city": lambda card: card.adr.value.city,
    "label": lambda card: card.url_list[1].type_param,
}


@pytest.mark.parametrize("field", WHERE)
@rounds
@given(text=texts)
def test_every_field_arrives_as_the_editor_says(field, text):
    content = ada(given="Ada", family="Lovelace", websites=(Website("https://a.example/"),))
    typed = text.strip()
    assume(typed or field != "display_name")  # the parts stand in for it
    if field in ("street", "city"):
        content = ada(addresses=(Address(**{field: typed}),))
        typed_field = "addresses"
    elif field == "label":
        content = ada(websites=(Website("https://a.example/", label=typed),))
        typed_field = "websites"
    else:
        content, typed_field = dataclasses.replace(content, **{field: typed}), field
    said = {change.field: change.after for change in changes(content)}
    try:
        arrives = WHERE[field](vobject.readOne(write_vcard(kept(content)).decode()))
    except AttributeError:
        arrives = ""  # the file has no such line
    expected = said.get(typed_field, typed)
    if field == "label" and expected.upper() in ("", "WORK", "HOME"):
        expected = expected.upper() or "WORK"
    assert arrives.split() == expected.split()


def test_a_long_note_is_cut_in_the_file_as_the_editor_says():
    largest = PHOTO + bytes(40_000 - len(PHOTO))
    content = ada(note="漢" * 2000, pronouns="she")
    assert changes(content) == []
    (change,) = changes(content, url=URL, photo=largest)
    assert kept(content, largest).note == f"{change.after}\nPronouns: she"
    assert change.after.endswith("漢…")


def test_a_card_that_is_full_without_its_note_still_has_a_contact():
    page = "https://example.com/" + "x" * 1900
    content = ada(websites=tuple(Website(f"{page}{number}") for number in range(95)), note="Hello")
    assert not content.is_too_long
    assert changes(content) == [Change("note", "Hello", "")]
    assert len(write_vcard(kept(content))) > FILE_BYTES
