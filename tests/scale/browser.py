"""A browser that speaks to one server of several, each time to the one it is told, or to the proxy in front of them."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PATIENCE = 60  # seconds


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, body = response.status, response.headers, response.read()
        self.text = body.decode("utf-8", "replace")

    @property
    def location(self) -> str:
        return self.headers["Location"] or ""

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Browser:
    """Has cookies, and an address of its own in the loopback network, so that limits count it apart."""

    def __init__(self, host: str, port: int, source: str = "127.0.0.1") -> None:
        self.host, self.port, self.source = host, port, source  # the host of the site, whichever server is asked
        self.cookies: dict[str, str] = {}
        self.token = ""

    @contextmanager
    def at(self, port: int) -> Iterator[Browser]:
        """Ask another server meanwhile."""
        before, self.port = self.port, port
        try:
            yield self
        finally:
            self.port = before

    def get(self, path: str) -> Answer:
        answer = self.send("GET", path)
        found = TOKEN.search(answer.text)
        self.token = found[1] if found else self.token
        return answer

    def post(self, path: str, token_from: str = "", **form: str) -> Answer:
        if token_from:
            assert self.get(token_from).status == 200
        body = urlencode({"csrf_token": self.token, **form}).encode()
        return self.send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def send(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, PATIENCE, source_address=(self.source, 0))
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        try:
            connection.request(method, path, body, {"Host": self.host, **cookies, **(headers or {})})
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer

    def sign_in(self, email: str, password: str) -> None:
        answer = self.post("/login", token_from="/login", email=email, password=password)
        assert answer.status == 303, answer.text
        self.get("/account")
