"""A server that is told to stop under load: what is under way is answered, nothing is dropped, and it is gone in time."""

from __future__ import annotations

import http.client
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.cases import FULL
from tests.faults.town import Visitor, make_town
from tests.processes import Server, start_server

AT_ONCE = 4
ANSWERED = 20  # before it is told to stop
GONE_WITHIN = 15  # seconds
DELAY = 3  # seconds


class Load(threading.Thread):
    """A visitor who comes again and again, each time anew, until nobody opens."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.statuses: list[int] = []
        self.dropped: list[str] = []

    def run(self) -> None:
        until = time.monotonic() + 40
        while time.monotonic() < until:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.connect()
            except OSError:
                return
            try:
                connection.request("GET", "/privacy", headers={"Connection": "close"})
                self.statuses.append(connection.getresponse().status)
            except (OSError, http.client.HTTPException) as problem:
                self.dropped.append(repr(problem))
                return
            finally:
                connection.close()


def half_sent(port: int, page: str) -> socket.socket:
    """Begin to send a form, as slowly as over a bad line."""
    slow = socket.create_connection(("127.0.0.1", port), timeout=30)
    head = f"POST /login HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    slow.sendall(f"{head}Content-Length: {len(page)}\r\nConnection: close\r\n\r\n{page[:10]}".encode())
    return slow


@pytest.mark.parametrize("workers", ["1", "2"] if FULL else ["2"])  # one worker stops below
def test_nothing_under_way_is_dropped(tmp_path: Path, workers: str) -> None:
    server = start_server(tmp_path, "--workers", workers)
    port = int(server.env["PORT"])
    load = [Load(port) for _ in range(AT_ONCE)]
    typed = "email=alice%40example.org&password=wrong+password"
    slow = half_sent(port, typed)
    for one in load:
        one.start()
    until = time.monotonic() + 20
    while sum(len(one.statuses) for one in load) <= ANSWERED and time.monotonic() < until:
        time.sleep(0.05)
    server.process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    time.sleep(0.5)
    slow.sendall(typed[10:].encode())
    with slow, slow.makefile("rb") as said:
        answer = said.read()
    assert server.process.wait(GONE_WITHIN) == 0
    assert time.monotonic() - began < GONE_WITHIN
    for one in load:
        one.join(40)
    assert answer.startswith(b"HTTP/1.1 400"), answer[:100]  # without a token; but it was answered
    answered = [status for one in load for status in one.statuses]
    assert len(answered) > ANSWERED
    assert set(answered) == {200}
    assert not [problem for one in load for problem in one.dropped]


def test_it_says_so_before_it_closes(tmp_path: Path) -> None:
    make_town(tmp_path)
    server = start_server(tmp_path, VCARDAPP_STOP_DELAY=str(DELAY))
    assert ready(server) == 200
    server.process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    while ready(server) != 503:
        assert time.monotonic() - began < DELAY
    visitor = Visitor(server.url)
    assert visitor.open("/privacy")[0] == 200
    assert visitor.open("/ada")[0] == 200
    assert server.process.wait(GONE_WITHIN) == 0
    assert time.monotonic() - began > DELAY - 0.5


def test_all_of_it_ends_whoever_is_told_and_however_often(tmp_path: Path) -> None:
    """Ctrl-C tells every process at once; some who look after servers do so with SIGTERM, and twice."""
    for number in range(40 if FULL else 2):
        server = start_server(tmp_path, "--workers", "2")
        main = psutil.Process(server.process.pid)
        all_of_it = [main, *main.children(recursive=True)]
        for told in (signal.SIGINT,) if number % 2 else (signal.SIGTERM, signal.SIGTERM):
            for process in all_of_it:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(told)
        assert server.process.wait(GONE_WITHIN) == 0
        assert psutil.wait_procs(all_of_it, timeout=GONE_WITHIN)[1] == []


def ready(server: Server) -> int:
    try:
        with urllib.request.urlopen(f"{server.url}/readyz", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code
