"""What booking does each minute and each hour, as the jobs of the app do it."""

from __future__ import annotations

import logging

import pytest
import time_machine
from flask import Flask

from tests.booking.cast import NOW, at, kind_of, letters_to, practice, zoe
from vcardapp.accounts.models import User
from vcardapp.booking import busy, rounds, service
from vcardapp.booking.service import book
from vcardapp.jobs import Jobs
from vcardapp.turns import last_turns


def test_a_minute_reminds_and_lets_lapse(app: Flask, alice: User) -> None:
    with time_machine.travel(NOW):
        card = practice(alice)
        book(card, kind_of(card), at(12, day=2), zoe())
        request = book(card, kind_of(card, "Request", needs_approval=True, approval_minutes=60), at(15), zoe())
    with time_machine.travel(at(12, 1, day=1)):
        Jobs(app)._booking_each_minute()
    assert request.state == "lapsed"
    subjects = [mail.subject.partition(":")[0] for mail in letters_to("zoe@example.org")]
    assert sorted(subjects) == ["Asked for", "Booked", "Not answered", "Reminder"]


def test_what_breaks_stops_nothing_else(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = []

    def break_() -> int:
        raise RuntimeError

    monkeypatch.setattr(service, "lapse_due", break_)
    monkeypatch.setattr(busy, "refresh_due", lambda: asked.append(1))
    with caplog.at_level(logging.ERROR):
        Jobs(app)._booking_each_minute()
    assert asked == [1]
    assert "A job failed" in caplog.text
    assert [turn.error for turn in last_turns()] == ["tests.booking.test_rounds.break_ (RuntimeError)"]


def test_an_hour_goes_through_on_an_empty_database(app: Flask) -> None:
    rounds.sweep()
