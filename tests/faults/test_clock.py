"""The clock of the server is an hour or a day ahead, and is then put right: nobody is kept out, nothing waits for the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.accounts.cast import GOOD, log_in, with_password
from tests.faults.test_mail_server import Inbox, inbox  # noqa: F401
from tests.media.makers import added, picture
from tests.test_turns import takes
from vcardapp.accounts.models import SignInFailure, User
from vcardapp.accounts.sessions import IDLE_LASTS, LASTS
from vcardapp.db import db, now
from vcardapp.mail import queue_mail, send_waiting
from vcardapp.media import work
from vcardapp.media.models import MediaFile
from vcardapp.public.ready_page import ReadyPage

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize("jump", [HOUR, DAY], ids=["hour", "day"])
def test_who_signed_in_meanwhile_stays_so_and_not_for_ever(app: Flask, alice: User, jump: timedelta) -> None:
    with_password(alice)
    moment, browser = now(), app.test_client()
    with time_machine.travel(moment + jump):
        assert log_in(browser, alice.email, GOOD).status_code == 303
        assert browser.get("/cards").status_code == 200
    with time_machine.travel(moment):
        assert browser.get("/cards").status_code == 200
    with time_machine.travel(moment + jump + IDLE_LASTS + HOUR):
        assert browser.get("/cards").status_code != 200
    with time_machine.travel(moment + jump + LASTS + HOUR):
        assert browser.get("/cards").status_code != 200


def test_who_was_signed_in_stays_so(app: Flask, alice: User, sign_in: Callable[[User], FlaskClient]) -> None:
    browser, moment = sign_in(alice), now()
    for jump in (DAY, -HOUR, timedelta(0)):
        with time_machine.travel(moment + jump):
            assert browser.get("/cards").status_code == 200, jump


@pytest.mark.parametrize("jump", [HOUR, DAY], ids=["hour", "day"])
def test_a_pause_of_meanwhile_ends(make_app: Callable[..., Flask], jump: timedelta) -> None:
    app, moment = make_app(rate_limits=True, redis_url=""), now()  # Valkey forgets by its own clock
    with app.app_context():
        with_password(factories.user("alice@example.org"))
        with time_machine.travel(moment + jump):
            statuses = [log_in(app.test_client(), "alice@example.org", "wrong").status_code for _ in range(11)]
            assert statuses == [422] * 10 + [429]
    later = make_app(rate_limits=True, redis_url="")  # the process's counts go; the database's must not stand in the way
    with later.app_context(), time_machine.travel(moment):
        assert log_in(later.test_client(), "alice@example.org", GOOD).status_code == 303


def test_counts_of_meanwhile_are_not_kept_for_longer_than_a_day(app: Flask) -> None:
    from vcardapp.accounts import throttle

    db.session.add(SignInFailure(account_hash="a" * 64, visitor_hash="b" * 64, happened_at=now() + DAY))
    db.session.commit()
    throttle.sweep()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SignInFailure)) == 0


@pytest.mark.parametrize("job", ["mail", "sweep"])
def test_jobs_go_on(app: Flask, job: str) -> None:
    every, moment = (timedelta(minutes=1) if job == "mail" else HOUR), now()
    assert takes(moment + DAY, job, every)
    assert takes(moment, job, every)
    assert takes(moment + every, job, every)


def test_an_hour_back_the_sweep_comes_within_its_hours(app: Flask) -> None:
    moment = now()
    assert takes(moment + HOUR, "sweep", HOUR)
    assert [takes(moment + number * HOUR, "sweep", HOUR) for number in range(3)] == [False, False, True]


def test_mails_of_meanwhile_go_out_once(make_app: Callable[..., Flask], inbox: tuple[Inbox, int]) -> None:  # noqa: F811
    taken, port = inbox
    moment = now()
    with make_app(smtp_url=f"smtp://127.0.0.1:{port}").app_context():
        with time_machine.travel(moment + DAY):
            queue_mail("zoe@example.org", "Subject", "Text")
            db.session.commit()
        with time_machine.travel(moment):
            assert send_waiting() == 1
            assert send_waiting() == 0
        with time_machine.travel(moment + DAY + HOUR):
            assert send_waiting() == 0
    assert len(taken.ids) == 1


def test_a_picture_claimed_meanwhile_is_made(app: Flask, alice: User) -> None:
    file, moment = added(alice, picture(60, 40)), now()
    db.session.execute(sa.update(MediaFile).values(claimed_until=moment + DAY, attempts=1))
    db.session.commit()
    assert work.work_on_waiting() == 1
    db.session.refresh(file)
    assert file.state == "ready"


def test_a_page_that_tells_the_time_is_drawn_anew_when_the_clock_goes_back() -> None:
    moment = now()
    with time_machine.travel(moment, tick=False):
        page = ReadyPage(("/ada", "en"), (), (moment + HOUR).timestamp(), [], '""', b"")
        assert page.holds()
    for jump, holds in ((-HOUR, False), (-DAY, False), (DAY, False), (timedelta(minutes=30), True)):
        with time_machine.travel(moment + jump, tick=False):
            assert page.holds() is holds, jump
