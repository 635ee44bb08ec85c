"""Mails about appointments and their .ics files, read back by three parsers of others: icalendar, vobject, ical.js."""

from __future__ import annotations

import itertools
import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
import time_machine
import vobject
from flask import Flask

from tests.booking.cast import NOW, at, first_host, kind_of, letters_to, practice, zoe
from tests.interop.node import HERE, find_node
from tests.processes import free_port
from tests.test_mail import PostOffice, running
from vcardapp.accounts.models import User
from vcardapp.booking import agenda, feed, service, set_up
from vcardapp.booking.invitation import CANCEL, REQUEST, Event, Person, write_invitation
from vcardapp.booking.links import token_of
from vcardapp.booking.models import Appointment
from vcardapp.booking.post import visitor_file, visitor_link
from vcardapp.booking.service import OWNER, VISITOR, book
from vcardapp.cards.models import Card
from vcardapp.db import db, now
from vcardapp.mail import Mail, message_of, send_waiting
from vcardapp.web import settings

MEAN = 'Zoë; "x", \\n سلام 👩🏽‍🚀\r\nATTACH:https://evil.example.org/\x00'


@pytest.fixture
def _monday_morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def card(_monday_morning: None, alice: User) -> Card:
    return practice(alice)


def parts_of(mail: Mail) -> tuple[EmailMessage, dict[str, EmailMessage]]:
    message = message_of(mail, settings())
    return message, {part.get_content_type(): part for part in message.walk() if not part.is_multipart()}  # type: ignore[misc]


def files(address: str = "zoe@example.org") -> list[bytes]:
    return [mail.attachment for mail in letters_to(address) if mail.attachment]


def with_icalendar(texts: list[bytes]) -> list[dict[str, Any]]:
    events: dict[str, dict[str, Any]] = {}
    for text in texts:
        calendar = icalendar.Calendar.from_ical(text)
        for event in calendar.walk("VEVENT"):
            read = {
                "uid": str(event["UID"]), "method": str(calendar["METHOD"]), "sequence": int(event["SEQUENCE"]),
                "stamp": event["DTSTAMP"].dt.timestamp() * 1000, "start": event["DTSTART"].dt.timestamp(),
                "end": event["DTEND"].dt.timestamp(), "summary": str(event["SUMMARY"]),
                "location": str(event.get("LOCATION", "")),
                "status": str(event["STATUS"]), "organizer": str(event["ORGANIZER"]),
                "attendees": [str(one) for one in [event["ATTENDEE"]]],
            }  # fmt: skip
            keep_newer(events, read)
    return list(events.values())


def with_vobject(texts: list[bytes]) -> list[dict[str, Any]]:
    events: dict[str, dict[str, Any]] = {}
    for text in texts:
        calendar = vobject.readOne(text.decode())
        for event in calendar.vevent_list:
            read = {
                "uid": event.uid.value, "method": calendar.method.value, "sequence": int(event.sequence.value),
                "stamp": event.dtstamp.value.timestamp() * 1000, "start": event.dtstart.value.timestamp(),
                "end": event.dtend.value.timestamp(), "summary": event.summary.value,
                "location": event.location.value if "location" in event.contents else "", "status": event.status.value,
                "organizer": event.organizer.value, "attendees": [one.value for one in event.attendee_list],
            }  # fmt: skip
            keep_newer(events, read)
    return list(events.values())


def keep_newer(events: dict[str, dict[str, Any]], read: dict[str, Any]) -> None:
    old = events.get(read["uid"])
    if not old or (read["sequence"], read["stamp"]) >= (old["sequence"], old["stamp"]):
        events[read["uid"]] = read


@pytest.fixture(scope="module")
def with_ical_js() -> Iterator[Callable[[list[bytes]], list[dict[str, Any]]]]:
    process = subprocess.Popen(
        [find_node(), HERE / "apply_calendars.mjs"], text=True, encoding="utf-8", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )

    def read(texts: list[bytes]) -> list[dict[str, Any]]:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps([text.decode() for text in texts]) + "\n")
        process.stdin.flush()
        answer: list[dict[str, Any]] = json.loads(process.stdout.readline())
        return [{**one, "location": one["location"] or ""} for one in answer]

    yield read
    process.communicate()


def test_19_the_invitation_is_what_outlook_and_google_read(card: Card) -> None:
    """RFC 6047 §2.4: alternatives first, the calendar the last of them, its METHOD in both places, a file beside."""
    made = book(card, kind_of(card, place_sort="video", place="https://meet.example.org/ada"), at(9), zoe())
    [mail] = letters_to("zoe@example.org")
    message, parts = parts_of(mail)
    assert message.get_content_type() == "multipart/mixed"
    alternative, attached = message.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in alternative.iter_parts()] == [  # type: ignore[attr-defined]
        "text/plain", "text/html", "text/calendar",
    ]  # fmt: skip
    calendar = parts["text/calendar"]
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert calendar["Content-Type"].params["charset"] == "utf-8"
    text = calendar.get_payload(decode=True)
    assert b"\r\nMETHOD:REQUEST\r\n" in text
    assert (attached.get_filename(), attached.get_payload(decode=True)) == ("invite.ics", text)
    assert message["Reply-To"] == "alice@example.org"
    [event] = with_icalendar([text])
    assert (event["organizer"], event["attendees"]) == ("mailto:alice@example.org", ["mailto:zoe@example.org"])
    assert (event["location"], event["sequence"], event["status"]) == ("https://meet.example.org/ada", 0, "CONFIRMED")
    assert event["uid"] == f"{made.uid}@localhost"
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert b"TZID" not in text
    assert token_of("appointment", made.id) in mail.text
    page = parts["text/html"].get_content()
    assert f'<a href="{visitor_link(made)}">{visitor_link(made)}</a></p>' in page
    assert page.count("<p ") == mail.text.strip().count("\n\n") + 1


