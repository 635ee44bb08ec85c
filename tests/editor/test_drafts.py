"""Drafts and versions: nothing typed is lost, two tabs cannot overwrite each other."""

import dataclasses
from datetime import timedelta

import pytest

from tests.factories import draft_card
from vcardapp.accounts.models import User
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.editor import service


def save(card: Card, name: str, *, reason: str = "save", revision: int | None = None, force: bool = False) -> Card:
    changed = dataclasses.replace(card.draft, display_name=name)
    return service.save_draft(card, changed, "", card.revision if revision is None else revision, reason=reason, force=force)


def names(card: Card) -> list[str]:
    return [version.content.display_name for version in service.versions_of(card)]


def test_a_saved_draft_is_the_newest_version(alice: User) -> None:
    card = draft_card(alice, display_name="One")
    save(card, "Two")
    assert card.draft.display_name == "Two"
    assert names(card) == ["Two", "One"]


def test_saving_what_is_there_already_changes_nothing(alice: User) -> None:
    card = draft_card(alice, display_name="One")
    save(card, "One")
    assert card.revision == 1
    assert names(card) == []


def test_a_second_tab_is_told_and_overwrites_nothing(alice: User) -> None:
    card = draft_card(alice, display_name="One")
    opened = card.revision
    save(card, "First tab")
    with pytest.raises(service.DraftConflict):
        save(card, "Second tab", revision=opened)
    assert card.draft.display_name == "First tab"


def test_who_insists_keeps_the_other_tab_s_draft_as_a_version(alice: User) -> None:
    card = draft_card(alice, display_name="One")
    save(card, "First tab")
    save(card, "Second tab", revision=1, force=True)
    assert card.draft.display_name == "Second tab"
    assert "First tab" in names(card)


def test_saves_of_one_sitting_are_one_version(alice: User) -> None:
    card = draft_card(alice, display_name="One")
    for name in ("T", "Tw", "Two"):
        save(card, name, reason="autosave")
    assert names(card) == ["Two", "One"]
    service.versions_of(card)[0].saved_at -= timedelta(minutes=2)
    db.session.commit()
    save(card, "Three", reason="autosave")
    assert names(card) == ["Three", "Two", "One"]


def test_the_last_twenty_versions_are_kept(alice: User) -> None:
    card = draft_card(alice, display_name="0")
    for number in range(1, 31):
        save(card, str(number))
    assert names(card) == [str(number) for number in range(30, 10, -1)]


def test_an_earlier_version_comes_back_and_the_present_one_stays_a_version(alice: User) -> None:
    card = draft_card(alice, display_name="One")
    for name in ("Two", "Three"):
        save(card, name)
    wanted = next(v for v in service.versions_of(card) if v.content.display_name == "One")
    service.restore_version(card, wanted)
    assert card.draft.display_name == "One"
    assert names(card) == ["One", "Three", "Two", "One"]


def test_more_text_than_a_card_holds_is_refused(alice: User) -> None:
    card = draft_card(alice)
    with pytest.raises(service.DraftTooLong):
        save(card, "x" * 300_000)
    assert card.revision == 1
