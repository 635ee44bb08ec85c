"""Booking on a phone: four taps with and without scripts, the visitor's zone, a race, Arabic, no faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.booking.cast import kind_of, practice, second_host, zoe
from tests.browser.beside import app_beside
from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import LOOKS, faults_of
from tests.cases import FULL
from tests.processes import Server
from vcardapp.accounts.service import ensure_user
from vcardapp.booking import agenda, service, set_up
from vcardapp.booking.free import FreeTime, free_times
from vcardapp.booking.links import token_of
from vcardapp.cards.models import Card
from vcardapp.db import now

QUESTIONS = [
    {"key": "why", "sort": "text", "label": "What brings you here?", "required": False, "choices": []},
    {"key": "first", "sort": "choice", "label": "Your first time?", "required": True, "choices": ["Yes", "No"]},
]


@dataclass
class Surgery:
    """A practice at the live server, and what asks or changes its database beside Playwright's event loop."""

    run: Callable[[Callable[[Card], Any]], Any]

    def free(self, key: str = "consultation") -> list[FreeTime]:
        def look(card: Card) -> list[FreeTime]:
            kind = set_up.find_shown_type(card, key)
            assert kind
            return free_times(card, kind, now(), now() + timedelta(days=14))

        found: list[FreeTime] = self.run(look)
        return found

    def count(self) -> int:
        found: int = self.run(lambda card: len(agenda.appointments_between(card, now(), now() + timedelta(days=90))))
        return found

    def take(self, start: Any) -> str:
        def take(card: Card) -> str:
            kind = set_up.find_shown_type(card, "consultation")
            assert kind
            return token_of("appointment", service.book(card, kind, start, zoe(email="")).id)

        token: str = self.run(take)
        return token


@pytest.fixture(scope="session")
def surgery(live_server: Server) -> Iterator[Surgery]:
    app = app_beside(live_server.settings)
    with ThreadPoolExecutor(1) as thread:

        def inside(work: Callable[[Card], Any]) -> Any:
            from vcardapp.cards import service as cards

            with app.app_context():
                found = cards.find_by_slug("surgery")
                assert found
                return work(found[0])

        def make() -> None:
            with app.app_context():
                card = practice(ensure_user("surgery@example.org"), "Europe/Vienna", "surgery")
                second_host(card, "Grace Hopper")
                kind_of(card, questions=QUESTIONS, interval_minutes=30)
                kind_of(card, "Follow-up", minutes=20, needs_approval=True, place_sort="phone", place="+43 1 23456")
                today = now().date()
                kind_of(card, "Full", window_from=today - timedelta(days=9), window_until=today - timedelta(days=8))

        thread.submit(make).result()
        yield Surgery(lambda work: thread.submit(inside, work).result())


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def visit(request: pytest.FixtureRequest) -> Page:
    page: Page = request.getfixturevalue("page" if request.param else "plain_page")
    return page


def fill_in(page: Page, name: str = "Mara Vogel") -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail").fill("mara@example.org")
    page.get_by_text("Yes", exact=True).click()


def test_four_taps_book(visit: Page, surgery: Surgery) -> None:
    visit.goto("/surgery/book")
    visit.get_by_role("link", name=re.compile("Consultation")).click()
    visit.get_by_role("link", name=re.compile(r"free times?$")).last.click()
    times = visit.get_by_role("region").get_by_role("link", name=re.compile(r"\d, \d\d:\d\d, |\w, \d\d:\d\d, "))
    said = times.first.get_attribute("aria-label") or ""
    times.first.click()
    fill_in(visit)
    before = surgery.count()
    visit.get_by_role("button", name="Book this time").click()
    expect(visit.get_by_role("heading", name="You are booked")).to_be_visible()
    assert surgery.count() == before + 1
    clock = re.search(r"\d\d:\d\d", said)
    assert clock
    expect(visit.locator(".facts")).to_contain_text(clock[0])
    visit.get_by_text("Cancel this appointment").click()
    visit.get_by_role("button", name="Yes, cancel it").click()
    expect(visit.get_by_role("heading", name="This appointment is cancelled")).to_be_visible()
    assert surgery.count() == before