@pytest.mark.parametrize(("language", "direction"), [("es", "ltr"), ("ar", "rtl")])
def test_a_mail_says_its_language_and_direction(card: Card, language: str, direction: str) -> None:
    book(card, kind_of(card), at(9), zoe(language=language))
    message, parts = parts_of(letters_to("zoe@example.org")[0])
    assert message["Content-Language"] == language
    assert f'<html lang="{language}" dir="{direction}">' in parts["text/html"].get_content()
    assert parts_of(letters_to("alice@example.org")[0])[0]["Content-Language"] == "en"


def test_names_are_only_text_in_the_page_of_a_mail(card: Card) -> None:
    book(card, kind_of(card, name="<b>Cut & colour</b>"), at(9), zoe(name='<a href="https://example.org">Zoë</a>'))
    page = parts_of(letters_to("zoe@example.org")[0])[1]["text/html"].get_content()
    assert "&lt;b&gt;Cut &amp; colour&lt;/b&gt;" in page
    assert page.count("<a ") == 1


def test_35_36_two_moves_and_a_cancellation_in_any_order(
    card: Card, with_ical_js: Callable[[list[bytes]], list[dict[str, Any]]]
) -> None:
    made = book(card, kind_of(card), at(9), zoe())
    service.move(made, at(11), VISITOR)
    service.move(made, at(14, day=1), OWNER)
    service.cancel(made, VISITOR)
    texts = files()
    assert [text.split(b"METHOD:")[1].split(b"\r\n")[0] for text in texts] == [b"REQUEST"] * 3 + [b"CANCEL"]
    for apply in (with_icalendar, with_vobject, with_ical_js):
        read = [apply([text])[0] for text in texts]
        assert [one["sequence"] for one in read] == [0, 1, 2, 3]
        assert [one["status"] for one in read] == ["CONFIRMED"] * 3 + ["CANCELLED"]
        assert len({(one["uid"], one["organizer"], *one["attendees"]) for one in read}) == 1
        starts = [datetime.fromtimestamp(one["start"], UTC) for one in read]
        assert starts == [at(9), at(11), at(14, day=1), at(14, day=1)]
        for order in itertools.permutations(texts):
            [event] = apply(list(order))
            assert (event["status"], event["method"], event["sequence"]) == ("CANCELLED", "CANCEL", 3)
        for order in itertools.permutations(texts[:3]):
            [event] = apply(list(order))
            assert (event["status"], datetime.fromtimestamp(event["end"], UTC)) == ("CONFIRMED", at(15, day=1))
    message, parts = parts_of(letters_to("zoe@example.org")[-1])
    assert parts["text/calendar"]["Content-Type"].params["method"] == "CANCEL"
    assert message["Subject"].startswith("Cancelled")


def test_all_read_mean_texts_alike(with_ical_js: Callable[[list[bytes]], list[dict[str, Any]]]) -> None:
    event = Event(
        "1@localhost", 2, now(), at(9), at(10), MEAN, description=MEAN * 20, place=MEAN, organizer=Person("a@example.org", MEAN),
        attendee=Person("z@example.org", MEAN),
    )  # fmt: skip
    for method in (REQUEST, CANCEL):
        text = write_invitation(event, method)
        assert all(len(line) <= 75 for line in text.split(b"\r\n"))
        assert b"\r\nATTACH" not in text
        one, two, three = (apply([text])[0] for apply in (with_icalendar, with_vobject, with_ical_js))
        shown = MEAN.replace("\x00", "").replace("\r\n", "\n")
        assert one["summary"] == three["summary"] == shown
        assert two["summary"].replace("\r\n", "\n") == shown
        assert one["attendees"] == two["attendees"] == three["attendees"] == ["mailto:z@example.org"]
        assert one["location"] == three["location"] == shown


