"""What guards every answer: all addresses, with errors, files, redirects and static files, as different people (ASVS V3, V4)."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from tests.accounts import owned as accounts
from tests.accounts.cast import GOOD, mails_to
from tests.booking import owned as booking
from tests.gallery import owned as albums
from tests.store.owned import named_by
from tests.test_access import domain_of, file_of, full_card, upload_of
from vcardapp.accounts import security
from vcardapp.accounts.models import Role, User
from vcardapp.cards import service
from vcardapp.cards.models import Card, CardCode, Report
from vcardapp.db import Base, db
from vcardapp.mail import queue_mail

FULL = os.environ.get("VCARDAPP_TEST_ROUNDS") == "full"
STYLE = re.compile(r"<style>(.*?)</style>", re.S)
FORGED = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-For": "192.0.2.99",
    "X-Forwarded-Prefix": "/evil.example",
    "Forwarded": "for=192.0.2.99;host=evil.example;proto=gopher",
    "X-Original-URL": "/evil.example",
    "X-Rewrite-URL": "/evil.example",
}
WRONG = ("/nobody", "/nobody.vcf", "/u/ZZZZZZ", "/a/b/c", "/ada//qr", "/ada/", "/static/none.css", "/media/0/s.webp")
WRONG += ("/ada/qr.png?size=x",)
BODIES = re.compile(r"text/|.*\+xml|.*/xml|text/javascript")


@dataclass
class Site:
    app: Flask
    person: User
    card: Card
    browsers: dict[str, FlaskClient]

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Yield every address of the app that answers to GET, and the method; things that they name are there."""
        mail = queue_mail("carol@example.org", "Subject", "Text")
        carol = factories.user("carol@example.org", confirmed_at=None)
        report = Report(card_id=self.card.id, reason="spam")
        db.session.add(report)
        db.session.commit()
        tokens = {
            "accounts.reset_by_link": security.reset_token(carol),
            "accounts.confirm": security.confirmation_token(carol),
            "accounts.new_email_by_link": security.new_email_token(carol, "new@example.org"),
        }
        known: dict[str, Any] = {
            "card_id": self.card.id, "picture_id": self.card.draft.photo, "number": 1, "mail_id": mail.id,
            "slug": "ada", "code": self.card.code, "size": "m", "form": "webp", "mark": "0123456789abcdef", "kind": "192",
            "domain_id": domain_of(self.card).id, "file_id": file_of(self.card).id, "upload_id": upload_of(self.card).id,
            "media_id": file_of(self.card).id, "name": "320.webp",
            "person_id": self.person.id, "shown_id": self.card.id, "report_id": report.id,
            **{name: make() for name, make in {**named_by(self.card), **albums.named_by(self.card)}.items()},
            **{name: make() for name, make in booking.named_by(self.card).items()},
            **{name: make() for name, make in accounts.named_by(self.person.id).items()},
        }  # fmt: skip
        with self.app.test_request_context():
            for rule in self.app.url_map.iter_rules():
                values = {**known, "token": tokens.get(rule.endpoint, "none")}
                if "GET" in (rule.methods or ()):
                    path = rule.build({name: values[name] for name in rule.arguments})
                    assert path is not None, rule
                    yield rule.endpoint, path[1]

    def paths_by_turns(self) -> list[str]:
        """Return every path that there is, or half on each database: what is looked at does not come from there."""
        paths = [path for _, path in self.addresses()]
        return paths if FULL else paths[db.engine.dialect.name == "sqlite" :: 2]

    def answers(self, paths: list[str], **request: Any) -> Iterator[tuple[str, TestResponse]]:
        """Ask for these paths as everybody, and for much that is not there."""
        asked = [*paths, *WRONG]
        for who, browser in self.browsers.items():
            yield from ((f"{who} GET {path}", browser.get(path, **request)) for path in asked)
        stranger = self.browsers["stranger"]
        for method in ("HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE", "QUERY"):
            yield f"{method} /", stranger.open("/", method=method, **request)
            yield f"{method} /ada", stranger.open("/ada", method=method, **request)
        yield "JSON error", stranger.get("/nobody", headers={"Accept": "application/json", **request.get("headers", {})})
        yield "no token", stranger.post("/login", data={"email": "x"}, **request)
        yield "too large", stranger.post("/login", data={"email": "x" * 2_100_000}, **request)


