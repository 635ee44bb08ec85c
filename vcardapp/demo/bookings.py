"""Appointments of two demo cards: a musician's lessons, and a practice of two people."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from vcardapp.booking import agenda, service, set_up, week
from vcardapp.booking.free import free_times
from vcardapp.booking.models import AppointmentType, Host
from vcardapp.booking.opening_rules import zone_name
from vcardapp.booking.service import Visitor
from vcardapp.cards.models import Card
from vcardapp.db import now

NOON = 12 * 60
FAR = timedelta(days=21)  # in which the demo's appointments are


def fill(card: Card, subject: str) -> None:
    """Open booking on a demo card, if its subject has one; doing it again, or after a power cut, makes it whole and no more."""
    make = {"ngozi": _lessons, "dana": _practice}.get(subject)
    if make:
        set_up.begin_booking(card)
        make(card)


def _lessons(card: Card) -> None:
    """Somebody alone, with hours of their own, places in a group and requests."""
    host = set_up.hosts_on(card)[0]
    week.set_week(card, host, [[(NOON, 20 * 60)]] * 2 + [[]] + [[(NOON, 20 * 60)]] * 2 + [[(10 * 60, 14 * 60)], []])
    trial = _type(
        card, "Trial lesson", minutes=30, text="Half an hour to see whether we get along. Costs nothing.", place_sort="video",
        place="https://meet.example.com/ngozi", colour="#0f6b78", notice_minutes=24 * 60,
    )  # fmt: skip
    lesson = _type(
        card, "Bass lesson", minutes=60, after_minutes=15, price=4500, currency="GBP", place_sort="address",
        place="Studio 3, 12 Imaginary Arches, Manchester", colour="#cb3408",
        questions=[
            {"key": "level", "sort": "choice", "label": "How long have you played?", "required": True,
             "choices": ["Not yet", "Up to two years", "Longer"]},
            {"key": "own", "sort": "tick", "label": "I bring my own bass", "required": False, "choices": []},
        ],
    )  # fmt: skip
    band = _type(
        card, "Band coaching", minutes=120, price=12000, currency="GBP", place_sort="visitor", needs_approval=True,
        colour="#6a3fa0", per_day=1, interval_minutes=60,
    )  # fmt: skip
    answers = [("How long have you played?", "Up to two years")]
    for days, kind, name, phone in (
        (1, trial, "Rosa Example", "07700 900401"), (1, lesson, "Idris Example", "07700 900402"),
        (2, lesson, "Wei Example", "07700 900403"), (5, trial, "Oona Example", "07700 900404"),
    ):  # fmt: skip
        _book(card, kind, host, days, Visitor(name, phone=phone, answers=answers if kind is lesson else ()))
    _ask(card, band, host, Visitor("The Paper Lanterns", phone="07700 900405", place="7 Made-up Mews, Salford"))
    start = _midnight(card, host, 9)
    if not agenda.blocked_between(card, now(), now() + 2 * FAR):
        set_up.block_time(card, host, start, start + timedelta(days=2), "Festival")


def _practice(card: Card) -> None:
    """Two people with hours and types of their own, a holiday, a course with several places."""
    dana = set_up.hosts_on(card)[0]
    noa = next((one for one in set_up.hosts_on(card) if one.id != dana.id), None) or set_up.add_host(card, "נועה ברק")
    week.set_week(card, noa, [[(8 * 60, 14 * 60)], [(8 * 60, 14 * 60)], [], [(14 * 60, 20 * 60)], [], [], [(8 * 60, 14 * 60)]])
    first = _type(
        card, "פגישה ראשונה", hosts=[dana, noa], minutes=45, after_minutes=10, price=38000, currency="ILS", place_sort="address",
        colour="#1d663a", text="מקשיבים, בודקים ובונים יחד תוכנית.",
    )  # fmt: skip
    again = _type(
        card, "טיפול המשך", hosts=[dana, noa], minutes=30, price=28000, currency="ILS", place_sort="address", colour="#2456a6"
    )
    course = _type(
        card, "קבוצת גב", hosts=[noa], minutes=60, price=6000, currency="ILS", seats=6, place_sort="address", colour="#8a5a00"
    )
    for days, kind, host, name in (
        (1, first, dana, "תמר לדוגמה"), (1, again, dana, "יונתן לדוגמה"), (2, again, noa, "מאיה לדוגמה"),
        (2, course, noa, "אורי לדוגמה"), (2, course, noa, "שירה לדוגמה"), (4, first, noa, "עומר לדוגמה"),
    ):  # fmt: skip
        _book(card, kind, host, days, Visitor(name, phone="050-555-0199", language="he"))
    if week.dates_of(card, None):
        return
    holiday = now().astimezone(ZoneInfo(zone_name(card, dana))).date() + timedelta(days=12)
    week.set_dates(card, None, [holiday, holiday + timedelta(days=1)], note="חג")


def _type(card: Card, name: str, **values: Any) -> AppointmentType:
    return next((one for one in set_up.types_on(card) if one.name == name), None) or set_up.add_type(card, name, **values)


def _book(card: Card, kind: AppointmentType, host: Host, days: int, visitor: Visitor) -> None:
    """Book the first free time from so many days on."""
    start = _midnight(card, host, days)
    for one in [] if agenda.search(card, visitor.name) else free_times(card, kind, start, start + FAR, host)[:1]:
        service.book_by_hand(card, kind, host, one.start, visitor)


def _ask(card: Card, kind: AppointmentType, host: Host, visitor: Visitor) -> None:
    start = _midnight(card, host, 3)
    for one in [] if agenda.search(card, visitor.name) else free_times(card, kind, start, start + FAR, host)[:1]:
        service.book(card, kind, one.start, visitor, host)


def _midnight(card: Card, host: Host, days: int) -> datetime:
    zone = ZoneInfo(zone_name(card, host))
    here: Any = now().astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(here, time(), zone).astimezone(UTC)
