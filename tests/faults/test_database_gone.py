"""PostgreSQL is killed, or hangs, below a running server: ready pages go on, others say so kindly, and nothing is lost."""

from __future__ import annotations

import signal
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.accounts.test_limits import KNOCKS, Valkey
from tests.cases import FULL
from tests.faults.database import Database
from tests.faults.town import Town, Visitor, hidden, make_town
from tests.processes import Server, start_server
from vcardapp.accounts import limits

GONE_FOR = 10 if FULL else 2  # seconds
MANY = 14  # more than a worker has threads
SOON = 4  # seconds in which everything must be answered meanwhile


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    made = Database()
    yield made
    made.close()


@pytest.fixture(scope="module")
def valkey() -> Iterator[Valkey]:
    made = Valkey()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def town(database: Database, valkey: Valkey) -> Iterator[tuple[Town, Server]]:
    with tempfile.TemporaryDirectory() as folder:
        more = {"VCARDAPP_DATABASE_URL": database.url + "postgres", "VCARDAPP_REDIS_URL": valkey.url}
        more["VCARDAPP_LOG_FORMAT"] = "json"
        made = make_town(Path(folder), **more)
        with (Path(folder) / "log").open("w") as log, start_server(Path(folder), output=log, **more) as server:
            yield made, server


def test_killed_and_started_again(database: Database, town: tuple[Town, Server]) -> None:
    made, server = town
    visitor = Visitor(server.url)
    assert visitor.sign_in() == 200
    assert visitor.open("/ada")[0] == 200
    token = hidden(visitor.open("/ada/report")[1])
    database.kill()
    until, kept = time.monotonic() + GONE_FOR, ""
    while time.monotonic() < until:
        for path, status in (("/ada", 200), ("/healthz", 200), ("/readyz", 503), ("/cards", 503), ("/nobody", 503)):
            began = time.monotonic()
            found, text = visitor.open(path)
            assert found == status, (path, (server.settings.data / "log").read_text()[-5000:])
            assert time.monotonic() - began < SOON, path
            if status == 503 and path != "/readyz":
                assert "We cannot save right now" in text
                assert visitor.headers["retry-after"] == "30"
        status, kept = visitor.open("/ada/report", {**token, "reason": "other", "text": "typed with <care> & love"})
        assert status == 503
        time.sleep(1)  # one address may report twenty times an hour
    assert visitor.open("/readyz")[1] == "missing: database\n"
    database.start()
    found = wait_until_well(visitor)
    assert found < 5
    assert visitor.open("/cards")[0] == 200, "still signed in"
    assert visitor.open("/ada/report", hidden(kept))[0] == 200  # the button "Send it again"
    with psycopg.connect(database.url + "postgres") as connection:
        rows = connection.execute("SELECT text FROM reports").fetchall()
    assert rows == [("typed with <care> & love",)]
    assert visitor.order(made) == 200


def wait_until_well(visitor: Visitor) -> float:
    """Return after how many seconds the server says that it has everything; nobody starts it anew."""
    began = time.monotonic()
    while visitor.open("/readyz")[0] != 200:
        assert time.monotonic() - began < 20
        time.sleep(0.05)
    return time.monotonic() - began


def seen_at(server: Server, host: str) -> int:
    with urllib.request.urlopen(urllib.request.Request(f"{server.url}/healthz", headers={"Host": host}), timeout=60) as answer:
        return int(answer.status)


def test_hanging(database: Database, town: tuple[Town, Server]) -> None:
    made, server = town
    visitor = Visitor(server.url)
    assert visitor.open("/ada")[0] == 200
    assert visitor.open("/ada")[0] == 200
    token = hidden(visitor.open("/ada/report")[1])
    found: list[int] = []
    waiting = [threading.Thread(target=lambda: found.append(Visitor(server.url).open("/nobody")[0])) for _ in range(MANY)]
    database.freeze()
    try:
        for one in waiting:
            one.start()
        until = time.monotonic() + GONE_FOR
        while time.monotonic() < until:
            for path, status in (("/ada", 200), ("/healthz", 200), ("/readyz", 503)):
                began = time.monotonic()
                assert visitor.open(path)[0] == status, path
                assert time.monotonic() - began < SOON, path
            began = time.monotonic()
            assert seen_at(server, "cards.example.com") == 200  # which domain that is stands in the database, too
            assert time.monotonic() - began < SOON
            time.sleep(0.2)
        status, page = visitor.open("/ada/report", {**token, "text": "typed & <kept>"})
        assert (status, visitor.headers.get("retry-after")) == (503, "30")
        assert hidden(page)["text"] == "typed & <kept>"
    finally:
        database.thaw()
    for one in waiting:
        one.join(30)
    assert len(found) == MANY
    assert set(found) <= {404, 503}
    wait_until_well(visitor)
    assert visitor.order(made) == 200


def test_valkey_is_killed_and_hangs(town: tuple[Town, Server], valkey: Valkey) -> None:
    """Limits stay in force by what the process has counted itself, and pages come in time."""
    visitor = Visitor(town[1].url)
    assert [knock(visitor) for _ in range(KNOCKS - 2)] == [422] * (KNOCKS - 2)
    valkey.process.send_signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert knock(visitor) == 422
        assert visitor.open("/ada")[0] == 200
        assert time.monotonic() - began < SOON
    finally:
        valkey.process.send_signal(signal.SIGCONT)
    valkey.stop()
    assert [knock(visitor) for _ in range(3)] == [422, 429, 429]
    assert [visitor.open(path)[0] for path in ("/ada", "/login", "/readyz")] == [200, 200, 503]
    valkey.start()
    wait_until_well(visitor)
    time.sleep(limits.PAUSE)
    assert knock(visitor) == 429
    assert knock(visitor, "somebody.else@example.org") == 422
    assert valkey.keys()


def knock(visitor: Visitor, email: str = "eve@example.org") -> int:
    return visitor.send("/login", email=email, password="wrong")