@pytest.fixture
def make_site(
    make_app: Callable[..., Flask], sign_in_to: Callable[[Flask, User], FlaskClient]
) -> Iterator[Callable[..., Site]]:
    contexts = []

    def make(**settings: Any) -> Site:
        app = make_app(**settings)
        app.config.update(WTF_CSRF_ENABLED=True, PROPAGATE_EXCEPTIONS=False)
        context = app.app_context()
        context.push()
        contexts.append(context)
        alice = factories.alice(roles=[Role(name="admin")])
        card = service.publish_card(full_card(alice, "ada"), frozenset())
        browsers = {"stranger": app.test_client(), "owner": sign_in_to(app, alice)}
        return Site(app, alice, card, browsers)

    yield make
    for context in contexts:
        context.pop()


def static_paths(site: Site) -> set[str]:
    pages = [site.browsers["owner"].get(f"/cards/{site.card.id}/edit").text, site.browsers["stranger"].get("/").text]
    return set(re.findall(r'"(/static/[^"#?]+)', "".join(pages)))


def dump() -> dict[str, list[str]]:
    """Return every row of the database, but for the one thing that a look changes: how often a code was scanned."""
    db.session.rollback()
    db.session.execute(sa.update(CardCode).values(scans=0))
    tables = Base.metadata.sorted_tables
    return {table.name: sorted(map(repr, db.session.execute(sa.select(table)))) for table in tables}


def test_every_answer_is_guarded(make_site: Callable[..., Site]) -> None:
    """ASVS 3.4.2, 3.4.3, 3.4.4, 3.4.5, 3.4.6, 4.1.1 (1, 2). Also errors, redirects, files and static files.

    Pages have a nonce, and nothing without it.
    """
    site = make_site()
    answers = list(site.answers(site.paths_by_turns()))
    seen: set[str] = set()
    for name, answer in answers:
        if answer.mimetype == "text/html" and answer.data:
            look_at_scripts_and_styles(name, answer, seen)
    static = static_paths(site)
    assert len(static) > 5
    stranger = site.browsers["stranger"]
    for coding in ("gzip", "identity"):
        answers += [(path, stranger.get(path, headers={"Accept-Encoding": coding}, buffered=True)) for path in static]
    answers.append(("two Hosts", stranger.get("/", headers={"Host": "a,b"})))
    wrong = []
    for name, answer in answers:
        headers = answer.headers
        policy = headers.get("Content-Security-Policy", "")
        if name.endswith("GET /ada/embed"):  # the one page that other sites may frame
            policy = policy.replace("frame-ancestors *", "frame-ancestors 'self'")
        if "default-src 'none'" not in policy or "unsafe" in policy or "*" in policy:
            wrong.append(f"{name}: policy {policy!r}")
        if not re.search(r"frame-ancestors '(none|self)'", policy):
            wrong.append(f"{name}: may be framed")
        if headers.get("X-Content-Type-Options") != "nosniff":
            wrong.append(f"{name}: may be sniffed")
        if headers.get("Referrer-Policy") not in ("strict-origin-when-cross-origin", "same-origin", "no-referrer"):
            wrong.append(f"{name}: tells where people come from")
        if "Access-Control-Allow-Origin" in headers and "vcard" not in headers["Content-Type"]:
            wrong.append(f"{name}: other sites may read it")
        kind = headers.get("Content-Type", "")
        if answer.data and (not kind or BODIES.match(kind) and "charset=utf-8" not in kind.lower().replace('"', "")):
            wrong.append(f"{name}: {answer.status_code} {kind or 'no type'} without a charset")
        if answer.status_code >= 500 and answer.status_code != 501:
            wrong.append(f"{name}: {answer.status}")
    assert not wrong, "\n".join(wrong)


def look_at_scripts_and_styles(name: str, answer: TestResponse, seen: set[str]) -> None:
    policy, text = answer.headers["Content-Security-Policy"], answer.text
    assert not re.search(r"<[^>]+\s(style|on\w+)=", text), name
    assert not re.search(r'(?:src|action|srcset)="(?:https?:)?//', text), name
    if "'sha256-" in policy:  # may be stored: its own style by hash, no script but files
        assert "nonce" not in policy + text, name
        hashes = {b64encode(sha256(style.encode()).digest()).decode() for style in STYLE.findall(text)}
        assert hashes == set(re.findall(r"'sha256-([^']+)'", policy)), name
        for tag in re.findall(r"<script\b[^>]*>", text):
            assert 'src="/static/' in tag or 'type="application/ld+json"' in tag, f"{name}: {tag}"
        return
    nonces = set(re.findall(r"'nonce-([^']+)'", policy))
    assert len(nonces) == 1, name
    assert not nonces & seen, name
    seen |= nonces
    for tag in re.findall(r"<(?:script|style)\b[^>]*>", text):
        assert f'nonce="{next(iter(nonces))}"' in tag or 'src="/static/' in tag, f"{name}: {tag}"


