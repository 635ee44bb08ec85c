"""What a card costs a phone: requests and bytes as a real Chromium counts them, and what it shows before the rest is there."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.beside import app_beside
from tests.browser.conftest import PHONE, WIDE
from tests.processes import Server
from vcardapp.accounts.owner import Owner
from vcardapp.accounts.service import ensure_user
from vcardapp.cards import pictures, service
from vcardapp.cards.content import Link
from vcardapp.demo.cards import demo_cards
from vcardapp.demo.pictures import draw

LINKS = 12
PAGE, SCRIPT, WHOLE = 14_000, 6_000, 60_000  # bytes
REQUESTS = 5
SHIFTS = """addEventListener("DOMContentLoaded", () => { window.shifts = []; new PerformanceObserver(
    list => window.shifts.push(...list.getEntries().map(one => one.value))).observe({type: "layout-shift", buffered: true}) })"""
BLOCKING = "performance.getEntriesByType('resource').filter(one => one.renderBlockingStatus == 'blocking').map(one => one.name)"
FIRST_SCREEN = """() => [...document.querySelectorAll(".vc *:not(.vc-bar, .vc-bar *)")]
    .filter(one => one.checkVisibility())
    .map(one => [one.tagName, one.getBoundingClientRect()])
    .filter(([, box]) => box.top < innerHeight)
    .map(([tag, box]) => [tag, box.x, box.y, box.width, box.height].join(" "))"""


@dataclass
class Fetched:
    url: str
    kind: str
    content_type: str
    coding: str
    bytes: int = 0  # with headers, as they were sent


@dataclass
class Visit:
    page: Page
    fetched: dict[str, Fetched] = field(default_factory=dict)

    def note(self, event: dict[str, Any]) -> None:
        response = event["response"]
        headers = {name.lower(): value for name, value in response["headers"].items()}
        self.fetched[event["requestId"]] = Fetched(
            response["url"], event["type"], headers["content-type"], headers.get("content-encoding", "")
        )

    def weigh(self, event: dict[str, Any]) -> None:
        self.fetched[event["requestId"]].bytes = event["encodedDataLength"]

    def of(self, kind: str) -> list[Fetched]:
        return [one for one in self.fetched.values() if one.kind == kind]


@pytest.fixture(scope="session")
def card(live_server: Server) -> str:
    """The address of the demo's first card, with a photo, a cover and twelve links."""
    with ThreadPoolExecutor(1) as thread:  # beside Playwright's event loop
        return thread.submit(_published, live_server).result()


def _published(live_server: Server) -> str:
    app = app_beside(live_server.settings)
    with app.app_context():
        content = demo_cards(date.today())[0].content
        more = tuple(Link("instagram", f"patio.{number}") for number in range(LINKS - len(content.links)))
        card = service.create_card(Owner(user_id=ensure_user("weight@example.org").id), content)
        drawn = {sort: pictures.store_picture(card, sort, png).id for sort, png in draw("maria").items()}
        card.draft = replace(content, links=content.links + more, **drawn)
        return f"{live_server.url}/{service.publish_card(card, reserved=frozenset()).slug}"


@contextmanager
def visited(browser: Browser, url: str, *, only_page: bool = False, **options: Any) -> Iterator[Visit]:
    """Open an address with an empty cache and wait until all is there."""
    context = browser.new_context(**{"viewport": PHONE, "locale": "en-GB", **options})
    page = context.new_page()
    if only_page:
        page.route("**", lambda route: route.continue_() if route.request.resource_type == "document" else route.abort())
    visit, session = Visit(page), context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.responseReceived", visit.note)
    session.on("Network.loadingFinished", visit.weigh)
    page.add_init_script(SHIFTS)
    page.goto(url, wait_until="networkidle")
    yield visit
    context.close()


@pytest.mark.parametrize("density", [1, 2, 3])
def test_a_card_comes_in_few_requests_and_few_bytes(browser: Browser, card: str, density: int) -> None:
    with visited(browser, card, device_scale_factor=density, is_mobile=True, has_touch=True) as visit:
        (page,) = visit.of("Document")
        (script,) = visit.of("Script")
        assert page.coding == "br"
        assert 0 < page.bytes <= PAGE
        assert 0 < script.bytes <= SCRIPT
        assert [one.content_type for one in visit.of("Image")] == ["image/avif"] * 2
        assert {one.kind for one in visit.fetched.values()} <= {"Document", "Script", "Image", "Other"}
        assert len(visit.fetched) <= REQUESTS
        assert sum(one.bytes for one in visit.fetched.values()) <= WHOLE
        assert {urlsplit(one.url).netloc for one in visit.fetched.values()} == {urlsplit(card).netloc}
        assert visit.page.evaluate(BLOCKING) == []


@pytest.mark.parametrize("viewport", [PHONE, WIDE])
def test_the_first_answer_is_a_whole_first_screen_and_nothing_moves_it(
    browser: Browser, card: str, viewport: dict[str, int]
) -> None:
    with visited(browser, card, viewport=viewport) as whole, visited(browser, card, viewport=viewport, only_page=True) as bare:
        assert len(bare.fetched) == 1
        first = bare.page.evaluate(FIRST_SCREEN)
        assert len(first) > 20
        assert whole.page.evaluate(FIRST_SCREEN) == first
        assert whole.page.evaluate("window.shifts") == []
        assert whole.page.evaluate("[...document.images].filter(one => one.complete && !one.naturalWidth).length") == 0
