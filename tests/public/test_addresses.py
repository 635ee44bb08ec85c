"""The addresses of a card are a contract: what is printed must open for ever."""

from __future__ import annotations

import dataclasses
from urllib.parse import quote, unquote

import pytest
from flask.testing import FlaskClient

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.cards import service
from vcardapp.cards.models import Card
from vcardapp.db import db

PATHS = ("/{}", "/{}.vcf", "/{}.jcard", "/{}/qr", "/{}/qr.svg", "/{}/qr.png", "/{}/preview-0.jpg", "/{}/report")


def test_the_page_shows_the_card(client: FlaskClient, ada: Card) -> None:
    page = client.get("/ada")
    assert page.status_code == 200
    assert "Ada Lovelace" in page.text
    assert 'href="/ada.vcf"' in page.text


def test_a_short_code_opens_the_same_page_in_any_case_with_letters_that_look_alike(
    client: FlaskClient, ada: Card
) -> None:
    ada.code = "01ABCD"
    from vcardapp.cards.models import CardCode

    db.session.add(CardCode(code="01ABCD", card_id=ada.id))
    db.session.commit()
    for code in ("01ABCD", "01abcd", "OLABCD", "oiabcd", "oLaBcD"):
        for folder in ("u", "U"):
            page = client.get(f"/{folder}/{code}")
            assert page.status_code == 200, code
            assert '<link rel="canonical" href="http://localhost/ada">' in page.text


@pytest.mark.parametrize("code", ["ZZZZZZ", "ABC", "ABCDEFG", "AB DEF", "ÄBCDEF", "UUUUUU", "%00%00"])
def test_a_code_that_no_card_has_is_not_found(client: FlaskClient, code: str) -> None:
    assert client.get(f"/u/{code}").status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_old_addresses_lead_to_the_present_one(client: FlaskClient, ada: Card, path: str) -> None:
    ada.draft_slug = "محمد"
    service.publish_card(ada, frozenset())
    answer = client.get(path.format("ada") + "?size=100")
    assert answer.status_code == 301
    assert answer.headers["Location"] == quote(path.format("محمد")) + "?size=100"
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("wrong", ["ADA", "Ada"])
def test_another_case_leads_to_the_address_as_it_is_written(client: FlaskClient, ada: Card, wrong: str) -> None:
    assert client.get(f"/{wrong}").headers["Location"] == "/ada"


def test_a_decomposed_address_leads_to_the_composed_one(client: FlaskClient, alice: User) -> None:
    factories.published_card(alice, "björk")
    answer = client.get("/" + quote("bjo\u0308rk"))
    assert answer.status_code == 301
    assert unquote(answer.headers["Location"]) == "/björk"


@pytest.mark.parametrize("path", PATHS)
def test_what_was_never_there_and_what_is_a_draft_are_not_found(client: FlaskClient, alice: User, path: str) -> None:
    factories.draft_card(alice)
    assert client.get(path.format("ada")).status_code == 404
    assert client.get(path.format("ada-lovelace")).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_a_paused_card_says_so_kindly_and_shows_nothing(client: FlaskClient, ada: Card, path: str) -> None:
    service.pause_card(ada)
    answer = client.get(path.format("ada"))
    assert answer.status_code == 404
    assert "taking a break" in answer.text
    assert "Lovelace" not in answer.text
    assert client.get(f"/u/{ada.code}").status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_a_deleted_card_is_gone(client: FlaskClient, ada: Card, path: str) -> None:
    service.delete_card(ada)
    answer = client.get(path.format("ada"))
    assert answer.status_code == 410
    assert "Lovelace" not in answer.text
    assert client.get(f"/u/{ada.code}").status_code == 410


def test_the_page_follows_what_is_published_and_not_the_draft(client: FlaskClient, ada: Card) -> None:
    ada.draft = dataclasses.replace(ada.draft, headline="Not yet")
    db.session.commit()
    assert "Not yet" not in client.get("/ada").text


def test_the_sites_own_addresses_are_not_cards(client: FlaskClient) -> None:
    for path, text in {"/": "Create your card", "/privacy": "Privacy", "/healthz": "ok", "/robots.txt": "User-agent"}.items():
        answer = client.get(path)
        assert answer.status_code == 200
        assert text in answer.text
    assert client.get("/favicon.ico").status_code == 200


@pytest.mark.parametrize("path", ["/ada/", "/ada.vcf/", "/a.b", "/ada.txt", "/%2e%2e/ada", "/ada//qr", "/u/", "/ada%00"])
def test_neighbours_of_an_address_are_not_found(client: FlaskClient, ada: Card, path: str) -> None:
    assert client.get(path).status_code in (301, 308, 404)
