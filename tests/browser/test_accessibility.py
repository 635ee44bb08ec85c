"""WCAG 2.2 AA as far as axe can tell, and no sideways scrolling, on every page in light, dark and right-to-left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.browser.beside import app_beside
from tests.cases import FULL
from tests.factories import content, tricky_content
from tests.processes import Server
from tests.store import cast
from vcardapp.accounts import service as accounts
from vcardapp.accounts.owner import Owner
from vcardapp.admin import people
from vcardapp.cards import card_codes, events, pictures
from vcardapp.cards import service as cards
from vcardapp.cards.content import Link, Phone
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.domains import service as domains
from vcardapp.editor import service as drafts
from vcardapp.images import canvas, to_png
from vcardapp.store import service as shops

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"], "iframes": False}  # what is right is not told in full
NO_CONTRAST = {"rules": {"color-contrast": {"enabled": False}}}  # four fifths of axe's work
RUN = "options => axe.run(options).then(found => found.violations)"
OPEN = """() => {
    document.querySelectorAll("details:not(.menu)").forEach(one => { one.open = true })
    scrollTo(0, 0)
    return Boolean(document.querySelector(".vc-bar, .added"))
}"""
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PUBLIC = ["/", "/login", "/register", "/reset", "/privacy", "/nobody-here"]
PUBLIC += ["/hard", "/hard/qr", "/hard/qr-contact", "/hard/report", "/paused", "/plain", "/hard?e=expo"]
LOOKS: dict[str, dict[str, Any]] = {
    "light on a phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "locale": "en-GB"},
    "dark and narrow": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark", "locale": "en-GB"},
    "right-to-left on a desk": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light", "locale": "ar"},
}


@pytest.fixture(scope="session")
def pages(live_server: Server) -> dict[str, str]:
    """Fill the live server with hard cards; return the owner's pages and, for each look, a link that signs the owner in."""
    with ThreadPoolExecutor(1) as thread:  # beside Playwright's event loop
        return thread.submit(_fill, live_server).result()


def _fill(live_server: Server) -> dict[str, str]:
    with app_beside(live_server.settings).app_context():
        admin = people.create_admin("axe@example.org")
        owner = Owner(user_id=admin.id)
        hard = _card(owner, "hard", tricky_content(links=tuple(Link("instagram", f"name.{n}") for n in range(30))))
        _card(owner, "plain", content(display_name="Wolfeschlegelsteinhausenbergerdorff" * 2, links=(), phones=()))
        cards.pause_card(_card(owner, "paused", content()))
        picture = pictures.store_picture(hard, "photo", to_png(canvas(300, 400, "#cb3408")))
        drafts.put_picture(hard, "photo", picture.id)
        hard.draft = replace(hard.draft, links=hard.draft.links[: 30 if FULL else 4])  # a row has all networks to choose from
        long = "Feria " + "internacional" * 4
        events.end_event(hard, events.add_event(hard, "معرض دبي", long, date(2030, 2, 1)).key)
        events.add_event(hard, "Expo", long)
        badge = card_codes.add_code(hard, "شارة " * 12, base_url=live_server.settings.url)
        card_codes.pause(card_codes.add_code(hard, "Shop", base_url=live_server.settings.url))
        wrong = cards.create_card(owner, content(phones=(Phone("not a number"),), display_name=""))
        deleted = cards.create_card(owner, content())
        cards.delete_card(deleted)
        card = f"/cards/{hard.id}"
        domain = f"/domains/{domains.add_domain(owner, 'long-' * 8 + 'name.example.com', hard).id}"
        found = {
            **{look: accounts.make_sign_in_link(admin).removeprefix(live_server.url) for look in LOOKS},
            "cards": "/cards",
            "edit": f"{card}/edit",
            "edit with errors": f"/cards/{wrong.id}/edit?check=1",
            "published": f"{card}/published",
            "print": f"{card}/print",
            "embed": f"{card}/embed",
            "phone": f"{card}/phone",
            "versions": f"{card}/versions",
            "crop": f"{card}/pictures/{picture.id}/crop",
            "import": f"{card}/import",
            "events": f"{card}/events",
            "delete": f"{card}/delete",
            "codes": f"{card}/codes",
            "code": f"{card}/codes/{badge.code}",
            "contact code": f"{card}/codes/contact",
            "point a code": f"{card}/codes/{badge.code}/move",
            "pause a code": f"{card}/codes/{badge.code}/pause",
            "retire a code": f"{card}/codes/{badge.code}/retire",
            "preview": f"{card}/preview",
            **{f"shop {name}": f"{card}/store{path}" for name, path in _shop(hard).items()},
            "account": "/account",
            "change": "/change",
            "domains": "/domains",
            "domain": domain,
            "remove a domain": f"{domain}/remove",
            "admin": "/admin/",
            "outbox": "/admin/outbox",
            "reports": "/admin/reports",
            "invitations": "/admin/invitations",
        }
        db.engine.dispose()
        return found


