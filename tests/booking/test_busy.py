"""Imported calendars keep their times from visitors, whatever happens to the server that they come from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests.booking.cast import NOW, at, first_host, kind_of, practice
from tests.booking.ics_server import HOST, Answer, IcsServer
from vcardapp.accounts.models import User
from vcardapp.booking import busy, set_up
from vcardapp.booking.free import free_times
from vcardapp.booking.models import AppointmentType, BusyTime, ImportedCalendar
from vcardapp.booking.why import Reason
from vcardapp.booking.why_here import why_not_offered
from vcardapp.cards.models import Card
from vcardapp.db import db, now
from vcardapp.public.models import PageChange

EVENT = b"BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260601T1%d0000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"


def file(hour: int) -> bytes:
    return b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + EVENT % (hour - 10) + b"END:VCALENDAR\r\n"


@pytest.fixture(scope="module")
def only_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IcsServer]:
    server = IcsServer(tmp_path_factory.mktemp("tls"))
    yield server
    server.stop()


@pytest.fixture
def server(only_server: IcsServer, app: Flask) -> Iterator[IcsServer]:
    only_server.answers = {"/basic.ics": Answer(body=file(10), headers={"ETag": '"1"'})}
    only_server.asked = []
    app.extensions["booking_network"] = only_server.network()
    with time_machine.travel(NOW):
        yield only_server


@pytest.fixture
def card(server: IcsServer, alice: User) -> Card:
    return practice(alice)


@pytest.fixture
def kind(card: Card) -> AppointmentType:
    return kind_of(card)


def added(card: Card, path: str = "/basic.ics") -> ImportedCalendar:
    return busy.add_calendar(first_host(card), f"https://{HOST}{path}", "Work")


def offered(card: Card, kind: AppointmentType) -> list[int]:
    return [one.start.hour for one in free_times(card, kind, at(0), at(14))]


def test_its_times_are_kept_free_and_its_age_is_known(card: Card, kind: AppointmentType) -> None:
    calendar = added(card)
    assert calendar.fetched_at is None
    assert busy.refresh_due() == 1
    db.session.refresh(calendar)
    assert offered(card, kind) == [9, 11, 12, 13]
    assert why_not_offered(card, kind, first_host(card), at(10)) is Reason.BUSY
    assert calendar.fetched_at is not None
    assert now() - calendar.fetched_at < timedelta(seconds=60)
    assert (calendar.error, busy.problem_of(calendar)) == ("", "")
    assert busy.refresh_due() == 0  # not before a quarter of an hour
    busy.remove_calendar(calendar)
    assert offered(card, kind) == [9, 10, 11, 12, 13]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BusyTime)) == 0


def test_what_has_not_changed_is_not_read_again_and_draws_no_page(server: IcsServer, card: Card) -> None:
    calendar = added(card)
    assert busy.refresh(calendar)
    changes = sa.select(sa.func.count()).select_from(PageChange)
    before = db.session.scalar(changes)
    for _ in range(2):
        assert busy.refresh(calendar)
    assert [headers.get("If-None-Match") for _, headers in server.asked] == [None, '"1"', '"1"']
    assert db.session.scalar(changes) == before
    with time_machine.travel(NOW + timedelta(days=8)):  # what repeats goes on: read whole again
        assert busy.refresh(calendar)
    assert "If-None-Match" not in server.asked[-1][1]


def test_a_change_is_seen(server: IcsServer, card: Card, kind: AppointmentType) -> None:
    calendar = added(card)
    busy.refresh(calendar)
    server.answers["/basic.ics"] = Answer(body=file(12), headers={"ETag": '"2"'})
    changes = db.session.scalar(sa.select(sa.func.count()).select_from(PageChange))
    assert busy.refresh(calendar)
    assert offered(card, kind) == [9, 10, 11, 13]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PageChange)) == (changes or 0) + 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(503), "status 503"), (Answer(404), "status 404"), (Answer(body=b"<html>sign in"), "calendar"),
        (Answer(body=b"x" * 2_000_001), "large"), (Answer(302, headers={"Location": "https://x.example.org/"}), "redirect"),
        (Answer(body=file(12), headers={"Content-Length": "99999"}), "unreachable"),
    ],
)  # fmt: skip
def test_where_fetching_fails_the_last_copy_stays(
    server: IcsServer, card: Card, kind: AppointmentType, answer: Answer, error: str
) -> None:
    calendar = added(card)
    busy.refresh(calendar)
    fetched_at = calendar.fetched_at
    server.answers["/basic.ics"] = answer
    with time_machine.travel(NOW + timedelta(minutes=20)):
        assert not busy.refresh(calendar)
        db.session.refresh(calendar)
        assert (calendar.error, calendar.failures, calendar.fetched_at) == (error, 1, fetched_at)
        assert busy.problem_of(calendar) == busy.PROBLEMS[error.split()[0]]
        assert offered(card, kind) == [9, 11, 12, 13]
        busy.refresh(calendar)
        assert timedelta(minutes=19) < calendar.next_try_at - now() <= timedelta(minutes=20)
        server.answers["/basic.ics"] = Answer(body=file(10))
        assert busy.refresh(calendar)
        assert (calendar.error, calendar.failures) == ("", 0)


def test_a_private_address_is_told_to_the_owner(app: Flask, server: IcsServer, card: Card) -> None:
    app.extensions["booking_network"] = server.network(lambda _host, _port: ["10.0.0.1"])
    calendar = added(card)
    assert not busy.refresh(calendar)
    assert "private network" in busy.problem_of(calendar)
    assert server.asked == []
    with pytest.raises(busy.BadAddress):
        busy.add_calendar(first_host(card), "http://example.org/a.ics")


def test_each_person_has_their_own(card: Card, kind: AppointmentType) -> None:
    from tests.booking.cast import second_host

    grace = second_host(card)
    set_up.change_type(kind, [first_host(card), grace])
    busy.refresh(added(card))
    assert [one.start.hour for one in free_times(card, kind, at(0), at(14), grace)] == [9, 10, 11, 12, 13]
    assert [one.start.hour for one in free_times(card, kind, at(0), at(14), first_host(card))] == [9, 11, 12, 13]


def test_two_processes_do_not_fetch_the_same(card: Card) -> None:
    calendar = added(card)
    stale = ImportedCalendar(id=calendar.id, next_try_at=calendar.next_try_at)
    assert busy._claim(calendar)
    assert not busy._claim(stale)
    assert busy.refresh_due() == 0
    with time_machine.travel(NOW + timedelta(minutes=6)):  # the process that took it has died
        assert busy.refresh_due() == 1
