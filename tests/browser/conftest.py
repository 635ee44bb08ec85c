"""A real Chromium at the size of a phone, and a server as `vcardapp run` starts it. One database: the pages are the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.chromium import OPTIONS, find_chromium
from tests.dns_server import NameServer
from tests.processes import Server, start_server

PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 900}

expect.set_options(timeout=20_000)  # a busy machine is slow, and a wait costs nothing where all is well


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory, only_name_server: NameServer) -> Iterator[Server]:
    """One server for all browser tests of a run: each makes its own people and cards in it."""
    dns = "{}:{}".format(*only_name_server.address)
    with start_server(tmp_path_factory.mktemp("live"), VCARDAPP_RATE_LIMITS="0", VCARDAPP_DNS=dns) as server:
        yield server


@pytest.fixture
def phone(browser: Browser, live_server: Server) -> Iterator[BrowserContext]:
    """A phone of 390 by 844 pixels with touch and scripts, nobody signed in."""
    context = browser.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2, base_url=live_server.url, locale="en-GB"
    )
    yield context
    context.close()


@pytest.fixture(scope="module")
def only_phone(browser: Browser, live_server: Server) -> Iterator[BrowserContext]:
    """One such phone for all tests of a file: scripts and styles are loaded once."""
    context = browser.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2, base_url=live_server.url, locale="en-GB"
    )
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    """A page on the phone."""
    return phone.new_page()


@pytest.fixture
def plain_page(browser: Browser, live_server: Server) -> Iterator[Page]:
    """A page on a phone that runs no scripts."""
    context = browser.new_context(
        viewport=PHONE, java_script_enabled=False, base_url=live_server.url, locale="en-GB", accept_downloads=True
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def wide_page(browser: Browser, live_server: Server) -> Iterator[Page]:
    """A page on a desk."""
    context = browser.new_context(viewport=WIDE, base_url=live_server.url, locale="en-GB")
    yield context.new_page()
    context.close()
