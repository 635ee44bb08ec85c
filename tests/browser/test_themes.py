"""Each theme in a real Chromium: WCAG 2.2 AA as far as axe can tell, no sideways scrolling, and targets for thumbs.

With axe a run looks at a quarter of the themes, every day at others, in another light, language and width; full rounds at all.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import cycle, product
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.beside import app_beside
from tests.browser.test_accessibility import OPEN, SIDEWAYS, faults_of
from tests.cases import FULL
from tests.design.mirror import SORTS, Mirror
from tests.factories import content, tricky_content
from tests.processes import Server
from vcardapp.accounts.owner import Owner
from vcardapp.accounts.service import ensure_user
from vcardapp.cards import pictures, service
from vcardapp.cards.content import Content, Link
from vcardapp.db import db
from vcardapp.design.themes import THEMES
from vcardapp.images import canvas, to_png

DAY = date.today().toordinal()
LIGHTS = tuple(product(("light", "dark"), ("en", "ar"), (320, 390, 1280)))
NARROW: Any = {"width": 320, "height": 256}  # also what 1280 by 1024 shows at 400 %
SMALL = """() => [...document.querySelectorAll("a, button, summary")]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest(".prose"))
    .filter(one => { const box = one.getBoundingClientRect(); return box.height < 48 || box.width < 48 })
    .map(one => `${one.textContent.trim()} ${one.getBoundingClientRect().width} x ${one.getBoundingClientRect().height}`)"""


@pytest.fixture(scope="session")
def mirror(live_server: Server) -> Mirror:
    """A person with a long name and thirty links, in English; a shop with little, in Arabic."""
    with ThreadPoolExecutor(1) as thread:  # beside Playwright's event loop
        return thread.submit(_filled, live_server).result()


def _filled(live_server: Server) -> Mirror:
    app = app_beside(live_server.settings)
    with app.app_context():
        owner = Owner(user_id=ensure_user("themes@example.org").id)
        links = tuple(Link("instagram", f"name.{number}.of.thirty") for number in range(30))
        name = "Wolfeschlegelsteinhausenbergerdorff-Núñez de la Invención"
        person = _card(owner, "themes-person", tricky_content(display_name=name, links=links), "photo", "cover")
        shop = _card(
            owner, "themes-shop", content(display_name="مخبز الياسمين", is_company=True, language="ar"), "logo"
        )
        found = {
            "en": (person.draft, person.slug or "", person.code or ""),
            "ar": (shop.draft, shop.slug or "", shop.code or ""),
        }
        db.engine.dispose()
    return Mirror(app, found)


def _card(owner: Owner, slug: str, what: Content, *sorts: str) -> Any:
    card = service.create_card(owner, what, slug)
    for sort in sorts:
        picture = pictures.store_picture(card, sort, to_png(canvas(600, 300 if sort == "cover" else 600, "#a8452a")))
        card.draft = card.draft.with_picture(sort, picture.id)
    return service.publish_card(card, frozenset())


def _looks() -> list[tuple[str, tuple[str, str, int], str]]:
    """Return theme, light, and which pictures: all there are, or those of the day."""
    sorts = cycle(SORTS)
    if FULL:
        return [(key, light, next(sorts)) for light, key in product(LIGHTS, THEMES)]
    themes = list(THEMES)[DAY % 4 :: 4]
    return [(key, LIGHTS[(DAY // 4 + 5 * place) % len(LIGHTS)], next(sorts)) for place, key in enumerate(themes)]


def test_no_theme_has_a_fault(browser: Browser, mirror: Mirror) -> None:
    faults = []
    looks = sorted(_looks(), key=lambda look: look[1])
    for light in dict.fromkeys(light for _, light, _ in looks):
        scheme, language, width = light
        size: Any = {"width": width, "height": 8000}  # so that nothing is under the bar
        with mirror.visited(browser, viewport=size, color_scheme=scheme, reduced_motion="reduce") as context:
            page = context.new_page()
            for key, _, sort in (look for look in looks if look[1] == light):
                page.goto(mirror.address(language, key, language, sort))
                faults += faults_of(page, f"{key}, {light}, {sort}")
    assert not faults, "\n".join(faults)


def test_every_theme_fits_a_narrow_phone_and_a_thumb(browser: Browser, mirror: Mirror) -> None:
    faults = []
    with mirror.visited(browser, viewport=NARROW) as context:
        page = context.new_page()
        kinds = [("en", "all"), ("ar", "no cover"), ("ar", "bare")]
        for key, (language, sort) in product(THEMES, kinds if FULL else kinds[DAY % 2 : DAY % 2 + 1]):
            page.goto(mirror.address(language, key, language, sort))
            page.evaluate(OPEN)
            if page.evaluate(SIDEWAYS):
                faults.append(f"{key}, {language}, {sort}: scrolls sideways")
            faults += [f"{key}, {language}, {sort}: {small}" for small in page.evaluate(SMALL)]
    assert not faults, "\n".join(faults)
