"""PostgreSQL is killed, or hangs, below a running server: ready pages go on, others say so kindly, and nothing is lost."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.conftest import FULL
from tests.faults.database import Database
from tests.faults.town import Town, Visitor, hidden, make_town
from tests.processes import Server, start_server

GONE_FOR = 10 if FULL else 3  # seconds
SOON = 4  # seconds in which everything must be answered meanwhile


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    made = Database()
    yield made
    made.close()


@pytest.fixture(scope="module")
def town(database: Database) -> Iterator[tuple[Town, Server]]:
    with tempfile.TemporaryDirectory() as folder:
        more = {"VCARDAPP_DATABASE_URL": database.url + "postgres", "VCARDAPP_LOG_FORMAT": "json"}
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
        time.sleep(0.5)
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


def test_hanging(database: Database, town: tuple[Town, Server]) -> None:
    made, server = town
    visitor = Visitor(server.url)
    assert visitor.open("/ada")[0] == 200
    assert visitor.open("/ada")[0] == 200
    found: list[int] = []
    waiting = [threading.Thread(target=lambda: found.append(Visitor(server.url).open("/nobody")[0])) for _ in range(3)]
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
            time.sleep(0.2)
    finally:
        database.thaw()
    for one in waiting:
        one.join(30)
    assert len(found) == 3
    assert set(found) <= {404, 503}
    wait_until_well(visitor)
    assert visitor.order(made) == 200
