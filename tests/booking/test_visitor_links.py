"""An appointment's own page by its one link: cancelling, moving, files; and the waiting list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import icalendar
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.booking.cast import NOW, at, kind_of, letters_to, practice, second_host, zoe
from tests.cases import FULL
from tests.conftest import DATABASES, SERVERS
from vcardapp.accounts.models import User
from vcardapp.booking import service, set_up, waiting
from vcardapp.booking.links import token_of
from vcardapp.booking.models import Appointment, Waiting
from vcardapp.cards.models import Card
from vcardapp.cards.service import pause_card, resume_card
from vcardapp.db import db, now

ALL = FULL or SERVERS
pytestmark = pytest.mark.parametrize("database_url", DATABASES if ALL else ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _monday_morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def card(alice: User) -> Card:
    return practice(alice, display_name="Ada Lovelace")


def link_of(made: Appointment) -> str:
    return "/b/" + token_of("appointment", made.id)


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path, headers={"Accept-Language": "en-GB"})
    assert answer.status_code == status, path
    assert answer.headers["Cache-Control"] == "no-store"
    return unescape(answer.text)


def test_the_page_says_what_when_in_both_zones_where_and_with_whom(client: FlaskClient, card: Card) -> None:
    grace = second_host(card)
    kind = kind_of(card, place_sort="video", place="https://meet.example.org/ada")
    made = service.book(card, kind, at(9), zoe(zone="Asia/Tokyo", answers=[("Why?", "My back")]), grace)
    page = text_of(client, link_of(made))
    times = ("18:00 – 19:00 (Japan Standard Time)", "09:00 – 10:00 (Coordinated Universal Time)")
    for said in ("You are booked", "Consultation", *times, "Grace", "https://meet.example.org/ada", "My back", "zoe@example.org"):
        assert said in page
    headers = client.get(link_of(made)).headers
    assert (headers["Referrer-Policy"], headers["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert client.get("/b/nonsense").status_code == 404


def test_it_goes_into_calendars_by_file_and_by_links_that_hold_no_secret(client: FlaskClient, card: Card) -> None:
    made = service.book(card, kind_of(card), at(9), zoe())
    file = client.get(link_of(made) + "/appointment.ics")
    assert file.content_type == "text/calendar; charset=utf-8"
    assert file.headers["Cache-Control"] == "no-store"
    (event,) = icalendar.Calendar.from_ical(file.data).events
    assert (event.start, event.end) == (at(9), at(10))
    page = text_of(client, link_of(made))
    (google,) = re.findall(r'href="(https://calendar\.google\.com[^"]+)"', page)
    assert parse_qs(urlsplit(google).query)["dates"] == ["20260601T090000Z/20260601T100000Z"]
    outside = [link for link in re.findall(r'href="(https://[^"]+)"', page) if "localhost" not in link]
    assert outside
    assert not any(link_of(made) in link for link in outside)
    assert not re.findall(r'(?:src|action)="https?:', page)


def test_looking_changes_nothing_and_the_button_cancels_once(client: FlaskClient, card: Card) -> None:
    kind = kind_of(card)
    made = service.book(card, kind, at(9), zoe())
    link = link_of(made)
    for path in (link, link + "/move", link + "/move?start=20260601T130000Z", link + "/appointment.ics"):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert client.get(link + "/cancel").status_code == 405
    db.session.refresh(made)
    assert (made.state, made.starts_at, made.sequence) == ("confirmed", at(9), 0)
    for _ in range(2):
        assert client.post(link + "/cancel", data={"reason": "I am ill"}).location == link
    db.session.refresh(made)
    assert (made.state, made.reason) == ("cancelled", "I am ill")
    assert len(letters_to("zoe@example.org")) == 2
    other = service.book(card, kind, at(9), zoe(email="other@example.org"))
    page = text_of(client, link)
    assert "This appointment is cancelled" in page
    assert "Book again" in page
    client.post(link + "/cancel")
    client.post(link + "/move", data={"start": "20260601T130000Z"})
    db.session.refresh(other)
    db.session.refresh(made)
    assert (other.state, made.state) == ("confirmed", "cancelled")


def test_it_is_moved_by_the_same_link(client: FlaskClient, card: Card) -> None:
    kind = kind_of(card)
    made = service.book(card, kind, at(9), zoe())
    link = link_of(made)
    times = text_of(client, link + "/move")
    assert 'start=20260601T090000Z"' not in times  # its own time
    assert f'href="{link}/move?start=20260601T130000Z"' in times
    sure = text_of(client, link + "/move?start=20260601T130000Z")
    assert "13:00 – 14:00" in sure
    assert client.post(link + "/move", data={"start": "20260601T130000Z"}).location == link
    assert "13:00 – 14:00" in text_of(client, link)
    service.book(card, kind, at(15), zoe(email="other@example.org"))
    late = client.post(link + "/move", data={"start": "20260601T150000Z"})
    assert late.status_code == 409
    assert "That time has just gone" in late.text
    db.session.refresh(made)
    assert made.starts_at == at(13)
    assert client.post(link + "/move", data={"start": "x"}).status_code == 404


def set_removed(made: Appointment, moment: datetime | None) -> None:
    made.host.removed_at = moment
    db.session.commit()


def test_nothing_is_moved_while_nobody_can_book(client: FlaskClient, card: Card) -> None:
    made = service.book(card, kind_of(card), at(9), zoe())
    link, page = link_of(made), set_up.begin_booking(card)
    for close, open_again in (
        (lambda: set_up.change_page(page, is_open=False), lambda: set_up.change_page(page, is_open=True)),
        (lambda: pause_card(card), lambda: resume_card(card)),
        (lambda: set_removed(made, now()), lambda: set_removed(made, None)),
    ):
        close()
        assert "Choose another time" not in text_of(client, link)
        assert client.post(link + "/move", data={"start": "20260601T130000Z"}).status_code == 303
        db.session.refresh(made)
        assert made.starts_at == at(9)
        open_again()
        assert "Choose another time" in text_of(client, link)
    set_up.change_page(page, is_open=False)
    client.post(link + "/cancel")
    db.session.refresh(made)
    assert made.state == "cancelled"


def test_cut_offs_are_said(client: FlaskClient, card: Card) -> None:
    kind = kind_of(card, cancel_minutes=24 * 60, move_minutes=24 * 60, most_moves=1)
    near = link_of(service.book(card, kind, at(9), zoe()))
    page = text_of(client, near)
    assert "It could be moved until 31 May 2026, 09:00." in page
    assert "It could be cancelled here until 31 May 2026, 09:00." in page
    assert "Yes, cancel it" not in page
    assert client.get(near + "/move").location == near
    assert client.post(near + "/cancel").location == near
    assert "You are booked" in text_of(client, near)
    far = link_of(made := service.book(card, kind, at(9, day=3), zoe()))
    assert "You can cancel until 3 Jun 2026, 09:00." in text_of(client, far)
    service.move(made, at(10, day=3), service.VISITOR)
    assert "as often as it may be" in text_of(client, far)


def test_a_request_waits_for_its_answer(client: FlaskClient, card: Card) -> None:
    kind = kind_of(card, needs_approval=True, approval_minutes=120)
    made = service.book(card, kind, at(9), zoe())
    page = text_of(client, link_of(made))
    assert "Waiting for an answer" in page
    assert "by 1 Jun 2026, 08:00 at the latest" in page
    assert "calendar.google.com" not in page
    service.decline(made, "We are on holiday")
    page = text_of(client, link_of(made))
    assert "This request was declined" in page
    assert "We are on holiday" in page
    again = service.book(card, kind, at(9), zoe())
    service.confirm(again)
    with time_machine.travel(at(12), tick=False):
        assert "This appointment is over" in text_of(client, link_of(again))
    pause_card(card)
    text_of(client, link_of(again))


@pytest.fixture
def posting(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    app = make_app(smtp_url="smtp://127.0.0.1:9")
    with app.app_context():
        yield app


def test_who_waits_is_offered_a_freed_place_and_takes_it(posting: Flask) -> None:
    card = practice(factories.alice())
    kind = kind_of(card, window_from=NOW.date(), window_until=NOW.date(), per_day=1)
    made, client = service.book(card, kind, at(9), zoe(email="first@example.org")), posting.test_client()
    times = unescape(client.get("/ada/book").text)
    assert "No free times in June 2026" in times
    (path,) = re.findall(r'href="(/ada/book/consultation/wait[^"]+)"', times)
    assert "first=2026-06-01&last=2026-06-30" in path
    assert client.get(path).status_code == 200
    typed = {"name": "Mara", "email": "mara@example.org", "first": "2026-06-01", "last": "2026-06-30"}
    for wrong in ({"email": ""}, {"name": ""}, {"first": "x"}, {"last": "2026-05-01"}, {"homepage": "spam"}):
        answer = client.post("/ada/book/consultation/wait", data={**typed, **wrong})
        assert answer.status_code == 422, wrong
    answer = client.post("/ada/book/consultation/wait", data=typed)
    assert answer.location == "/ada/book/consultation/waiting"  # the link of the page goes by mail alone
    assert "You are on the list" in client.get(answer.location).text
    entry = db.session.scalars(sa.select(Waiting)).one()
    link = "/w/" + token_of("waiting", entry.id)
    assert "You are on the waiting list" in client.get(link).text
    client.post(link_of(made) + "/cancel")
    offered = client.get(link).text
    assert "A place is free for you" in offered
    assert entry.offer is not None
    assert client.get(link_of(entry.offer)).status_code == 200
    assert "<form" in offered
    db.session.refresh(entry)
    assert entry.state == "offered"  # looking takes nothing
    taken = client.post(link + "/take")
    assert "You are booked" in client.get(taken.location).text
    assert client.post(link + "/take").location == taken.location
    assert "You took the place" in client.get(link).text


def test_an_offer_ends_and_who_leaves_lets_the_next_one_in(posting: Flask) -> None:
    card = practice(factories.alice())
    kind = kind_of(card, window_from=NOW.date(), window_until=NOW.date(), per_day=1, offer_minutes=60)
    made, client, day = service.book(card, kind, at(16), zoe()), posting.test_client(), NOW.date()
    entries = []
    for minute, name in enumerate(("one", "two", "three")):
        with time_machine.travel(NOW + timedelta(minutes=minute), tick=False):
            entries.append(waiting.wait(card, kind, day, day, zoe(email=f"{name}@example.org")))
    one, two, three = ("/w/" + token_of("waiting", entry.id) for entry in entries)
    service.cancel(made, service.OWNER)
    assert "A place is free for you" in client.get(one).text
    client.post(one + "/leave")
    assert "You left the waiting list" in client.get(one).text
    assert "A place is free for you" in client.get(two).text
    with time_machine.travel(NOW + timedelta(minutes=61), tick=False):
        assert "This offer is over" in client.get(two).text
        assert client.post(two + "/take").location == two
        service.lapse_due()
        assert "A place is free for you" in client.get(three).text
    assert client.get("/w/nonsense").status_code == 404


def test_nobody_can_wait_where_no_mail_is_sent(client: FlaskClient, card: Card) -> None:
    kind_of(card, window_from=NOW.date() - timedelta(days=9), window_until=NOW.date() - timedelta(days=8))
    assert "Join the waiting list" not in client.get("/ada/book").text
    assert client.get("/ada/book/consultation/wait").status_code == 404
    assert client.post("/ada/book/consultation/wait").status_code == 404
