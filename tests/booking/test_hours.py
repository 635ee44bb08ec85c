"""From stored hours to free times: the card's, a person's, a type's, everybody's holidays, and the next free times."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests import factories
from tests.booking.cast import NOW, at, first_host, kind_of, practice, second_host, zoe
from vcardapp.accounts.models import User
from vcardapp.booking import service, set_up, week
from vcardapp.booking.free import free_times, next_times, shown_types
from vcardapp.booking.models import AppointmentType, Host
from vcardapp.booking.service import book
from vcardapp.booking.set_up import find_shown_type
from vcardapp.booking.week import DateHours
from vcardapp.booking.why import Reason
from vcardapp.booking.why_here import why_not_offered
from vcardapp.cards.content import Hours, Span, SpecialDay
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.public.models import PageChange

MONDAY, TUESDAY = NOW.date(), NOW.date() + timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday_morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def card(alice: User) -> Card:
    return practice(alice)


def hours(card: Card, kind: AppointmentType, day: int = 0, host: Host | None = None) -> list[int]:
    return [one.start.hour for one in free_times(card, kind, at(0, day=day), at(24, day=day), host)]


def test_a_persons_hours_stand_for_the_cards(card: Card) -> None:
    kind, host = kind_of(card), first_host(card)
    assert hours(card, kind) == list(range(9, 17))
    week.set_week(card, host, [[(600, 720), (840, 900)], [], [], [], [(1320, 120)], [], []])
    assert week.week_of(card, host)[0] == ((600, 720), (840, 900))
    assert (hours(card, kind), hours(card, kind, 1)) == ([10, 11, 14], [])
    assert hours(card, kind, 4) + hours(card, kind, 5) == [22, 23, 0, 1]
    set_up.change_host(host, own_hours=False)
    assert hours(card, kind, 1) == list(range(9, 17))


def test_a_types_hours_stand_for_the_cards_and_lie_within_a_persons(card: Card) -> None:
    kind, grace = kind_of(card), second_host(card)
    week.set_week(card, kind, [[(900, 1140)]])
    assert hours(card, kind, host=first_host(card)) == [15, 16, 17, 18]
    assert hours(card, kind, host=grace) == [15, 16]
    assert hours(card, kind, 1) == []
    set_up.change_type(kind, own_hours=False)
    assert hours(card, kind, 1) == list(range(9, 17))


def test_holidays_close_for_everybody_and_exceptions_go_before_them(card: Card) -> None:
    grace, kind = second_host(card), kind_of(card)
    week.set_dates(card, None, [MONDAY, TUESDAY], note="Holiday")
    week.set_dates(card, grace, [TUESDAY], [(600, 660)])
    assert (hours(card, kind), hours(card, kind, 1), hours(card, kind, 2)) == ([], [10], list(range(9, 17)))
    assert why_not_offered(card, kind, grace, at(10)) is Reason.CLOSED
    assert week.dates_of(card, None, MONDAY, MONDAY) == [DateHours(MONDAY, (), "Holiday")]
    week.set_dates(card, None, [MONDAY], [(540, 600), (660, 720)])
    assert hours(card, kind) == [9, 11]
    week.forget_dates(card, None, [MONDAY, TUESDAY])
    assert week.dates_of(card, None) == []


def test_the_cards_own_exceptions_count_and_its_closed_days_close(alice: User) -> None:
    special = (SpecialDay("2026-06-01", (Span("10:00", "12:00"),)), SpecialDay("2026-06-02", ()))
    card = practice(alice)
    open_ = dataclasses.replace(card.live or card.draft, hours=Hours(((Span("09:00", "17:00"),),) * 7, special))
    card.live = open_
    db.session.commit()
    kind, grace = kind_of(card), second_host(card)
    ada = first_host(card)
    assert (hours(card, kind, host=ada), hours(card, kind, 1, ada)) == ([10, 11], [])
    assert (hours(card, kind, host=grace), hours(card, kind, 1, grace)) == (list(range(9, 17)), [])
    week.set_dates(card, grace, [TUESDAY], [(540, 600)])
    assert hours(card, kind, 1, grace) == [9]


def test_32_a_closed_day_ends_the_shift_before_it(card: Card) -> None:
    kind = kind_of(card)
    week.set_week(card, first_host(card), [[(1320, 120)]])
    assert hours(card, kind) + hours(card, kind, 1) == [22, 23, 0, 1]
    week.set_dates(card, None, [TUESDAY])
    assert hours(card, kind) + hours(card, kind, 1) == [22, 23]


def test_29_the_limit_is_counted_on_the_hosts_date(alice: User) -> None:
    card = practice(alice, "Pacific/Auckland")
    week.set_week(card, first_host(card), [[(0, 1440)]] * 7)
    kind = kind_of(card, per_day=1)
    book(card, kind, at(12), zoe(zone="Pacific/Pago_Pago"))  # Tuesday 00:00 in Auckland, Monday 01:00 in Pago Pago
    assert hours(card, kind)[:5] == [7, 8, 9, 10, 11]
    assert hours(card, kind, 1) == list(range(12, 24))


def test_the_window_may_be_without_end(card: Card) -> None:
    kind = kind_of(card, window_days=None)
    assert hours(card, kind, 364)
    set_up.change_type(kind, window_until=date(2026, 6, 2))
    assert (bool(hours(card, kind, 1)), hours(card, kind, 2)) == (True, [])
    assert set_up.add_type(card, "Other").window_days == set_up.WINDOW_DAYS


def test_the_next_times_of_a_card_and_until_when_they_hold(card: Card) -> None:
    first, second = kind_of(card, notice_minutes=120), kind_of(card, "Long", minutes=240)
    shown = next_times(card)
    assert [(one.kind.id, one.start) for one in shown.times] == [(first.id, at(9)), (second.id, at(9)), (first.id, at(10))]
    assert shown.until == at(7) + timedelta(seconds=1)  # from then on nine is too soon
    with time_machine.travel(shown.until):
        assert next_times(card).times[0].kind.id == second.id
    for hour in (9, 13):
        book(card, second, at(hour), zoe())
    assert next_times(card, 1).times[0].start == at(9, day=1)


def test_no_more_times_in_sight(card: Card) -> None:
    kind = kind_of(card)
    assert next_times(card, 1).times
    week.set_week(card, first_host(card), [[]] * 7)
    shown = next_times(card)
    assert (shown.times, shown.until) == ((), at(24) + timedelta(seconds=1))  # the window moves on at midnight
    set_up.change_type(kind, is_shown=False)
    assert shown_types(card) == []
    assert next_times(card).times == ()


def test_what_changes_times_has_the_card_drawn_anew(card: Card) -> None:
    kind, host = kind_of(card), first_host(card)
    changes = sa.select(sa.func.count()).select_from(PageChange).where(PageChange.card_id == card.id)
    done = [
        lambda: book(card, kind, at(9), zoe()),
        lambda: set_up.block_time(card, host, at(10), at(11)),
        lambda: week.set_dates(card, None, [MONDAY]),
        lambda: week.set_week(card, host, [[(0, 60)]]),
        lambda: set_up.change_type(kind, minutes=30),
        lambda: set_up.change_page(set_up.begin_booking(card), is_open=False),
    ]
    for do in done:
        before = db.session.scalar(changes) or 0
        do()
        assert (db.session.scalar(changes) or 0) > before


def test_booking_begins_once_with_one_person(card: Card) -> None:
    page = set_up.begin_booking(card)
    assert set_up.begin_booking(card) is page
    assert [host.name for host in set_up.hosts_on(card)] == ["Ada Lovelace"]


def test_types_have_words_in_their_addresses_and_an_order(card: Card, bob: User) -> None:
    kinds = [set_up.add_type(card, name) for name in ("Erstgespräch 30'", "Erstgesprach 30", "سلام")]
    assert [kind.key for kind in kinds] == ["erstgesprach-30", "erstgesprach-30-2", "appointment"]
    assert find_shown_type(card, "appointment") is kinds[2]
    other = factories.published_card(bob, "bob")
    assert find_shown_type(other, "appointment") is None
    assert set_up.find_type(other, kinds[0].id) is None
    set_up.arrange_types(card, [kinds[2].id, kinds[0].id])
    assert [kind.id for kind in set_up.types_on(card)] == [kinds[2].id, kinds[0].id, kinds[1].id]
    set_up.remove_type(kinds[2])
    assert set_up.add_type(card, "سلام").key == "appointment"


def test_a_removed_person_keeps_their_appointments(card: Card) -> None:
    grace = second_host(card)
    kind = kind_of(card)
    made = book(card, kind, at(9), zoe(), grace)
    set_up.remove_host(grace)
    assert set_up.hosts_on(card) == [first_host(card)]
    assert (made.host.name, made.state) == ("Grace", "confirmed")
    service.cancel(made, service.OWNER)
    assert all(set(one.hosts) == {first_host(card).id} for one in free_times(card, kind, at(0), at(24)))


def test_an_erased_card_keeps_no_bookings(card: Card) -> None:
    book(card, kind_of(card), at(9), zoe())
    card.erased_at = NOW
    db.session.commit()
    set_up.sweep()
    assert set_up.find_page(card) is None
    assert set_up.types_on(card) == []
