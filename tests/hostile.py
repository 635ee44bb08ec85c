"""What attackers and clumsy people send: how the app's own forms are found, and what is put into them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes, urlsplit

from flask.testing import FlaskClient

VIEWS = Path(__file__).parents[1] / "vcardapp"
TYPED = {"text", "email", "tel", "url", "search", "textarea"}
MARKUP = "\"'><svg onload=alert(1)><script>alert(2)</script>' OR 1=1; -- {{77777*99991}}${77777*99991}%(x)s %s {0.__class__}"

VALUES: dict[str, bytes] = {
    "nothing": b"",
    "too long": b"x" * 10_000,
    "markup": MARKUP.encode(),
    "NUL": b"a\0b",
    "not UTF-8": b"\xff\xfe\xed\xa0\x80\xf0\x9f",
    "marks": ("\u202eadA\u2066\u200b\ufe0f\u3164 Z" + "\u0301\u0489" * 50 + "👩🏽‍🚀").encode(),
    "new lines": b"a@example.org\r\nBcc: b@example.org\r\n\r\nSet-Cookie: c=1",
    "script": b" java\nscript:alert(1)",
    "huge number": b"9" * 5000,
    "negative number": b"-1",
    "no number": b"sNaN",
    "other digits": "²³٣".encode(),
}

MEGABYTE = b"x" * 1_000_000
CLAIM = {"CONTENT_LENGTH": "30000000"}
FEW = 8  # fields of a form that is tried field by field, too
ROWS = ("phones", "emails", "addresses", "websites", "links", "exceptions", "hide")
ROW_FIELDS = ("number", "address", "street", "url", "handle", "date", "spans-0-start")


class Forms(HTMLParser):
    """Collects the forms of a page: for each address the fields with their types and values."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.path, self.found = path, {}  # type: ignore[var-annotated]
        self.fields: dict[str, tuple[str, str]] = {}
        self.select = self.textarea = ""
        self.templates = 0  # open ones: what is in them is not sent
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.templates += tag == "template"
        if self.templates:
            return
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "form" and values.get("method") == "post":
            path = urlsplit(values.get("action") or self.path).path
            self.fields = self.found.setdefault(path, {})
        elif tag in ("input", "button") and name:
            sort = "button" if tag == "button" else values.get("type", "text")
            is_off = sort in ("checkbox", "radio") and "checked" not in values
            if name not in self.fields or not is_off:
                self.fields[name] = (sort, "" if is_off else values.get("value", ""))
        elif tag == "select" and name:
            self.select = name
            self.fields[name] = ("select", "")
        elif tag == "option" and self.select and ("selected" in values or not self.fields[self.select][1]):
            self.fields[self.select] = ("select", values.get("value", ""))
        elif tag == "textarea" and name:
            self.textarea = name
            self.fields[name] = ("textarea", "")

    def handle_endtag(self, tag: str) -> None:
        if self.templates:
            self.templates -= tag == "template"
        elif tag == "form":
            self.fields = {}
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.fields[self.textarea] = ("textarea", self.fields[self.textarea][1] + data)


def forms_on(browser: FlaskClient, path: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Return the forms of a page by the address they are sent to; none where there is no page."""
    answer = browser.get(path)
    return Forms(answer.text, path).found if answer.mimetype == "text/html" else {}


@cache
def asked_by_name() -> frozenset[str]:
    """Return the names that views read by themselves, which may stand in no page because script sends them."""
    text = "".join(path.read_text(encoding="utf-8") for path in VIEWS.rglob("*.py"))
    return frozenset(re.findall(r"""request\.(?:form|files)(?:\.get(?:list)?\(|\[)"(\w+)\"""", text))


def encoded(fields: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    """Return the arguments that post these fields as a plain form, byte by byte."""
    sent = [(b"force", b"1"), (b"action", b"force"), *fields]  # else an editor would only speak of another tab
    pairs = (f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in sent)
    return {"data": "&".join(pairs).encode(), "content_type": "application/x-www-form-urlencoded"}


@cache
def many_rows() -> dict[str, Any]:
    return encoded([(f"phones-{number}-number".encode(), b"1") for number in range(10_000)])


@cache
def many_parts() -> bytes:
    part = b'--z\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    return part * 3001 + b"--z--\r\n"


def bodies(names: list[str]) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    """Yield whole requests that no form of ours would send; each is made where it is sent, for some are large."""
    every = [name.encode() for name in names]
    yield "no body", lambda: {}
    yield "a list", lambda: {"data": "[1, 2]", "content_type": "application/json"}
    yield "objects", lambda: {"json": {name: {"a": [None]} for name in names}}
    yield "lone surrogates", lambda: {"json": dict.fromkeys(names, "\ud800a@example.org")}
    yield "broken JSON", lambda: {"data": "{", "content_type": "application/json"}
    yield "another type", lambda: {"data": b"\0\xff" * 100, "content_type": "text/plain; charset=utf-7"}
    yield "no boundary", lambda: {"data": b"--x\r\n", "content_type": "multipart/form-data"}
    head = b'--x\r\nContent-Disposition: form-data; name="'
    broken = head + every[0] + b'"; filename*=utf-9\'\'%ff\r\nContent-Type: image/\r\n\r\nabc'
    yield "broken parts", lambda: {"data": broken, "content_type": "multipart/form-data; boundary=x"}
    yield "files for texts", lambda: {"data": {name: (io.BytesIO(b"\x89PNG\r\n"), "../a\0.png") for name in names}}
    yield "texts for files", lambda: {"data": dict.fromkeys(names, MARKUP), "content_type": "multipart/form-data; boundary=y"}
    yield "many parts", lambda: {"data": many_parts(), "content_type": "multipart/form-data; boundary=z"}
    yield "every field twice", lambda: encoded([(name, value) for name in every for value in (b"1", b"2")])
    yield "10,000 rows", many_rows
    odd = [f"{rows}-{row}-{ROW_FIELDS[place % 7]}".encode() for place, rows in enumerate(ROWS) for row in (-1, "²", 10**9)]
    odd += [b"phones-" + b"9" * 5000 + b"-number", b"week-9-spans-0-start", b"week-0-spans-1e9-start", b"phones", b"-", b""]
    yield "odd rows", lambda: encoded([(name, b"1") for name in odd])
    yield "a megabyte", lambda: encoded([(name, MEGABYTE if name == every[-1] else b"1") for name in every])
    yield "more than fits", lambda: encoded([(name, MEGABYTE) for name in (b"a", b"b", b"c")])
    claim = {"data": b"--x--", "content_type": "multipart/form-data; boundary=x", "environ_overrides": CLAIM}
    yield "a claim of 30 MB", lambda: claim
