"""Eight processes at one time of one person: nobody is booked twice, and nobody is told of an error.

The numbers are those of the tests that booking.md lists; 200 rounds of each in the long run.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests.booking.cast import at, first_host, kind_of, practice, zoe
from tests.booking.racing import MANY
from tests.cases import FULL
from vcardapp.accounts.models import User
from vcardapp.booking import service, set_up, week
from vcardapp.booking.models import BLOCKING, Appointment, AppointmentType
from vcardapp.booking.service import Visitor
from vcardapp.cards.models import Card
from vcardapp.db import db, now
from vcardapp.mail import Mail

ROUNDS = 200 if FULL else 1


class Racers:
    """The eight processes."""

    def __init__(self, url: str, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.booking.racing", url, "race", str(folder)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        )

    def run(self, *jobs: list[str]) -> list[list[str]]:
        """Do eight jobs at the same moment and return what came of each."""
        assert self.process.stdin
        assert self.process.stdout
        assert len(jobs) == MANY
        db.session.commit()  # what the test has written is for everybody, and what it has read is old
        self.process.stdin.write(json.dumps(jobs) + "\n")
        self.process.stdin.flush()
        answers: list[list[str]] = json.loads(self.process.stdout.readline())
        assert [one for one in answers if one[0] == "error"] == []
        return answers

    def stop(self) -> None:
        self.process.communicate(timeout=60)


@pytest.fixture
def racers(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Racers]:
    racers = Racers(database_url, tmp_path)
    yield racers
    racers.stop()


@pytest.fixture
def card(alice: User) -> Card:
    card = practice(alice)
    week.set_week(card, first_host(card), [[(0, 1440)]] * 7)
    return card


def begin() -> datetime:
    return (now() + timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0)


def text(moment: datetime) -> str:
    return moment.isoformat()


def blocking(kind: AppointmentType, start: datetime, end: datetime) -> list[Appointment]:
    query = sa.select(Appointment).where(
        Appointment.type_id == kind.id, Appointment.state.in_(BLOCKING), Appointment.ends_at > start, Appointment.starts_at < end
    )
    return list(db.session.scalars(query))


def count(answers: list[list[str]], word: str) -> int:
    return sum(one[0] == word for one in answers)


def test_19_to_24_at_once(card: Card, racers: Racers) -> None:
    plain = kind_of(card, minutes=30, interval_minutes=15)
    shared = kind_of(card, "Course", minutes=30, seats=3)
    asked = kind_of(card, "Request", minutes=30, needs_approval=True)
    cases = [one_slot, overlapping, seats, moves, one_form, one_request, freed]
    for number in range(ROUNDS):
        for place, case in enumerate(cases):
            start = begin() + timedelta(hours=(number * len(cases) + place) * 4)
            case(racers, {case: plain, seats: shared, one_request: asked}.get(case, plain), start, number)
            assert not overlaps(since=start)
    anyone(card, racers)
    assert not overlaps(since=begin())


def one_slot(racers: Racers, kind: AppointmentType, start: datetime, number: int) -> None:
    """19: one booking, one mail each to host and visitor; the others are told that it is gone."""
    before = mails_like("alice@example.org")
    answers = racers.run(*(["book", str(kind.id), text(start), f"a{number}-{one}@example.org"] for one in range(MANY)))
    assert (count(answers, "done"), count(answers, "gone")) == (1, MANY - 1)
    assert len(blocking(kind, start, start + timedelta(minutes=30))) == 1
    assert mails_like("alice@example.org") == before + 1
    assert mails_like(f"a{number}-%") == 1


def overlapping(racers: Racers, kind: AppointmentType, start: datetime, number: int) -> None:
    """20: 10:00-10:30 and 10:15-10:45 mixed."""
    starts = [start, start + timedelta(minutes=15)] * (MANY // 2)
    answers = racers.run(*(["book", str(kind.id), text(one), "b@example.org"] for one in starts))
    assert count(answers, "done") == 1
    assert len(blocking(kind, start, start + timedelta(minutes=45))) == 1


def seats(racers: Racers, kind: AppointmentType, start: datetime, number: int) -> None:
    """21: three seats."""
    answers = racers.run(*(["book", str(kind.id), text(start), f"c{one}@example.org"] for one in range(MANY)))
    assert (count(answers, "done"), count(answers, "gone")) == (3, MANY - 3)
    assert sorted(one.seat for one in blocking(kind, start, start + timedelta(minutes=30))) == [1, 2, 3]


def moves(racers: Racers, kind: AppointmentType, start: datetime, number: int) -> None:
    """22: eight move to the last free time; one is there, the others are where they were."""
    card = db.session.get_one(Card, kind.card_id)
    made = [
        service.book(card, kind, start + timedelta(minutes=30 * place), zoe(email=f"d{number}-{place}@example.org")).id
        for place in range(7)
    ]
    last = start + timedelta(minutes=210)
    answers = racers.run(*(["move", str(one), text(last)] for one in [*made, made[0]]))
    winners = {one[1] for one in answers if one[0] == "done"}
    assert len(winners) == 1
    rows = [db.session.get_one(Appointment, one, populate_existing=True) for one in made]
    assert [row.starts_at for row in rows] == [
        last if str(one) in winners else start + timedelta(minutes=30 * place) for place, one in enumerate(made)
    ]
    assert [row.sequence for row in rows] == [int(str(one) in winners) for one in made]
    moved = sa.select(sa.func.count()).where(Mail.recipient.like(f"d{number}-%"), Mail.subject.like("Moved%"))
    assert db.session.scalar(moved) == 1


def one_form(racers: Racers, kind: AppointmentType, start: datetime, number: int) -> None:
    """23: the same form eight times: one booking, the same answer, one mail."""
    answers = racers.run(*([["book", str(kind.id), text(start), f"e{number}-@example.org", f"form{number}"]] * MANY))
    assert count(answers, "done") == MANY
    assert len({one[1] for one in answers}) == 1
    assert mails_like(f"e{number}-%") == 1


def one_request(racers: Racers, kind: AppointmentType, start: datetime, number: int) -> None:
    """24: of eight requests one is made, since it blocks; confirmed eight times it is confirmed once."""
    answers = racers.run(*(["book", str(kind.id), text(start), f"f{number}-{one}@example.org"] for one in range(MANY)))
    [made] = [one[1] for one in answers if one[0] == "done"]
    assert count(racers.run(*([["confirm", made]] * MANY)), "done") == MANY
    assert [one.state for one in blocking(kind, start, start + timedelta(minutes=30))] == ["confirmed"]
    assert mails_like(f"f{number}-%") == 2  # asked for, booked


def freed(racers: Racers, kind: AppointmentType, start: datetime, number: int) -> None:
    """25: cancelled four times while four want its time: at most one gets it, and the cancelled one stays cancelled."""
    card = db.session.get_one(Card, kind.card_id)
    made = service.book(card, kind, start, Visitor("Old", f"g{number}-@example.org")).id
    wanted = [["book", str(kind.id), text(start), f"h{number}-{one}@example.org"] for one in range(4)]
    answers = racers.run(*([["cancel", str(made)]] * 4), *wanted)
    assert count(answers[:4], "done") == 4
    assert count(answers[4:], "done") <= 1
    assert db.session.get_one(Appointment, made, populate_existing=True).state == "cancelled"
    assert len(blocking(kind, start, start + timedelta(minutes=30))) == count(answers[4:], "done")
    assert mails_like(f"g{number}-%") == 2


def mails_like(pattern: str) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(Mail.recipient.like(pattern))) or 0


def overlaps(since: datetime) -> list[Any]:
    """Pairs that nobody may have, of those that begin then or later."""
    one, other = sa.orm.aliased(Appointment), sa.orm.aliased(Appointment)
    query = sa.select(one.id, other.id).where(
        one.starts_at >= since, other.starts_at >= since,
        one.id < other.id, one.host_id == other.host_id, one.state.in_(BLOCKING), other.state.in_(BLOCKING),
        one.blocked_from < other.blocked_until, one.blocked_until > other.blocked_from,
        sa.or_(one.group_key != other.group_key, one.seat == other.seat),
    )  # fmt: skip
    return list(db.session.execute(query))


def anyone(card: Card, racers: Racers) -> None:
    """With two people who offer it, two are booked."""
    grace = set_up.add_host(card, "Grace")
    week.set_week(card, grace, [[(0, 1440)]] * 7)
    kind = kind_of(card, "Anyone")
    start = begin() + timedelta(days=300)  # after all rounds
    answers = racers.run(*(["book", str(kind.id), text(start), f"i{one}@example.org"] for one in range(MANY)))
    assert count(answers, "done") == 2
    assert {one.host_id for one in blocking(kind, start, start + timedelta(hours=1))} == {grace.id, first_host(card).id}


def test_without_a_lock_the_database_still_refuses(
    card: Card, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    """The constraint alone, threads that look first and insert later, as code would that forgot to take turns."""
    from tests.test_races import together
    from vcardapp.booking import places

    monkeypatch.setattr(places.database, "take_turn", lambda _row: None)
    kind = kind_of(card)
    with time_machine.travel(at(6)):
        for hour in range(10, 10 + min(ROUNDS, 8)):
            results = together(app, *[lambda hour=hour: late(kind.id, at(hour, day=1))] * MANY)
            assert len(blocking(kind, at(hour, day=1), at(hour + 1, day=1))) == 1
            assert [one for one in results if one is True] == [True]


def late(type_id: Any, start: datetime) -> bool:
    kind = db.session.get_one(AppointmentType, type_id)
    try:
        service.book(db.session.get_one(Card, kind.card_id), kind, start, zoe())
    except service.SlotGone:
        return False
    except sa.exc.OperationalError:  # locked, or deadlock: it did not book
        db.session.rollback()
        return False
    return True
