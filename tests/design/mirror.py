"""Shows a card in any design: a browser asks for the page, the app answers without publishing it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from flask import Flask, render_template
from playwright.sync_api import Browser, BrowserContext, Route

from vcardapp.cards.content import Content
from vcardapp.design.design import Design
from vcardapp.public.page import card_context

HOME = "http://localhost"
SORTS: dict[str, tuple[str, ...]] = {
    "all": (),
    "no cover": ("cover",),
    "bare": ("cover", "photo", "logo"),
}  # what is left out


class Mirror:
    """The page of a card as its visitors would see it in another design."""

    def __init__(self, app: Flask, cards: dict[str, tuple[Content, str, str]]) -> None:
        self.app = app
        self.cards = cards  # by a word: content, slug, code
        self.client = app.test_client()

    def address(self, who: str, theme: str, language: str = "en", sort: str = "all") -> str:
        asked = {"who": who, "theme": theme, "lang": language, "sort": sort}
        return f"{HOME}/dressed?{urlencode(asked)}"

    def html(self, who: str, design: Design, language: str = "en", sort: str = "all") -> str:
        """Return the page, with the pictures of a key of SORTS."""
        content, slug, code = self.cards[who]
        content = replace(content, design=design, **dict.fromkeys(SORTS[sort], ""))
        with self.app.test_request_context(f"/{quote(slug)}?lang={language}"):
            return render_template("public/card.html", **card_context(content, slug, code))

    def weight(self, who: str, design: Design) -> int:
        """Return the bytes of the page as it is sent, compressed."""
        return len(gzip.compress(self.html(who, design).encode(), 9))

    @contextmanager
    def visited(self, browser: Browser, **options: Any) -> Iterator[BrowserContext]:
        """Open a browser's context in which the app answers to every address."""
        context = browser.new_context(base_url=HOME, **options)
        context.route("**/*", self._answer)
        yield context
        context.close()

    def _answer(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/dressed":
            html = self.html(asked["who"], Design(theme=asked["theme"]), asked["lang"], asked["sort"])
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            with self.client.get(f"{url.path}?{url.query}") as found:
                route.fulfill(status=found.status_code, body=found.data, headers=dict(found.headers))
