"""People who write at once, and who keep a list of what the server told them it had stored."""

from __future__ import annotations

import hashlib
import http.client
import json
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin
from urllib.request import Request

from tests.faults.town import Town, Visitor, hidden

GONE = (URLError, http.client.HTTPException, OSError)
LONG = 1_800  # characters of a note


@dataclass
class Known:
    """What was sent, and what of it was answered with "stored"."""

    typed: int = 0
    stored: int = 0
    published: int = 0
    sent: set[str] = field(default_factory=set)  # names of orders, addresses of bookings
    ordered: dict[str, str] = field(default_factory=dict)  # name -> the order's page
    booked: dict[str, str] = field(default_factory=dict)  # address -> the appointment's page
    arrived: dict[str, int] = field(default_factory=dict)  # upload -> bytes that are said to be there
    files: dict[str, str] = field(default_factory=dict)  # file -> SHA-256
    answered: int = 0  # writes

    def has_all(self) -> bool:
        """True if each of the four was told at least once that all is stored."""
        return all((self.published, self.ordered, self.booked, self.files))


def state(number: int) -> dict[str, str]:
    """A card that says one number everywhere."""
    return {"display_name": f"state {number}", "title": f"state {number}", "note": f"state {number}\n" * (LONG // 12)}


def days_and_times(first: datetime) -> Iterator[datetime]:
    """Yield every quarter of an hour in which the practice is open."""
    day = first.replace(hour=9)
    while True:
        if day.weekday() < 5:
            yield from (day + timedelta(minutes=15 * number) for number in range(32))
        day += timedelta(days=1)


class Writer(Visitor):
    """A browser for which "we cannot save right now" is the same as no answer at all."""

    def open(self, path: str, sent: dict[str, str] | None = None, timeout: float = 60) -> tuple[int, str]:
        status, text = super().open(path, sent, timeout)
        if status == 503:
            raise ConnectionError(path)
        return status, text


class Writers:
    """Four people, each on a thread, who go on until nobody answers any more."""

    def __init__(self, town: Town, url: str) -> None:
        self.town, self.known = town, Known()
        self.times = days_and_times(town.first_time())
        self.owner = Writer(url)
        assert self.owner.sign_in() == 200
        self.token = hidden(self.owner.open("/cards")[1])["csrf_token"]
        assert self.owner.open("/new", {"csrf_token": self.token})[0] == 200
        self.card = self.owner.at.split("/")[2]
        self.url = url
        self.problems: list[str] = []
        self.unfinished: dict[str, str] = {}  # upload -> address

    def begin(self, url: str) -> list[threading.Thread]:
        """Let all of them write to the server that stands there now."""
        self.url = self.owner.url = url
        threads = [threading.Thread(target=self._go_on, args=(do,)) for do in (self.save, self.order, self.book, self.upload)]
        for thread in threads:
            thread.start()
        return threads

    def _go_on(self, do: Callable[[], None]) -> None:
        try:
            while True:
                do()
        except GONE:
            return
        except Exception as problem:
            self.problems.append(f"{do.__name__}: {problem!r}")

    def _stored(self, status: int, what: object) -> None:
        assert status in (200, 201), f"{what}: {status}"
        self.known.answered += 1

    def save(self) -> None:
        """Save a card, and publish it."""
        known, here = self.known, f"/cards/{self.card}"
        known.typed += 1
        number = known.typed
        sent = {"csrf_token": self.token, "force": "1", "slug": "state", **state(number)}
        self._stored(self.owner.open(f"{here}/draft", sent)[0], "draft")
        known.stored = number
        self._stored(self.owner.open(f"{here}/publish", {"csrf_token": self.token})[0], "publish")
        assert self.owner.at.endswith("/published"), self.owner.at
        known.published = number

    def order(self) -> None:
        name, visitor = f"Buyer {uuid.uuid4().hex[:12]}", Writer(self.url)
        self.known.sent.add(name)
        status = visitor.order(self.town, name=name)
        self._stored(status, "order")
        self.known.ordered[name] = visitor.at

    def book(self) -> None:
        email, visitor = f"{uuid.uuid4().hex}@example.org", Writer(self.url)
        self.known.sent.add(email)
        status = visitor.book(next(self.times), email=email)
        self._stored(status, "booking")
        self.known.booked[email] = visitor.at

    def upload(self) -> None:
        """Send a picture in two parts; what a kill has interrupted is given up, since nobody may begin without end."""
        for upload, path in list(self.unfinished.items()):
            self.known.arrived.pop(upload, None)
            try:
                self._ask("DELETE", path, {}, b"")
            except HTTPError as problem:
                if problem.code != 404:  # it was given up, and the answer was lost
                    raise
            del self.unfinished[upload]
        data = b"\x89PNG\r\n\x1a\n" + uuid.uuid4().bytes * 2000
        digest = hashlib.sha256(data).hexdigest()
        form = {"csrf_token": self.token, "size": str(len(data)), "name": "a.png", "wanted": "picture", "sha256": digest}
        status, text = self._beside().open("/media/uploads", form)
        self._stored(status, "begin")
        begun, half = json.loads(text), len(data) // 2
        self.unfinished[begun["id"]] = begun["url"]
        for offset, part in ((0, data[:half]), (half, data[half:])):
            status, found = self._send_part(begun["url"], offset, part)
            self._stored(status, "part")
            self.known.arrived[begun["id"]] = found["offset"]
        self.known.files[found["file"]["id"]] = digest
        del self.unfinished[begun["id"]]

    def _send_part(self, path: str, offset: int, part: bytes) -> tuple[int, dict[str, Any]]:
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"}
        status, text = self._ask("PATCH", path, headers, part)
        return status, json.loads(text)

    def _ask(self, method: str, path: str, headers: dict[str, str], data: bytes) -> tuple[int, bytes]:
        request = Request(urljoin(self.url, path), data, {"X-CSRFToken": self.token, **headers}, method=method)
        with self._beside().opener.open(request, timeout=60) as answer:
            return answer.status, answer.read()

    def _beside(self) -> Writer:
        """The owner's browser in another tab: the same cookies, and a place of its own."""
        beside = Writer(self.url)
        for cookie in self.owner.jar:
            beside.jar.set_cookie(cookie)
        return beside
