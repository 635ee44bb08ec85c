"""A shop on a phone: what it weighs, the way from a shelf to WhatsApp with and without scripts, and that it happens once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.beside import app_beside
from tests.browser.test_accessibility import LOOKS, faults_of
from tests.browser.test_weight import LINKS, PAGE, visited
from tests.cases import FULL
from tests.processes import Server
from tests.store.shelves import sixty_products
from vcardapp.accounts.service import ensure_user
from vcardapp.cards import service as cards
from vcardapp.cards.content import Link
from vcardapp.db import db
from vcardapp.store import catalogue, orders, service

FIRST_VIEW = 150_000  # bytes
SEEN = "[...document.images].filter(one => one.complete && one.getBoundingClientRect().top < innerHeight && !one.naturalWidth)"


@dataclass
class Stand:
    """A shop at the live server, and what asks or changes its database beside Playwright's event loop."""

    path: str
    run: Callable[[Callable[[], Any]], Any]
    products: dict[str, Any]

    def change(self, name: str, **values: Any) -> None:
        def change() -> None:
            card = service.card_of(self.shop())
            catalogue.change_product(catalogue.find_product(card, self.products[name]), **values)  # type: ignore[arg-type]

        self.run(change)

    def shop(self) -> Any:
        found = cards.find_by_slug(self.path.strip("/"))
        assert found
        return service.find_shop(found[0])

    def count(self) -> int:
        found: int = self.run(lambda: orders.count_of(self.shop()))
        return found


@pytest.fixture(scope="session")
def stand(live_server: Server) -> Iterator[Stand]:
    """A bakery with 60 products, most of them with a picture."""
    app = app_beside(live_server.settings)
    with ThreadPoolExecutor(1) as thread:

        def run(work: Callable[[], Any]) -> Any:
            def inside() -> Any:
                with app.app_context():
                    return work()

            return thread.submit(inside).result()

        def make() -> dict[str, Any]:
            card, products = sixty_products(ensure_user("bakery@example.org"))
            links = tuple(Link("instagram", f"lindenhof.{number}") for number in range(LINKS))
            card.draft = card.live = replace(card.draft, links=links)
            db.session.commit()
            return products

        yield Stand("/bakery", run, run(make))


def basket_with(page: Page, stand: Stand, *, script: bool) -> None:
    """Lay in a whole apple cake with cream and two rolls, and open the basket."""
    page.goto(f"{stand.path}/store")
    page.get_by_role("link", name=re.compile("Apple cake")).first.click()
    page.get_by_label("Whole").check()
    page.get_by_label("Cream").check()
    page.get_by_role("button", name=re.compile("Add to basket")).click()
    if script:
        expect(page.locator(".added")).to_contain_text("Apple cake is in your basket.")
    page.goto(f"{stand.path}/store")
    page.get_by_role("button", name="Add Roll to the basket").click()
    if script:
        expect(page.locator(".shop-basket b")).to_have_text("2")
        page.locator(".shop-basket").click()
        page.get_by_role("button", name="One more: Quantity of Roll").click()
        expect(page.locator(".sums")).to_contain_text("€28.60")  # reckoned by the server, without a reload
    else:
        page.get_by_label("Quantity of Roll").fill("2")
        page.get_by_role("button", name="Update the basket").click()
    expect(page.locator(".sums")).to_contain_text("€28.60")  # 4.90 + 12 + 1.50, and 2 x 5.10
    page.reload()
    expect(page.locator(".sums")).to_contain_text("€28.60")


def lay_in(page: Page, stand: Stand) -> None:
    """Lay in the same from the products' own pages, which are quick to load."""
    for name, choices, count in ("Apple cake", ("Whole", "Cream"), 1), ("Roll", (), 2):
        page.goto(f"{stand.path}/store/{stand.products[name]}")
        for choice in choices:
            page.get_by_label(choice).check()
        page.get_by_label("Quantity", exact=True).fill(str(count))
        page.get_by_role("button", name=re.compile("Add to basket")).click()
        expect(page.get_by_text(re.compile(f"{name}.* in your basket")).first).to_be_visible()
    page.goto(f"{stand.path}/store/basket")
    expect(page.locator(".sums")).to_contain_text("€28.60")


def fill_in(page: Page) -> None:
    page.get_by_role("button", name="Go to checkout").click()
    page.get_by_text("Bicycle").click()
    page.get_by_label("Where to?").select_option(label="Town centre · €3.50")
    page.get_by_label("Address").fill("Gartenweg 4")
    page.get_by_label("Name").fill("Mara Vogel")


def place(page: Page) -> None:
    page.get_by_role("button", name="Place the order").click()


def message_on(page: Page) -> str:
    """Return what WhatsApp would be opened with."""
    link = page.get_by_role("link", name="Send with WhatsApp").get_attribute("href") or ""
    assert link.startswith("https://wa.me/4915123456789?text=")
    return unquote(link.partition("text=")[2])


@pytest.fixture
def phone(only_phone: BrowserContext) -> Iterator[BrowserContext]:
    """The phone of all tests here, of a person who was never here before."""
    yield only_phone
    for page in only_phone.pages[1:]:
        page.close()
    only_phone.clear_cookies()


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    """The phone's one page: another would be a process more."""
    return phone.pages[0] if phone.pages else phone.new_page()


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def visit(request: pytest.FixtureRequest) -> tuple[Page, bool]:
    """A page on a phone, and whether scripts run on it."""
    page: Page = request.getfixturevalue("page" if request.param else "plain_page")
    return page, request.param


