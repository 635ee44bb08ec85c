"""Reminders go out once, at the right time, and not for what was cancelled or moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from tests.booking.cast import NOW, at, first_host, kind_of, letters_to, practice, zoe
from tests.test_races import together
from vcardapp.accounts.models import User
from vcardapp.booking import service
from vcardapp.booking.reminders import send_reminders
from vcardapp.booking.service import VISITOR, book


@pytest.fixture(autouse=True)
def _monday_morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def reminders(address: str = "zoe@example.org") -> list[str]:
    return [mail.subject for mail in letters_to(address) if mail.subject.startswith("Reminder")]


def later(moment: datetime, times: int = 2) -> int:
    with time_machine.travel(moment):
        return sum(send_reminders() for _ in range(times))


def test_a_day_and_an_hour_before_each_once(alice: User) -> None:
    card = practice(alice)
    book(card, kind_of(card), at(12, day=2), zoe())
    assert later(at(11, 50, day=1)) == 0
    assert later(at(12, 1, day=1)) == 1
    assert later(at(10, 59, day=2)) == 0
    assert later(at(11, 1, day=2)) == 1
    assert later(at(12, 1, day=2)) == 0
    assert reminders() == ["Reminder: Consultation, Jun 3, 2026, 12:00 PM"] * 2


def test_booked_after_the_time_of_a_reminder_there_is_none_of_that_kind(alice: User) -> None:
    card = practice(alice)
    book(card, kind_of(card), at(12), zoe())
    assert later(at(6, 30)) == 0
    assert later(at(11, 10)) == 1


def test_after_a_long_pause_only_the_last_goes_out(alice: User) -> None:
    card = practice(alice)
    book(card, kind_of(card), at(12, day=2), zoe())
    assert later(at(11, 30, day=2)) == 1


def test_37_none_after_a_cancel_and_one_at_the_new_time_after_a_move(alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card)
    cancelled = book(card, kind, at(12, day=2), zoe(email="bob@example.org"))
    service.cancel(cancelled, VISITOR)
    moved = book(card, kind, at(13, day=2), zoe())
    assert later(at(13, 1, day=1)) == 1
    with time_machine.travel(at(14, day=1)):
        service.move(moved, at(15, day=3), VISITOR)
    assert later(at(14, 1, day=2)) == 0
    assert later(at(15, 1, day=2)) == 1
    assert reminders()[-1] == "Reminder: Consultation, Jun 4, 2026, 3:00 PM"
    assert reminders("bob@example.org") == []


def test_nothing_for_a_request_that_is_not_confirmed(alice: User) -> None:
    card = practice(alice)
    made = book(card, kind_of(card, needs_approval=True, approval_minutes=9999), at(12, day=2), zoe())
    assert later(at(12, 1, day=1)) == 0
    with time_machine.travel(at(12, 2, day=1)):
        service.confirm(made)
    assert later(at(12, 3, day=1)) == 0  # confirmed after its time
    assert later(at(11, 1, day=2)) == 1


def test_each_type_has_its_own_times(alice: User) -> None:
    card = practice(alice)
    book(card, kind_of(card, reminders=[]), at(12, day=2), zoe())
    assert later(at(11, 30, day=2)) == 0
    made = book(card, kind_of(card, "Long", reminders=[7 * 24 * 60]), at(12, day=8), zoe())
    assert later(made.starts_at - timedelta(days=7) + timedelta(minutes=1)) == 1


def test_many_processes_remind_once(app: Flask, alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card)
    for hour in range(9, 13):
        book(card, kind, at(hour, day=2), zoe(email=f"zoe{hour}@example.org"))
    service.book_by_hand(card, kind, first_host(card), at(13, day=2), zoe(email=""))  # nobody to write to
    with time_machine.travel(at(14, day=1)):
        counts = together(app, *[send_reminders] * 4)
    assert sum(counts) == 4
    assert all(len(reminders(f"zoe{hour}@example.org")) == 1 for hour in range(9, 13))
