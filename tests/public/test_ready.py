"""Ready pages: given without Flask, never old, never mixed, never more than their share of memory."""

from __future__ import annotations

import contextvars
import gzip
import re
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import brotli
import pytest
import time_machine
from flask import Flask
from werkzeug.test import Client, TestResponse

from tests import factories
from vcardapp.cards import service
from vcardapp.cards.content import Hours, Span
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.editor.service import save_draft
from vcardapp.public.changes import sweep
from vcardapp.public.models import PageChange
from vcardapp.public.ready import ReadyPages
from vcardapp.web import StrictRequests


@pytest.fixture
def site(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    app = make_app(ready_megabytes=4)
    with app.app_context():
        yield app


@pytest.fixture
def card(site: Flask) -> Card:
    return factories.published_card(factories.alice())


def ready(app: Flask) -> ReadyPages:
    pages: ReadyPages = app.extensions["ready_pages"]
    return pages


class Visitor(Client):
    """A browser on its own, as on a server: nothing of the test's session is shared."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        return contextvars.Context().run(super().open, *args, **options)


def visitor(app: Flask) -> Client:
    return Visitor(app, use_cookies=False)


class Counted:
    """The app behind the short-cut, and how often it was asked."""

    def __init__(self, app: Flask) -> None:
        self.inner, self.asked = ready(app).app, 0
        ready(app).app = self

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.asked += 1
        return self.inner(environ, start_response)


def text(app: Flask, path: str = "/ada", **headers: str) -> str:
    return visitor(app).get(path, headers=headers).get_data(as_text=True)


def publish(card: Card, name: str) -> None:
    content = factories.content(display_name=name)
    service.publish_card(save_draft(card, content, card.draft_slug, card.revision), frozenset())


@pytest.mark.parametrize("path", ["/ada", "/ada.vcf", "/ada/qr.svg"])
def test_the_second_visitor_is_answered_without_the_app_with_the_same_bytes(site: Flask, card: Card, path: str) -> None:
    app = Counted(site)
    first, second = visitor(site).get(path), visitor(site).get(path)
    assert app.asked == 1
    assert first.status_code == second.status_code == 200
    assert first.data == second.data
    assert sorted(first.headers) == sorted(second.headers)


def test_a_short_code_opens_the_ready_page_in_any_case(site: Flask, card: Card) -> None:
    app = Counted(site)
    for _ in range(2):
        assert "Ada Lovelace" in text(site, f"/U/{card.code}")
    assert app.asked == 1


@pytest.mark.parametrize(
    ("accepted", "coding", "decode"),
    [("br, gzip", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("", None, bytes), ("br;q=0, *;q=0", None, bytes)],
)
def test_it_is_compressed_as_the_browser_can_read_it(
    site: Flask, card: Card, accepted: str, coding: str | None, decode: Callable[[bytes], bytes]
) -> None:
    plain = visitor(site).get("/ada").data
    for _ in range(2):
        answer = visitor(site).get("/ada", headers={"Accept-Encoding": accepted})
        assert answer.headers.get("Content-Encoding") == coding
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert decode(answer.data) == plain


def test_who_has_it_is_told_so_and_a_head_has_no_body(site: Flask, card: Card) -> None:
    for path in ("/ada", "/ada.vcf"):
        answer = visitor(site).get(path)
        again = visitor(site).get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        assert not again.data
        assert visitor(site).get(path, headers={"If-None-Match": '"other"'}).status_code == 200
        head = visitor(site).head(path)
        assert not head.data
        assert head.headers["Content-Length"] == answer.headers["Content-Length"]
    since = visitor(site).get("/ada.vcf").headers["Last-Modified"]
    assert visitor(site).get("/ada.vcf", headers={"If-Modified-Since": since}).status_code == 304


def test_what_was_just_given_is_given_before_all_else_but_only_to_a_clear_request_at_our_own_address(
    site: Flask, card: Card
) -> None:
    asked: list[str] = []
    pages, behind = ready(site), StrictRequests(lambda environ, start: asked.append("behind") or pages(environ, start))
    site.wsgi_app = pages.stand_before(behind)  # type: ignore[method-assign]

    def asks(**options: Any) -> int:
        asked.clear()
        return visitor(site).open("/ada", **options).status_code

    assert [asks(), len(asked), asks(), len(asked), asks(), len(asked)] == [200, 1, 200, 1, 200, 0]
    assert [asks(headers={"Transfer-Encoding": "chunked"}), len(asked)] == [400, 0]
    assert [asks(headers={"Host": ""}), len(asked)] == [400, 0]
    assert [asks(headers={"Host": "other.example"}), len(asked)] == [200, 1]
    assert [asks(headers={"If-None-Match": "*"}), len(asked)] == [304, 1]
    assert [asks(query_string="lang=es"), len(asked)] == [200, 1]
    assert [asks(method="HEAD"), len(asked)] == [200, 1]
    publish(card, "Ada King")
    assert [asks(), len(asked)] == [200, 1]


def test_each_language_and_habit_has_a_page_of_its_own(site: Flask, card: Card) -> None:
    for _ in range(2):
        assert "Save contact" in text(site)
        assert "Guardar contacto" in text(site, **{"Accept-Language": "es-MX,es;q=0.9"})
        assert 'dir="rtl"' in text(site, Cookie="lang=ar")
        assert "Guardar contacto" in text(site, "/ada?lang=es")
    assert "Save contact" in text(site, **{"Accept-Language": "tlh"})


def test_no_cookie_no_token_no_form_and_a_policy_without_nonce(site: Flask, card: Card) -> None:
    answer = visitor(site).get("/ada")
    html, policy = answer.get_data(as_text=True), answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in html
    assert "<form" not in html
    assert "nonce" not in html + policy
    styles = re.findall(r"<style>(.*?)</style>", html, re.S)
    assert styles
    for style in styles:
        assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy


def test_what_is_published_paused_and_deleted_shows_at_once_in_another_process_too(
    site: Flask, card: Card, make_app: Callable[..., Flask]
) -> None:
    other = make_app(ready_megabytes=4)
    for app in (site, other):
        assert "Ada Lovelace" in text(app)
    publish(card, "Augusta Ada King")
    assert "Augusta Ada King" in text(site)
    ready(other).look_soon()  # otherwise within a quarter of a second
    assert "Augusta Ada King" in text(other)
    service.pause_card(card)
    ready(other).look_soon()
    assert visitor(site).get("/ada").status_code == visitor(other).get("/ada").status_code == 404
    service.resume_card(card)
    ready(other).look_soon()
    assert visitor(other).get("/ada").status_code == 200
    service.delete_card(card)
    ready(other).look_soon()
    assert visitor(site).get("/ada").status_code == visitor(other).get("/ada").status_code == 410


def test_a_page_drawn_during_a_change_is_not_kept(site: Flask, card: Card) -> None:
    pages = ready(site)
    inner = pages.app

    def publishes_meanwhile(environ: Any, start_response: Any) -> Any:
        answer = inner(environ, start_response)
        if environ["PATH_INFO"] != "/ada":
            return answer
        with site.app_context():
            found = db.session.get(Card, card.id)
            assert found
            publish(found, "Changed")
        pages.look_soon()
        visitor(site).get("/ada.vcf")  # somebody else's request reads the change
        return answer

    visitor(site).get("/ada.vcf")
    pages.app = publishes_meanwhile
    assert "Ada Lovelace" in text(site)
    pages.app = inner
    assert "Changed" in text(site)


def test_hours_are_never_those_of_an_hour_ago(site: Flask) -> None:
    week = tuple((Span("09:00", "17:00"),) for _ in range(7))
    factories.published_card(factories.alice(), "shop", hours=Hours(week=week), time_zone="UTC")
    with time_machine.travel(datetime(2026, 5, 4, 16, 59, 58, tzinfo=UTC), tick=False) as clock:
        assert "Open until" in text(site, "/shop")
        assert "Open until" in text(site, "/shop")
        clock.shift(timedelta(seconds=4))
        assert "opens tomorrow" in text(site, "/shop")
        clock.shift(timedelta(hours=7, seconds=2))  # midnight
        assert "opens at" in text(site, "/shop")


def test_memory_is_bounded_and_the_oldest_go_first(site: Flask) -> None:
    person = factories.alice()
    for number in range(8):
        factories.published_card(person, f"card-{number}")
    pages = ready(site)
    pages.limit = 600_000
    for _ in range(2):
        for number in range(8):
            assert text(site, f"/card-{number}")
    assert 0 < len(pages.pages) < 8
    assert pages.size == sum(page.size for page in pages.pages.values()) <= pages.limit
    assert ("/card-7", "en en") in pages.pages
    assert ("/card-0", "en en") not in pages.pages
    assert {answer[0].key for answer in pages.hot.values()} <= set(pages.pages)
    assert {key for keys in pages.resting_on.values() for key in keys} == set(pages.pages)


def test_strange_headers_do_not_fill_the_memory(site: Flask, card: Card) -> None:
    for number in range(300):
        answer = visitor(site).get("/ada", headers={"Cookie": f"a={number}{'x' * 500}", "Accept-Language": f"x-{number}"})
        assert answer.status_code == 200
    assert len(ready(site).pages) == 1
    assert not ready(site).hot


def test_whatever_breaks_in_the_short_cut_the_app_answers(site: Flask, card: Card, caplog: pytest.LogCaptureFixture) -> None:
    assert "Ada Lovelace" in text(site)
    ready(site).hot = None  # type: ignore[assignment]
    assert "Ada Lovelace" in text(site)
    assert "The short-cut failed" in caplog.text


def test_pages_are_given_for_a_while_when_the_database_is_away(
    site: Flask, card: Card, caplog: pytest.LogCaptureFixture
) -> None:
    assert "Ada Lovelace" in text(site)
    pages = ready(site)
    assert pages.reader
    pages.reader.floor = object()  # type: ignore[assignment]  # what is asked cannot be answered
    pages.look_soon()
    assert "Ada Lovelace" in text(site)
    assert "Changes cannot be read" in caplog.text
    pages.last_look -= 3600
    pages.look_soon()
    app = Counted(site)
    assert "Ada Lovelace" in text(site)
    assert app.asked == 1


def test_many_threads_see_one_page_or_the_next_never_a_mix(site: Flask, card: Card) -> None:
    wrong: list[str] = []
    done = threading.Event()

    def visit() -> None:
        while not done.is_set():
            html = text(site)
            names = set(re.findall(r"Name Number \d+", html)) or {"first"}
            if len(names) != 1:
                wrong.append(str(names))

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for each in visitors:
        each.start()
    for number in range(12):
        publish(card, f"Name Number {number}")
    done.set()
    for each in visitors:
        each.join()
    assert not wrong
    assert "Name Number 11" in text(site)


def test_old_changes_are_forgotten_and_their_numbers_do_not_come_again(site: Flask, card: Card) -> None:
    last = db.session.query(PageChange.id).order_by(PageChange.id.desc()).limit(1).scalar()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2), tick=False):
        sweep()
    assert not db.session.query(PageChange).count()
    service.pause_card(card)
    assert db.session.query(PageChange.id).scalar() > last


@pytest.mark.parametrize(
    "cookies", ["__Host-session=lang=ar", "lang=ar", "session=lang=en; session=lang=ar", 'session="\\154ang=ar"']
)
def test_no_cookie_makes_a_page_be_kept_as_one_of_another_language(site: Flask, card: Card, cookies: str) -> None:
    """The short-cut reads our cookie as the app does: else a stranger could hand Arabic pages to whoever asked for none."""
    asked = [("Cookie", cookies), ("Accept-Language", "es")]
    drawn, given = (visitor(site).get(f"/{card.slug}", headers=asked).text for _ in range(2))
    plain = visitor(site).get(f"/{card.slug}", headers=[("Cookie", "session=lang=ar")]).text
    assert ('<html lang="ar"' in plain, drawn) == (True, given)
    assert '<html lang="es"' in visitor(site).get(f"/{card.slug}", headers=[("Accept-Language", "es")]).text


def test_cookies_of_any_bytes_are_no_matter(site: Flask, card: Card, caplog: pytest.LogCaptureFixture) -> None:
    for cookies in ("session=\xff\xfe", "\xff=\xff; session=lang=\xff", "session=" + "x" * 5000, "session=lang=" + "a" * 4000):
        assert visitor(site).get(f"/{card.slug}", headers=[("Cookie", cookies)]).status_code == 200
    assert not caplog.records


def test_many_different_cookies_leave_nothing_behind(
    site: Flask, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vcardapp.public.ready.WISHES", 20)
    for number in range(100):
        visitor(site).get(f"/{card.slug}", headers=[("Cookie", f"session={number}")])
    (page,) = ready(site).pages.values()
    assert len(page.wishes) == len(ready(site).hot) <= 20
