"""The card's page printed: one page of black on white, with a code that is read and addresses that can be typed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page

from tests import factories
from tests.browser.beside import app_beside
from tests.browser.conftest import PHONE
from tests.cases import FULL
from tests.processes import Server
from vcardapp.accounts.owner import Owner
from vcardapp.cards import pictures, service
from vcardapp.cards.content import Link
from vcardapp.cards.networks import NETWORKS
from vcardapp.db import db
from vcardapp.demo import albums, bookings, stores
from vcardapp.demo.cards import DemoCard, demo_cards
from vcardapp.demo.pictures import PICTURES
from vcardapp.images import canvas, to_png

CARDS = ("maria", "مخبز-الياسمين", "山田太郎", "kellner")
LOOKS = [("maria", "light"), *((slug, "dark") for slug in CARDS)]
PAPERS = ("A4", "Letter")


@pytest.fixture(scope="session")
def demo(live_server: Server) -> Server:
    """The server of all, with some of the demo's cards, their albums, shops and times to book, and one of thirty links."""

    def fill() -> None:
        with app_beside(live_server.settings).app_context():
            owner = Owner(user_id=factories.user("paper@example.org").id)
            for one in demo_cards(date.today()):
                if one.slug in CARDS:
                    _publish(owner, one)
            links = tuple(Link(network, f"ada{number}.example") for number, network in enumerate([*NETWORKS][:30]))
            thirty = factories.content(links=links, about="A few words. " * 20)
            service.publish_card(service.create_card(owner, thirty, "thirty"), frozenset())
            db.engine.dispose()

    with ThreadPoolExecutor(1) as thread:  # beside Playwright's event loop
        thread.submit(fill).result()
    return live_server


def _publish(owner: Owner, one: DemoCard) -> None:
    """Publish one of the demo's cards with all it has; its pictures are plain ones, which are made in no time."""
    plain = to_png(canvas(600, 600, "#a8452a"))
    card = service.create_card(owner, one.content, one.slug)
    shown = {sort: pictures.store_picture(card, sort, plain).id for sort in PICTURES[one.subject]}
    card.draft = replace(one.content, **shown)
    drawn = dict.fromkeys([*albums.pictures_for(one.subject), *stores.pictures_for(one.subject)], plain)
    albums.fill(card, one.subject, drawn)
    stores.fill(card, one.subject, drawn)
    service.publish_card(card, frozenset())
    bookings.fill(card, one.subject)


@pytest.fixture(scope="module")
def page(browser: Browser, demo: Server) -> Iterator[Page]:
    with browser.new_context(viewport=PHONE, base_url=demo.url) as context:
        yield context.new_page()


@pytest.mark.parametrize(("slug", "scheme"), LOOKS)
def test_a_printed_card_is_one_page_with_its_code(page: Page, demo: Server, slug: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"/{slug}")
    turn = LOOKS.index((slug, scheme)) % 2
    for paper in PAPERS if FULL else PAPERS[turn : turn + 1]:
        document = pypdfium2.PdfDocument(page.pdf(format=paper, print_background=True))
        assert len(document) == 1
        picture = document[0].render(scale=1.5).to_pil().convert("RGB")
        (code,) = zxingcpp.read_barcodes(picture)
        assert code.text.startswith(demo.url.upper() + "/U/")
        pixels = np.array(picture)
        assert (pixels.min(axis=2) > 250).mean() > 0.7  # paper, whatever the screen is set to
        assert pixels[0, 0].tolist() == pixels[-1, -1].tolist() == [255, 255, 255]


def test_a_card_of_thirty_links_is_one_page_too(page: Page) -> None:
    page.goto("/thirty")
    assert page.locator(".vc-row").count() >= 30
    for paper in PAPERS:
        assert len(pypdfium2.PdfDocument(page.pdf(format=paper))) == 1


def test_addresses_of_links_stand_on_the_paper_and_nothing_to_press(page: Page) -> None:
    page.goto("/maria")
    text = pypdfium2.PdfDocument(page.pdf(format="A4"))[0].get_textpage().get_text_range()
    assert "https://www.instagram.com/patio.example" in text
    assert "https://patio.example.com/houses" in text
    assert "Maria O'Connor-Núñez" in text
    for words in ("Save contact", "Share", "Make your own", "Did not open?", "Directions"):
        assert words not in text
