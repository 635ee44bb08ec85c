"""Cards: publishing, addresses and codes that never die, pausing, deleting, sweeping."""

import dataclasses
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import content, draft_card, owner, published_card
from vcardapp.accounts.models import User
from vcardapp.accounts.owner import Owner
from vcardapp.cards import card_codes, service
from vcardapp.cards.codes import read_code
from vcardapp.cards.models import Card, CardAddress, Picture
from vcardapp.cards.pictures import storage, store_picture
from vcardapp.db import db, now
from vcardapp.images import canvas, to_png

NONE = frozenset[str]()
PNG = to_png(canvas(300, 400, "#cb3408"))


def test_publishing_gives_an_address_and_a_code(alice: User) -> None:
    card = draft_card(alice, display_name="Ada Lovelace")
    assert not card.is_public
    service.publish_card(card, NONE)
    assert card.is_public
    assert card.slug == "ada-lovelace"
    assert card.code
    assert read_code(card.code) == card.code
    found = card_codes.find_printed_code(card.code)
    assert found
    assert found[1] is card


def test_two_cards_cannot_share_an_address(alice: User, bob: User) -> None:
    published_card(alice, "ada")
    card = service.create_card(owner(bob), content(), "ADA")
    with pytest.raises(service.SlugTaken) as taken:
        service.publish_card(card, NONE)
    assert taken.value.free == "ADA-2"
    db.session.refresh(card)
    assert card.live is None


def test_a_name_that_is_taken_gets_a_number(alice: User, bob: User) -> None:
    published_card(alice, "")
    assert published_card(bob, "").slug == "ada-lovelace-2"


def test_a_name_without_letters_still_gets_an_address(alice: User) -> None:
    card = published_card(alice, "", display_name="👩🏽‍🚀")
    assert card.slug
    assert card.slug.startswith("card-")


def test_an_old_address_leads_to_the_card_for_ever(alice: User, bob: User) -> None:
    card = published_card(alice, "ada")
    card.draft_slug = "countess"
    service.publish_card(card, NONE)
    assert service.find_by_slug("ada") == (card, "countess")
    other = service.create_card(owner(bob), content(), "ada")
    with pytest.raises(service.SlugTaken):
        service.publish_card(other, NONE)


def test_its_own_old_address_can_be_taken_back(alice: User) -> None:
    card = published_card(alice, "ada")
    for slug in ("countess", "Ada"):
        card.draft_slug = slug
        service.publish_card(card, NONE)
    assert service.find_by_slug("countess") == (card, "Ada")


@pytest.mark.parametrize("name", [" ", ";", "=", "\u202e"])
def test_a_card_without_a_name_that_phones_keep_cannot_be_published(alice: User, name: str) -> None:
    with pytest.raises(service.NoName):
        service.publish_card(draft_card(alice, display_name=name), NONE)


def test_publishing_unchanged_keeps_the_revision_time(alice: User) -> None:
    card = published_card(alice)
    before = card.published_at
    service.publish_card(card, NONE)
    assert card.published_at == before
    card.draft = dataclasses.replace(card.draft, title="Countess")
    assert card.has_unpublished_changes
    service.publish_card(card, NONE)
    assert card.published_at
    assert before
    assert card.published_at > before


def test_nobody_finds_the_card_of_another(alice: User, bob: User) -> None:
    card = draft_card(alice)
    assert service.find_card(owner(alice), card.id) is card
    assert service.find_card(owner(bob), card.id) is None
    assert service.find_card(Owner(), card.id) is None
    assert service.find_card(Owner(guest="x"), card.id) is None


def test_a_guest_s_draft_follows_them_into_their_account(app: Flask, alice: User) -> None:
    card = service.create_card(Owner(guest="a" * 64), content())
    service.claim_cards(alice.id, "")
    assert service.cards_of(owner(alice)) == []
    service.claim_cards(alice.id, "a" * 64)
    assert service.cards_of(owner(alice)) == [card]
    assert service.find_card(Owner(guest="a" * 64), card.id) is None


def test_guests_cannot_begin_more_drafts_than_allowed(app: Flask) -> None:
    for number in range(2):
        service.create_card(Owner(guest=str(number)), content(), guest_drafts=2)
    with pytest.raises(service.TooManyDrafts):
        service.create_card(Owner(guest="3"), content(), guest_drafts=2)


def test_a_duplicate_has_its_own_pictures_and_no_address(alice: User) -> None:
    card = published_card(alice)
    picture = store_picture(card, "photo", PNG)
    card.draft = dataclasses.replace(card.draft, photo=picture.id)
    copy = service.duplicate_card(owner(alice), card, "Ada (copy)")
    assert copy.draft.photo not in ("", picture.id)
    assert storage().open(f"{copy.draft.photo}/m.webp") == storage().open(f"{picture.id}/m.webp")
    assert copy.slug is None
    assert copy.code is None
    assert copy.uid != card.uid


def test_a_deleted_card_can_be_brought_back_for_thirty_days(alice: User) -> None:
    card = published_card(alice)
    service.delete_card(card)
    assert service.cards_of(owner(alice)) == []
    service.sweep()
    assert service.find_deleted_card(owner(alice), card.id) is card
    service.undelete_card(card)
    assert card.is_public


def test_after_thirty_days_only_address_and_codes_remain(alice: User, bob: User) -> None:
    card = published_card(alice)
    picture = store_picture(card, "photo", PNG)
    code = card.code
    assert code
    service.delete_card(card)
    card.deleted_at = now() - timedelta(days=31)
    db.session.commit()
    service.sweep()
    assert service.find_deleted_card(owner(alice), card.id) is None
    assert card.draft.display_name == ""
    assert card.live is None
    assert storage().open(f"{picture.id}/m.webp") is None
    printed = card_codes.find_printed_code(code)
    assert printed
    assert printed[1] is card
    found = service.find_by_slug("ada")
    assert found
    assert found[0] is card
    with pytest.raises(service.SlugTaken):
        published_card(bob, "ada")


def test_old_drafts_of_guests_are_swept_and_young_ones_stay(app: Flask, alice: User) -> None:
    old = service.create_card(Owner(guest="a"), content())
    young = service.create_card(Owner(guest="b"), content())
    owned = draft_card(alice)
    for card in (old, owned):
        card.changed_at = now() - timedelta(days=31)
    db.session.commit()
    service.sweep()
    assert set(db.session.scalars(sa.select(Card.id))) == {young.id, owned.id}


def test_a_picture_that_no_card_shows_is_swept_after_a_day(alice: User) -> None:
    card = published_card(alice)
    shown, unused, fresh = (store_picture(card, "photo", PNG) for _ in range(3))
    card.draft = dataclasses.replace(card.draft, photo=shown.id)
    for picture in (shown, unused):
        picture.created_at = now() - timedelta(days=2)
    db.session.commit()
    service.sweep()
    assert set(db.session.scalars(sa.select(Picture.id))) == {shown.id, fresh.id}
    assert storage().open(f"{unused.id}/m.webp") is None


def test_addresses_are_rows_of_their_own(alice: User) -> None:
    published_card(alice, "Ünïcode")
    assert db.session.get(CardAddress, "ünïcode") is not None
