"""Knocks are counted together in a real Valkey; without it each process counts for itself, and nothing fails."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import psutil
import pytest
import redis
import time_machine
from flask import Flask

from tests.processes import free_port, start_valkey
from vcardapp.accounts import limits
from vcardapp.accounts.limits import CountedTogether, hashed, visitor

NOON = datetime(2030, 5, 6, 12, tzinfo=UTC)
KNOCKS = 10  # wrong passwords that one account may get in 15 minutes


class Valkey:
    def __init__(self) -> None:
        self.port = free_port()
        self.start()

    def start(self) -> None:
        self.url, self.stop = start_valkey(self.port)

    def keys(self) -> list[str]:
        with redis.Redis(port=self.port) as client:
            keys = [key.decode() for key in client.scan_iter()]
            assert all(0 < client.ttl(key) <= limits.DAY for key in keys)
            return keys

    @property
    def process(self) -> psutil.Process:
        return next(one for one in psutil.Process().children() if f":{self.port}" in " ".join(one.cmdline()))


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    server = Valkey()
    yield server
    server.stop()


def knock(app: Flask, email: str = "eve@example.org", source: str = "203.0.113.9") -> int:
    with app.app_context():
        typed = {"email": email, "password": "x"}
        return app.test_client().post("/login", data=typed, environ_base={"REMOTE_ADDR": source}).status_code


def test_apps_count_together_under_names_that_tell_nothing(make_app: Callable[..., Flask], valkey: Valkey) -> None:
    app = make_app(rate_limits=True, redis_url=valkey.url)
    assert [knock(app) for _ in range(KNOCKS)] == [422] * KNOCKS
    elsewhere = make_app(rate_limits=True, redis_url=valkey.url)  # has counted nothing itself
    assert knock(elsewhere) == 429
    assert knock(elsewhere, "zoe@example.org") == 422
    other = make_app(rate_limits=True, redis_url=valkey.url, secret_key="of another installation")
    assert knock(other) == 422
    keys = valkey.keys()
    assert all(re.fullmatch(r"vcardapp:[0-9a-f]{12}:LIMITER/[0-9a-f]{32}/accounts\.login/[\w/]+", key) for key in keys), keys
    assert len({key[:21] for key in keys}) == 2  # the installations


def test_a_name_is_another_one_each_day(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    names = set()
    for day in range(3):
        with time_machine.travel(NOON + timedelta(days=day), tick=False), app.app_context():
            names.add(hashed("visitor", "203.0.113.9"))
            assert hashed("visitor", "203.0.113.9") in names
            assert hashed("account", "203.0.113.9") not in names
    assert len(names) == 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
        ("203.0.113.9", "203.0.113.8", False),
    ],
)
def test_a_household_is_one_visitor(app: Flask, one: str, other: str, same: bool) -> None:
    names = []
    for source in (one, other):
        with app.test_request_context(environ_base={"REMOTE_ADDR": source}):
            names.append(visitor())
    assert (names[0] == names[1]) is same
    assert all(re.fullmatch("[0-9a-f]{32}", name) for name in names)


def test_a_valkey_that_goes_fails_no_page_and_opens_no_limit(
    make_app: Callable[..., Flask], valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PAUSE", 0.2)
    app = make_app(rate_limits=True, redis_url=valkey.url)
    assert [knock(app) for _ in range(KNOCKS - 2)] == [422] * (KNOCKS - 2)
    valkey.stop()
    assert [knock(app) for _ in range(4)] == [422, 422, 429, 429]
    valkey.start()
    time.sleep(0.3)
    assert knock(app) == 429  # it knows nothing any more, this process does
    assert knock(app, "zoe@example.org") == 422
    assert valkey.keys()


def test_a_valkey_that_hangs_costs_a_second_and_then_nothing(make_app: Callable[..., Flask], valkey: Valkey) -> None:
    app = make_app(rate_limits=True, redis_url=valkey.url)
    assert knock(app) == 422
    valkey.process.send_signal(signal.SIGSTOP)
    try:
        begin = time.monotonic()
        assert knock(app, "zoe@example.org") == 422
        first = time.monotonic() - begin
        assert knock(app, "zoe@example.org") == 422
        assert first < 2 * limits.TIMEOUT + 3
        assert time.monotonic() - begin - first < first
    finally:
        valkey.process.send_signal(signal.SIGCONT)


def test_a_valkey_that_was_never_there_stops_no_start(make_app: Callable[..., Flask]) -> None:
    app = make_app(rate_limits=True, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    assert [knock(app) for _ in range(KNOCKS + 1)] == [422] * KNOCKS + [429]
    assert isinstance(limits.limiter.storage, CountedTogether)
    assert not limits.limiter.storage.check()
