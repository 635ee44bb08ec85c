"""The designer of codes in a real browser: drawn anew as one chooses, by keyboard, and whole without script."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.beside import beside, cookies_of
from tests.browser.test_editor import only_page as only_page  # noqa: PLC0414 - the fixture
from tests.browser.test_editor import page as page  # noqa: PLC0414 - the fixture
from tests.browser.test_keyboard import tab_to
from tests.factories import published_card
from tests.processes import Server
from vcardapp.accounts import service as accounts

MOST_CARDS = 20
OFFER = "#note-colour .offer"


@pytest.fixture(scope="session")
def dresser(browser: Browser, live_server: Server) -> tuple[Any, Iterator[str]]:
    """The cookies of somebody who has many cards, and the paths of their codes."""

    def make() -> tuple[str, list[str]]:
        person = accounts.ensure_user("dresser@example.org")
        cards = [published_card(person, f"dressed-{number}") for number in range(MOST_CARDS)]
        paths = [f"/cards/{card.id}/codes/{card.code}" for card in cards]
        return accounts.make_sign_in_link(person), paths

    link, paths = beside(live_server, make)
    return cookies_of(browser, link), iter(paths)


@pytest.fixture
def designer(page: Page, dresser: tuple[Any, Iterator[str]]) -> Page:
    """The designer of a card's own code that is plain yet, on a phone."""
    open_designer(page, dresser)
    return page


def open_designer(page: Page, dresser: tuple[Any, Iterator[str]]) -> None:
    cookies, paths = dresser
    page.context.add_cookies(cookies)
    page.goto(next(paths))


def choose_ink(page: Page, colour: str) -> None:
    page.locator("#dark").evaluate(
        "(field, colour) => { field.value = colour; field.dispatchEvent(new Event('input', {bubbles: true})); }", colour
    )


def wait_until_drawn(page: Page) -> None:
    page.wait_for_timeout(400)  # it begins a moment after the last change
    page.wait_for_function("() => !document.querySelector('.is-working')")


def read(data: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(data)))
    return str(found.text)


def downloaded(page: Page, words: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=words, exact=True).click()
    return Path(download.value.path()).read_bytes()


def test_the_code_is_drawn_and_proven_as_one_chooses(designer: Page) -> None:
    page, code = designer, designer.locator("[data-drawing]")
    before = code.get_attribute("src")
    page.locator("label:has([name=preset][value=navy])").click()
    expect(code).not_to_have_attribute("src", before or "")
    expect(page.locator("#dark")).to_have_value("#172554")
    expect(page.locator("[data-verdict]")).to_contain_text("as a plain code of your full address")
    expect(page.locator("[data-dirty]")).to_be_visible()
    address = f"/U/{page.url.rsplit('/', 1)[1]}"
    assert address in read(code.screenshot()).upper()
    page.locator("[data-save]").click()
    expect(page.locator(".notices")).to_contain_text("Saved")
    expect(page.locator("[data-dirty]")).to_be_hidden()
    assert address in read(downloaded(page, "1024")).upper()


def test_the_nearest_choice_is_offered_taken_and_saved(designer: Page) -> None:
    page = designer
    choose_ink(page, "#ffd000")
    expect(page.locator(OFFER)).to_contain_text("This yellow is too light")
    expect(page.locator("[data-verdict]")).to_contain_text("Would read only")
    expect(page.locator("#dark")).to_have_value("#ffd000")
    page.get_by_role("button", name="Use this code").click()
    expect(page.locator(OFFER)).to_have_count(0)
    ink = page.locator("#dark").input_value()
    assert ink not in ("#ffd000", "#000000")
    assert page.evaluate("document.activeElement.closest('fieldset')?.id") == "part-colour"
    page.locator("[data-save]").click()
    expect(page.locator(".notices")).to_contain_text("Saved")
    expect(page.locator("#dark")).to_have_value(ink)


