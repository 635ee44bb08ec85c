"""The owner's calendar: list, week and day, appointments made, moved, answered by hand, times kept free, feeds in and out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.booking.cast import NOW, at, first_host, kind_of, practice, second_host, zoe
from vcardapp.accounts.models import User
from vcardapp.booking import agenda, busy, feed, service, set_up
from vcardapp.booking.free import free_times
from vcardapp.booking.lanes import lanes_of
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.fetching import Network


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


def test_a_calendar_shows_days_people_and_what_takes_their_time(owner: FlaskClient, card: Card) -> None:
    kind, host, grace = kind_of(card), first_host(card), second_host(card)
    set_up.change_type(kind, [host, grace])
    service.book(card, kind, at(10), zoe(name="Zoë <b>"), host)
    service.book(card, kind, at(10), zoe(name="Yoko"), grace)
    service.book(card, kind, at(9, day=1), zoe(name="Xenia"), host)
    set_up.block_time(card, grace, at(22), at(4, day=1), "Night <i>")
    agenda_page = owner.get(base(card)).text
    assert re.findall(r'class="entry-name"><bdi>([^<]+)', agenda_page) == [
        "Zoë &lt;b&gt;", "Yoko", "Night &lt;i&gt;", "Night &lt;i&gt;", "Xenia",
    ]  # fmt: skip
    week_page = owner.get(f"{base(card)}?view=week&day=2026-06-03").text
    assert week_page.count('class="planner-day') == 7
    assert "inline-size:50.000%" in week_page, "two at once stand side by side"
    assert "style=" not in week_page
    day_page = owner.get(f"{base(card)}?view=day&day=2026-06-01").text
    assert day_page.count('class="planner-day') == 2, "one column a person"
    assert "Xenia" not in day_page
    only_grace = owner.get(f"{base(card)}?who={grace.id}").text
    assert "Yoko" in only_grace
    assert "Xenia" not in only_grace


def test_overlapping_spans_get_lanes() -> None:
    assert lanes_of([]) == []
    assert lanes_of([(0, 60), (60, 120)]) == [(0, 1), (0, 1)]
    assert lanes_of([(30, 90), (0, 60), (45, 50), (60, 120)]) == [(1, 3), (0, 3), (2, 3), (0, 3)]


def test_a_request_is_confirmed_or_declined_from_the_calendar(owner: FlaskClient, card: Card) -> None:
    kind = kind_of(card, needs_approval=True)
    one, two = (service.book(card, kind, at(hour), zoe(name=name)) for hour, name in ((10, "Zoë"), (12, "Yoko")))
    assert owner.get(base(card)).text.count('class="request"') == 2
    answer = owner.post(f"{base(card)}/appointments/{one.id}", data={"action": "confirm", "back": "calendar"})
    assert answer.location == base(card)
    owner.post(f"{base(card)}/appointments/{two.id}", data={"action": "decline", "reason": "On holiday"})
    db.session.expire_all()
    assert (one.state, two.state, two.reason) == ("confirmed", "declined", "On holiday")
    again = owner.post(f"{base(card)}/appointments/{two.id}", data={"action": "confirm"})
    assert "That is not possible any more" in owner.get(again.location).text
    assert two.state == "declined"


def test_an_appointment_is_made_by_hand_after_a_word_about_the_hours(owner: FlaskClient, card: Card) -> None:
    kind, host = kind_of(card), first_host(card)
    form = {"kind": str(kind.id), "host": str(host.id), "day": "2026-06-02", "at": "20:00", "name": "Zoë", "phone": "030 1",
            "email": "zoe@example.org", "note": "By phone"}  # fmt: skip
    doubt = owner.post(f"{base(card)}/appointments/new", data=form)
    assert "It is outside the hours." in doubt.text
    assert not agenda.search(card, "Zoë")
    made = owner.post(f"{base(card)}/appointments/new", data={**form, "action": "anyway"})
    assert made.status_code == 303
    (one,) = agenda.search(card, "Zoë")
    assert (one.starts_at, one.note, one.made_by, one.state) == (at(20, day=1), "By phone", "owner", "confirmed")
    taken = owner.post(f"{base(card)}/appointments/new", data={**form, "name": "Yoko", "at": "20:30", "action": "anyway"})
    assert taken.status_code == 422
    assert "There is another appointment at that time." in taken.text
    assert 'value="Yoko"' in taken.text
    nameless = owner.post(f"{base(card)}/appointments/new", data={**form, "name": ""})
    assert "Please type a name." in nameless.text


def test_an_appointment_is_moved_noted_and_cancelled(owner: FlaskClient, card: Card) -> None:
    kind, host = kind_of(card), first_host(card)
    one = service.book(card, kind, at(10), zoe())
    other = service.book(card, kind, at(14), zoe(name="Yoko"))
    path, form = f"{base(card)}/appointments/{one.id}", {"host": str(host.id), "day": "2026-06-01", "at": "14:30"}
    refused = owner.post(f"{path}/move", data=form)
    assert "There is another appointment at that time." in refused.text
    assert owner.post(f"{path}/move", data={**form, "at": "16:00"}).status_code == 303
    owner.post(path, data={"action": "note", "note": "Wants the window seat"})
    owner.post(path, data={"action": "cancel", "reason": "Burst pipe"})
    db.session.expire_all()
    assert (one.starts_at, one.note, one.state, one.reason) == (at(16), "Wants the window seat", "cancelled", "Burst pipe")
    shown = owner.get(path).text
    assert "Burst pipe" in shown
    assert "Cancelled" in shown
    assert "Zoë" not in owner.get(base(card)).text
    assert "Zoë" in owner.get(f"{base(card)}?ended=1").text
    assert other.state == "confirmed"


def test_who_did_not_come_is_noted_and_forgiven(owner: FlaskClient, card: Card) -> None:
    one = service.book(card, kind_of(card), at(10), zoe())
    path = f"{base(card)}/appointments/{one.id}"
    owner.post(path, data={"action": "missed"})
    assert one.state == "confirmed", "not before it has begun"
    with time_machine.travel(at(11)):
        owner.post(path, data={"action": "missed"})
        db.session.expire_all()
        assert one.state == "missed"
        assert "They came after all" in owner.get(path).text
        owner.post(path, data={"action": "came"})
        db.session.expire_all()
        assert one.state == "confirmed"


def test_time_is_kept_free_by_the_hour_and_by_the_day(owner: FlaskClient, card: Card) -> None:
    kind = kind_of(card)
    owner.post(f"{base(card)}/blocked", data={"first": "2026-06-01", "start": "09:30", "end": "12:00", "note": "Training"})
    assert [one.start for one in free_times(card, kind, at(0), at(24))][0] == at(12)
    owner.post(f"{base(card)}/blocked", data={"first": "2026-06-02", "last": "2026-06-03"})
    assert not free_times(card, kind, at(0, day=1), at(0, day=3))
    page = owner.get(f"{base(card)}/blocked").text
    assert "Tue 2 Jun 2026 – Wed 3 Jun 2026" in page
    wrong = owner.post(f"{base(card)}/blocked", data={"first": "2026-06-05", "start": "12:00", "end": "11:00"})
    assert "It ends before it begins." in wrong.text
    first = agenda.blocked_between(card, at(0), at(24))[0]
    owner.post(f"{base(card)}/blocked", data={"action": f"free:{first.id}"})
    assert [one.start for one in free_times(card, kind, at(0), at(24))][0] == at(9)


def test_appointments_are_found_and_taken_out_as_a_table(owner: FlaskClient, card: Card) -> None:
    kind = kind_of(card)
    service.book(card, kind, at(10), zoe(name="=cmd|x", phone="030 1234"))
    service.book(card, kind, at(10, day=1), zoe(name="Yoko"))
    assert "=cmd|x" in owner.get(f"{base(card)}/search?q=0301234").text
    assert "No appointment has this" in owner.get(f"{base(card)}/search?q=nobody").text
    table = owner.get(f"{base(card)}/appointments.csv?from=2026-06-01&until=2026-06-01")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert "'=cmd|x" in table.text
    assert "Yoko" not in table.text


def test_the_feed_is_read_by_its_address_until_it_gets_a_new_one(owner: FlaskClient, card: Card, client: FlaskClient) -> None:
    host = first_host(card)
    service.book(card, kind_of(card), at(10), zoe())
    path = feed.feed_path(host)
    assert path in owner.get(f"{base(card)}/calendars").text
    answer = client.get(path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "BEGIN:VEVENT" in answer.text
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    owner.post(f"{base(card)}/calendars", data={"action": "renew"})
    assert client.get(path).status_code == 404
    assert client.get(feed.feed_path(first_host(card))).status_code == 200


def test_an_imported_calendar_is_added_with_its_age_and_problem_in_words(
    app: Flask, owner: FlaskClient, card: Card
) -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise OSError(host)

    app.extensions["booking_network"] = Network(resolve=nowhere)
    wrong = owner.post(f"{base(card)}/calendars", data={"action": "add", "url": "http://example.org/a.ics", "name": "Work"})
    assert wrong.status_code == 422
    assert "It must begin with https://" in wrong.text
    assert 'value="http://example.org/a.ics"' in wrong.text
    owner.post(f"{base(card)}/calendars", data={"action": "add", "url": "webcal://example.org/a.ics", "name": "Work"})
    (calendar,) = busy.calendars_of(card)
    page = owner.get(f"{base(card)}/calendars").text
    assert "Not read yet" in page
    assert busy.problem_of(calendar)
    assert busy.problem_of(calendar) in page
    calendar.fetched_at = NOW - timedelta(hours=3)
    db.session.commit()
    page = owner.get(f"{base(card)}/calendars").text
    assert "As it was 3 hours ago" in page
    assert "The last copy goes on counting." in page
    owner.post(f"{base(card)}/calendars", data={"action": f"remove:{calendar.id}"})
    assert not busy.calendars_of(card)


def test_another_cards_appointments_and_calendars_are_not_there(owner: FlaskClient, card: Card, bob: User) -> None:
    kind_of(card)
    theirs = practice(bob, slug="bob")
    one = service.book(theirs, kind_of(theirs), at(10), zoe())
    calendar = busy.add_calendar(first_host(theirs), "https://example.org/b.ics")
    blocked = set_up.block_time(theirs, None, at(12), at(13))
    assert owner.get(f"{base(card)}/appointments/{one.id}").status_code == 404
    assert owner.post(f"{base(card)}/appointments/{one.id}", data={"action": "cancel"}).status_code == 404
    assert owner.post(f"{base(card)}/appointments/{one.id}/move", data={"day": "2026-06-02", "at": "10:00"}).status_code == 404
    assert owner.post(f"{base(card)}/calendars", data={"action": f"remove:{calendar.id}"}).status_code == 404
    assert owner.post(f"{base(card)}/blocked", data={"action": f"free:{blocked.id}"}).status_code == 404
    db.session.expire_all()
    assert one.state == "confirmed"
    assert busy.calendars_of(theirs)
