"""The waiting list: a freed place is offered in order, kept for a while, and nobody can take it from under them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.booking.cast import NOW, at, kind_of, letters_to, practice, zoe
from vcardapp.accounts.models import User
from vcardapp.booking import service, waiting
from vcardapp.booking.free import free_times
from vcardapp.booking.links import token_of
from vcardapp.booking.models import Appointment, AppointmentType
from vcardapp.booking.service import VISITOR, SlotGone, book
from vcardapp.cards import service as cards
from vcardapp.cards.models import Card
from vcardapp.db import db

MONDAY = NOW.date()


@pytest.fixture(autouse=True)
def _monday_morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def card(alice: User) -> Card:
    return practice(alice)


@pytest.fixture
def kind(card: Card) -> AppointmentType:
    return kind_of(card, minutes=240, offer_minutes=60)  # two on a day


@pytest.fixture
def full(card: Card, kind: AppointmentType) -> list[Appointment]:
    return [book(card, kind, at(hour), zoe(email=f"early{hour}@example.org")) for hour in (9, 13)]


def wait(card: Card, kind: AppointmentType, name: str) -> waiting.Waiting:
    return waiting.wait(card, kind, MONDAY, MONDAY, zoe(name=name, email=f"{name}@example.org"))


def subjects(name: str) -> list[str]:
    return [mail.subject.split(":")[0] for mail in letters_to(f"{name}@example.org")]


def test_a_freed_place_is_offered_in_order_and_kept(
    card: Card, kind: AppointmentType, full: list[Appointment]
) -> None:
    first, second = wait(card, kind, "bob"), wait(card, kind, "carol")
    service.cancel(full[0], VISITOR)
    assert (first.state, second.state) == ("offered", "waiting")
    assert subjects("bob") == ["On the waiting list", "A place is free"]
    assert "/w/" + token_of("waiting", first.id) in letters_to("bob@example.org")[-1].text
    assert free_times(card, kind, at(0), at(24)) == []
    with pytest.raises(SlotGone):
        book(card, kind, at(9), zoe(email="quick@example.org"))
    made = waiting.take_offer(first)
    assert waiting.take_offer(first) is made
    assert (made.state, made.starts_at, made.name, first.state) == ("confirmed", at(9), "bob", "taken")
    assert subjects("bob")[-1] == "Booked"
    assert letters_to("alice@example.org")[-1].subject.startswith("New: Consultation, bob")
    assert waiting.find_waiting(token_of("waiting", first.id)) is first


def test_who_does_not_answer_in_time_makes_room_for_the_next(
    card: Card, kind: AppointmentType, full: list[Appointment]
) -> None:
    first, second = wait(card, kind, "bob"), wait(card, kind, "carol")
    service.cancel(full[0], VISITOR)
    with time_machine.travel(at(7, 1)):
        with pytest.raises(waiting.OfferOver):
            waiting.take_offer(first)
        assert service.lapse_due() == 1
        assert (first.state, second.state) == ("over", "offered")
        with pytest.raises(waiting.OfferOver):
            waiting.take_offer(first)
        assert waiting.take_offer(second).starts_at == at(9)


def test_who_leaves_makes_room_for_the_next(card: Card, kind: AppointmentType, full: list[Appointment]) -> None:
    first, second, third = (wait(card, kind, name) for name in ("bob", "carol", "dan"))
    service.cancel(full[0], VISITOR)
    waiting.leave(second)
    waiting.leave(first)
    waiting.leave(first)
    assert [one.state for one in (first, second, third)] == ["left", "left", "offered"]
    waiting.leave(third)
    assert [one.start for one in free_times(card, kind, at(0), at(24))] == [at(9)]
    assert waiting.waiting_on(card) == []


def test_a_declined_request_a_move_and_longer_hours_free_places_too(
    card: Card, kind: AppointmentType, full: list[Appointment]
) -> None:
    first, second = wait(card, kind, "bob"), wait(card, kind, "carol")
    service.move(full[0], at(9, day=1), VISITOR)
    assert first.state == "offered"
    service.cancel(full[1], service.OWNER)
    assert second.state == "offered"


def test_an_offer_that_needs_approval_becomes_a_request(card: Card) -> None:
    kind = kind_of(card, minutes=480, needs_approval=True)
    made = book(card, kind, at(9), zoe())
    entry = wait(card, kind, "bob")
    service.decline(made)
    assert waiting.take_offer(entry).state == "pending"
    assert subjects("bob")[-1] == "Asked for"


def test_the_same_person_waits_once_and_only_with_an_address(
    card: Card, kind: AppointmentType, full: list[Appointment]
) -> None:
    assert wait(card, kind, "bob") is wait(card, kind, "bob")
    with pytest.raises(waiting.NoEmail):
        waiting.wait(card, kind, MONDAY, MONDAY, zoe(email=""))
    assert len(waiting.waiting_on(card)) == 1


def test_who_types_the_address_of_somebody_waiting_changes_nothing(
    card: Card, kind: AppointmentType, full: list[Appointment]
) -> None:
    entry = wait(card, kind, "bob")
    before, letters = (entry.name, entry.phone, entry.first_day, entry.last_day, entry.token_hash), len(subjects("bob"))
    waiting.wait(card, kind, MONDAY, MONDAY, zoe(name="Mallory", email="BOB@example.org", phone="+44 7700 900999"))
    assert (entry.name, entry.phone, entry.first_day, entry.last_day, entry.token_hash) == before
    assert len(subjects("bob")) == letters + 1, "the link comes once more, to the address alone"


def test_a_list_has_an_end(
    card: Card, kind: AppointmentType, full: list[Appointment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST", 1)
    wait(card, kind, "bob")
    with pytest.raises(waiting.ListFull):
        wait(card, kind, "carol")


def test_no_place_is_offered_or_taken_while_the_card_is_paused(
    card: Card, kind: AppointmentType, full: list[Appointment]
) -> None:
    bob, carol = wait(card, kind, "bob"), wait(card, kind, "carol")
    service.cancel(full[0], service.OWNER)
    assert bob.state == "offered"
    cards.pause_card(card)
    with pytest.raises(waiting.OfferOver):
        waiting.take_offer(bob)
    service.cancel(full[1], service.OWNER)
    assert carol.state == "waiting"


def test_the_hourly_round_offers_and_ends(card: Card, kind: AppointmentType, full: list[Appointment]) -> None:
    entry = wait(card, kind, "bob")
    with time_machine.travel(at(9, day=4)):
        waiting.sweep()
        assert entry.state == "over"


def test_one_broken_card_keeps_nobody_else_waiting(
    card: Card, kind: AppointmentType, full: list[Appointment], bob: User
) -> None:
    broken = practice(bob, slug="broken")
    wrong = kind_of(broken, minutes=240)
    book(broken, wrong, at(9), zoe(email="x@example.org"))
    book(broken, wrong, at(13), zoe(email="y@example.org"))
    waiting.wait(broken, wrong, MONDAY, MONDAY, zoe(name="eve", email="eve@example.org"))
    carol = wait(card, kind, "carol")
    wrong.move_minutes = 2**31 - 1
    full[0].state = "cancelled"  # past the service: nothing is offered at once
    db.session.commit()
    with pytest.raises(ValueError, match="move_notice"):
        waiting.sweep()
    assert carol.state == "offered", "though eve has waited for longer"