def _shop(card: Card) -> dict[str, str]:
    """Fill a card's shop; return its owner's pages."""
    shop = shops.open_shop(card)
    shops.change_shop(shop, deliveries=(cast.PICK_UP, cast.TOWN), currency="EUR")
    cake = cast.bread(card, name="Torte " * 18, options=(cast.SIZES,), stock_kind="counted", stock=3)
    placed = cast.order(shop, (cake, 2, "whole"), name="Wolfeschlegelsteinhausenberger" * 2).order
    pages = {"products": "", "product": f"/products/{cake.id}", "services": "/services", "orders": "/orders"}
    pages |= {name: f"/settings/{name}" for name in ("basics", "delivery", "hours")}
    return {**pages, "order": f"/orders/{placed.id}", "settings": "/settings", "import": "/import"}


def _card(owner: Owner, slug: str, what: Any) -> Any:
    return cards.publish_card(cards.create_card(owner, what, slug), frozenset())


def violations(page: Page, *, contrast: bool = True) -> list[dict[str, Any]]:
    """Return what axe finds on a page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
        page.add_init_script(AXE_SCRIPT)  # where the page goes next it is there already
    found: list[dict[str, Any]] = page.evaluate(RUN, OPTIONS | ({} if contrast else NO_CONTRAST))
    return found


def faults_of(page: Page, where: str, *, contrast: bool = True) -> list[str]:
    if page.evaluate(OPEN):
        page.wait_for_timeout(250)  # until the bar is gone again: what is under it has no size
    found = violations(page, contrast=contrast)
    faults = [f"{where}: {one['id']} {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]
    if page.evaluate(SIDEWAYS):
        faults.append(f"{where}: scrolls sideways")
    return faults


def _code_with_an_offer(page: Page, path: str) -> list[str]:
    page.goto(path)
    for choice in ("logo", "picture"), ("frame", "below"), ("gradient", "linear"), ("on", "other"):
        page.locator("label:has([name={}][value={}])".format(*choice)).click()
    page.locator("label:has([name=logo][value=initials])").click()
    page.fill("#initials", "AL")
    page.locator("#dark").fill("#ffd000")
    page.locator(".offer").wait_for()
    return faults_of(page, "a code with an offer")


def test_no_page_has_a_fault(browser: Browser, live_server: Server, pages: dict[str, str]) -> None:
    """In full rounds each page in each look; else each in one of them by turns, and the contrast of every third one."""
    faults: list[str] = []
    asked: set[str] = set()
    for turn, (look, options) in enumerate(LOOKS.items()):
        context = browser.new_context(base_url=live_server.url, **options)
        page = context.new_page()
        page.on("request", lambda request: asked.add(request.url))

        def see(place: int, where: str, page: Page = page, turn: int = turn, look: str = look) -> list[str]:
            return faults_of(page, f"{where}, {look}", contrast=FULL or (turn < 2 and (place + turn) % 2 == 0))

        for place, path in enumerate(PUBLIC):
            if FULL or place % len(LOOKS) == turn:
                page.goto(path)
                faults += see(place, path)
        if FULL or look == "dark and narrow":
            page.goto("/")
            page.locator("form[action='/new'] button").first.click()
            page.wait_for_url("**/edit")
            faults += see(turn, "a new card")
            page.goto(page.url.replace("/edit", "/publish"))
            faults += see(turn, "publish")
        page.goto(pages[look])
        owners = [(name, path) for name, path in pages.items() if name not in LOOKS]
        for place, (name, path) in enumerate(owners):
            if FULL or place % len(LOOKS) == turn:
                page.goto(path)
                faults += see(place, name)
        if turn == 0:
            faults += _code_with_an_offer(page, pages["code"])
        context.close()
    assert not faults, "\n".join(faults)
    elsewhere = {url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))}
    assert not elsewhere, f"asked of others: {elsewhere}"