def test_who_comes_too_late_keeps_what_was_typed_and_takes_another_time(visit: Page, surgery: Surgery) -> None:
    wanted = surgery.free()[0]
    visit.goto(f"/surgery/book/consultation/at?start={wanted.start:%Y%m%dT%H%M%SZ}")
    fill_in(visit, "Late Larry")
    visit.get_by_label("What brings you here?").fill("My knee")
    for _ in wanted.hosts:
        surgery.take(wanted.start)
    visit.get_by_role("button", name="Book this time").click()
    expect(visit.get_by_text("has just gone")).to_be_visible()
    expect(visit.get_by_label("Your name")).to_have_value("Late Larry")
    expect(visit.get_by_label("What brings you here?")).to_have_value("My knee")
    visit.get_by_role("group", name="What is still free").get_by_role("radio").nth(1).check()
    visit.get_by_role("button", name="Book this time").click()
    expect(visit.get_by_role("heading", name="You are booked")).to_be_visible()
    expect(visit.locator(".facts")).to_contain_text("My knee")


def test_a_double_tap_and_the_way_back_make_one_appointment(page: Page, surgery: Surgery) -> None:
    wanted = surgery.free()[-1]
    page.goto(f"/surgery/book/consultation/at?start={wanted.start:%Y%m%dT%H%M%SZ}&zone=Europe/Vienna")
    fill_in(page)
    before = surgery.count()
    page.get_by_role("button", name="Book this time").dblclick()
    page.wait_for_url("**/b/*")
    address = page.url
    page.go_back()
    fill_in(page)
    page.get_by_role("button", name="Book this time").click()
    page.wait_for_url("**/b/*")
    assert page.url == address
    assert surgery.count() == before + 1


@pytest.mark.usefixtures("surgery")
def test_times_are_those_of_the_browsers_zone_and_of_the_chosen_one(browser: Browser, live_server: Server) -> None:
    context = browser.new_context(viewport=PHONE, base_url=live_server.url, locale="en-US", timezone_id="America/New_York")
    page = context.new_page()
    page.goto("/surgery/book/consultation")
    page.wait_for_url("**zone=America**")
    expect(page.get_by_text("Times as in New York")).to_be_visible()
    expect(page.locator(".times a").first).to_contain_text("AM")
    expect(page.locator(".times small").first).to_be_visible()  # the host's clock
    page.get_by_role("link", name="Change Time zone").click()
    page.get_by_label("Show times as in").select_option("Asia/Tokyo")
    page.wait_for_url("**zone=Asia**")
    expect(page.get_by_text("Times as in Tokyo")).to_be_visible()
    page.locator(".times a").first.click()
    expect(page.get_by_text("Japan Standard Time")).to_be_visible()
    expect(page.get_by_text("Central European").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_of_booking_has_a_fault(browser: Browser, live_server: Server, surgery: Surgery, look: str) -> None:
    token = surgery.take(surgery.free()[-5].start)
    start = f"start={surgery.free()[3].start:%Y%m%dT%H%M%SZ}"
    context = browser.new_context(base_url=live_server.url, **LOOKS[look])
    page, faults = context.new_page(), []
    paths = ["/surgery", "/surgery/book/consultation?pick=zone", f"/b/{token}", f"/b/{token}/move"]
    if look == "light on a phone":
        paths += ["/surgery/book", "/surgery/book/full", "/surgery/book/consultation/at?start=20300101T000000Z"]
        paths += [f"/b/{token}/move?{start}"]
    for path in paths:
        page.goto(path)
        faults += faults_of(page, f"{look} {path}", contrast=FULL or "pick" in path)
    page.goto(f"/surgery/book/consultation/at?{start}")
    page.locator("form .button").last.click()
    page.locator(".field-error").first.wait_for()
    faults += faults_of(page, f"{look} errors")
    context.close()
    assert faults == []
