"""Codes of a card: named, styled, pointed elsewhere, paused, retired; a printed code never dies by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests import factories
from tests.test_races import together
from vcardapp.accounts.models import User
from vcardapp.accounts.owner import Owner
from vcardapp.cards import card_codes, events, service
from vcardapp.cards.code_style import StyleDoesNotScan
from vcardapp.cards.codes import read_code
from vcardapp.cards.models import Card, CardCode
from vcardapp.cards.qr_style import PRESETS, Style
from vcardapp.db import db, now

BASE = "https://card.example.org"
PALE = Style(dark="#ffd54f")


@pytest.fixture
def ada(alice: User) -> Card:
    return factories.published_card(alice)


def add(card: Card, name: str = "Badge") -> CardCode:
    return card_codes.add_code(card, name, base_url=BASE)


def own(card: Card) -> CardCode:
    return db.session.get_one(CardCode, card.code)


def test_a_published_card_has_its_own_code_without_a_name(ada: Card) -> None:
    (code,) = card_codes.codes_of(ada)
    assert (code.code, code.name, code.title, code.style, code.scans, code.state) == (
        ada.code, "", ada.code, {}, 0, "in use"
    )  # fmt: skip
    assert card_codes.style_of(code) == Style()


def test_a_draft_that_was_never_published_has_none(alice: User) -> None:
    card = factories.draft_card(alice)
    assert card_codes.codes_of(card) == []
    with pytest.raises(card_codes.NeverPublished):
        add(card)


def test_codes_are_listed_own_first_then_the_newest_and_retired_ones_last(ada: Card) -> None:
    made = []
    for day in range(3):
        with time_machine.travel(now() + timedelta(days=day)):
            made.append(add(ada, f"Day {day}"))
    card_codes.retire(made[2])
    assert [code.title for code in card_codes.codes_of(ada)] == [ada.code, "Day 1", "Day 0", "Day 2"]
    assert {read_code(code.code) for code in made} == {code.code for code in made}


def test_only_the_owner_finds_a_code(alice: User, bob: User, ada: Card) -> None:
    code = add(ada)
    assert card_codes.find_code(factories.owner(alice), code.code) is code
    assert card_codes.find_code(factories.owner(alice), code.code.lower()) is code
    for stranger in (factories.owner(bob), Owner(), Owner(guest="x")):
        assert card_codes.find_code(stranger, code.code) is None
    for text in ("", "ABC", "\x00\x00\x00\x00\x00\x00", "'; --", "ÄÄÄÄÄÄ", "x" * 5000, "ZZZZZZ"):
        assert card_codes.find_code(factories.owner(alice), text) is None
    service.delete_card(ada)
    assert card_codes.find_code(factories.owner(alice), code.code) is None


def test_only_a_style_that_scans_is_stored(ada: Card) -> None:
    good = replace(PRESETS["navy"], zone=2)
    code = card_codes.add_code(ada, "Navy", good, base_url=BASE)
    assert card_codes.style_of(code) == good
    assert code.look
    for asked in (PALE, replace(PALE, logo=None, zone=2)):
        with pytest.raises(StyleDoesNotScan) as refused:
            card_codes.restyle(code, asked, base_url=BASE)
        card_codes.restyle(code, refused.value.change.style, base_url=BASE)
        assert str(refused.value)
    with pytest.raises(StyleDoesNotScan):
        card_codes.add_code(ada, "Pale", PALE, base_url=BASE)
    assert len(card_codes.codes_of(ada)) == 2
    looks = {code.look}
    card_codes.restyle(code, good, base_url=BASE)
    looks.add(code.look)
    card_codes.restyle(code, Style(), base_url=BASE)
    assert (code.style, code.look) == ({}, "")
    assert len(looks) == 2


def test_a_card_has_a_bounded_number_of_codes(ada: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_codes, "MOST_CODES", 2)
    add(ada)
    with pytest.raises(card_codes.TooManyCodes):
        add(ada)
    assert len(card_codes.codes_of(ada)) == 2


def test_a_code_is_pointed_at_another_card_and_its_event_goes_with_it(alice: User, ada: Card) -> None:
    shop = factories.published_card(alice, "shop")
    event = events.add_event(ada, "Expo 26", "Berlin", date(2026, 6, 3))
    codes = [card_codes.add_code(ada, name, event=event, base_url=BASE) for name in ("One", "Two")]
    for code in codes:
        card_codes.point_at(code, shop)
        found = card_codes.find_printed_code(code.code)
        assert found
        assert found[1].id == shop.id
        met = card_codes.event_of(code)
        assert met
        assert met.where_met == event.where_met
    assert len(events.events_of(shop)) == 1
    assert [code.code for code in card_codes.codes_of(ada)] == [ada.code]
    card_codes.point_at(codes[0], shop)
    card_codes.point_at(codes[0], ada)
    assert codes[0].event_id == event.id


def test_a_code_is_pointed_at_a_card_that_can_have_no_more_events(
    alice: User, ada: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, event = factories.published_card(alice, "shop"), events.add_event(ada, "Expo 26")
    code = card_codes.add_code(ada, "One", event=event, base_url=BASE)
    monkeypatch.setattr(events, "MOST_EVENTS", 0)
    card_codes.point_at(code, shop)
    assert (code.card_id, code.event_id) == (shop.id, None)


def test_a_code_stays_with_its_owner(ada: Card, bob: User, alice: User) -> None:
    code = add(ada)
    with pytest.raises(ValueError, match="owner"):
        card_codes.point_at(code, factories.published_card(bob, "bob"))
    with pytest.raises(card_codes.NeverPublished):
        card_codes.point_at(code, factories.draft_card(alice))
    assert code.card_id == ada.id


def test_the_cards_own_code_cannot_be_led_away(alice: User, ada: Card) -> None:
    shop, code = factories.published_card(alice, "shop"), own(ada)
    for act in (card_codes.pause, card_codes.retire, lambda one: card_codes.point_at(one, shop)):
        with pytest.raises(card_codes.IsOwnCode):
            act(code)
    assert (code.state, code.card_id) == ("in use", ada.id)


def test_another_code_can_become_the_cards_own(ada: Card) -> None:
    former, code = own(ada), add(ada)
    card_codes.pause(code)
    card_codes.make_own(code)
    assert (ada.code, code.state) == (code.code, "in use")
    card_codes.retire(former)
    assert [one.code for one in card_codes.codes_of(ada)] == [code.code, former.code]
    service.publish_card(ada, frozenset())
    assert ada.code == code.code
    with pytest.raises(card_codes.CodeRetired):
        card_codes.make_own(former)


def test_a_retired_code_stays_as_it_is(alice: User, ada: Card) -> None:
    code, shop = add(ada), factories.published_card(alice, "shop")
    card_codes.retire(code)
    acts = (
        card_codes.pause, card_codes.resume, card_codes.retire, card_codes.make_own,
        lambda one: card_codes.point_at(one, shop),
        lambda one: card_codes.restyle(one, Style(), base_url=BASE),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(card_codes.CodeRetired):
            act(code)
    card_codes.rename(code, "Old badge")
    assert (code.state, code.title) == ("retired", "Old badge")


def test_no_code_is_given_twice(ada: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    first = add(ada)
    card_codes.retire(first)
    drawn = iter([first.code, str(ada.code), "0000ZZ"])
    monkeypatch.setattr(card_codes, "new_code", lambda: next(drawn))
    assert add(ada).code == "0000ZZ"
    assert first.state == "retired"


def test_codes_outlive_deletion_and_come_back(alice: User, ada: Card) -> None:
    code = card_codes.add_code(ada, "Badge", replace(PRESETS["navy"], zone=2), base_url=BASE)
    service.delete_card(ada)
    service.undelete_card(ada)
    assert [one.name for one in card_codes.codes_of(ada)] == ["", "Badge"]
    service.delete_card(ada)
    ada.deleted_at = now() - timedelta(days=31)
    db.session.commit()
    service.sweep()
    db.session.refresh(code)
    assert (code.card_id, code.name, code.style) == (ada.id, "", {})


def test_a_copy_of_a_card_has_no_codes_of_the_first(alice: User, ada: Card) -> None:
    add(ada)
    copy = service.duplicate_card(factories.owner(alice), ada, "Copy")
    assert card_codes.codes_of(copy) == []
    service.publish_card(copy, frozenset())
    assert len(card_codes.codes_of(copy)) == 1
    assert copy.code != ada.code


def test_codes_made_at_the_same_moment_are_all_kept(app: Flask, ada: Card) -> None:
    card_id = ada.id

    def make() -> str:
        return add(db.session.get_one(Card, card_id)).code

    made = together(app, *[make] * 4)
    stored = set(db.session.scalars(sa.select(CardCode.code).where(CardCode.card_id == card_id)))
    assert {str(code) for code in made} < stored
    assert len(stored) == 5
