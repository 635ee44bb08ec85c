"""PostgreSQL is killed, or hangs, below a running server: ready pages go on, others say so kindly, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from tests.conftest import FULL
from tests.faults.town import Town, Visitor, hidden, make_town
from tests.processes import Server, start_postgresql, start_server

GONE_FOR = 10 if FULL else 3  # seconds
SOON = 4  # seconds in which everything must be answered meanwhile


class Database:
    """A PostgreSQL of its own, that can be killed and started again with what it had."""

    def __init__(self) -> None:
        self.url, self.stop = start_postgresql()
        self.port = int(self.url.rsplit(":", 1)[1].rstrip("/"))
        self.first = self.main()
        self.command, self.environment = self.first.cmdline(), self.first.environ()
        self.home, self.who = self.first.cwd(), self.first.uids().real
        self.again: subprocess.Popen[bytes] | None = None

    def main(self) -> psutil.Process:
        """Return the process that all others are children of."""
        with psycopg.connect(self.url + "postgres") as connection:
            [backend] = connection.execute("SELECT pg_backend_pid()").fetchone() or [0]
            return psutil.Process(backend).parent()  # type: ignore[return-value]

    def all(self) -> list[psutil.Process]:
        return [self.main_process, *self.main_process.children(recursive=True)]

    @property
    def main_process(self) -> psutil.Process:
        return psutil.Process(self.again.pid) if self.again else self.first

    def kill(self) -> None:
        """Kill it as a power cut does."""
        gone = self.all()
        for process in gone:
            process.send_signal(signal.SIGKILL)
        if self.again:
            self.again.wait(20)
        psutil.wait_procs(gone, timeout=20)  # a dead one that nobody has asked about would still hold the lock

    def start(self) -> None:
        (Path(self.home) / "postmaster.pid").unlink(missing_ok=True)
        who: dict[str, Any] = {"user": self.who, "group": self.who, "extra_groups": []} if os.geteuid() == 0 else {}
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.again = subprocess.Popen(self.command, cwd=self.home, env=self.environment, **quiet, **who)
        until = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url + "postgres").close()
            except psycopg.OperationalError:
                assert time.monotonic() < until
                time.sleep(0.05)
            else:
                return

    def freeze(self) -> None:
        for process in self.all():
            process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        for process in self.all():
            process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        if self.again:
            self.again.send_signal(signal.SIGINT)
            self.again.wait(20)
        self.stop()


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
