"""The page to hold up: awake, readable off the screen, and there without a network once it is kept."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.beside import beside
from tests.factories import published_card
from tests.processes import Server
from vcardapp.accounts import service as accounts


@pytest.fixture(scope="session")
def holda(live_server: Server) -> str:
    """The path of a published card."""

    def make() -> str:
        person = accounts.ensure_user("holda@example.org")
        return published_card(person, "holda", display_name="Holda Upton", given="Holda", family="Upton").slug

    return "/" + beside(live_server, make)


def scanned(page: Page) -> str:
    shot = Image.open(io.BytesIO(page.locator("svg.qr").screenshot()))
    (found,) = zxingcpp.read_barcodes(shot)
    return found.text


@pytest.mark.parametrize(
    ("path", "start"), [("/qr", "HTTP://127.0.0.1"), ("/qr-contact", "BEGIN:VCARD\nVERSION:3.0\nN:Upton;")]
)
def test_a_kept_code_is_there_without_a_network(phone: BrowserContext, holda: str, path: str, start: str) -> None:
    page = phone.new_page()
    page.goto(holda + path)
    assert scanned(page).startswith(start)
    page.get_by_role("button", name="Keep for places without a network").click()
    expect(page.get_by_role("button", name="Kept on this phone")).to_be_disabled()
    before = scanned(page)
    phone.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="Holda Upton")).to_be_visible()
    assert scanned(page) == before
    phone.set_offline(False)
    page.reload()
    expect(page.get_by_role("button", name="Kept on this phone")).to_be_disabled()


def test_the_code_stands_beside_whose_it_is_on_wide_screens(wide_page: Page, holda: str) -> None:
    wide_page.goto(f"{holda}/qr")
    code, name = wide_page.locator("svg.qr").bounding_box(), wide_page.get_by_role("heading").bounding_box()
    assert code
    assert name
    assert code["x"] + code["width"] <= name["x"]
    assert code["width"] > 500
    assert code["y"] + code["height"] <= 900


def test_without_scripts_nothing_is_offered_that_needs_them(plain_page: Page, holda: str) -> None:
    plain_page.goto(f"{holda}/qr")
    expect(plain_page.get_by_text("Keep for places without a network")).to_be_hidden()
    plain_page.get_by_text("Save the code as a file").click()
    with plain_page.expect_download() as loading:
        plain_page.get_by_role("link", name="PNG picture").click()
    assert loading.value.suggested_filename == "holda-qr-2048.png"
