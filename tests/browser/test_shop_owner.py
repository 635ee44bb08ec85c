"""A shop's owner in a real browser: the first product on a phone, rows moved by keyboard, orders that come by themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.beside import app_beside
from tests.factories import content
from tests.processes import Server
from tests.store import cast
from vcardapp.accounts import service as accounts
from vcardapp.accounts.owner import Owner
from vcardapp.cards import service as cards
from vcardapp.images import canvas, to_png
from vcardapp.store import service


@pytest.fixture
def shop(live_server: Server) -> tuple[str, str]:
    """The link that signs a baker in, and the page of their empty shop."""
    with app_beside(live_server.settings).app_context():
        person = accounts.ensure_user("baker@example.org")
        card = cards.create_card(Owner(user_id=person.id), content(display_name="Lindenhof", country="DE"))
        return accounts.make_sign_in_link(person), f"/cards/{card.id}/store"


def names(page: Page) -> list[str]:
    return [row.get_attribute("data-name") or "" for row in page.locator(".ware [data-naming]").all()]


def test_the_first_product_is_on_sale_in_a_minute(
    page: Page, shop: tuple[str, str], tmp_path: Path, live_server: Server
) -> None:
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    link, path = shop
    (tmp_path / "rye.png").write_bytes(to_png(canvas(1200, 900, "sienna")))
    page.goto(link)
    page.goto(path)
    page.get_by_label("Name", exact=True).fill("Rye bread")
    page.get_by_label("Price", exact=True).fill("4,90")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add a photo").click()
    chooser.value.set_files(tmp_path / "rye.png")
    page.get_by_role("button", name="Put it on sale").click()  # at once: the form waits for the photo
    page.wait_for_url(f"**{path}#item-*")
    expect(page.locator(".ware-link")).to_contain_text("Rye bread")
    expect(page.locator(".ware-link")).to_contain_text("4.90")
    expect(page.locator(".ware-face picture img")).to_have_count(1, timeout=60_000)  # made by a job meanwhile

    for name in ("Cake", "Tea"):
        page.goto(f"{path}/products/new")
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Price", exact=True).fill("3")
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_url(f"**{path}#item-*")
    grip = page.get_by_role("button", name=re.compile("Move Tea by dragging"))
    grip.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(grip).to_be_focused()
    assert names(page) == ["Tea", "Rye bread", "Cake"]
    expect(page.locator("sortable-list[data-saved='true']")).to_have_count(1)
    page.reload()
    assert names(page) == ["Tea", "Rye bread", "Cake"]

    page.goto(f"{path}/orders")
    expect(page.get_by_text("Nobody has ordered yet")).to_be_visible()
    with app_beside(live_server.settings).app_context():
        person = accounts.ensure_user("baker@example.org")
        card = next(one for one in cards.cards_of(Owner(user_id=person.id)) if str(one.id) in path)
        number = cast.order(service.open_shop(card), (cast.bread(card, name="Roll"), 2)).order.number
    page.evaluate("document.querySelector('order-watch').look()")
    expect(page.locator(".order-number")).to_have_text(number)
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".order-entry .badge")).to_have_text("Accepted")
    assert not wrong
