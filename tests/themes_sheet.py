"""`make themes`: every theme in one picture, light and dark, English and Arabic, with and without pictures, to be looked at.

With keys behind it (python -m tests.themes_sheet salon harbour) it draws the whole pages of these themes beside the sheet.
"""

from __future__ import annotations

import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import OPTIONS, find_chromium
from tests.design.mirror import SORTS, Mirror
from tests.processes import environment
from vcardapp import create_app
from vcardapp.config import read_settings
from vcardapp.demo.cards import demo_cards
from vcardapp.demo.service import fill
from vcardapp.design.design import Design
from vcardapp.design.look import look_of
from vcardapp.design.themes import THEMES
from vcardapp.upgrade import migrate

OUTPUT = Path(__file__).parent / "screenshots"
PHONE = {"width": 390, "height": 844}
WHO = {"en": "maria", "ar": "مخبز-الياسمين"}

COLUMNS = tuple(product(("light", "dark"), WHO, SORTS))
THUMB = 180  # pixels wide on the sheet


@contextmanager
def dressed() -> Iterator[Mirror]:
    """Open an app whose only cards are two of the demo's: a person and a shop."""
    with tempfile.TemporaryDirectory() as home:
        settings = read_settings(environment(Path(home), 0, VCARDAPP_URL="http://localhost", VCARDAPP_RATE_LIMITS="0"))
        migrate(settings.database_url, "head")
        app = create_app(settings)
        with app.app_context():
            wanted = [one for one in demo_cards(date.today()) if one.slug in WHO.values()]
            made = {card.slug: card for card in fill(wanted)}
            shown = {language: made[slug] for language, slug in WHO.items()}
            yield Mirror(app, {name: (card.draft, card.slug or "", card.code or "") for name, card in shown.items()})


def shots(mirror: Mirror, browser: Browser, keys: list[str]) -> dict[tuple[str, ...], bytes]:
    """Take the pictures of the sheet, by theme and column."""
    found = {}
    for scheme in ("light", "dark"):
        with mirror.visited(browser, viewport=PHONE, color_scheme=scheme, java_script_enabled=False) as context:
            page = context.new_page()
            for key, (_, language, sort) in product(keys, (column for column in COLUMNS if column[0] == scheme)):
                page.goto(mirror.address(language, key, language, sort))
                found[key, scheme, language, sort] = page.screenshot(type="jpeg", quality=80)
    return found


def draw_sheet(page: Page, taken: dict[tuple[str, ...], bytes], keys: list[str]) -> None:
    rows = []
    for key in keys:
        look = look_of(Design(theme=key))
        pictures = "".join(
            f'<img width="{THUMB}" src="data:image/jpeg;base64,{b64encode(data).decode()}">'
            for (theme, *_), data in taken.items()
            if theme == key
        )
        rows.append(
            f"<h2>{THEMES[key].name} <small>{look.header}, {look.list}, {look.scale}, {look.type}</small></h2>{pictures}"
        )
    style = "body{margin:24px;background:#777;font:16px sans-serif}img{margin:0 8px 8px 0}h2{margin:16px 0 6px}"
    page.set_content(f"<style>{style}</style>{''.join(rows)}")
    page.screenshot(path=OUTPUT / "themes.png", full_page=True)


def draw_whole(mirror: Mirror, browser: Browser, key: str) -> None:
    """Draw whole pages of one theme, on a phone and on a desk."""
    wanted = [
        (390, "light", "en"),
        (390, "dark", "ar"),
        (320, "light", "en"),
        (1280, "light", "en"),
        (1280, "dark", "ar"),
    ]
    for width, scheme, language in wanted:
        size = {"width": width, "height": 900}
        with mirror.visited(browser, viewport=size, color_scheme=scheme) as context:
            page = context.new_page()
            page.goto(mirror.address(language, key, language))
            page.screenshot(path=OUTPUT / f"{key}-{width}-{scheme}-{language}.png", full_page=True)


def main(keys: list[str]) -> None:
    OUTPUT.mkdir(exist_ok=True)
    with dressed() as mirror, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=OPTIONS)
        drawn = keys or list(THEMES)
        page = browser.new_page(viewport={"width": 48 + len(COLUMNS) * (THUMB + 8), "height": 800})
        draw_sheet(page, shots(mirror, browser, drawn), drawn)
        for key in keys:
            draw_whole(mirror, browser, key)
        for key in drawn:
            print(f"{key:12} {mirror.weight('en', Design(theme=key)):6} bytes")
        browser.close()
    print(OUTPUT / "themes.png")


if __name__ == "__main__":
    main(sys.argv[1:])
