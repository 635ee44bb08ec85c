"""The card's page printed: one page of black on white, with a code that is read and addresses that can be typed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser

from tests import factories
from tests.processes import Server
from vcardapp import create_app
from vcardapp.cards.content import Link
from vcardapp.cards.networks import NETWORKS
from vcardapp.db import db
from vcardapp.demo import service
from vcardapp.demo.cards import demo_cards

CARDS = ("maria", "مخبز-الياسمين", "山田太郎", "kellner")


@pytest.fixture(scope="session")
def demo(live_server: Server) -> Server:
    """The server of all, with some of the demo's cards."""

    def fill() -> None:
        with create_app(live_server.settings).app_context():
            assert len(service.fill([one for one in demo_cards(date.today()) if one.slug in CARDS])) == len(CARDS)
            db.engine.dispose()

    with ThreadPoolExecutor(1) as thread:  # beside Playwright's event loop
        thread.submit(fill).result()
    return live_server


@pytest.mark.parametrize(("slug", "scheme"), [("maria", "light"), *((slug, "dark") for slug in CARDS)])
def test_a_printed_card_is_one_page_with_its_code(browser: Browser, demo: Server, slug: str, scheme: str) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme, base_url=demo.url) as context:
        page = context.new_page()
        page.goto(f"/{slug}")
        for paper in ("A4", "Letter"):
            document = pypdfium2.PdfDocument(page.pdf(format=paper, print_background=True))
            assert len(document) == 1
            picture = document[0].render(scale=2).to_pil().convert("RGB")
            (code,) = zxingcpp.read_barcodes(picture)
            assert code.text.startswith(demo.url.upper() + "/U/")
            pixels = np.array(picture)
            assert (pixels.min(axis=2) > 250).mean() > 0.7  # paper, whatever the screen is set to
            assert pixels[0, 0].tolist() == pixels[-1, -1].tolist() == [255, 255, 255]


def test_a_card_of_thirty_links_is_one_page_too(browser: Browser, demo: Server) -> None:
    links = tuple(Link(network, f"ada{number}.example") for number, network in enumerate([*NETWORKS][:30]))
    with create_app(demo.settings).app_context():
        factories.published_card(factories.user("thirty@example.org"), "thirty", links=links, about="A few words. " * 20)
    with browser.new_context(base_url=demo.url) as context:
        page = context.new_page()
        page.goto("/thirty")
        assert page.locator(".vc-row").count() >= 30
        for paper in ("A4", "Letter"):
            assert len(pypdfium2.PdfDocument(page.pdf(format=paper))) == 1


def test_addresses_of_links_stand_on_the_paper_and_nothing_to_press(browser: Browser, demo: Server) -> None:
    with browser.new_context(base_url=demo.url) as context:
        page = context.new_page()
        page.goto("/maria")
        text = pypdfium2.PdfDocument(page.pdf(format="A4"))[0].get_textpage().get_text_range()
    assert "https://www.instagram.com/patio.example" in text
    assert "https://patio.example.com/houses" in text
    assert "Maria O'Connor-Núñez" in text
    for words in ("Save contact", "Share", "Make your own", "Did not open?", "Directions"):
        assert words not in text
