"""Wrong passwords are counted in the database (ASVS 6.3.1)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests.accounts.cast import BETTER, GOOD, log_in, with_password, without_tokens
from tests.factories import user
from vcardapp.accounts import security, service, throttle
from vcardapp.accounts.models import SignInFailure
from vcardapp.db import db, now

EMAIL = "alice@example.org"
Make = Callable[..., Flask]


def wrong(app: Flask, email: str = EMAIL, visitor: str = "192.0.2.1") -> tuple[int, str]:
    sent = {"email": email, "password": "wrong"}
    answer = app.test_client().post("/login", data=sent, environ_base={"REMOTE_ADDR": visitor})
    return answer.status_code, without_tokens(answer.text).replace(email, "…")


def test_a_restart_forgets_nothing_and_servers_count_together(make_app: Make) -> None:
    """Each app counts knocks in a memory of its own, so only the table can know."""
    first, second = (make_app(rate_limits=True, redis_url="") for _ in range(2))
    with first.app_context():
        with_password(user(EMAIL))
    for number in range(10):
        app = (first, second)[number % 2]
        with app.app_context():
            assert wrong(app, visitor=f"192.0.2.{number}")[0] == 422
    later = make_app(rate_limits=True, redis_url="")
    with later.app_context():
        assert log_in(later.test_client(), EMAIL, GOOD).status_code == 429
        with time_machine.travel(now() + timedelta(minutes=16)):
            assert log_in(later.test_client(), EMAIL, GOOD).status_code == 303


def test_known_and_unknown_addresses_are_paused_alike(make_app: Make) -> None:
    """ASVS 6.3.8."""
    app = make_app(rate_limits=True)
    with app.app_context():
        with_password(user(EMAIL))
        known = [wrong(app) for _time in range(12)]
        unknown = [wrong(app, "zoe@example.org", "192.0.2.2") for _time in range(12)]
        assert known == unknown
        assert [status for status, _ in known] == [422] * 10 + [429] * 2


def test_the_owner_of_a_paused_account_comes_in_by_mail(make_app: Make) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        alice = with_password(user(EMAIL))
        for number in range(10):
            wrong(app, visitor=f"192.0.2.{number}")
        answer = app.test_client().post("/reset/" + security.reset_token(alice), data={"password": BETTER})
        assert answer.location == "/cards"


def test_an_address_is_one_however_it_is_typed(make_app: Make) -> None:
    """Browsers and mail servers read wide letters and dots as the usual ones, and so does the sign-in."""
    app, ways = make_app(rate_limits=True), [EMAIL, " Alice@example.org", "alice@ｅxample.org", "alice@example。org"]
    with app.app_context():
        with_password(user(EMAIL))
        assert [wrong(app, ways[n % 4], f"192.0.2.{n}")[0] for n in range(11)] == [422] * 10 + [429]


def test_one_visitor_who_tries_many_accounts_is_paused(make_app: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "VISITOR_LIMIT", (5, timedelta(hours=1)))
    app = make_app(rate_limits=True)
    with app.app_context():
        assert [wrong(app, f"a{number}@example.org")[0] for number in range(6)] == [422] * 5 + [429]
        assert wrong(app, "b@example.org", "192.0.2.77")[0] == 422


def test_right_ones_leave_nothing_and_wrong_ones_only_hashes_for_a_day(make_app: Make) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        with_password(user(EMAIL))
        log_in(app.test_client(), EMAIL)
        assert db.session.scalar(sa.select(SignInFailure.id)) is None
        wrong(app, "  Alice@example.org")
        row = db.session.execute(sa.select(SignInFailure.__table__)).one()
        assert "alice" not in str(row)
        assert "192.0.2" not in str(row)
        with time_machine.travel(now() + timedelta(hours=23, minutes=1)):
            service.sweep()
        assert db.session.scalar(sa.select(SignInFailure.id)) is None


def test_of_many_tries_at_one_moment_no_more_are_looked_at(make_app: Make) -> None:
    app = make_app(rate_limits=True)

    def knock(number: int) -> bool:
        with app.app_context():
            try:
                throttle.knock(EMAIL, f"visitor {number}")
            except throttle.TooOften:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(knock, range(24))) <= throttle.ACCOUNT_LIMIT[0]