def test_an_order_is_read_in_whatsapp(visit: tuple[Page, bool], stand: Stand) -> None:
    page, script = visit
    basket_with(page, stand, script=script)
    fill_in(page)
    if script:
        expect(page.locator("[data-total]")).to_have_text("€32.10")
    place(page)
    number = page.locator(".order-number").inner_text()
    text = message_on(page)
    assert f"New order {number}" in text
    assert "1 x Apple cake, Whole, Cream: 18.40\n2 x Roll: 10.20\n" in text
    assert "*Total: 32.10 EUR*" in text
    assert "Deliver to: Gartenweg 4" in text
    assert text.endswith(page.url)
    page.go_back()
    page.goto(f"{stand.path}/store/checkout")
    expect(page.get_by_text("Your basket is empty.")).to_be_visible()


def test_what_changes_meanwhile_is_said_and_then_ordered(visit: tuple[Page, bool], stand: Stand) -> None:
    page, _ = visit
    stand.change("Apple cake", price=490)
    stand.change("Roll", stock_kind="off")
    lay_in(page, stand)
    fill_in(page)
    stand.change("Apple cake", price=590)
    before = stand.count()
    place(page)
    expect(page.get_by_text("Apple cake now costs €19.40 instead of €18.40.")).to_be_visible()
    expect(page.get_by_label("Address")).to_have_value("Gartenweg 4")
    stand.change("Roll", stock_kind="sold out")
    place(page)
    expect(page.get_by_text("Roll is sold out.")).to_be_visible()
    assert stand.count() == before
    page.get_by_role("button", name="Leave it out").click()
    expect(page.get_by_label("Name")).to_have_value("Mara Vogel")
    place(page)
    assert "*Total: 22.90 EUR*" in message_on(page)
    assert stand.count() == before + 1
    stand.change("Apple cake", price=490)
    stand.change("Roll", stock_kind="off")


def test_an_order_is_placed_once_however_often_it_is_sent(page: Page, stand: Stand) -> None:
    lay_in(page, stand)
    fill_in(page)
    before = stand.count()

    def lose_the_answer(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    page.route("**/store/checkout", lose_the_answer)
    place(page)
    page.wait_for_url("chrome-error://**")
    page.unroute("**/store/checkout")
    assert stand.count() == before + 1
    page.goto(f"{stand.path}/store/checkout")
    expect(page.get_by_text("Your basket is empty.")).to_be_visible()
    page.get_by_role("link", name="Your last order").click()
    assert "Mara Vogel" in message_on(page)
    assert stand.count() == before + 1


def test_a_double_tap_and_two_tabs_make_one_order(page: Page, phone: BrowserContext, stand: Stand) -> None:
    lay_in(page, stand)
    fill_in(page)
    other = phone.new_page()
    other.goto(f"{stand.path}/store/checkout")
    other.get_by_label("Name").fill("Mara Vogel")
    before = stand.count()
    page.get_by_role("button", name="Place the order").dblclick()
    page.wait_for_url("**/o/*")
    place(other)
    other.wait_for_url("**/o/*")
    assert other.url == page.url
    assert stand.count() == before + 1


def test_the_first_view_is_light(browser: Browser, live_server: Server, stand: Stand) -> None:
    phone = {"device_scale_factor": 3, "is_mobile": True, "has_touch": True}
    with visited(browser, f"{live_server.url}{stand.path}/store", **phone) as visit:
        assert {one.content_type for one in visit.of("Image")} == {"image/avif"}
        assert len(visit.of("Image")) >= 4
        assert visit.page.evaluate(f"{SEEN}.length") == 0
        assert 0 < sum(one.bytes for one in visit.fetched.values()) <= FIRST_VIEW
        assert visit.page.evaluate("window.shifts") == []
    with visited(browser, f"{live_server.url}{stand.path}", **phone) as visit:
        (page,) = visit.of("Document")
        assert "See all 60 products" in visit.page.content()
        assert 0 < page.bytes <= PAGE


def test_products_are_found_while_one_types(page: Page, stand: Stand) -> None:
    page.goto(f"{stand.path}/store")
    page.get_by_label("Search this shop").fill("loaf 5")
    expect(page.locator(".good:visible")).to_have_count(15)  # 5, 15, 25, 35, 45, 50 to 59
    expect(page.get_by_role("status").first).to_have_text("15 found")
    page.get_by_label("Search this shop").fill("marmalade")
    expect(page.get_by_text("Nothing found.")).to_be_visible()
    page.get_by_label("Search this shop").fill("")
    expect(page.locator(".good:visible")).to_have_count(60)


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_of_a_shop_has_a_fault(browser: Browser, live_server: Server, stand: Stand, look: str) -> None:
    context = browser.new_context(base_url=live_server.url, **LOOKS[look])
    page, store = context.new_page(), f"{stand.path}/store"
    faults: list[str] = []

    def see(*, contrast: bool = False) -> None:
        faults.extend(faults_of(page, f"{look}: {page.url}", contrast=FULL or contrast))

    page.goto(f"{store}/{stand.products['Apple cake']}")
    see()
    page.goto(f"{store}?q=number+5")
    see(contrast=True)
    page.locator(".add").first.click()
    page.locator(".shop-basket b:not([hidden])").wait_for()
    page.goto(f"{store}/basket")
    see()
    page.goto(f"{store}/checkout")
    place_button = page.locator(".checkout p .button.is-large")
    place_button.click()  # without a name
    page.locator("[aria-invalid]").first.wait_for()
    see(contrast=True)
    page.locator("#name").fill("Mara Vogel")
    place_button.click()
    page.wait_for_url("**/o/*")
    see()
    context.close()
    assert not faults, "\n".join(faults)