def test_what_hangs_on_a_choice_appears_with_it(designer: Page) -> None:
    page = designer
    expect(page.locator("#initials")).to_be_hidden()
    page.locator("label:has([name=logo][value=initials])").click()
    page.fill("#initials", "AL")
    expect(page.locator("#frame_text")).to_be_hidden()
    page.locator("label:has([name=frame][value=below])").click()
    page.get_by_role("button", name="Save my contact").click()
    expect(page.locator("#frame_text")).to_have_value("Save my contact")
    page.locator("label:has([name=zone][value='2'])").click()
    wait_until_drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_what_was_not_saved_is_asked_about_before_it_is_left(designer: Page) -> None:
    asked: list[str] = []
    designer.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    designer.locator("label:has([name=shape][value=soft])").click()
    designer.goto("/cards")
    assert asked == ["beforeunload"]


def test_a_code_is_copied_as_a_picture(designer: Page) -> None:
    designer.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = designer.locator("[data-copy-picture]")
    button.click()
    expect(button).to_contain_text("Copied")
    data = designer.evaluate(
        """async () => {
          const [item] = await navigator.clipboard.read();
          const bytes = new Uint8Array(await (await item.getType('image/png')).arrayBuffer());
          return Array.from(bytes);
        }"""
    )
    assert "/U/" in read(bytes(data)).upper()


def test_the_tag_button_is_there_only_where_tags_can_be_written(designer: Page) -> None:
    button = designer.locator("[data-tag]")
    expect(button).to_be_hidden()
    able = designer.context.new_page()
    able.add_init_script(
        "window.NDEFReader = class { async write(message) { window.written = message.records[0].data; } };"
    )
    able.goto(designer.url)
    button = able.locator("[data-tag]")
    button.click()
    expect(button).to_contain_text("Written")
    assert able.evaluate("window.written").endswith(f"/u/{able.url.rsplit('/', 1)[1]}")


def test_a_code_is_dressed_by_keyboard_alone(wide_page: Page, dresser: tuple[Any, Iterator[str]]) -> None:
    page = wide_page
    open_designer(page, dresser)
    tab_to(page, name="preset")
    page.keyboard.press("ArrowRight")
    chosen = page.evaluate("document.activeElement.value")
    expect(page.locator(f"[name=preset][value={chosen}]")).to_be_checked()
    tab_to(page, name="logo")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#initials")).to_be_visible()
    tab_to(page, name="initials")
    page.keyboard.type("AL")
    wait_until_drawn(page)
    if page.locator(".offer").count():
        page.locator(".offer button").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".offer")).to_have_count(0)
    tab_to(page, words="Save")
    page.keyboard.press("Enter")
    expect(page.locator(".notices")).to_contain_text("Saved")
    expect(page.locator("#initials")).to_have_value("AL")


def test_what_is_typed_while_the_server_answers_slowly_stays(designer: Page) -> None:
    page = designer
    page.locator("label:has([name=logo][value=initials])").click()
    page.locator("#initials").fill("D")
    wait_until_drawn(page)
    held: list[Route] = []
    page.route("**/*", lambda route: held.append(route), times=1)  # Playwright takes no built-in
    other = page.locator("label:has([name=preset]:not(:checked))").first
    other.click()
    page.wait_for_function("() => document.querySelector('.is-working')")
    page.wait_for_timeout(50)
    page.locator("#initials").fill("AL")
    held[0].continue_()
    wait_until_drawn(page)
    expect(page.locator("#initials")).to_have_value("AL")


def test_a_card_is_published_and_its_code_designed_without_script(plain_page: Page) -> None:
    page = plain_page
    page.goto("/")
    page.locator("form[action='/new'] button").first.click()
    page.wait_for_url("**/edit")
    page.fill("#display_name", "Dressed Without Script")
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/publish")
    page.fill("[name=email]", "without-script@example.org")
    page.fill("[name=password]", "lantern brook 7 violins")
    page.locator("main form button").last.click()
    page.wait_for_url("**/published")
    page.goto(page.url.replace("/published", "/codes"))
    page.get_by_role("link", name="Design: The card’s own code").click()
    page.wait_for_url("**/codes/*")
    page.locator("#dark").fill("#ffd000")
    page.get_by_role("button", name="Show").last.click()
    expect(page.locator(OFFER)).to_contain_text("This yellow is too light")
    page.get_by_role("button", name="Use this code").click()
    expect(page.locator(OFFER)).to_have_count(0)
    ink = page.locator("#dark").input_value()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".notices")).to_contain_text("Saved")
    expect(page.locator("#dark")).to_have_value(ink)
    assert "/U/" in read(downloaded(page, "1024")).upper()
