"""The owner's pages of a domain."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from tests.dns_server import NameServer
from tests.domains.cast import NAME, answering, verified, visit
from vcardapp.accounts.models import User
from vcardapp.db import db
from vcardapp.domains import service
from vcardapp.domains.models import Domain

SignIn = Callable[[User], FlaskClient]


def the_domain() -> Domain:
    return db.session.query(Domain).one()


def pressed(browser: FlaskClient, path: str, **more: Any) -> TestResponse:
    """Where one is led after pressing a button."""
    answer = browser.post(path, **more)
    assert answer.status_code == 303
    return browser.get(answer.location)


def policy(answer: TestResponse, part: str) -> str:
    found = re.search(rf"{part} ([^;]*)", answer.headers["Content-Security-Policy"])
    assert found
    return found[1]


def test_an_owner_adds_proves_and_removes_a_domain(
    app: Flask, name_server: NameServer, alice: User, sign_in: SignIn
) -> None:
    card, browser = factories.published_card(alice), sign_in(alice)
    assert "/domains" in browser.get("/account").text
    added = browser.post("/domains", data={"name": "https://Bücher.example/", "card": str(card.id)})
    page = browser.get(added.location).text
    domain = the_domain()
    assert (domain.name, domain.card_id) == ("xn--bcher-kva.example", card.id)
    assert "bücher.example" in page
    assert f'data-copy="_vcardapp.{domain.name}"' in page
    assert f'data-copy="{domain.token}"' in page
    assert "Waits for the DNS" in page
    check = f"/domains/{domain.id}/check"
    assert "is not there yet" in pressed(browser, check).text
    name_server.broken.add(domain.record)
    assert "do not answer right now" in pressed(browser, check).text
    name_server.broken.clear()
    name_server.texts[domain.record] = [domain.token]
    page = pressed(browser, check).text
    assert "this domain is yours" in page
    assert "Verified, waits for HTTPS" in page
    proof_address = f"https://{domain.name}/.well-known/vcardapp-{domain.token}"
    assert f'data-address="{proof_address}"' in page
    proof = visit(app, f"/.well-known/vcardapp-{domain.token}", domain.name).text
    answered = f"/domains/{domain.id}/answered"
    assert "not what this server says" in pressed(browser, answered, data={"proof": "no"}).text
    assert "HTTPS answers" in pressed(browser, answered, data={"proof": proof}).text
    assert "HTTPS answers" in browser.get("/domains").text
    remove = f"/domains/{domain.id}/remove"
    assert "open nothing until" in browser.get(remove).text
    assert db.session.query(Domain).count() == 1
    assert "No domain yet" in pressed(browser, remove).text
    assert db.session.query(Domain).count() == 0


def test_what_is_wrong_is_said(alice: User, bob: User, sign_in: SignIn) -> None:
    browser, bobs = sign_in(alice), factories.published_card(bob, "bob")
    for typed, said in {
        "": "type a domain",
        "not a domain": "not a domain",
        "http://localhost/": "not a domain",
        "a" * 301 + ".example": "too long",
    }.items():
        answer = browser.post("/domains", data={"name": typed, "card": ""})
        assert answer.status_code == 422
        assert said in answer.text, typed
    assert browser.post("/domains", data={"name": NAME, "card": str(bobs.id)}).status_code == 422
    assert db.session.query(Domain).count() == 0
    assert browser.post("/domains", data={"name": NAME, "card": ""}).status_code == 303
    assert "in your list already" in browser.post("/domains", data={"name": NAME, "card": ""}).text
    for number in range(9):
        browser.post("/domains", data={"name": f"{number}.example.com", "card": ""})
    assert "as many domains" in browser.post("/domains", data={"name": "more.example.com", "card": ""}).text
    assert '<form method="post" class="fields"' not in browser.get("/domains").text


def test_another_accounts_record_and_a_lost_domain_are_explained(
    name_server: NameServer, alice: User, bob: User, sign_in: SignIn
) -> None:
    mine = verified(name_server, alice)
    others, bobs = service.add_domain(factories.owner(bob), NAME), sign_in(bob)
    name_server.texts[mine.record].append(others.token)
    assert "that of another account" in pressed(bobs, f"/domains/{others.id}/check").text
    name_server.texts[mine.record] = [others.token]
    alices = sign_in(alice)
    alices.post(f"/domains/{mine.id}/check")
    assert "no longer in the DNS" in alices.get(f"/domains/{mine.id}").text
    assert "Its record is gone" in alices.get("/domains").text
    assert "this domain is yours" in pressed(bobs, f"/domains/{others.id}/check").text
    assert "Another account has proved since" in alices.get(f"/domains/{mine.id}").text


def test_only_the_page_of_a_domain_may_connect_to_it(name_server: NameServer, alice: User, sign_in: SignIn) -> None:
    domain, browser = verified(name_server, alice), sign_in(alice)
    assert policy(browser.get(f"/domains/{domain.id}"), "connect-src") == f"'self' https://{NAME}"
    for path in ("/domains", f"/domains/{domain.id}/remove", "/cards", "/"):
        assert policy(browser.get(path), "connect-src") == "'self'"


def test_looks_at_the_dns_are_limited(
    make_app: Callable[..., Flask], name_server: NameServer, sign_in_to: Callable[[Flask, User], FlaskClient]
) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        person = factories.alice()
        domain, browser = service.add_domain(factories.owner(person), NAME), sign_in_to(app, person)
        answers = [browser.post(f"/domains/{domain.id}/check").status_code for _ in range(12)]
        assert answers == [303] * 10 + [429] * 2
        assert len(name_server.asked) == 10


def test_what_owners_copy_leads_to_the_domain(
    app: Flask, name_server: NameServer, alice: User, sign_in: SignIn
) -> None:
    card, browser = factories.published_card(alice), sign_in(alice)
    pages = (f"/cards/{card.id}/published", "/cards", f"/cards/{card.id}/codes/{card.code}")
    for path in pages:
        assert f"https://{NAME}/" not in browser.get(path).text
    answering(name_server, alice)
    for path in pages[:2]:
        assert f"https://{NAME}/ada" in browser.get(path).text, path
    assert f"https://{NAME}/u/{card.code}".upper() in browser.get(pages[2]).text.upper()
