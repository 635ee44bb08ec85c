"""Booking as its owner meets it: on in a minute on a phone, with and without scripts; every page whole, narrow and in Arabic."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.booking import cast
from tests.browser.beside import app_beside
from tests.browser.test_accessibility import faults_of
from tests.cases import FULL
from tests.factories import content
from tests.processes import Server
from vcardapp.accounts import service as accounts
from vcardapp.accounts.owner import Owner
from vcardapp.booking import service, set_up
from vcardapp.booking.free import free_times
from vcardapp.cards import service as cards
from vcardapp.cards.content import Hours, Span
from vcardapp.cards.models import Card
from vcardapp.db import db, now

Made = Callable[..., tuple[str, str]]
LOOKED_AT = {"list", "week", "type", "hours", "dates", "calendars", "appointment"}  # by axe, which takes its time
CONTRAST = {"week", "appointment"}  # of these when in a hurry: the forms are coloured like all others


@pytest.fixture(scope="session")
def app(live_server: Server) -> Flask:
    return app_beside(live_server.settings)


@pytest.fixture
def make(app: Flask, live_server: Server) -> Made:
    """Make a card of a new person and fill it; return the link that signs in, and where the card's booking is."""

    def make(name: str, fill: Callable[[Card], None] = lambda card: None) -> tuple[str, str]:
        with app.app_context():
            person = accounts.ensure_user(f"{name}@example.org")
            what = content(hours=Hours(((Span("09:00", "17:00"),),) * 5 + ((), ())), time_zone="UTC")
            card = cards.publish_card(cards.create_card(Owner(user_id=person.id), what, name), frozenset())
            fill(card)
            link = accounts.make_sign_in_link(person).removeprefix(live_server.url)
            found = link, f"/cards/{card.id}/booking"
            db.engine.dispose()
        return found

    return make


def test_the_first_type_is_on_after_two_fields_on_a_phone(page: Page, make: Made) -> None:
    link, booking = make("bookfirst")
    page.goto(link)
    page.goto(booking)
    page.get_by_label("What can be booked?").fill("Consultation")
    page.get_by_label("45 minutes", exact=True).check()
    page.get_by_role("button", name="Turn booking on").click()
    expect(page.get_by_text("Booking is on.")).to_be_visible()
    expect(page.locator(".next-time").first).to_be_visible()
    page.get_by_role("link", name="Consultation").click()
    page.get_by_text("Questions to visitors").click()
    page.get_by_role("button", name="Add a question").click()
    page.get_by_label("Question", exact=True).fill("Any allergies?")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Consultation is saved.")).to_be_visible()
    page.get_by_role("link", name="Hours", exact=True).first.click()
    page.get_by_label("Other hours").check()
    page.locator('[name="week-0-spans-0-start"]').fill("10:00")
    page.locator('[name="week-0-spans-0-end"]').fill("12:00")
    page.get_by_role("button", name="Copy the hours").click()
    expect(page.locator('[name="week-4-spans-0-end"]')).to_have_value("12:00")
    page.get_by_role("button", name="Save the hours").click()
    expect(page.get_by_text("The hours are saved.")).to_be_visible()
    expect(page.locator(".next-time", has_text="10:00").first).to_be_visible()


def test_hours_are_typed_without_scripts(plain_page: Page, make: Made) -> None:
    link, booking = make("bookplain")
    plain_page.goto(link)
    plain_page.goto(f"{booking}/begin")
    plain_page.get_by_label("What can be booked?").fill("Lesson")
    plain_page.get_by_role("button", name="Turn booking on").click()
    plain_page.goto(f"{booking}/hours")
    plain_page.get_by_label("Other hours").check()
    plain_page.locator('[name="week-6-spans-0-start"]').fill("22:00")
    plain_page.locator('[name="week-6-spans-0-end"]').fill("02:00")
    plain_page.locator('[value="add:week-6-spans"]').click()
    expect(plain_page.locator('[name="week-6-spans-1-start"]')).to_have_count(1)
    plain_page.get_by_role("button", name="Save the hours").click()
    expect(plain_page.get_by_text("The hours are saved.")).to_be_visible()
    expect(plain_page.locator(".next-time", has_text="10:00").first).to_be_visible()


def test_every_page_of_the_owner_is_whole_on_the_narrowest_phone_and_in_arabic(page: Page, make: Made) -> None:
    paths: dict[str, str] = {}

    def fill(card: Card) -> None:
        set_up.begin_booking(card)
        grace = cast.second_host(card, "Wolfeschlegelsteinhausenbergerdorff")
        long = cast.kind_of(card, "Erstgespräch " * 8, needs_approval=True, colour="#2456a6", price=4500, currency="EUR")
        start = now() + timedelta(days=1)
        visitor = cast.zoe(name="Wolfeschlegelsteinhausenberger" * 3, answers=[("Warum?", "Darum. " * 40)])
        one = service.book(card, long, free_times(card, long, start, start + timedelta(days=7))[0].start, visitor)
        set_up.block_time(card, grace, start, start + timedelta(hours=3), "Training " * 12)
        day = one.starts_at.date().isoformat()
        paths.update({
            "list": "", "week": f"?view=week&day={day}", "day": f"?view=day&day={day}", "types": "/types",
            "type": f"/types/{long.id}",
            "hours": "/hours", "dates": "/dates", "times": f"/times?day={day}&at=10:00", "people": "/people",
            "person": f"/people/{grace.id}", "calendars": "/calendars", "settings": "/settings", "blocked": "/blocked",
            "appointment": f"/appointments/{one.id}", "move": f"/appointments/{one.id}/move", "new": "/appointments/new",
        })  # fmt: skip

    link, booking = make("bookwhole", fill)
    page.goto(link)
    faults = []
    page.set_viewport_size({"width": 320, "height": 640})
    for language in ("en", "ar"):
        for place, (name, path) in enumerate(paths.items()):
            if not FULL and (place % 2 == 0) != (language == "en"):  # each in one of them, by turns
                continue
            page.goto(f"{booking}{path}{'&' if '?' in path else '?'}lang={language}")
            if name in LOOKED_AT and (language == "en" or not FULL):
                faults += faults_of(page, name, contrast=FULL or name in CONTRAST)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                faults.append(f"{name} scrolls sideways, {language}")
    assert not faults, "\n".join(faults)
