"""Filling in the demo: every state is there, and doing it again, or after a power cut, makes it whole and no more."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.accounts.owner import Owner
from vcardapp.accounts.service import find_user
from vcardapp.cards import service
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.demo import service as demo
from vcardapp.demo.cards import demo_cards
from vcardapp.editor.service import save_draft


def states() -> dict[str, str]:
    return {card.draft.display_name: card.state for card in db.session.scalars(sa.select(Card))}


DRAWN = {"taro", "kellner", "ngozi"}  # with a gallery, a shop and times to book; test_run.py has all drawn, on SQLite


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_demo_is_whole_and_stays_so(client: FlaskClient) -> None:
    everybody = demo_cards(date(2026, 11, 22))
    people = [one if one.subject in DRAWN else dataclasses.replace(one, subject="") for one in everybody]
    assert demo.has_room()
    made = demo.fill(people)
    assert len(made) == 9
    assert sorted(states().values()) == ["deleted", "draft", "paused", *["published"] * 8]
    assert client.get("/maria").status_code == 200
    assert client.get("/ngozi.vcf").status_code == 200
    person = find_user(demo.OWNER)
    assert person is not None
    owner = Owner(user_id=person.id)
    assert sum(card.has_unpublished_changes for card in service.cards_of(owner)) == 1
    pictured = [card for card in made if card.live and (card.live.photo or card.live.logo)]
    assert len(pictured) == 2  # the teacher has none

    maria = next(card for card in made if card.slug == "maria")
    save_draft(maria, dataclasses.replace(maria.draft, headline="Mine now"), "maria", maria.revision, reason="save")
    assert demo.fill(people) == []
    assert maria.draft.headline == "Mine now"
    assert len(states()) == 11


def test_a_demo_that_was_cut_short_is_completed(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    publish, count = service.publish_card, 0
    people = [dataclasses.replace(one, subject="") for one in demo_cards(date(2026, 11, 22))]  # nothing to draw

    def cut_short(card: Card, reserved: frozenset[str]) -> Card:
        nonlocal count
        count += 1
        if count == 3:
            raise KeyboardInterrupt
        return publish(card, reserved)

    with monkeypatch.context() as patch:
        patch.setattr(service, "publish_card", cut_short)
        with pytest.raises(KeyboardInterrupt):
            demo.fill(people)
    db.session.rollback()
    assert demo.has_room()
    demo.fill(people)
    assert sorted(states().values()) == ["deleted", "draft", "paused", *["published"] * 8]


def test_where_somebody_lives_there_is_no_room(alice: User) -> None:
    assert not demo.has_room()


def test_a_guests_draft_takes_the_room(app: object) -> None:
    service.create_card(Owner(guest="a" * 64), factories.content())
    assert not demo.has_room()
