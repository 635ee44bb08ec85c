"""Scans: counted for people and not for machines, written together, lost neither when busy nor at the end."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.cases import each
from tests.processes import start_server
from tests.test_jobs import eventually
from vcardapp.accounts.models import User
from vcardapp.cards import card_codes, scans
from vcardapp.cards.models import Card, CardCode
from vcardapp.cards.scans import Scans, is_person
from vcardapp.db import db

APPLE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
PHONE = f"{APPLE} Version/18.5 Mobile/15E148 Safari/604.1"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 15; {}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36"
)
PEOPLE = [
    PHONE,
    ANDROID.format("Pixel 9"),
    ANDROID.format("CUBOT KINGKONG 9"),
    ANDROID.format("SM-S928B; wv") + " Instagram 390.0.0.0 Android",
    ANDROID.format("M2101K6G; wv") + " Telegram-Android/11.1",
    PHONE + " [FBAN/FBIOS;FBAV/500.0]",
    f"{APPLE} GSA/370.0 Mobile/15E148",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Opera/9.80 (J2ME/MIDP; Opera Mini/9.80) Presto/2.12.423 Version/12.16",
]
MACHINES = [
    "",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; YandexBot/3.0)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0)",
    "Mozilla/5.0 (compatible; Yahoo! Slurp)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0 A",
    "TelegramBot (like TwitterBot)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    f"{APPLE} Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)",
    "curl/8.5.0",
    "Wget/1.21",
    "python-requests/2.32",
    "Go-http-client/2.0",
    "okhttp/4.12.0",
    "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UQ1A)",
    "Contacts/1.0 CFNetwork/1494 Darwin/23.4.0",
    "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
    "UptimeRobot/2.0",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
]


@each("agent", PEOPLE)
def test_a_persons_browser_counts(agent: str) -> None:
    assert is_person({"HTTP_USER_AGENT": agent})


@each("agent", MACHINES)
def test_a_machine_does_not(agent: str) -> None:
    assert not is_person({"HTTP_USER_AGENT": agent})


@each(
    ("name", "value"),
    [("SEC_PURPOSE", "prefetch;prerender"), ("PURPOSE", "prefetch"), ("X_PURPOSE", "preview"), ("X_MOZ", "prefetch")],
)
def test_a_browser_that_looks_ahead_does_not_count(name: str, value: str) -> None:
    assert not is_person({"HTTP_USER_AGENT": PHONE, f"HTTP_{name}": value})


@pytest.fixture
def ada(alice: User) -> Card:
    return factories.published_card(alice)


def counted(code: str | None) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(CardCode.scans).where(CardCode.code == code)) or 0


def test_opening_a_code_counts_for_that_code_also_where_the_page_is_ready(client: FlaskClient, ada: Card) -> None:
    badge = card_codes.add_code(ada, "Badge", base_url="http://localhost").code
    person = {"User-Agent": PHONE}
    for number in range(1, 4):
        for path in (f"/u/{badge}", f"/U/{badge}", f"/u/{badge.lower()}", f"/u/{badge}?e=none"):
            assert client.get(path, headers=person).status_code == 200
        assert (counted(badge), counted(ada.code)) == (4 * number, 0)
    assert client.get(f"/U/{ada.code}", headers=person).status_code == 200
    assert (counted(badge), counted(ada.code)) == (12, 1)


def test_only_opened_cards_count(client: FlaskClient, ada: Card) -> None:
    code = card_codes.add_code(ada, "Badge", base_url="http://localhost")
    person = {"User-Agent": PHONE}
    assert client.head(f"/u/{code.code}", headers=person).status_code == 200
    for path in (f"/u/{code.code}/qr", f"/u/{code.code}/qr.png", "/ada", "/ada/qr", "/u/ZZZZZZ", "/u/none"):
        client.get(path, headers=person)
    for agent in MACHINES:
        assert client.get(f"/u/{code.code}", headers={"User-Agent": agent}).status_code == 200
    card_codes.pause(code)
    assert client.get(f"/u/{code.code}", headers=person).status_code == 404
    card_codes.retire(code)
    assert client.get(f"/u/{code.code}", headers=person).status_code == 410
    assert counted(code.code) == 0


def test_counting_keeps_nothing_of_the_visitor(app: Flask, client: FlaskClient, ada: Card) -> None:
    answer = client.get(f"/u/{ada.code}", headers={"User-Agent": PHONE, "X-Forwarded-For": "192.0.2.99"})
    assert "Set-Cookie" not in answer.headers
    columns = {column.name for column in CardCode.__table__.columns}
    assert columns == {
        "code", "card_id", "name", "style", "look", "event_id", "scans", "created_at", "paused_at", "retired_at"
    }  # fmt: skip
    assert set(vars(app.extensions["scans"])) == {"app", "at_once", "waiting", "lock", "timer"}


def test_scans_are_written_together_after_a_while(app: Flask, ada: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "WRITE_AFTER", 0.2)
    waiting = Scans(app, at_once=False)
    for _ in range(50):
        waiting.count(str(ada.code))
    assert counted(ada.code) == 0
    eventually(lambda: counted(ada.code) == 50)
    waiting.count(str(ada.code))
    eventually(lambda: counted(ada.code) == 51)


def test_what_cannot_be_written_is_kept_for_the_next_time(
    make_app: Callable[..., Flask], app: Flask, ada: Card, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = make_app(database_url="sqlite:////nowhere/at/all.sqlite3")
    waiting = Scans(elsewhere, at_once=False)
    waiting.waiting.update({str(ada.code): 3})
    waiting.write()
    assert waiting.waiting == {ada.code: 3}
    assert "cannot be written" in caplog.text
    waiting.app = app
    waiting.write()
    waiting.write()
    assert counted(ada.code) == 3


def test_no_scan_is_lost_when_many_count_and_write_at_once(app: Flask, ada: Card) -> None:
    waiting = Scans(app, at_once=False)
    code = str(ada.code)

    def scan() -> None:
        for number in range(100):
            waiting.count(code)
            if number % 20 == 0:
                waiting.write()

    threads = [threading.Thread(target=scan) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    waiting.write()
    assert counted(code) == 400


def test_a_server_that_is_stopped_writes_what_it_has_counted(database_url: str, tmp_path: Path, ada: Card) -> None:
    with start_server(tmp_path, VCARDAPP_DATABASE_URL=database_url) as server:
        for _ in range(3):
            request = urllib.request.Request(f"{server.url}/U/{ada.code}", headers={"User-Agent": PHONE})
            assert urllib.request.urlopen(request, timeout=20).status == 200
        assert counted(ada.code) == 0
        assert server.stop() == 0
    assert counted(ada.code) == 3
