"""Booking as visitors meet it: types, days, times by their own clock, the form, and the card's own page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from tests.booking.cast import NOW, at, kind_of, letters_to, practice, second_host, zoe
from tests.cases import FULL
from tests.conftest import DATABASES, SERVERS
from tests.dns_server import NameServer
from tests.domains.cast import NAME, verified
from tests.media.makers import ready
from tests.store.cast import bakery
from vcardapp.accounts.models import User
from vcardapp.booking import service, set_up, week
from vcardapp.booking.links import token_of
from vcardapp.booking.models import Appointment
from vcardapp.db import db
from vcardapp.store import catalogue

ALL = FULL or SERVERS
pytestmark = pytest.mark.parametrize("database_url", DATABASES if ALL else ["sqlite"], indirect=True)
TYPED = {"name": "Zoë", "email": "zoe@example.org", "phone": ""}
QUESTIONS = [
    {"key": "why", "sort": "text", "label": "What brings you here?", "required": True, "choices": []},
    {"key": "first", "sort": "choice", "label": "Your first time?", "required": False, "choices": ["Yes", "No"]},
    {"key": "agree", "sort": "tick", "label": "I agree", "required": True, "choices": []},
]


@pytest.fixture(autouse=True)
def _monday_morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def text_of(client: FlaskClient, path: str, language: str = "en-GB", status: int = 200) -> str:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == status, path
    return unescape(answer.text)


def clocks(page: str) -> list[str]:
    return re.findall(r'class="time">([^<]+)<', page)


def form_at(start: datetime) -> str:
    return f"/ada/book/consultation/at?start={start:%Y%m%dT%H%M%SZ}"


def send(client: FlaskClient, start: datetime, **typed: str) -> TestResponse:
    data = {**TYPED, "key": "one form", "start": f"{start:%Y%m%dT%H%M%SZ}", **typed}
    return client.post("/ada/book/consultation/at", data=data, headers={"Accept-Language": "en-GB"})


def count() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Appointment)) or 0


def test_types_are_listed_and_the_only_one_is_skipped(client: FlaskClient, alice: User) -> None:
    card = practice(alice)
    text_of(client, "/ada/book")  # nothing to book yet
    kind_of(card, "Consultation", price=12000, currency="EUR", place_sort="phone", place="+43 1 234")
    assert "Monday 1 June" in text_of(client, "/ada/book")
    kind_of(card, "Hidden", is_shown=False)
    assert "Monday 1 June" in text_of(client, "/ada/book")
    kind_of(card, "Follow-up", minutes=20)
    page = text_of(client, "/ada/book")
    assert 'href="/ada/book/consultation"' in page
    assert 'href="/ada/book/follow-up"' in page
    assert "€120" in page
    assert "Hidden" not in page
    assert "+43 1 234" not in page  # only for those who have booked
    set_up.change_page(set_up.find_page(card), is_open=False)  # type: ignore[arg-type]
    assert "Nothing can be booked" in text_of(client, "/ada/book")
    text_of(client, "/ada/book/consultation", status=404)
    assert send(client, at(9)).status_code == 404
    factories.published_card(factories.bob(), "bob")
    text_of(client, "/bob/book", status=404)


def test_a_type_shows_its_picture(client: FlaskClient, alice: User) -> None:
    card = practice(alice)
    file = ready(alice)
    kind_of(card, picture=file.id)
    kind_of(card, "Follow-up", picture="0" * 32)
    for path in ("/ada/book", "/ada/book/consultation"):
        assert text_of(client, path).count(f"/{file.id}/") == 2  # as AVIF and as JPEG


def test_times_are_those_of_the_chosen_day_in_the_visitors_zone(client: FlaskClient, alice: User) -> None:
    card = practice(alice, "Pacific/Auckland")
    kind_of(card)
    page = text_of(client, "/ada/book/consultation?zone=America/Los_Angeles&day=2026-06-02")
    assert "Tuesday 2 June" in page
    assert clocks(page) == ["14:00", "15:00", "16:00", "17:00", "18:00", "19:00", "20:00", "21:00"]
    assert "Tuesday 2 June, 14:00, Pacific Daylight Time" in page
    assert "Wed, 09:00" in page  # the host's own clock
    assert "zone=America/Los_Angeles" in re.findall(r'href="(/ada/book/consultation/at[^"]+)"', page)[0]
    american = text_of(client, "/ada/book/consultation?zone=America/Los_Angeles&day=2026-06-02", "en-US")
    assert clocks(american)[0] == "2:00\u202fPM"
    own = text_of(client, "/ada/book/consultation?day=2026-06-02")
    assert clocks(own)[0] == "09:00"
    assert "Auckland" in own
    assert clocks(text_of(client, "/ada/book/consultation?zone=Mars/Olympus&day=2026-06-02")) == clocks(own)


def test_the_zone_is_chosen_from_a_list_that_keeps_the_day(client: FlaskClient, alice: User) -> None:
    set_up.change_page(set_up.find_page(card := practice(alice)), intro="Welcome")  # type: ignore[arg-type]
    kind_of(card)
    page = text_of(client, "/ada/book/consultation?day=2026-06-02&zone=Asia/Kolkata")
    assert "Welcome" in page
    (link,) = re.findall(r'href="([^"]+pick=zone[^"]*)"', page)
    picking = text_of(client, link.partition("#")[0])
    assert '<input type="hidden" name="day" value="2026-06-02">' in picking
    assert len(re.findall(r"<option[^>]* selected>", picking)) == 1
    assert re.search(r'<option value="Asia/Kolkata" selected>', picking)
    assert "Tokyo · GMT+09:00" in picking
    assert "طوكيو" in text_of(client, "/ada/book?pick=zone", "ar")


def test_arabic_pages_run_from_right_to_left(client: FlaskClient, alice: User) -> None:
    kind_of(practice(alice))
    page = text_of(client, "/ada/book/consultation", "ar-EG")
    assert 'dir="rtl"' in page
    assert clocks(page)[0] == "٩:٠٠ ص" or clocks(page)[0] == "9:00 ص"


def test_both_readings_of_a_repeated_hour_are_told_apart(client: FlaskClient, alice: User) -> None:
    card = practice(alice, "America/New_York")
    week.set_week(card, kind := kind_of(card), [[]] * 6 + [[(0, 240)]])
    with time_machine.travel(datetime(2027, 11, 1, tzinfo=UTC), tick=False):
        page = text_of(client, f"/ada/book/{kind.key}?day=2027-11-07", "en-US")
    assert [time.replace("\u202f", " ") for time in clocks(page)] == ["12:00 AM", "1:00 AM", "1:00 AM", "2:00 AM", "3:00 AM"]
    assert re.findall(r'class="time-mark">([^<]+)<', page) == ["EDT", "EST"]


def test_days_and_months_are_links_as_far_as_can_be_booked(client: FlaskClient, alice: User) -> None:
    kind_of(practice(alice), window_days=35)
    page = text_of(client, "/ada/book")
    assert "June 2026" in page
    assert "Monday 8 June: 8 free times" in page
    assert "Earlier month" not in page
    (later,) = re.findall(r'href="([^"]*month=2026-07[^"]*)"', page)
    july = text_of(client, later)
    assert "Monday 6 July" in july
    assert "Tuesday 7 July" not in july
    assert "Later month" not in july
    assert "Earlier month" in july
    odd_ones = ("month=2026-13", "month=9999-12", "day=2026-02-30", "month=x", "day=0001-01-01", "with=nobody")
    for odd in (*odd_ones, "zone=" + "x" * 300, "zone=Factory", "zone=localtime", "zone=right/UTC"):
        text_of(client, f"/ada/book?{odd}")


def test_one_may_choose_a_person_or_anyone(client: FlaskClient, alice: User) -> None:
    card = practice(alice)
    grace = second_host(card)
    kind = kind_of(card)
    service.book(card, kind, at(9), zoe(), grace)
    assert clocks(text_of(client, "/ada/book"))[0] == "09:00"
    hers = text_of(client, f"/ada/book/consultation?with={grace.id.hex}")
    assert clocks(hers)[0] == "10:00"
    assert "Anyone" in hers
    answer = send(client, at(10), **{"with": grace.id.hex})
    assert answer.status_code == 303
    made = db.session.scalars(sa.select(Appointment).where(Appointment.starts_at == at(10))).one()
    assert made.host_id == grace.id


def test_a_booking_leads_to_its_own_page_and_is_made_once(client: FlaskClient, alice: User) -> None:
    kind_of(practice(alice))
    page = text_of(client, form_at(at(9)))
    assert "Monday, 1 June 2026, 09:00 – 10:00" in page
    answers = [send(client, at(9)) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert count() == 1
    assert len(letters_to("zoe@example.org")) == 1
    assert "You are booked" in text_of(client, answers[0].location)
    another_tab = send(client, at(9), key="the form in another tab")
    assert another_tab.location == answers[0].location  # the browser's cookie tells that it is the same one
    service.cancel(db.session.scalars(sa.select(Appointment)).one(), service.VISITOR)
    again = send(client, at(9))
    assert again.status_code == 303
    assert again.location != answers[0].location


def test_strangers_with_the_same_form_are_not_led_to_somebodys_appointment(app: Flask, alice: User) -> None:
    kind_of(practice(alice), seats=3)
    answers = [send(app.test_client(), at(9), key=key) for key in ("one", "two")]
    assert len({answer.location for answer in answers}) == 2


def test_the_loser_keeps_what_was_typed_and_sees_what_is_left(client: FlaskClient, alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card, questions=QUESTIONS)
    text_of(client, form_at(at(9)))
    service.book(card, kind, at(9), zoe(email="first@example.org"))
    answer = send(client, at(9), name="Mara O'Neill", phone="+44 20 7946 0018", **{"q-why": "My <b>back</b>", "q-agree": "yes"})
    page = unescape(answer.text)
    assert answer.status_code == 409
    assert "has just gone" in page
    assert 'value="Mara O\'Neill"' in page
    assert ">My <b>back</b></textarea>" in unescape(answer.text)
    assert "My <b>" not in answer.text
    left = re.findall(r'name="start" value="([^"]+)"', page)
    assert left[0] == "20260601T100000Z"
    assert len(left) == 6
    done = send(client, at(10), **{"q-why": "My back", "q-agree": "yes"})
    assert done.status_code == 303
    assert "is not free any more" in text_of(client, form_at(at(9)))


def test_what_is_wrong_stands_beside_its_field(client: FlaskClient, alice: User) -> None:
    kind_of(practice(alice), questions=QUESTIONS, place_sort="visitor")
    for typed, field in (
        ({"name": " "}, "name"), ({"email": "", "phone": ""}, "email"), ({"email": "zoe"}, "email"), ({"phone": "12"}, "phone"),
        ({"place": ""}, "place"), ({"q-why": " "}, "q-why"), ({"q-first": "Perhaps"}, "q-first"), ({"q-agree": ""}, "q-agree"),
        ({"name": "x" * 121}, "name"), ({"q-why": "x" * 1001}, "q-why"),
    ):  # fmt: skip
        answer = send(client, at(9), **{"place": "Here", "q-why": "w", "q-agree": "yes", "q-first": "No", **typed})
        assert (answer.status_code, field) == (422, field)
        assert re.findall(r'class="field-error" id="([^"]+)-error"', answer.text) == [field]
    assert count() == 0
    fine = {"place": "Here", "q-why": "w", "q-agree": "yes", "q-first": "No", "email": "", "phone": "+44 20 7946 0018"}
    assert send(client, at(9), homepage="spam", **fine).status_code == 422
    assert send(client, at(9), **fine).status_code == 303
    made = db.session.scalars(sa.select(Appointment)).one()
    assert (made.place, made.email) == ("Here", "")
    said = [(one["question"], one["answer"]) for one in made.answers]
    assert said == [("What brings you here?", "w"), ("Your first time?", "No"), ("I agree", "Yes")]


def test_whatever_is_posted_only_offered_times_are_booked(client: FlaskClient, alice: User) -> None:
    kind_of(practice(alice))
    assert send(client, at(9, 30)).status_code == 409
    assert send(client, at(9, day=-7)).status_code == 409
    assert send(client, at(9, day=5)).status_code == 409
    for start in ("", "x", "20260601T090000", "99999999T999999Z", "00010101T000000Z"):
        assert client.post("/ada/book/consultation/at", data={**TYPED, "start": start}).status_code in (404, 409)
    data, elsewhere = {**TYPED, "start": "20260601T090000Z"}, {"Sec-Fetch-Site": "cross-site"}
    other = client.post("/ada/book/consultation/at", data=data, headers=elsewhere)
    assert other.status_code == 400
    assert count() == 0


def test_no_lines_or_hidden_turns_are_smuggled_into_mails(client: FlaskClient, alice: User) -> None:
    kind_of(practice(alice), questions=QUESTIONS[:1])
    name = "Zo\u202e\u00eb\r\nBcc: all@example.org\n\nYou have won\x07!"
    assert send(client, at(9), name=name, **{"q-why": "one\r\ntwo\u202e"}).status_code == 303
    made = db.session.scalars(sa.select(Appointment)).one()
    assert made.name == "Zo\u00eb Bcc: all@example.org You have won !"
    assert made.answers == [{"question": "What brings you here?", "answer": "one\ntwo"}]
    (mail,) = letters_to("zoe@example.org")
    assert mail.text.startswith(f"Hello {made.name},\n")


def test_nobody_is_flooded_with_mail(make_app: Callable[..., Flask]) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        card = practice(factories.user("ada@example.org"))
        kind_of(card, minutes=5)
        statuses = []
        for number in range(21):
            client = app.test_client()
            client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number + 1}"
            statuses.append(send(client, at(9) + timedelta(minutes=5 * number)).status_code)
        assert statuses == [303] * 20 + [429]
        another = send(app.test_client(), at(15), email="other@example.org")
        assert another.status_code == 303


def test_pages_with_times_are_kept_nowhere(client: FlaskClient, alice: User) -> None:
    kind_of(practice(alice))
    for path in ("/ada/book", "/ada/book/consultation", form_at(at(9))):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"


def test_the_card_shows_the_next_free_times_and_never_old_ones(make_app: Callable[..., Flask]) -> None:
    app = make_app(ready_megabytes=4)
    with app.app_context(), time_machine.travel(NOW, tick=False) as clock:
        card = practice(factories.alice(), "Europe/Vienna")
        kind = kind_of(card)
        client = app.test_client()

        def shown() -> list[str]:
            return re.findall(r"<b><bdi>([^<]+)</bdi></b>", text_of(client, "/ada"))

        assert shown() == shown() == ["09:00", "10:00", "11:00"]
        assert "Times as in Vienna" in text_of(client, "/ada")
        service.book(card, kind, at(8), zoe())  # 10:00 in Vienna
        assert shown() == ["09:00", "11:00", "12:00"]
        clock.shift(timedelta(hours=1, seconds=2))  # 09:00:02 in Vienna
        assert shown() == ["11:00", "12:00", "13:00"]
        set_up.change_page(set_up.find_page(card), shows_next_times=False)  # type: ignore[arg-type]
        assert shown() == []
        assert "Book an appointment" in text_of(client, "/ada")
        set_up.change_page(set_up.find_page(card), is_open=False)  # type: ignore[arg-type]
        assert "Book an appointment" not in text_of(client, "/ada")


def test_a_service_of_the_store_leads_to_what_it_is_booked_by(client: FlaskClient, alice: User) -> None:
    card, _shop = bakery(alice)
    offered = catalogue.add_service(card, name="Baking course")
    catalogue.add_service(card, name="Talk", action="book")
    assert "/bakery/book" not in text_of(client, "/bakery/store")
    set_up.begin_booking(card)
    set_up.add_type(card, "Course", service_id=offered.id)
    for path in ("/bakery", "/bakery/store"):
        page = text_of(client, path)
        assert 'href="/bakery/book/course"' in page
        assert 'href="/bakery/book"' in page


def test_booking_works_at_the_owners_own_domain(app: Flask, alice: User, name_server: NameServer) -> None:
    kind_of(practice(alice))
    bobs = practice(factories.bob(), slug="bob")
    kind_of(bobs)
    verified(name_server, alice)
    client, there = app.test_client(), f"https://{NAME}"
    assert client.get("/ada/book", base_url=there).status_code == 200
    assert client.get("/bob/book", base_url=there).status_code == 404
    data = {**TYPED, "key": "k", "start": "20260601T090000Z"}
    assert client.post("/bob/book/consultation/at", data=data, base_url=there).status_code == 404
    answer = client.post("/ada/book/consultation/at", data=data, base_url=there)
    assert answer.status_code == 303
    assert client.get(answer.location, base_url=there).status_code == 200
    made = service.book(bobs, set_up.types_on(bobs)[0], at(9), zoe())
    assert client.get("/b/" + token_of("appointment", made.id), base_url=there).status_code == 404
    assert client.post("/b/" + token_of("appointment", made.id) + "/cancel", base_url=there).status_code == 404


@pytest.mark.parametrize("hosts", [1, 3])
def test_a_page_of_times_asks_the_database_little(app: Flask, client: FlaskClient, alice: User, hosts: int) -> None:
    card = practice(alice)
    for number in range(hosts - 1):
        second_host(card, f"Host {number}")
    kind_of(card)
    asked: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    text_of(client, "/ada/book")
    assert 0 < len(asked) <= 10 + 6 * hosts, "\n".join(asked)
