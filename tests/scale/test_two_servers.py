"""Two servers are one site: what is done on one is seen on the other."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

import redis
from PIL import Image

from tests.accounts.cast import GOOD
from tests.scale.browser import Browser
from tests.scale.conftest import Installation

SOON = 1.0  # seconds
WORKERS = 2  # of each server
Asking = Callable[..., Any]


def make_card(browser: Browser, name: str, slug: str) -> str:
    """Make and publish a card, and return its path in the editor."""
    made = browser.post("/new", start="empty")
    card = re.match(r"/cards/[0-9a-f-]{36}", made.location)
    assert card, (made.status, made.text)
    save(browser, card[0], name, slug)
    publish(browser, card[0])
    return card[0]


def save(browser: Browser, card: str, name: str, slug: str) -> None:
    page = browser.get(f"{card}/edit").text
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', page)
    assert revision
    saved = browser.post(f"{card}/draft", display_name=name, slug=slug, revision=revision[1], country="GB")
    assert saved.status == 200, saved.text


def publish(browser: Browser, card: str) -> None:
    answer = browser.post(f"{card}/publish")
    assert answer.location.endswith("/published"), (answer.status, answer.location)


def shown(installation: Installation, server: int, path: str, holds: Callable[[Any], bool]) -> float:
    """Ask a server until every worker has very likely answered as wished, and return when it first went wrong no more."""
    browser, begin, right, since = installation.browser(server), time.monotonic(), 0, 0.0
    while right < 8 * WORKERS:
        if holds(browser.get(path)):
            since = since or time.monotonic()
            right += 1
        else:
            right, since = 0, 0.0
        assert time.monotonic() - begin < 30, "it was never seen"
    return since - begin


def test_what_happens_to_a_card_on_one_is_seen_on_the_other_within_a_second(installation: Installation) -> None:
    browser = installation.browser(0)
    browser.sign_in(installation.person(), GOOD)
    assert shown(installation, 1, "/ada-here", lambda answer: answer.status == 404) < SOON
    make_card(browser, "Warm", "warm")
    assert shown(installation, 1, "/warm", lambda answer: answer.status == 200) < 30  # the first page of a worker takes longer
    card = make_card(browser, "Ada Here", "ada-here")
    took = [shown(installation, 1, "/ada-here", lambda answer: answer.status == 200 and "Ada Here" in answer.text)]
    save(browser, card, "Ada Elsewhere", "ada-here")
    publish(browser, card)
    took += [shown(installation, 1, "/ada-here", lambda answer: "Ada Elsewhere" in answer.text and "Ada Here" not in answer.text)]
    for action, status in (("pause", 404), ("resume", 200), ("delete", 410)):
        assert browser.post(f"{card}/{action}").status in (302, 303)
        took += [shown(installation, 1, "/ada-here", lambda answer, status=status: answer.status == status)]
    assert max(took) < SOON, took


def test_a_page_that_changes_all_the_time_never_mixes_old_and_new(installation: Installation) -> None:
    """The name stands in the title, in the heading and in the contact; each answer must say one name only."""
    browser = installation.browser(0)
    browser.sign_in(installation.person(), GOOD)
    card = make_card(browser, "Turn00", "turning")
    readers = [installation.browser(server) for server in (0, 1)]
    seen: list[int] = []
    for number in range(1, 6):
        save(browser, card, f"Turn{number:02}", "turning")
        publish(browser, card)
        for _ in range(6):
            for reader in readers:
                names = set(re.findall(r"Turn\d\d", reader.get("/turning").text))
                assert len(names) == 1
                seen.append(int(names.pop()[4:]))
    assert seen[0] in (0, 1)
    assert shown(installation, 1, "/turning", lambda answer: "Turn05" in answer.text) < SOON


def test_who_signs_in_on_one_is_signed_in_on_the_other_and_signs_out_on_both(installation: Installation) -> None:
    browser = installation.browser(0)
    browser.sign_in(installation.person(), GOOD)
    with browser.at(installation.ports[1]):
        assert browser.get("/account").status == 200
        copied = dict(browser.cookies)
        assert browser.post("/logout").status == 303
    for server in (0, 1):
        thief = installation.browser(server)
        thief.cookies = dict(copied)
        assert thief.get("/account").status == 303


def test_knocks_at_all_servers_are_counted_together_and_name_nobody(installation: Installation) -> None:
    """Of twelve wrong passwords for one account, sent to the servers by turns, ten are heard."""
    source = "127.0.77.7"
    store = redis.Redis.from_url(installation.shared["VCARDAPP_REDIS_URL"])
    statuses = []
    for number in range(12):
        browser = installation.browser(source=source)
        statuses.append(browser.post("/login", token_from="/login", email="eve@example.org", password=f"wrong {number}").status)
    assert statuses == [422] * 10 + [429] * 2
    keys = [key.decode() for key in store.keys("*")]
    assert keys
    assert all(re.fullmatch(r"vcardapp:[0-9a-f]{12}:LIMITS?ER?/[0-9a-f]{32}/[^@]+", key) for key in keys), keys
    told = " ".join(keys)
    assert "127.0" not in told
    assert hashlib.sha256(b"eve@example.org").hexdigest()[:8] not in told
    assert all(0 < store.ttl(key) <= 86_400 for key in keys)


def test_each_mail_goes_out_once(installation: Installation, ask: Asking) -> None:
    before = len(installation.office.received)
    for number in range(6):
        browser = installation.browser(number % 2, f"127.0.3.{number + 1}")
        made = browser.post("/register", token_from="/register", email=f"many{number}@example.org", password=GOOD)
        assert made.status == 303
    wait_for(lambda: ask("SELECT count(*) FROM mails WHERE sent_at IS NULL")[0][0] == 0)
    received = [envelope.rcpt_tos[0] for envelope in installation.office.received[before:]]
    assert sorted(address for address in received if address.startswith("many")) == sorted(
        f"many{number}@example.org" for number in range(6)
    )


def test_an_upload_begun_on_one_goes_on_at_the_other_and_its_sizes_are_made(installation: Installation) -> None:
    browser = installation.browser(0)
    browser.sign_in(installation.person(), GOOD)
    file = BytesIO()
    Image.effect_noise((300, 200), 90).convert("RGB").save(file, "PNG")
    data = file.getvalue()
    made = browser.post("/media/uploads", size=str(len(data)), name="noise.png", wanted="picture")
    assert made.status == 201, made.text
    part, answer = len(data) // 3 + 1, made
    for number, offset in enumerate(range(0, len(data), part)):
        with browser.at(installation.ports[number % 2]):
            headers = {"Upload-Offset": str(offset), "X-CSRFToken": browser.token}
            answer = browser.send("PATCH", made.json["url"], data[offset : offset + part], headers)
            assert answer.status == 200, answer.text
    file_id = answer.json["file"]["id"]

    def is_ready() -> bool:
        with browser.at(installation.ports[1]):
            return browser.send("GET", f"/media/files/{file_id}", None, {"Accept": "application/json"}).json["state"] == "ready"

    wait_for(is_ready)


def wait_for(happens: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def test_each_job_is_done_once_a_minute_by_one_of_all_workers(installation: Installation, ask: Asking) -> None:
    """A reminder was due from the start. Taking a turn writes once, ending it once more; leaving it writes nothing."""
    wait_for(lambda: len(ask("SELECT 1 FROM turns WHERE job <> 'sweep' AND ended_at IS NOT NULL")) == 3, 70)
    wait_for(lambda: ask("SELECT count(*) FROM mails WHERE sent_at IS NULL")[0][0] == 0, 70)
    assert ask("SELECT count(*) FROM turns WHERE error <> ''")[0][0] == 0
    reminders = [mail for mail in installation.office.messages if mail["To"] == "reminded@example.org"]
    assert [mail["Subject"].partition(":")[0] for mail in reminders] == ["Reminder"]
    wait_for(lambda: time.time() // 60 > installation.began // 60, 70)
    wait_for(lambda: ask("SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'turns'")[0][0] > 0)
    [(written,)] = ask("SELECT n_tup_ins + n_tup_upd FROM pg_stat_user_tables WHERE relname = 'turns'")
    minutes = int(time.time()) // 60 - int(installation.began) // 60
    assert written <= 2 * (3 * minutes + 2)  # mail, media and booking each minute, and perhaps a sweep in two hours
