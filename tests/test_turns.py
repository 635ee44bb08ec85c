"""Of all servers one takes the turn at a job; what became of it can be read."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from vcardapp.turns import Broken, last_turns, turn

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NOW = datetime(2030, 5, 6, 12, 0, 30, tzinfo=UTC)


def takes(moment: datetime, job: str = "mail", every: timedelta = MINUTE) -> bool:
    with time_machine.travel(moment, tick=False), turn(job, every) as mine:
        return mine


def test_a_turn_is_taken_once_a_period(app: Flask) -> None:
    assert [takes(NOW + timedelta(seconds=after)) for after in (0, 1, 29, 30, 60)] == [True, False, False, True, False]
    assert takes(NOW, "booking")
    assert [takes(NOW, "sweep", HOUR), takes(NOW + 59 * MINUTE, "sweep", HOUR)] == [True, False]
    assert takes(NOW + 60 * MINUTE, "sweep", HOUR)
    assert [turn.job for turn in last_turns()] == ["booking", "mail", "sweep"]


def test_of_many_at_the_same_moment_one_gets_it(app: Flask) -> None:
    """Ten threads, five minutes: each time exactly one."""
    for minute in range(5):
        moment, got, begin = NOW + minute * MINUTE, [], threading.Barrier(10)

        def try_it(got: list[bool] = got, begin: threading.Barrier = begin) -> None:
            with app.app_context():
                begin.wait()
                with turn("mail", MINUTE) as mine:
                    got.append(mine)

        threads = [threading.Thread(target=try_it) for _ in range(10)]
        with time_machine.travel(moment, tick=False):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert sorted(got) == [False] * 9 + [True]


def test_how_it_went_is_kept(app: Flask) -> None:
    takes(NOW)
    good = last_turns()[0]
    assert (good.error, good.ended_at, good.ended_well_at) == ("", NOW, NOW)
    assert good.milliseconds is not None
    with time_machine.travel(NOW + MINUTE, tick=False), turn("mail", MINUTE):
        raise Broken("mail.sweep (OSError)")
    with time_machine.travel(NOW + 2 * MINUTE, tick=False), pytest.raises(ZeroDivisionError), turn("booking", MINUTE):
        _ = 1 / 0
    booking, mail = last_turns()
    assert (mail.error, mail.ended_at, mail.ended_well_at) == ("mail.sweep (OSError)", NOW + MINUTE, NOW)
    assert (booking.error, booking.ended_well_at) == ("ZeroDivisionError", None)
    takes(NOW + 3 * MINUTE)
    assert last_turns()[1].error == ""


def test_a_clock_that_was_far_ahead_blocks_nobody(app: Flask) -> None:
    assert takes(NOW + timedelta(days=365))
    assert takes(NOW)
    assert not takes(NOW)
