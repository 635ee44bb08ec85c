"""The form of a card: whatever is typed is kept, what is wrong is said beside its field."""

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tests.cases import each
from tests.factories import content, tricky_content
from vcardapp.cards.content import Content, Link, Phone, Span
from vcardapp.cards.forms import CardForm, card_form
from vcardapp.editor.answers import errors_of, notes_of
from vcardapp.editor.rows import press
from vcardapp.store.form_rows import values_of


@pytest.fixture(autouse=True)
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def form_of(**values: str) -> CardForm:
    form = card_form(Content(), "", MultiDict(values))
    form.validate()
    return form


def test_a_card_goes_through_the_form_and_back_unchanged() -> None:
    for card in (content(), tricky_content(note="One\nTwo")):
        again = card_form(card, "", values_of(card_form(card, "")))
        assert again.content(card) == card


def test_a_name_is_needed() -> None:
    assert "display_name" in errors_of(form_of())
    assert "display_name" in errors_of(form_of(display_name=" \u200b "))
    assert "display_name" in errors_of(form_of(display_name="=;,"))
    assert "display_name" not in errors_of(form_of(display_name="김 O"))


def test_wrong_input_is_named_and_kept() -> None:
    wrong = {
        "phones-0-number": "not a number",
        "emails-0-address": "nobody",
        "websites-0-url": "javascript:alert(1)",
        "links-0-network": "instagram",
        "links-0-handle": "has spaces in it",
        "birthday": "tomorrow",
        "week-0-spans-0-start": "9:00",
        "exceptions-0-date": "Christmas",
        "slug": "a/b",
        "title": "x" * 201,
    }
    form = form_of(**wrong)
    assert set(wrong) - {"links-0-network"} <= set(errors_of(form)), errors_of(form)
    kept = form.content(Content())
    assert kept.phones[0].number == "not a number"
    assert kept.links == (Link("instagram", "has spaces in it"),)
    assert len(kept.title) == 201
    assert "+33" in errors_of(form)["phones-0-number"]


def test_numbers_are_read_by_the_country_of_the_card_or_their_own() -> None:
    form = form_of(country="FR", **{"phones-0-number": "06 12 34 56 78"})
    assert "phones-0-number" not in errors_of(form)
    assert notes_of(form)["phones-0-number"]["shown"] == "+33 6 12 34 56 78"
    form = form_of(country="FR", **{"phones-0-number": "020 7946 0018", "phones-0-country": "GB"})
    assert notes_of(form)["phones-0-number"]["shown"] == "+44 20 7946 0018"


def test_a_doubtful_number_is_a_warning_and_no_error() -> None:
    form = form_of(**{"phones-0-number": "+44 7700 900123 4"})
    assert "phones-0-number" not in errors_of(form)
    assert notes_of(form)["phones-0-number"]["doubtful"]


def test_empty_rows_are_left_out() -> None:
    form = form_of(**{"phones-0-number": "", "phones-0-kind": "work", "phones-1-number": "+33612345678"})
    assert form.content(Content()).phones == (Phone("+33612345678", "mobile"),)


def test_pasted_handles_are_reduced() -> None:
    form = form_of(**{"links-0-network": "instagram", "links-0-handle": "https://www.instagram.com/ada/?hl=de"})
    assert form.content(Content()).links == (Link("instagram", "ada"),)


def test_rows_move_and_go() -> None:
    numbers = {f"phones-{i}-number": f"+3361234567{i}" for i in range(3)}
    for action, order in [("up:phones:2", "021"), ("down:phones:0", "102"), ("remove:phones:1", "02"), ("up:phones:0", "012")]:
        form = form_of(**numbers)
        assert press(form, action)
        moved = card_form(Content(), "", values_of(form)).content(Content())
        assert [phone.number[-1] for phone in moved.phones] == list(order)


def test_hostile_actions_do_nothing() -> None:
    form = form_of(**{"phones-0-number": "+33612345678"})
    for action in ("up:phones:9", "up:meta:0", "remove:phones:-1", "up:", ":::", "remove:week-9:0", "x:phones:0", "up:phones:٣"):
        assert not press(form, action)


def test_hours_with_several_spans() -> None:
    form = form_of(
        **{
            "week-0-spans-0-start": "09:00:00", "week-0-spans-0-end": "12:00",
            "week-0-spans-1-start": "13:00", "week-0-spans-1-end": "17:00",
        },
    )  # fmt: skip
    assert form.content(Content()).hours.week[0] == (Span("09:00", "12:00"), Span("13:00", "17:00"))


NAMES = [
    "display_name", "phones-0-number", "links-0-handle", "slug", "country", "time_zone", "language", "phones-0-kind",
    "links-0-network", "birthday", "week-3-spans-0-start", "hide-0", "revision",
]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=80)))
def test_no_input_breaks_the_form(values: dict[str, str]) -> None:
    form = card_form(Content(), "", MultiDict(values))
    form.validate()
    errors_of(form)
    notes_of(form)
    read = form.content(Content())
    assert Content.from_dict(read.to_dict()) == read


@each("closed", range(7))
def test_a_day_whose_rows_were_taken_away_does_not_move_the_others(closed: int) -> None:
    """A browser sends nothing of a day without rows."""
    others = [day for day in range(7) if day != closed]
    ends = (("start", 1), ("end", 11))
    sent = {f"week-{day}-spans-0-{end}": f"{hour + day:02}:00" for day in others for end, hour in ends}
    week = CardForm(MultiDict(sent)).content(Content()).hours.week
    assert [[span.start for span in spans] for spans in week] == [[] if day == closed else [f"0{1 + day}:00"] for day in range(7)]
