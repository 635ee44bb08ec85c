"""My cards, where there are many: pages of fifty, and a box that finds a name."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.cards import service
from vcardapp.cards.content import Content
from vcardapp.cards.listing import list_cards
from vcardapp.cards.models import Card
from vcardapp.db import db, now

NAMES = ("Zoë Straße", "محمد العتيبي", "山田太郎", "Ada")


@pytest.fixture
def owner(alice: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(alice)


def make_cards(person: User, count: int) -> None:
    """Make drafts "… 0", "… 1", …, the first of them the newest."""
    for number in range(count):
        content = Content(display_name=f"{NAMES[number % 4]} {number}", company=f"Company{number % 7}")
        db.session.add(Card(owner_id=person.id, draft=content, changed_at=now() - timedelta(minutes=number)))
    db.session.commit()


def shown(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"<h2><a [^>]*><bdi>[^<]* (\d+)</bdi>", page)]


def test_few_cards_need_no_pages(owner: FlaskClient, alice: User) -> None:
    make_cards(alice, 50)
    page = owner.get("/cards").text
    assert shown(page) == list(range(50))
    assert "card-pages" not in page
    assert "card-search" not in page


def test_many_cards_stand_on_pages(owner: FlaskClient, alice: User, bob: User) -> None:
    make_cards(alice, 101)
    make_cards(bob, 3)
    page = owner.get("/cards").text
    assert shown(page) == list(range(50))
    assert "101 cards" in page
    assert "Page 1 of 3" in page
    assert 'rel="prev"' not in page
    (older,) = re.findall(r'rel="next" href="([^"]+)"', page)
    page = owner.get(older).text
    assert shown(page) == list(range(50, 100))
    assert 'rel="prev" href="/cards?page=1"' in page
    assert shown(owner.get("/cards?page=3").text) == [100]


@pytest.mark.parametrize(
    ("page", "first"), [("0", 0), ("-1", 0), ("x", 0), ("²", 0), ("9" * 5000, 0), ("99", 50), ("", 0)]
)
def test_pages_that_are_none_lead_to_one(owner: FlaskClient, alice: User, page: str, first: int) -> None:
    make_cards(alice, 51)
    answer = owner.get("/cards", query_string={"page": page})
    assert answer.status_code == 200
    assert shown(answer.text)[0] == first


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("zoë", [0, 4, 8]),
        ("STRASSE  zoe\u0308 8", [8]),
        ("العتيبي", [1, 5, 9]),
        ("太郎", [2, 6]),
        ("company3", [3]),
        ("ada company0", [7]),
        ("nobody", []),
        ("%", []),
        ("\x00'\"<script>", []),
    ],
)
def test_a_card_is_found_by_its_name_or_company(owner: FlaskClient, alice: User, sought: str, found: list[int]) -> None:
    make_cards(alice, 10)
    answer = owner.get("/cards", query_string={"q": sought})
    assert answer.status_code == 200
    assert shown(answer.text) == found
    assert "Show all" in answer.text
    assert ("No card has this" in answer.text) == (not found)


def test_what_is_sought_stays_on_the_next_page(owner: FlaskClient, alice: User) -> None:
    make_cards(alice, 210)
    page = owner.get("/cards?q=zo%C3%AB").text
    assert "53 cards have this" in page
    assert 'rel="next" href="/cards?q=zo%C3%AB&amp;page=2"' in page
    assert shown(owner.get("/cards?q=zo%C3%AB&page=2").text) == [200, 204, 208]


def test_deleted_cards_and_those_of_others_are_in_no_list(alice: User, bob: User) -> None:
    make_cards(alice, 2)
    service.delete_card(service.cards_of(factories.owner(alice))[0])
    listed = list_cards(factories.owner(alice))
    assert [card.draft.display_name for card in listed.cards] == ["محمد العتيبي 1"]
    assert (listed.found, listed.total, listed.pages) == (1, 1, 1)
    assert list_cards(factories.owner(bob)).total == 0


def test_a_guest_without_drafts_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert "/login" in client.get("/cards?q=a").location
