"""The contact inside a code: minimal, honest about what it leaves out, read by address books and scanners alike."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import vobject
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests import factories
from tests.cases import each
from vcardapp.cards import qr
from vcardapp.cards.contact import Contact, contact_of
from vcardapp.cards.contact_code import ABOUT, LEFT_OUT, MOST, ContactTooLong, contact_text
from vcardapp.cards.content import Content, Email, Phone

URL = "https://card.example.org/u/7K2Q4M"


def contact(**over: Any) -> Contact:
    return kept(factories.content(**over))


def kept(content: Content) -> Contact:
    return contact_of(
        content, url="https://card.example.org/ada", uid=UUID(int=0), changed=datetime(2026, 1, 1, tzinfo=UTC)
    )


def test_it_holds_the_name_the_mobile_the_first_mail_and_the_short_address() -> None:
    text, left_out = contact_text(contact(), URL)
    assert text.split("\n") == [
        "BEGIN:VCARD", "VERSION:3.0", "N:Lovelace;Ada;;;", "FN:Ada Lovelace", "ORG:Engines Ltd", "TITLE:Analyst",
        "TEL;TYPE=CELL:+447700900123", "EMAIL:ada@example.org", f"URL:{URL}", "END:VCARD", "",
    ]  # fmt: skip
    assert left_out == ("phones", "addresses", "urls")
    assert len(text) <= ABOUT


def test_nothing_is_said_to_be_missing_where_nothing_is() -> None:
    bare = kept(Content(display_name="Ada Lovelace", phones=(Phone("+44 7700 900123", "mobile"),)))
    assert contact_text(bare, URL).left_out == ()


@each(
    ("length", "lost"), [(20, ()), (60, ("title",)), (80, ("title", "company"))]
)  # fmt: skip
def test_title_goes_first_and_the_company_next(length: int, lost: tuple[str, ...]) -> None:
    long = contact(
        title="Master of everything" if length > 20 else "",
        company="C" * length,
        phones=(),
        addresses=(),
        websites=(),
        links=(),
    )
    text, left_out = contact_text(long, URL)
    assert left_out == lost
    assert len(text.encode()) <= ABOUT
    assert ("TITLE:" in text, "ORG:" in text) == ("title" not in lost and length > 20, "company" not in lost)


def test_a_long_name_drops_fn_and_a_longer_one_is_refused() -> None:
    def named(length: int) -> Contact:
        return contact(
            display_name="Z" * length, given="Z" * length, family="", phones=(), emails=(), company="", title=""
        )

    assert "\nFN:" in contact_text(named(60), URL).text
    whole = contact_text(named(120), URL).text
    assert "\nFN:" not in whole
    assert f"\nN:;{'Z' * 120};;;\n" in whole
    with pytest.raises(ContactTooLong):
        contact_text(named(180), URL)


def test_a_company_has_an_empty_n_and_its_name_once() -> None:
    shop = contact(is_company=True, display_name="Engines Ltd", company="Engines Ltd", title="")
    assert "\nN:;;;;\nFN:Engines Ltd\nTEL" in contact_text(shop, URL).text


@each(
    ("kinds", "line"),
    [((), ""), (("fax",), ""), (("fax", "work"), "TEL;TYPE=WORK:+442079460012"),
     (("work", "mobile"), "TEL;TYPE=CELL:+442079460012"), (("home",), "TEL;TYPE=HOME:+442079460011")],
)  # fmt: skip
def test_a_mobile_is_preferred_and_a_fax_is_nothing_to_call(kinds: tuple[str, ...], line: str) -> None:
    phones = tuple(Phone(f"+44 20 7946 001{number}", kind) for number, kind in enumerate(kinds, 1))
    text, left_out = contact_text(contact(phones=phones), URL)
    assert [row for row in text.split("\n") if row.startswith("TEL")] == ([line] if line else [])
    assert ("phones" in left_out) == (len(phones) > bool(line))


def test_what_the_owner_hides_is_not_in_it() -> None:
    hidden = contact(
        phones=(Phone("+44 7700 900123", "mobile", hidden=True),), emails=(Email("a@example.org", hidden=True),)
    )
    assert "TEL" not in contact_text(hidden, URL).text
    assert "EMAIL" not in contact_text(hidden, URL).text


@each(
    "content", [factories.content(), factories.content(display_name="Zoë 山田", given="Zoë", family="山田")]
)
def test_scanners_and_address_books_read_it(content: Content) -> None:
    text = contact_text(kept(content), URL).text
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(qr.png(text, 600))))
    assert found.text == text
    card = vobject.readOne(found.text)
    assert card.fn.value == content.display_name
    assert card.tel.value == "+447700900123"
    assert card.url.value == URL


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=70)


@settings(max_examples=150, deadline=None)
@given(texts, texts, texts, texts)
def test_whatever_is_typed_it_is_short_and_whole_or_refused(
    name: str, given_name: str, company: str, title: str
) -> None:
    made = kept(Content(display_name=f"x{name}", given=given_name, company=company, title=title))
    try:
        text, left_out = contact_text(made, URL)
    except ContactTooLong:
        assert len(made.display_name.encode()) > 60
        return
    assert len(text.encode()) <= MOST
    assert set(left_out) <= set(LEFT_OUT)
    assert text.startswith("BEGIN:VCARD\nVERSION:3.0\nN:")
    assert text.endswith("\nEND:VCARD\n")
    assert text.count("BEGIN:VCARD") == text.count("END:VCARD") == 1
    read = vobject.readOne(text)
    if "\nFN:" in text:
        assert read.fn.value == made.display_name
