"""The owner's pages that make cards of a file of many contacts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.cards.test_importing import exported, names, picture, vcf, without_revision
from vcardapp.accounts.models import User
from vcardapp.cards import pictures, service
from vcardapp.cards.models import Card
from vcardapp.cards.vcard_reader import read_vcards
from vcardapp.db import db
from vcardapp.editor import importing


@pytest.fixture
def owner(alice: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(alice)


@pytest.fixture
def card(alice: User) -> Card:
    return factories.draft_card(alice, display_name="Start")


def review(browser: FlaskClient, card: Card, data: bytes) -> str:
    return browser.post(f"/cards/{card.id}/import", data={"file": (io.BytesIO(data), "a.vcf")}).text


def hidden(page: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]+)"', page)
    assert found
    return unescape(found[1])


def test_a_card_is_made_of_each(owner: FlaskClient, card: Card) -> None:
    page = review(owner, card, vcf(58) + vcf(2, picture()))
    assert "60 contacts were found" in page
    answer = owner.post(f"/cards/{card.id}/import/all", data={"file": hidden(page, "file")})
    assert (answer.status_code, answer.location) == (303, "/cards")
    assert "60 cards are made. They are drafts." in owner.get("/cards").text
    assert len(names()) == 61
    again = owner.post(f"/cards/{card.id}/import/all", data={"file": hidden(page, "file")})
    assert again.location == "/cards"
    assert "not here any more" in owner.get("/cards").text
    assert len(names()) == 61


def test_a_long_file_goes_on_with_the_next_request(
    owner: FlaskClient, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 0)
    file = hidden(review(owner, card, vcf(3)), "file")
    for made in (1, 2):
        answer = owner.post(f"/cards/{card.id}/import/all", data={"file": file})
        assert answer.location == f"/cards/{card.id}/import/all?file={file}"
        page = owner.get(answer.location).text
        assert f"{made} of 3 contacts are done." in page
        assert hidden(page, "file") == file
    assert owner.post(f"/cards/{card.id}/import/all", data={"file": file}).location == "/cards"
    assert names() == ["Person 0", "Person 1", "Person 2", "Start"]
    assert owner.get(f"/cards/{card.id}/import/all?file={file}").location == "/cards"


def test_guests_and_single_contacts_are_asked_for_one(client: FlaskClient, owner: FlaskClient, card: Card) -> None:
    assert "Make a card of each" not in review(owner, card, vcf(1))
    path = client.post("/new").location.replace("/edit", "/import")
    page = client.post(path, data={"file": (io.BytesIO(vcf(3)), "a.vcf")}).text
    assert "3 contacts were found" in page
    assert "Make a card of each" not in page
    assert client.post(f"{path}/all", data={"file": "x"}).status_code == 303


def test_nobody_uses_anothers_file(
    owner: FlaskClient, card: Card, bob: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    file = hidden(review(owner, card, vcf(3)), "file")
    own = factories.draft_card(bob)
    assert sign_in(bob).post(f"/cards/{own.id}/import/all", data={"file": file}).status_code == 303
    assert len(names()) == 2


def test_our_own_file_fills_a_draft_so_that_the_same_file_comes_out(owner: FlaskClient, card: Card, alice: User) -> None:
    first = factories.published_card(alice, "same", hours=factories.content().hours, note="Ring twice.")
    photo = pictures.store_picture(first, "photo", picture())
    first.live = factories.content(photo=photo.id, note="Ring twice.")
    db.session.commit()
    before, uid = exported(first), first.uid
    assert read_vcards(before).cards[0].photo
    db.session.delete(photo)
    service.erase_cards_of(alice.id)
    card.owner_id, card.deleted_at, card.erased_at, first.uid = alice.id, None, None, card.id
    db.session.commit()
    page = review(owner, card, before)
    assert owner.post(f"/cards/{card.id}/import/take", data={"packed": hidden(page, "packed")}).status_code == 302
    db.session.refresh(card)
    assert card.uid == uid
    card.draft_slug = "other"
    service.publish_card(card, frozenset())
    after = exported(card).replace(b"/other", b"/same")
    assert without_revision(after) == without_revision(before)
