"""The card on its owner's phone: installable, there without a network once its owner asks for that, and renewed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, expect

from tests.browser.beside import beside, cookies_of
from tests.browser.test_hold_up import scanned
from tests.factories import published_card
from tests.processes import Server
from vcardapp.accounts import service as accounts
from vcardapp.cards import service as cards
from vcardapp.editor.service import save_draft

KEPT = "Kept on this phone, and renewed whenever you open the card."


@pytest.fixture(scope="session")
def otto(browser: Browser, live_server: Server) -> tuple[Any, str]:
    """The cookies of Otto, and the page about his phone; his card is at /otto, and another one begins likewise."""

    def make() -> tuple[str, str]:
        person = accounts.ensure_user("otto@example.org")
        card = published_card(person, "otto", display_name="Otto")
        published_card(person, "ottoline", display_name="Ottoline")
        return accounts.make_sign_in_link(person), f"/cards/{card.id}/phone"

    link, path = beside(live_server, make)
    return cookies_of(browser, link), path


def rename(name: str) -> None:
    card = cards.find_by_slug("otto")[0]  # type: ignore[index]
    card = save_draft(card, replace(card.draft, display_name=name), "otto", card.revision, reason="save")
    cards.publish_card(card, frozenset())


def test_the_card_is_there_without_a_network(phone: BrowserContext, live_server: Server, otto: tuple[Any, str]) -> None:
    cookies, path = otto
    phone.add_cookies(cookies)
    page = phone.new_page()
    page.goto(path)
    page.get_by_role("button", name="Keep it on this phone").click()
    expect(page.get_by_text(KEPT)).to_be_visible()
    card = phone.new_page()
    card.goto("/otto/qr")
    code = scanned(card)
    expect(card.get_by_role("button", name="Kept on this phone")).to_be_disabled()
    phone.set_offline(True)
    card.goto("/otto")
    expect(card.get_by_role("heading", name="Otto")).to_be_visible()
    with card.expect_download() as loading:
        card.get_by_role("link", name="Save contact").click()
    assert loading.value.suggested_filename == "Otto.vcf"
    card.goto("/otto/qr")
    assert scanned(card) == code
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        card.goto("/ottoline")

    phone.set_offline(False)
    beside(live_server, lambda: rename("Otto the Second"))
    card.goto("/otto")
    expect(card.get_by_role("heading", name="Otto the Second")).to_be_visible()
    is_renewed = """async () => { const kept = await caches.open(location.origin + "/otto");
        const texts = ["/otto", "/otto.vcf"].map(async (path) => (await kept.match(path)).text());
        return (await Promise.all(texts)).every((text) => text.includes("Otto the Second")); }"""
    card.wait_for_function(is_renewed)
    phone.set_offline(True)
    card.goto("/otto")
    expect(card.get_by_role("heading", name="Otto the Second")).to_be_visible()
    phone.set_offline(False)

    page.goto(path)
    page.get_by_role("button", name="Remove it from this phone").click()
    expect(page.get_by_role("button", name="Keep it on this phone")).to_be_visible()
    assert page.evaluate(
        "async () => [(await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]"
    ) == [0, 0]


def test_a_browser_finds_it_fit_for_the_home_screen(phone: BrowserContext, otto: tuple[Any, str]) -> None:
    cookies, path = otto
    phone.add_cookies(cookies)
    page = phone.new_page()
    page.goto(path)
    session = phone.new_cdp_session(page)
    assert session.send("Page.getAppManifest")["errors"] == []
    wrong = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {one["errorId"] for one in wrong} <= {"in-incognito"}  # as every context of a test is


def test_visitors_keep_nothing(phone: BrowserContext, otto: tuple[Any, str]) -> None:
    page = phone.new_page()
    for path in ("/otto", "/otto/qr", "/otto/embed"):
        page.goto(path)
        assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
        assert page.locator("link[rel=manifest]").count() == 0
