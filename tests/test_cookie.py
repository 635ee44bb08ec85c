"""The one cookie: its parts stand side by side, and what sets one of them is kept by no cache."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from vcardapp.accounts.models import User


def test_nothing_that_brings_a_session_may_be_stored(app: Flask, sign_in: Callable[[User], FlaskClient]) -> None:
    alice = factories.alice()
    card = factories.published_card(alice)
    browser = sign_in(alice)
    for address in (f"/{card.slug}", f"/{card.slug}/qr.svg", f"/{card.slug}.vcf", "/favicon.ico", "/robots.txt"):
        answer = browser.get(f"{address}?lang=ar")
        assert answer.headers.get("Cache-Control") == "no-store" or "Set-Cookie" not in answer.headers, address
        browser.get("/privacy?lang=es")
    assert browser.get("/account").status_code == 200  # still signed in


@pytest.mark.parametrize(
    "cookie", ["x=y", "lang", "&&&=", "lang=ar&session=bad.bad.bad", "basket=..%00", "session=" + "a" * 3900]
)
def test_cookies_of_any_form_are_looked_at_in_peace(app: Flask, cookie: str) -> None:
    card = factories.published_card(factories.alice())
    browser = app.test_client(use_cookies=False)
    for path in (f"/{card.slug}", "/", "/login", "/account"):
        assert browser.get(path, headers={"Cookie": f"session={cookie}"}).status_code < 400, path


@pytest.mark.parametrize(("headers", "status"), [
    ({}, 200),
    ({"Referer": "http://localhost/ada-lovelace/report"}, 200),
    ({"Referer": "https://evil.example/"}, 400),
    ({"Origin": "null"}, 400),
    ({"Origin": "https://evil.example"}, 400),
    ({"Origin": "http://localhost"}, 200),
    ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, 400),
])  # fmt: skip
def test_forms_without_a_token_know_other_sites_by_what_browsers_of_any_age_say(
    app: Flask, headers: dict[str, str], status: int
) -> None:
    card = factories.published_card(factories.alice())
    answer = app.test_client().post(f"/{card.slug}/report", data={"reason": "spam"}, headers=headers)
    assert answer.status_code == status
