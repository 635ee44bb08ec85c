"""A visitor who looks leaves nothing and meets nobody else; who does something has one cookie of this site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.archive import people
from tests.archive.people import SLUG
from tests.browser.beside import app_beside
from tests.cases import FULL
from tests.processes import Server
from vcardapp.accounts import service as accounts

PAGES = ["/", "/login", "/register", "/reset", "/privacy", "/imprint", "/nobody-here"]
OWNERS = ("/cards", "/account", "/account/export", "/account/import", "/account/delete", "/account/email", "/change", "/domains",
          "/media/files")  # fmt: skip
KEPT = """async () => [Object.keys(localStorage), (await indexedDB.databases()).map(one => one.name)].flat()"""


@pytest.fixture(scope="session")
def demo(live_server: Server) -> Server:
    """The server of all browser tests, with a person who has everything that a person can have."""
    with ThreadPoolExecutor(1) as thread:  # beside Playwright's event loop
        thread.submit(_fill, live_server).result()
    return live_server


def _fill(server: Server) -> str:
    with app_beside(server.settings).app_context():
        user = accounts.find_user(people.EMAIL) or people.fill()
        return accounts.make_sign_in_link(user).removeprefix(server.url)


@pytest.fixture
def visitor(browser: Browser, demo: Server) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 390, "height": 844}, base_url=demo.url, locale="en-GB") as context:
        yield context


def asked(context: BrowserContext) -> list[str]:
    """The addresses of all requests that the browser makes from now on."""
    found: list[str] = []
    context.on("request", lambda request: found.append(request.url))
    return found


def elsewhere(addresses: list[str], server: Server) -> set[str]:
    ours = (urlsplit(server.url).netloc, "")  # data: and blob: have no host
    return {one for one in addresses if urlsplit(one).netloc not in ours}


def crawl(page: Page, begin: list[str], most: int, pattern: str) -> set[str]:
    """Open pages, and those that they link to on this host, as a person would: with scripts, to the end of the page."""
    waiting, seen, shapes = list(begin), set(), {}
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = page.goto(path)
        assert answer is not None
        assert answer.status < 500, path
        page.mouse.wheel(0, 20_000)
        for link in page.eval_on_selector_all("a[href]:not([download])", "all => all.map(one => one.href)"):
            parts = urlsplit(link)
            if parts.netloc != urlsplit(page.url).netloc or not re.search(pattern, parts.path):
                continue
            if re.search(r"\.(vcf|ics|svg|png|pdf|json|zip|csv)$|lang=|/logout|/export", link):
                continue
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            shape = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|\d+", "*", target.partition("?")[0])
            shapes[shape] = shapes.get(shape, 0) + 1
            if shapes[shape] <= 2:
                waiting.append(target)
    return seen


def test_looking_leaves_no_cookie_and_asks_nobody_else(visitor: BrowserContext, demo: Server) -> None:
    addresses, page = asked(visitor), visitor.new_page()
    begin = [f"/{SLUG}", f"/{SLUG}/book", *(path for path in PAGES if path not in ("/login", "/register", "/reset"))]
    seen = crawl(page, begin, 40 if FULL else 18, r"^/(?!login|register|reset|cards|sign-in|b/|o/)")
    assert len(seen) > 12, seen
    assert any("/book/" in path for path in seen)
    assert any("/store" in path for path in seen)
    assert elsewhere(addresses, demo) == set()
    assert visitor.cookies() == []
    assert page.evaluate(KEPT) == []


def test_a_video_names_its_host_and_asks_it_only_when_tapped(visitor: BrowserContext, demo: Server) -> None:
    visitor.route(lambda url: urlsplit(url).netloc != urlsplit(demo.url).netloc, lambda route: route.abort())
    addresses, page = asked(visitor), visitor.new_page()
    page.goto(f"/{SLUG}/gallery")
    album = page.get_attribute(f"a[href*='/{SLUG}/gallery/']", "href")
    page.goto(str(album))
    page.goto(str(page.locator(".gal-link", has=page.locator(".gal-play")).first.get_attribute("href")))
    player = page.locator("video-player")
    assert "youtube.com" in player.inner_text()
    assert elsewhere(addresses, demo) == set()
    player.locator("a, button").first.click()
    page.wait_for_timeout(1000)
    assert {urlsplit(one).netloc for one in elsewhere(addresses, demo)} == {"www.youtube-nocookie.com"}


def the_cookie(context: BrowserContext) -> dict[str, object]:
    (cookie,) = context.cookies()
    assert cookie["name"] == "session"
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    return dict(cookie)


def test_switching_the_language_sets_one_cookie_and_ready_pages_follow_it(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto(f"/{SLUG}?lang=ar")
    assert the_cookie(visitor)["value"] == "lang=ar"
    for _ in range(2):  # drawn, then ready
        page.goto(f"/{SLUG}")
        assert page.get_attribute("html", "lang") == "ar"


def test_whoever_does_everything_has_one_cookie(visitor: BrowserContext, demo: Server) -> None:
    page = visitor.new_page()
    page.goto("/?lang=es")
    first = the_cookie(visitor)["value"]
    page.goto(f"/{SLUG}/store")
    page.locator("form[action$='/store/add'] button").first.click()
    page.wait_for_timeout(1500)
    with_basket = str(the_cookie(visitor)["value"])
    assert with_basket.startswith(f"{first}&basket=")
    assert "session" not in with_basket
    page.goto("/")
    page.locator("form[method=post] button").first.click()
    page.wait_for_url("**/edit*")
    drafted = str(the_cookie(visitor)["value"])
    assert drafted.startswith(with_basket)
    page.goto(f"/{SLUG}")
    assert page.get_attribute("html", "lang") == "es"


def test_the_owners_pages_ask_nobody_else(visitor: BrowserContext, demo: Server) -> None:
    with ThreadPoolExecutor(1) as thread:
        link = thread.submit(_fill, demo).result()
    addresses, page = asked(visitor), visitor.new_page()
    page.goto(link)
    seen = crawl(page, list(OWNERS), 45 if FULL else 15, r"^/(cards|account|domains|media/files|change)(?!.*/(delete|phone))")
    assert len(seen) > (30 if FULL else 14)
    assert elsewhere(addresses, demo) == set()
    the_cookie(visitor)
    assert page.evaluate(KEPT) == []
