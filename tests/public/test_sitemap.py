"""What search engines are told: every public card, but for those whose owners keep them out."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.cards import service, sitemap

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def addresses(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "application/xml; charset=utf-8"
    return [found.text or "" for found in ElementTree.fromstring(answer.data).iterfind(".//s:loc", NAMES)]


def listed(client: FlaskClient) -> list[str]:
    parts = addresses(client, "/sitemap.xml")
    return [card for part in parts for card in addresses(client, part.removeprefix("http://localhost"))]


def test_public_cards_are_listed_and_others_are_not(client: FlaskClient, alice: User) -> None:
    factories.published_card(alice, "ada")
    factories.published_card(alice, "山田")
    factories.published_card(alice, "hidden", unlisted=True)
    service.pause_card(factories.published_card(alice, "paused"))
    service.delete_card(factories.published_card(alice, "gone"))
    factories.draft_card(alice)
    assert sorted(listed(client)) == ["http://localhost/%E5%B1%B1%E7%94%B0", "http://localhost/ada"]
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").text


def test_many_cards_come_in_parts_that_hold_each_once(
    client: FlaskClient, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "ABOUT", 4)
    for number in range(11):
        factories.published_card(alice, f"card-{number}")
    assert len(addresses(client, "/sitemap.xml")) == 3
    assert sorted(listed(client)) == sorted(f"http://localhost/card-{number}" for number in range(11))
    assert client.get("/sitemap-3.xml").status_code == 404


def test_an_owner_can_keep_a_card_out_of_search_engines(client: FlaskClient, alice: User) -> None:
    factories.published_card(alice, "ada")
    factories.published_card(alice, "hidden", unlisted=True)
    robots = re.compile(r'<meta name="robots" content="noindex">')
    assert not robots.search(client.get("/ada").text)
    assert robots.search(client.get("/hidden").text)