@pytest.mark.parametrize(
    ("moment", "zone", "said"),
    [
        ((11, 1, 5, 0), "America/New_York", "1:00 AM – 1:30 AM (Eastern Daylight Time)"),
        ((11, 1, 5, 30), "America/New_York", "1:30 AM (Eastern Daylight Time) – 1:00 AM (Eastern Standard Time)"),
        ((11, 1, 6, 30), "America/New_York", "1:30 AM – 2:00 AM (Eastern Standard Time)"),
        ((3, 8, 6, 30), "America/New_York", "1:30 AM (Eastern Standard Time) – 3:00 AM (Eastern Daylight Time)"),
        ((10, 25, 1, 30), "Europe/Vienna", "2:30 AM – 3:00 AM (Central European Standard Time)"),
    ],
)
def test_both_changes_of_the_clock_in_mail_and_file(
    app: Flask, alice: User, moment: tuple[int, int, int, int], zone: str, said: str
) -> None:
    """The two readings of a repeated hour are told apart; the file holds instants."""
    begin = datetime(2026, *moment, tzinfo=UTC)
    with time_machine.travel(begin - timedelta(days=3)):
        card = practice(alice, zone)
        made = service.book_by_hand(card, kind_of(card, minutes=30), first_host(card), begin, zoe(zone=zone))
        [mail] = letters_to("zoe@example.org")
        assert said.replace("\u202f", " ") in mail.text.replace("\u202f", " ")
        assert f"DTSTART:{begin:%Y%m%dT%H%M%SZ}".encode() in (mail.attachment or b"")
        assert made.starts_at == begin


def test_28_each_reads_their_own_clock_and_language(app: Flask, alice: User) -> None:
    """A host in Auckland, a visitor in Los Angeles: Wednesday 08:00 is their Tuesday 13:00."""
    with time_machine.travel(NOW):
        card = practice(alice, "Pacific/Auckland")
        moment = datetime(2026, 6, 2, 20, 0, tzinfo=UTC)
        set_up.change_host(first_host(card), name="Aroha")
        service.book_by_hand(card, kind_of(card), first_host(card), moment, zoe(zone="America/Los_Angeles"))
        service.book_by_hand(card, kind_of(card), first_host(card), moment + timedelta(hours=1), zoe(zone="Nowhere/At_All"))
        first, second = (mail.text.replace("\u202f", " ") for mail in letters_to("zoe@example.org"))
        assert "Tuesday, June 2, 2026, 1:00 PM – 2:00 PM (Pacific Daylight Time)" in first
        assert "Wednesday, June 3, 2026, 8:00 AM – 9:00 AM (New Zealand Standard Time)" in first
        assert "9:00 AM – 10:00 AM (New Zealand Standard Time)" in second  # 40: the host's zone
        assert "On the other's clock" not in second


def test_the_visitors_file_tells_nothing_of_their_answers(card: Card) -> None:
    made = book(card, kind_of(card), at(9), zoe(phone="+43 660 1", answers=[("Why?", "A secret")]))
    service.confirm(made)
    assert not any(word in files()[0] for word in (b"secret", b"660"))
    assert "A secret" in letters_to("alice@example.org")[0].text
    assert b"secret" not in visitor_file(made)


def test_the_feed_holds_what_is_in_the_calendar_and_its_address_can_be_changed(card: Card) -> None:
    kind, host = kind_of(card), first_host(card)
    made = book(card, kind, at(9), zoe())
    service.cancel(book(card, kind, at(10), zoe(name="Bob")), VISITOR)
    token = feed.feed_path(host).removeprefix("/cal/").removesuffix(".ics")
    assert feed.find_feed(token) is host
    shown = feed.feed_of(host)
    assert feed.feed_of(host) == shown
    calendar = icalendar.Calendar.from_ical(shown.data)
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in shown.data
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in shown.data
    events = {str(one["SUMMARY"]): str(one["STATUS"]) for one in calendar.walk("VEVENT")}
    assert events == {"Consultation: Zoë": "CONFIRMED", "Consultation: Bob": "CANCELLED"}
    assert token_of("appointment", made.id).encode() not in shown.data  # it would let the feed's readers cancel
    service.move(made, at(11), OWNER)
    assert feed.feed_of(host).etag != shown.etag
    feed.renew_feed(host)
    assert feed.find_feed(token) is None


def test_while_the_mail_server_is_away_nothing_is_lost_and_the_owner_sees_it(
    make_app: Callable[..., Flask],
) -> None:
    from tests import factories

    port, office = free_port(), PostOffice()
    app = make_app(smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Cards <cards@example.org>")
    with app.app_context(), time_machine.travel(NOW):
        card = practice(factories.alice())
        made: Appointment = book(card, kind_of(card), at(9), zoe())
        assert send_waiting() == 0
        assert made.state == "confirmed"
        assert agenda.mails_stuck(card) == 1
        assert {mail.state for mail in agenda.mails_about(made)} == {"waiting"}
        service.move(made, at(10), VISITOR)
        with running(office, port), time_machine.travel(NOW + timedelta(minutes=10)):
            assert send_waiting() == 4
        assert agenda.mails_stuck(card) == 0
        received = [message for message in office.messages if message["To"] == "zoe@example.org"]
        texts = [part.get_payload(decode=True) for message in received for part in message.walk()
                 if part.get_content_type() == "text/calendar"]  # fmt: skip
        assert sorted(one["sequence"] for one in map(lambda text: with_icalendar([text])[0], texts)) == [0, 1]
        db.session.rollback()
