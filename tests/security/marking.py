"""A mark that would be markup if any page forgot to escape it: how it is put into every form, and found where it became alive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.test_forms_hostile import Stage

MARK = '"><svg onload=alert(7)>'
WRITTEN = {"text", "textarea", "search"}
WRONG = re.compile(r"<(?:input|textarea|select)\b[^>]*aria-invalid=\"true\"[^>]*>")


class Alive(HTMLParser):
    """Collects what a browser would run, and where the mark stands as text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.places: set[str] = set()
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        for name, value in attrs:
            if name.startswith("on") or (value or "").lstrip("\0 \t\r\n").lower().startswith(("javascript:", "vbscript:")):
                self.faults.append(f"<{tag} {name}={value!r}>")
            if value and "svg onload" in value:
                self.places.add(f"{tag} {name}" if tag != "meta" else "meta")

    def handle_data(self, data: str) -> None:
        if "svg onload" in data:
            self.places.add(self.inside)


def mark(stage: Stage, rule: Rule) -> int:
    """Send the form of this address with the mark in each field that takes it; return how many it took."""
    fields = stage.pages.get(rule.endpoint, {})
    wanted = {name for name, (sort, _) in fields.items() if sort in WRITTEN} - {"homepage", "slug"}
    for _, browser, card in stage.actors(rule):
        left = set(wanted)
        while left:
            right = {name: text for name, text in stage.right(rule.endpoint).items() if name != "revision"}
            sent = right | {"force": "1", "revision": str(card.revision)}
            sent |= {name: f"{right.get(name, '')}{MARK}" for name in left}
            answer = browser.post(stage.path(rule, card), data=sent)
            refused = {name for tag in WRONG.findall(answer.text) for name in re.findall(r'name="([^"]+)"', tag)} & left
            if answer.status_code != 422 or not refused:
                break
            left -= refused
    return len(wanted)


def faults_of(answer: TestResponse) -> Iterator[str]:
    """Yield what is alive in an answer of any text type."""
    if answer.mimetype in ("text/html", "application/xhtml+xml"):
        yield from Alive(answer.text).faults
    elif answer.mimetype.endswith("xml") and "<svg onload" in answer.text:
        yield f"markup in {answer.mimetype}"
    elif answer.mimetype in ("text/plain", "application/json") and "nosniff" not in answer.headers["X-Content-Type-Options"]:
        yield "may be sniffed"
