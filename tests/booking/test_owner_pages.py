"""The owner's pages: a first type in one form, types, hours, dates, people, settings, and why a time is not offered."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests import factories
from tests.booking.cast import NOW, at, first_host, kind_of, practice, second_host
from vcardapp.accounts.models import User
from vcardapp.booking import set_up, week
from vcardapp.booking.free import free_times, hosts_of
from vcardapp.booking.pictures import cards_showing
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.store import catalogue
from vcardapp.store import service as store

TYPE = {
    "name": "First visit", "length": "45", "place_sort": "", "colour": "", "own_hours": "", "window": "days", "window_days": "30",
    "needs_approval": "", "notice_minutes": "60", "interval_minutes": "0", "before_minutes": "5", "after_minutes": "10",
    "approval_minutes": "2880", "cancel_minutes": "1440", "move_minutes": "0", "offer_minutes": "720", "seats": "1",
    "currency": "EUR", "service_id": "", "is_shown": "y", "waiting_list": "y", "reminders": ["1440", "60"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _monday_morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def owner(app: Flask, alice: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(alice)


@pytest.fixture
def card(app: Flask, alice: User) -> Card:
    return practice(alice)


def base(card: Card) -> str:
    return f"/cards/{card.id}/booking"


def after(owner: FlaskClient, answer: TestResponse) -> TestResponse:
    """The page that follows what was done."""
    assert answer.status_code == 303, re.findall(r'field-error">([^<]+)', answer.text)
    return owner.get(answer.location)


def typed(card: Card, **over: object) -> dict[str, object]:
    hosts = [str(host.id) for host in set_up.hosts_on(card)]
    return {**TYPE, "hosts": hosts, **over}


def test_the_first_type_takes_a_name_a_length_and_hours(owner: FlaskClient, alice: User) -> None:
    card = factories.published_card(alice, "ada", time_zone="UTC")
    assert owner.get(base(card)).location.endswith("/begin")
    assert set_up.find_page(card) is None, "looking begins nothing"
    form = {"name": "Consultation", "length": "other", "minutes": "40", "hours": "these", "days": ["0", "2"],
            "times-start": "09:00", "times-end": "12:00"}  # fmt: skip
    answer = after(owner, owner.post(f"{base(card)}/begin", data=form))
    assert "Booking is on." in answer.text
    (kind,) = set_up.types_on(card)
    assert (kind.name, kind.minutes, kind.key) == ("Consultation", 40, "consultation")
    nine = (540, 720)
    assert week.week_of(card, first_host(card)) == ((nine,), (), (nine,), (), (), (), ())
    assert "The next free times" in answer.text


def test_a_first_type_without_a_name_keeps_what_was_typed(owner: FlaskClient, alice: User) -> None:
    card = factories.published_card(alice, "ada", time_zone="UTC")
    form = {"name": "", "length": "60", "hours": "these", "days": ["6"], "times-start": "10:00", "times-end": "11:00"}
    answer = owner.post(f"{base(card)}/begin", data=form)
    assert answer.status_code == 422
    assert "Please give it a name." in answer.text
    assert re.search(r'name="days"[^>]*value="6"|value="6"[^>]*name="days"', answer.text)
    assert 'value="10:00"' in answer.text
    assert set_up.find_page(card) is None


def test_a_type_keeps_all_that_its_form_says(owner: FlaskClient, card: Card) -> None:
    shop = store.open_shop(card)
    service = catalogue.add_service(card, name="Lesson", price=2500)
    square = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(square, "PNG")
    form = typed(
        card, price="12,50", text="Bring your papers.", place_sort="video", place="https://meet.example.org/a", colour="#2456a6",
        interval_minutes="15", window="dates", window_from="2027-01-01", window_until="2027-03-31", per_day="3", seats="2",
        needs_approval="y", approval_minutes="1440", most_moves="1", service_id=str(service.id), currency=shop.currency,
        photo=(io.BytesIO(square.getvalue()), "face.png"),
        **{"questions-0-label": "Allergies?", "questions-0-sort": "choice", "questions-0-choices": "None\nNuts\n"},
        **{"questions-0-required": "y"},
    )  # fmt: skip
    answer = owner.post(f"{base(card)}/types/new", data=form, content_type="multipart/form-data")
    assert answer.status_code == 303, re.findall(r'field-error">([^<]+)', answer.text)
    (kind,) = set_up.types_on(card)
    assert (kind.minutes, kind.price, kind.text, kind.place) == (45, 1250, "Bring your papers.", "https://meet.example.org/a")
    assert (kind.before_minutes, kind.after_minutes, kind.notice_minutes, kind.interval_minutes) == (5, 10, 60, 15)
    assert (kind.window_days, kind.window_from, kind.window_until) == (None, date(2027, 1, 1), date(2027, 3, 31))
    assert (kind.per_day, kind.seats, kind.needs_approval, kind.approval_minutes) == (3, 2, True, 1440)
    assert (kind.cancel_minutes, kind.most_moves, kind.reminders) == (1440, 1, [1440, 60])
    assert kind.service_id == service.id
    assert kind.picture
    (question,) = kind.questions
    assert question["key"]
    assert {**question, "key": ""} == {
        "key": "", "sort": "choice", "label": "Allergies?", "required": True, "choices": ["None", "Nuts"],
    }  # fmt: skip
    assert cards_showing(kind.picture) == [card.id]
    shown = owner.get(f"{base(card)}/types/{kind.id}").text
    for text in ("First visit", "Bring your papers.", "12.50", "https://meet.example.org/a", "2027-03-31", "Allergies?", "Nuts"):
        assert text in shown
    again = owner.post(f"{base(card)}/types/{kind.id}", data=typed(card, picture=kind.picture, window="always"))
    assert again.status_code == 303
    db.session.refresh(kind)
    assert (kind.price, kind.questions, kind.window_days, kind.window_from, kind.service_id) == (None, [], None, None, None)
    assert kind.picture, "a picture that is there stays"


WRONG = (
    ({"length": "other", "minutes": ""}, "how many minutes"),
    ({"length": "other", "minutes": "0"}, "Please type a number from 1 to 1440."),
    ({"price": "much"}, "This is no price that we can read."),
    ({"place_sort": "video", "place": "meet.example.org"}, "A video link begins with https://"),
    ({"window": "dates", "window_from": "2027-02-02", "window_until": "2027-01-01"}, "The last date is before the"),
    ({"window": "days", "window_days": ""}, "Please type how many days."),
    ({"window": "dates", "window_from": "31.3.2027"}, "Please type a date such as 2027-03-31."),
    ({"questions-0-label": "Which?", "questions-0-sort": "choice", "questions-0-choices": "One"}, "at least two choices"),
    ({"reminders": ["15", "30", "60", "120", "240", "1440"]}, "At most five reminders."),
    ({"seats": "-3"}, "Please type a number from 1 to 1000."),
)


def test_what_is_wrong_with_a_type_stands_beside_it_and_nothing_is_lost(owner: FlaskClient, card: Card) -> None:
    for over, words in WRONG:
        answer = owner.post(f"{base(card)}/types/new", data=typed(card, name="Kept name", text="Kept text", **over))
        assert answer.status_code == 422, over
        for text in (words, "Kept name", "Kept text"):
            assert text in answer.text, over
    assert not set_up.types_on(card)


def test_questions_are_added_and_moved_without_script(owner: FlaskClient, card: Card) -> None:
    rows = {"questions-0-label": "One", "questions-0-sort": "text", "questions-1-label": "Two", "questions-1-sort": "tick"}
    form = typed(card, **rows)
    added = owner.post(f"{base(card)}/types/new", data={**form, "action": "add:questions"}).text
    assert 'name="questions-2-label"' in added
    moved = owner.post(f"{base(card)}/types/new", data={**form, "action": "down:questions:0"}).text
    assert moved.index('value="Two"') < moved.index('value="One"')
    ticked = re.findall(r"<input[^>]*name=\"reminders\"[^>]*>", moved)
    assert ["checked" in tag for tag in ticked if 'value="1440"' in tag or 'value="60"' in tag] == [True, True]


def test_types_are_arranged_hidden_and_removed(owner: FlaskClient, card: Card) -> None:
    one, two = kind_of(card, "One"), kind_of(card, "Two")
    owner.post(f"{base(card)}/types/arrange", data={"action": f"up:{two.id}"})
    assert [kind.name for kind in set_up.types_on(card)] == ["Two", "One"]
    set_up.change_type(one, picture="a" * 32)
    assert cards_showing("a" * 32) == [card.id]
    owner.post(f"{base(card)}/types/arrange", data={"action": f"hide:{one.id}"})
    assert not one.is_shown
    assert not cards_showing("a" * 32)
    page = after(owner, owner.post(f"{base(card)}/types/{two.id}/remove"))
    assert "can no longer be booked" in page.text
    assert [kind.name for kind in set_up.types_on(card)] == ["One"]


def test_hours_are_kept_copied_and_run_past_midnight(owner: FlaskClient, card: Card) -> None:
    kind, host = kind_of(card), first_host(card)
    form = {"own": "own", "week-0-spans-0-start": "09:00", "week-0-spans-0-end": "12:00",
            "week-0-spans-1-start": "22:00", "week-0-spans-1-end": "02:00",
            "week-6-spans-0-start": "00:00", "week-6-spans-0-end": "00:00"}  # fmt: skip
    copied = owner.post(f"{base(card)}/hours", data={**form, "action": "copy", "copy_from": "0", "copy_to": "weekdays"}).text
    assert 'name="week-4-spans-1-start" value="22:00"' in copied
    assert 'name="week-5-spans-0-start" value=""' in copied
    assert not host.own_hours, "copying keeps nothing yet"
    longer = owner.post(f"{base(card)}/hours", data={**form, "action": "add:week-6-spans"}).text
    assert 'name="week-6-spans-0-start" value="00:00"' in longer, "days without hours keep their places"
    assert 'name="week-6-spans-1-start" value=""' in longer
    answer = after(owner, owner.post(f"{base(card)}/hours", data=form))
    assert "The hours are saved." in answer.text
    assert week.week_of(card, host)[0] == ((540, 720), (1320, 120))
    assert week.week_of(card, host)[6] == ((0, 1440),), "a whole day"
    assert [one.start for one in free_times(card, kind, at(21), at(3, day=1))] == [at(22), at(23), at(0, day=1), at(1, day=1)]
    back = owner.post(f"{base(card)}/hours", data={"own": ""})
    assert back.status_code == 303
    assert not host.own_hours


def test_hours_that_cannot_be_are_named(owner: FlaskClient, card: Card) -> None:
    form = {"own": "own", "week-1-spans-0-start": "09:00", "week-1-spans-0-end": "", "week-2-spans-0-start": "25:00",
            "week-2-spans-0-end": "26:00", "week-3-spans-0-start": "10:00", "week-3-spans-0-end": "10:00"}  # fmt: skip
    answer = owner.post(f"{base(card)}/hours", data=form)
    assert answer.status_code == 422
    for words in ("When does it end?", "Please type a time such as 09:30.", "It ends when it begins."):
        assert words in answer.text
    assert 'value="25:00"' in answer.text
    assert not first_host(card).own_hours


def test_dates_close_and_open_again(owner: FlaskClient, card: Card) -> None:
    kind_of(card)
    form = {"first": "2027-12-24", "last": "2027-12-26", "note": "Christmas", "closed": "y"}
    page = after(owner, owner.post(f"{base(card)}/dates", data=form)).text
    assert page.count("is-closed") == 3
    assert "Christmas" in page
    new_year = {"first": "2027-12-31", "closed": "", "spans-0-start": "09:00", "spans-0-end": "11:00"}
    owner.post(f"{base(card)}/dates", data=new_year)
    assert [one.ranges for one in week.dates_of(card, None)] == [(), (), (), ((540, 660),)]
    owner.post(f"{base(card)}/dates", data={"action": "forget:2027-12-25"})
    assert [one.day.day for one in week.dates_of(card, None)] == [24, 26, 31]
    own = first_host(card).id
    owner.post(f"{base(card)}/dates?who={own}", data={"first": "2028-02-29", "closed": "y"})
    assert [one.day for one in week.dates_of(card, first_host(card))] == [date(2028, 2, 29)]
    wrong = owner.post(f"{base(card)}/dates", data={"first": "2027-12-24", "last": "2029-12-26", "closed": "y"})
    assert "At most a year at once." in wrong.text


def test_why_a_time_is_not_offered_is_said_in_a_sentence(owner: FlaskClient, card: Card) -> None:
    kind = kind_of(card)
    ask = f"{base(card)}/times?kind={kind.id}&day=2026-06-08&at="
    assert "It is outside the hours." in owner.get(f"{ask}20:00").text
    assert "Appointments do not start at that minute." in owner.get(f"{ask}10:07").text
    assert "It is offered." in owner.get(f"{ask}10:00").text
    assert "Please type a time such as 09:30." in owner.get(f"{ask}soon").text


def test_a_practice_has_people_with_types_and_hours_of_their_own(owner: FlaskClient, card: Card) -> None:
    kind, other = kind_of(card, "One"), kind_of(card, "Two")
    form = {"name": "Grace", "email": "grace@example.org", "time_zone": "Asia/Tokyo", "kinds": [str(kind.id)]}
    page = after(owner, owner.post(f"{base(card)}/people/new", data=form))
    assert "Hours of Grace" in page.text
    grace = next(host for host in set_up.hosts_on(card) if host.name == "Grace")
    assert (grace.email, grace.time_zone) == ("grace@example.org", "Asia/Tokyo")
    assert grace in hosts_of(kind)
    assert grace not in hosts_of(other)
    wrong = owner.post(f"{base(card)}/people/{grace.id}", data={**form, "email": "grace"})
    assert wrong.status_code == 422
    assert "Please type a whole address" in wrong.text
    owner.post(f"{base(card)}/people/{grace.id}/remove")
    assert [host.name for host in set_up.hosts_on(card)] == [first_host(card).name]
    last = after(owner, owner.post(f"{base(card)}/people/{first_host(card).id}/remove"))
    assert "Somebody has to stay." in last.text
    assert len(set_up.hosts_on(card)) == 1


def test_booking_is_closed_in_the_settings(owner: FlaskClient, card: Card) -> None:
    kind_of(card)
    page = after(owner, owner.post(f"{base(card)}/settings", data={"intro": "Bring water."}))
    assert "Takes no appointments" in page.text
    booking = set_up.find_page(card)
    assert booking
    assert (booking.is_open, booking.shows_next_times, booking.intro) == (False, False, "Bring water.")


def test_nobody_names_things_of_another_card(owner: FlaskClient, card: Card, bob: User) -> None:
    kind_of(card)
    theirs = practice(bob, slug="bob")
    kind, host = kind_of(theirs), second_host(theirs)
    mine = base(card)
    for path in (
        f"/types/{kind.id}", f"/people/{host.id}", f"/hours?who={host.id}", f"/hours?who={kind.id}", f"/dates?who={host.id}",
        f"/times?kind={kind.id}", f"/times?host={host.id}", f"/calendars?who={host.id}", f"?who={host.id}", "?who=x",
        f"/appointments.csv?who={host.id}",
    ):  # fmt: skip
        assert owner.get(mine + path).status_code == 404, path
    owner.post(f"{mine}/types/arrange", data={"action": f"hide:{kind.id}"})
    owner.post(f"{mine}/types/new", data=typed(card, hosts=[str(host.id)]))
    db.session.refresh(kind)
    assert kind.is_shown
    assert all(host not in hosts_of(one) for one in set_up.types_on(card))