def test_no_get_changes_a_row(make_site: Callable[..., Site]) -> None:
    """ASVS 3.5.3 (1). Link previews, mail scanners and crawlers open everything."""
    site = make_site()
    paths = [*site.paths_by_turns(), *WRONG]
    before = dump()
    queries = ("", "?lang=ar&add=phones&check=1&look=1&undo=1&page=2&next=/cards&invitation=x")
    for place, path in enumerate(paths):
        for browser in site.browsers.values():
            for query in queries if FULL else queries[place % 2 :][:1]:
                browser.get(path + (query if "?" not in path else ""))
            browser.head(path)
    assert dump() == before


@pytest.mark.parametrize("url", ["http://localhost", "https://cards.example.org"])
def test_forged_headers_change_no_link(make_site: Callable[..., Site], url: str) -> None:
    """ASVS 4.1.3, 15.3.4 (2). Absolute addresses come from VCARDAPP_URL alone, and limits count the connection."""
    site = make_site(url=url)
    if url.startswith("https"):
        site.browsers.pop("owner")  # the cookie goes over TLS only
    for name, answer in site.answers([path for _, path in site.addresses()], headers=FORGED):
        assert b"evil.example" not in answer.data, name
        assert "evil" not in str(answer.headers), name
        assert not answer.headers.get("Location", "").startswith(("http", "//")), name
        page = answer.text if answer.mimetype == "text/html" else ""
        for link in re.findall(r"https?://[^\s\"'<>/]*/(?:ada|u/\w+)(?=[\s\"'<.])", page):
            assert link.startswith(url + "/"), name
    contact = site.browsers["stranger"].get("/ada.vcf", headers=FORGED).text
    assert f":{url}/ada\r\n" in contact
    assert "evil.example" not in contact
    site.app.config["WTF_CSRF_ENABLED"] = False
    for path in ("/reset", "/register"):
        sent = {"email": "alice@example.org", "password": GOOD}
        assert site.browsers["stranger"].post(path, data=sent, headers=FORGED).status_code == 303
    mails = mails_to("alice@example.org")
    assert sum(f"{url}/reset/" in mail.text for mail in mails) == 2
    assert all(url in mail.text and "evil" not in mail.text for mail in mails)


def test_cookies_are_kept_from_scripts_and_other_sites(make_site: Callable[..., Site]) -> None:
    """ASVS 3.3.1, 3.3.2, 3.3.3, 3.3.4, 3.4.1 (1, 2). Over TLS; HSTS for a year with it."""
    url = "https://cards.example.org"
    stranger = make_site(url=url).browsers["stranger"]
    cookies = [
        cookie
        for answer in (stranger.get("/login?lang=ar", base_url=url), stranger.get("/register", base_url=url))
        for cookie in answer.headers.getlist("Set-Cookie")
    ]
    assert {cookie.split("=")[0] for cookie in cookies} == {"__Host-session"}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; ")), cookie
        assert "Domain" not in cookie
    assert "max-age=31536000" in stranger.get("/", base_url=url).headers["Strict-Transport-Security"]


def test_the_session_stays_small_however_much_is_done(make_site: Callable[..., Site]) -> None:
    """Browsers drop a cookie of more than 4,096 bytes, and with it whoever is signed in."""
    site = make_site()
    site.app.config["WTF_CSRF_ENABLED"] = False
    owner = site.browsers["owner"]
    for number in range(30):
        factories.published_card(site.person, f"taken-{number}-{'ß' * 20}")
    for number in range(30):
        slug = f"taken-{number}-{'ß' * 20}"
        revision = str(db.session.get_one(Card, site.card.id, populate_existing=True).revision)
        sent = {"display_name": "Ada", "slug": slug, "revision": revision, "action": "publish"}
        assert owner.post(f"/cards/{site.card.id}/edit", data=sent).status_code == 303
        cookie = owner.get_cookie("session")
        assert cookie is not None
        assert len(cookie.value) < 3500
