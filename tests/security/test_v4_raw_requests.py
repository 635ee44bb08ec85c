"""Requests that no browser sends, to the real server: what servers in a chain may read differently is refused (ASVS 4.2.1)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.processes import Server, start_server

HOST = b"Host: localhost\r\n"
GET = b"GET /login HTTP/1.1\r\n" + HOST
POST = b"POST /login HTTP/1.1\r\n" + HOST
SMUGGLED = b"GET /admin HTTP/1.1\r\nHost: localhost\r\n\r\n"

REFUSED = {  # what is sent: the answers that may come, 0 where the connection is closed without one
    "both lengths": (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED, {400}),
    "chunks": (POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n", {400}),
    "odd coding": (POST + b"Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n\r\na=1", {400}),
    "hidden coding": (POST + b"Transfer-Encoding : chunked\r\nContent-Length: 3\r\n\r\na=1", {400}),
    "two lengths": (POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\na=1", {400}),
    "a list of lengths": (POST + b"Content-Length: 3, 4\r\n\r\na=1", {400}),
    "a length below zero": (POST + b"Content-Length: -1\r\n\r\n", {400}),
    "a length with a sign": (POST + b"Content-Length: +3\r\n\r\na=1", {400}),
    "two Hosts": (GET + b"Host: evil.example\r\n\r\n", {400}),
    "no Host": (b"GET /login HTTP/1.1\r\n\r\n", {400}),
    "no Host, 1.0": (b"GET /login HTTP/1.0\r\n\r\n", {400}),
    "an empty Host": (b"GET /login HTTP/1.1\r\nHost: \r\n\r\n", {400}),
    "a folded line": (GET + b"X-A: a\r\n Host: evil.example\r\n\r\n", {400}),
    "a space before the colon": (GET + b"X-A : a\r\n\r\n", {400}),
    "a NUL": (GET + b"X-A: a\0b\r\n\r\n", {400}),
    "a bare return": (GET + b"X-A: a\rHost: evil.example\r\n\r\n", {400}),
    "a header of 100 KB": (GET + b"X-A: " + b"a" * 100_000 + b"\r\n\r\n", {431, 0}),
    "a header of 1 MB": (GET + b"X-A: " + b"a" * 1_000_000 + b"\r\n\r\n", {431, 0}),
    "many headers": (GET + b"".join(b"X-%d: a\r\n" % n for n in range(5000)) + b"\r\n", {431, 400, 0}),
    "a long address": (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", {414, 431, 400, 0}),
    "TRACE": (b"TRACE /login HTTP/1.1\r\n" + HOST + b"Cookie: session=secret\r\n\r\n", {405}),
    "CONNECT": (b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", {400, 404, 405}),
    "a method of its own": (b"HACK /login HTTP/1.1\r\n" + HOST + b"\r\n", {400, 405}),
    "0.9": (b"GET /login\r\n\r\n", {400, 0}),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100, {400, 0}),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server(tmp_path_factory.mktemp("raw"))
    yield running
    assert running.stop() == 0


def answers(server: Server, sent: bytes) -> bytes:
    """Send bytes as they are and return all that comes back until the server is silent or hangs up."""
    got = b""
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
        try:
            connection.sendall(sent)
            connection.settimeout(0.5)
            while part := connection.recv(65_536):
                got += part
                connection.settimeout(0.2)
        except OSError:  # silence, or the server has had enough
            pass
    return got


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0


@pytest.mark.parametrize("name", REFUSED)
def test_ambiguous_requests_are_refused(server: Server, name: str) -> None:
    """ASVS 4.2.1 (2)."""
    sent, expected = REFUSED[name]
    answer = answers(server, sent)
    assert status(answer) in expected, answer[:200]
    assert answer.count(b"HTTP/1.1 ") <= 1, "a second request was read out of the first"
    assert b"secret" not in answer
    assert b"Traceback" not in answer


def test_a_plain_request_is_answered_still(server: Server) -> None:
    assert status(answers(server, GET + b"Connection: close\r\n\r\n")) == 200
    twice = answers(server, GET + b"\r\n" + GET + b"Connection: close\r\n\r\n")
    assert twice.count(b"HTTP/1.1 200") == 2


def test_a_whole_address_in_the_request_line_leads_nowhere_else(server: Server) -> None:
    """ASVS 4.2.1 (2)."""
    answer = answers(server, b"GET http://evil.example/login HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert status(answer) in (200, 400, 404)
    assert b"evil.example" not in answer


OUTSIDE = ("/..%2f..%2fetc/passwd", "/static/../secret", "/static/%2e%2e/%2e%2e/secret", "/.git/config", "/\xff")


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_file_is_read_from_elsewhere(server: Server, path: str) -> None:
    """ASVS 13.4.1 (1). Neither from above the folders that are served, nor what belongs to version control."""
    answer = answers(server, b"GET " + path.encode("latin-1") + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert status(answer) in (400, 404)
