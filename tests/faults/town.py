"""What the tests of faults share: a card with a shop and with booking, and somebody with a browser and nothing of the app."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

from tests import factories, processes
from tests.accounts.cast import GOOD, with_password
from tests.booking.cast import kind_of, practice
from tests.store.cast import PICK_UP, bread
from vcardapp import create_app
from vcardapp.config import read_settings
from vcardapp.db import db, now
from vcardapp.store import service as store
from vcardapp.upgrade import upgrade

OWNER = "alice@example.org"


@dataclass
class Town:
    """Ada's card at /ada: she sells bread and takes appointments."""

    product: str

    def first_time(self) -> datetime:
        """Return ten o'clock, UTC, of a working day to come."""
        day = (now() + timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)
        return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def make_town(data: Path, **more: str) -> Town:
    """Fill the database of these settings; servers find it there."""
    processes.prepare(data)
    settings = read_settings(processes.environment(data, 8000, **{"VCARDAPP_JOBS": "0", **processes.servers_of(data), **more}))
    upgrade(settings)
    app = create_app(settings)
    with app.app_context():
        alice = with_password(factories.user(OWNER))
        card = practice(alice, slug="ada", country="DE", language="en")
        kind_of(card, "Visit", minutes=15)
        shop = store.open_shop(card)
        store.change_shop(shop, whatsapp="+49 151 23456789", currency="EUR", deliveries=(PICK_UP,))
        made = Town(str(bread(card).id))
        db.session.close()
        db.engine.dispose()
    return made


class Visitor:
    """A browser with cookies."""

    def __init__(self, url: str, **headers: str) -> None:
        self.url = url
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.opener.addheaders = [("User-Agent", "Mozilla/5.0"), *headers.items()]
        self.at = ""
        self.headers: dict[str, str] = {}

    def open(self, path: str, sent: dict[str, str] | None = None, timeout: float = 60) -> tuple[int, str]:
        """Return the status and the text of the last answer; where it came from and its headers stand in `at`, `headers`."""
        data = urllib.parse.urlencode(sent).encode() if sent is not None else None
        try:
            answer = self.opener.open(urllib.parse.urljoin(self.url, path), data, timeout=timeout)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            self.at, self.headers = answer.url.removeprefix(self.url), dict(answer.headers)
            return answer.status, answer.read().decode()

    def send(self, path: str, to: str = "", **typed: str) -> int:
        """Fill in the form of a page and return the status of what comes."""
        status, page = self.open(path)
        assert status == 200, (path, status)
        return self.open(to or path, {**hidden(page), **typed})[0]

    def sign_in(self, email: str = OWNER, password: str = GOOD) -> int:
        return self.send("/login", email=email, password=password)

    def report(self, text: str) -> int:
        return self.send("/ada/report", reason="other", text=text)

    def order(self, town: Town, **typed: str) -> int:
        """Buy bread; the order's page is where this ends."""
        assert self.send("/ada/store", "/ada/store/add", product=town.product) == 200
        return self.send("/ada/store/checkout", delivery="pickup", **{"name": "Mara Vogel", "phone": "0151 98765432", **typed})

    def book(self, start: datetime, **typed: str) -> int:
        """Book a visit; the appointment's page is where this ends."""
        path = "/ada/book/visit/at"
        said = {"start": f"{start:%Y%m%dT%H%M%SZ}", "name": "Zoë", "email": f"{uuid.uuid4().hex}@example.org", **typed}
        return self.send(f"{path}?start={said['start']}", path, **said)


def hidden(page: str) -> dict[str, str]:
    """Return the fields of a page that nobody types."""
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", page)]
    return {one["name"]: unescape(one.get("value", "")) for one in inputs if one.get("type") == "hidden" and "name" in one}
