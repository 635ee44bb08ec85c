"""The owner's page of event links."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.cards import events
from vcardapp.cards.models import Card


@pytest.fixture
def ada(alice: User) -> Card:
    return factories.published_card(alice)


@pytest.fixture
def owner(alice: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(alice)


def test_a_link_is_made_ended_used_again_and_removed(owner: FlaskClient, ada: Card) -> None:
    page = f"/cards/{ada.id}/events"
    assert f'href="{page}"' in owner.get(f"/cards/{ada.id}/edit").text
    assert f'href="{page}"' in owner.get(f"/cards/{ada.id}/published").text
    made = owner.post(page, data={"title": " Expo\n26 ", "place": "Berlin", "held_on": "2026-06-03"})
    assert made.status_code == 303
    text = owner.get(made.location).text
    assert 'data-copy="http://localhost/ada?e=expo-26"' in text
    assert 'href="/ada?e=expo-26"' in text
    assert "June 3, 2026" in text
    change = f"{page}/change"
    assert owner.post(change, data={"action": "end:expo-26"}).status_code == 303
    assert events.find_event(ada, "expo-26") is None
    assert "Over" in owner.get(page).text
    owner.post(change, data={"action": "resume:expo-26"})
    assert events.find_event(ada, "expo-26")
    for _ in range(2):  # a double click
        assert owner.post(change, data={"action": "remove:expo-26"}).status_code == 303
    assert events.events_of(ada) == []


@pytest.mark.parametrize(
    ("sent", "word"),
    [({}, "Please give it a name"), ({"title": " \u202e "}, "between 1 and 120"), ({"title": "x" * 121}, "between 1 and 120"),
     ({"title": "Expo", "place": "x" * 121}, "at most 120"), ({"title": "Expo", "held_on": "tomorrow"}, "2026-12-24")],
)  # fmt: skip
def test_what_is_wrong_stands_beside_the_field(owner: FlaskClient, ada: Card, sent: dict[str, str], word: str) -> None:
    answer = owner.post(f"/cards/{ada.id}/events", data=sent)
    assert answer.status_code == 422
    assert word in answer.text.split("field-error")[1]
    assert 'aria-invalid="true"' in answer.text
    assert events.events_of(ada) == []


def test_a_draft_says_when_its_links_will_work(owner: FlaskClient, alice: User) -> None:
    card = factories.draft_card(alice)
    events.add_event(card, "Expo")
    page = owner.get(f"/cards/{card.id}/events").text
    assert "as soon as the card is published" in page
    assert "data-copy" not in page


def test_a_guest_may_make_links_for_a_draft(client: FlaskClient) -> None:
    page = client.post("/new").location.replace("/edit", "/events")
    assert client.post(page, data={"title": "Expo"}).status_code == 303
    assert "Expo" in client.get(page).text


def test_a_full_card_says_so(owner: FlaskClient, ada: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST_EVENTS", 1)
    events.add_event(ada, "One")
    answer = owner.post(f"/cards/{ada.id}/events", data={"title": "Two"})
    assert answer.status_code == 422
    assert "at most 200" in answer.text
