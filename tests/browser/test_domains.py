"""A domain of one's own in a real browser: proved, seen to answer by HTTPS from the owner's page, visited."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.beside import app_beside
from tests.dns_server import NameServer
from tests.factories import content
from tests.processes import Server
from vcardapp.accounts import service as accounts
from vcardapp.accounts.owner import Owner
from vcardapp.cards import service as cards
from vcardapp.db import db
from vcardapp.domains import service as domains

HOST = "grace.example.com"


class Proxy:
    """Stands for DNS and TLS on the way from the browser to the domain; what it answers with is the live server's."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.is_up = True
        self.changed: dict[str, str] = {}  # headers

    def __call__(self, route: Route) -> None:
        if not self.is_up:
            route.abort("connectionrefused")
            return
        parts = urlsplit(route.request.url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        asked = urllib.request.Request(self.server.url + path, headers={"Host": HOST})
        try:
            answer = urllib.request.urlopen(asked)
        except urllib.error.HTTPError as problem:
            answer = problem
        with answer:
            route.fulfill(status=answer.status, headers={**answer.headers, **self.changed}, body=answer.read())


@pytest.fixture
def domain(live_server: Server, only_name_server: NameServer) -> Iterator[tuple[str, str]]:
    """The link that signs Grace in, and the page of her domain, whose record is in the DNS; removed afterwards."""

    def make() -> tuple[str, str]:
        with app_beside(live_server.settings).app_context():
            person = accounts.ensure_user("grace@example.org")
            owner = Owner(user_id=person.id)
            card = next(iter(cards.cards_of(owner)), None) or cards.publish_card(
                cards.create_card(owner, content(display_name="Grace Hopper"), "grace"), frozenset()
            )
            made = domains.add_domain(owner, HOST, card)
            only_name_server.texts[made.record] = [made.token]
            link = accounts.make_sign_in_link(person).removeprefix(live_server.url)
            db.engine.dispose()
            return link, f"/domains/{made.id}"

    def remove() -> None:
        with app_beside(live_server.settings).app_context():
            domains.remove_domains_of(accounts.ensure_user("grace@example.org").id)
            db.engine.dispose()

    with ThreadPoolExecutor(1) as thread:  # beside Playwright's event loop
        yield thread.submit(make).result()
        thread.submit(remove).result()


def test_codes_lead_to_a_domain_once_the_owners_browser_has_seen_it_answer(
    page: Page, live_server: Server, domain: tuple[str, str]
) -> None:
    proxy = Proxy(live_server)
    page.route(f"https://{HOST}/**", proxy)
    link, path = domain
    page.goto(link)
    proxy.is_up = False
    page.goto(path)
    page.get_by_role("button", name="Check now").click()
    silent = page.locator("[data-silent]")
    expect(silent).to_be_visible()
    proxy.is_up, proxy.changed = True, {"Access-Control-Allow-Origin": "https://elsewhere.example"}
    page.get_by_role("button", name="Look again").click()
    expect(silent).to_be_visible()
    proxy.changed = {}
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_text("The domain has answered by HTTPS.")).to_be_visible()
    page.goto(f"https://{HOST}/")
    expect(page.get_by_role("heading", name="Grace Hopper")).to_be_visible()
    assert page.locator("link[rel=canonical]").get_attribute("href") == f"https://{HOST}/grace"
    assert page.goto(f"https://{HOST}/login").status == 404  # type: ignore[union-attr]
    page.goto("/grace")
    assert page.locator("link[rel=canonical]").get_attribute("href") == f"https://{HOST}/grace"


def test_it_works_by_hand_without_scripts(plain_page: Page, live_server: Server, domain: tuple[str, str]) -> None:
    page, (link, path) = plain_page, domain
    page.context.route(f"https://{HOST}/**", Proxy(live_server))
    page.goto(link)
    page.goto(path)
    page.get_by_role("button", name="Check now").click()
    page.get_by_text("Do it by hand").click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name=f"https://{HOST}/.well-known/").click()
    proof = opened.value.locator("body").inner_text()
    page.get_by_label("The line that it shows").fill(proof)
    page.get_by_role("button", name="This is the line").click()
    expect(page.get_by_text("The domain has answered by HTTPS.")).to_be_visible()
