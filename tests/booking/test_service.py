"""Booking, confirming, moving and cancelling, as the owner and as the visitor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.exc import IntegrityError

from tests.booking.cast import NOW, at, first_host, kind_of, letters_to, practice, second_host, zoe
from vcardapp.accounts.models import User
from vcardapp.booking import agenda, service, set_up
from vcardapp.booking.free import free_times
from vcardapp.booking.links import token_of
from vcardapp.booking.models import Appointment
from vcardapp.booking.service import OWNER, VISITOR, Settled, SlotGone, TooLate, book
from vcardapp.cards.service import pause_card
from vcardapp.db import db, now
from vcardapp.mail import Mail


@pytest.fixture(autouse=True)
def _monday_morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def test_a_booked_time_is_gone_and_both_are_told(alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card)
    made = book(card, kind, at(9), zoe())
    assert (made.state, made.starts_at, made.ends_at, made.zone) == ("confirmed", at(9), at(10), "UTC")
    free = [one.start for one in free_times(card, kind, at(0), at(24))]
    assert free == [at(hour) for hour in range(10, 17)]
    assert [mail.subject for mail in letters_to("zoe@example.org")] == ["Booked: Consultation, Jun 1, 2026, 9:00 AM"]
    assert [mail.subject for mail in letters_to("alice@example.org")] == ["New: Consultation, Zoë, Jun 1, 2026, 9:00 AM"]
    assert service.find_appointment(token_of("appointment", made.id)) is made
    with pytest.raises(SlotGone) as gone:
        book(card, kind, at(9), zoe(email="late@example.org"))
    assert gone.value.times[0].start == at(10)
    assert letters_to("late@example.org") == []


@pytest.mark.parametrize("start", [at(8), at(9, 30), at(17), at(9, day=5), at(9, day=-7)])
def test_what_is_not_offered_cannot_be_booked(alice: User, start: object) -> None:
    card = practice(alice)
    with pytest.raises(SlotGone):
        book(card, kind_of(card), start, zoe())  # type: ignore[arg-type]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Appointment)) == 0


def test_the_database_itself_refuses_an_overlap(alice: User) -> None:
    """Whatever the code forgets: other starts, buffers, and a cancelled one that comes back to life."""
    card = practice(alice)
    kind = kind_of(card, before_minutes=10, after_minutes=5)
    made = book(card, kind, at(9), zoe())
    cancelled = service.book_by_hand(card, kind, first_host(card), at(12), zoe())
    service.cancel(cancelled, OWNER)
    for first, last in ((at(9, 30), at(10, 30)), (at(8), at(8, 51)), (at(10, 4), at(11)), (at(9, 15), at(9, 20))):
        cancelled.starts_at, cancelled.ends_at = at(12), at(13)
        cancelled.blocked_from, cancelled.blocked_until, cancelled.state = first, last, "confirmed"
        with pytest.raises(IntegrityError):
            db.session.commit()
        db.session.rollback()
        assert cancelled.state == "cancelled"
    cancelled.blocked_from, cancelled.blocked_until, cancelled.state = at(10, 5), at(11), "confirmed"
    db.session.commit()  # adjoining is fine
    assert made.state == "confirmed"


def test_19_23_the_same_form_books_once(alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card)
    first = book(card, kind, at(9), zoe(), form_token="abc")
    again = book(card, kind, at(9), zoe(), form_token="abc")
    assert again.id == first.id
    assert len(letters_to("zoe@example.org")) == len(letters_to("alice@example.org")) == 1


def test_21_as_many_as_there_are_seats(alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card, seats=3)
    made = [book(card, kind, at(9), zoe(email=f"zoe{number}@example.org")) for number in range(3)]
    assert sorted(one.seat for one in made) == [1, 2, 3]
    with pytest.raises(SlotGone):
        book(card, kind, at(9), zoe())
    service.cancel(made[1], VISITOR)
    assert book(card, kind, at(9), zoe()).seat == 2
    other = kind_of(card, "Other", minutes=30)
    assert at(9, 30) not in [one.start for one in free_times(card, other, at(9), at(10))]
    with pytest.raises(SlotGone):
        service.book_by_hand(card, other, first_host(card), at(9, 30), zoe())


def test_24_a_request_blocks_and_is_answered_once(alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card, needs_approval=True)
    made = book(card, kind, at(9), zoe())
    assert made.state == "pending"
    with pytest.raises(SlotGone):
        book(card, kind, at(9), zoe())
    service.confirm(made)
    service.confirm(made)
    assert made.state == "confirmed"
    subjects = [mail.subject.split(":")[0] for mail in letters_to("zoe@example.org")]
    assert subjects == ["Asked for", "Booked"]
    with pytest.raises(Settled):
        service.decline(made)


def test_a_declined_request_frees_its_time(alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card, needs_approval=True)
    made = book(card, kind, at(9), zoe())
    service.decline(made, "On holiday")
    assert made.state == "declined"
    assert "On holiday" in letters_to("zoe@example.org")[-1].text
    assert letters_to("zoe@example.org")[-1].attachment is None  # it never stood in their calendar
    assert book(card, kind, at(9), zoe()).state == "pending"


def test_a_request_that_nobody_answers_lapses(alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card, needs_approval=True, approval_minutes=60)
    made = book(card, kind, at(12), zoe())
    with time_machine.travel(at(7, 1), tick=False):
        assert [one.start for one in free_times(card, kind, at(12), at(13))] == [at(12)]
        assert service.lapse_due() == 1
        assert service.lapse_due() == 0
    assert made.state == "lapsed"
    assert letters_to("zoe@example.org")[-1].subject.startswith("Not answered")
    assert letters_to("alice@example.org")[-1].subject.startswith("Lapsed")
    with pytest.raises(Settled):
        service.confirm(made)


def test_22_moving_keeps_the_old_place_until_the_new_one_is_taken(alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card)
    made, other = book(card, kind, at(9), zoe()), book(card, kind, at(10), zoe(email="bob@example.org"))
    with pytest.raises(SlotGone) as gone:
        service.move(made, at(10), VISITOR)
    assert at(9) in [one.start for one in gone.value.times]  # its own
    assert (made.starts_at, made.sequence, made.moves) == (at(9), 0, 0)
    token = token_of("appointment", made.id)
    service.move(made, at(11), VISITOR)
    assert (made.starts_at, made.sequence, made.moves) == (at(11), 1, 1)
    assert service.find_appointment(token) is made
    service.move(other, at(9), OWNER)
    assert other.starts_at == at(9)
    assert letters_to("alice@example.org")[-1].subject.startswith("Moved")


def test_moving_by_half_an_hour_is_not_in_its_own_way(alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card, interval_minutes=30, after_minutes=30)
    made = book(card, kind, at(9), zoe())
    assert [one.start for one in service.times_to_move(made, at(9), at(10))] == [at(9), at(9, 30)]
    service.move(made, at(9, 30), VISITOR)
    assert made.starts_at == at(9, 30)
    service.move(made, at(9, 30), VISITOR)
    assert made.sequence == 1


def test_25_a_cancelled_appointment_stays_cancelled(alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card)
    made = book(card, kind, at(9), zoe())
    service.cancel(made, VISITOR, "Ill")
    new = book(card, kind, at(9), zoe(email="bob@example.org"))
    service.cancel(made, VISITOR)
    with pytest.raises(Settled):
        service.move(made, at(11), VISITOR)
    assert (made.state, made.sequence, new.state) == ("cancelled", 1, "confirmed")
    assert len(letters_to("zoe@example.org")) == 2
    assert "Ill" in letters_to("alice@example.org")[1].text


def test_visitors_keep_to_the_limits_and_owners_need_not(alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card, cancel_minutes=120, move_minutes=170, most_moves=1, notice_minutes=0)
    made = book(card, kind, at(9), zoe())
    assert service.visitor_may_cancel(made)
    assert service.visitor_may_move(made)
    service.move(made, at(10), VISITOR)
    with pytest.raises(TooLate):
        service.move(made, at(11), VISITOR)
    service.move(made, at(18), OWNER)  # outside the hours
    with time_machine.travel(at(16, 1), tick=False):
        assert not service.visitor_may_cancel(made)
        with pytest.raises(TooLate):
            service.cancel(made, VISITOR)
        service.cancel(made, OWNER)
    assert made.state == "cancelled"


def test_who_did_not_come_is_noted(alice: User) -> None:
    card = practice(alice)
    made = book(card, kind_of(card), at(9), zoe())
    with pytest.raises(Settled):
        service.mark_missed(made)
    with time_machine.travel(at(9, 20), tick=False):
        service.mark_missed(made)
        assert made.state == "missed"
        service.mark_missed(made, False)
    assert made.state == "confirmed"


def test_anyone_is_whoever_is_free_and_has_least_on(alice: User) -> None:
    card = practice(alice)
    ada, grace = first_host(card), second_host(card)
    kind = kind_of(card)
    [first] = free_times(card, kind, at(9), at(10))
    assert set(first.hosts) == {ada.id, grace.id}
    taken = [book(card, kind, at(hour), zoe()).host_id for hour in (9, 10, 11, 12)]
    assert sorted(taken.count(host.id) for host in (ada, grace)) == [2, 2]
    assert book(card, kind, at(9), zoe()).host_id != taken[0]
    with pytest.raises(SlotGone):
        book(card, kind, at(9), zoe())
    assert book(card, kind, at(13), zoe(), ada).host_id == ada.id
    with pytest.raises(SlotGone):
        book(card, kind, at(13), zoe(), ada)


def test_39_a_new_zone_moves_no_appointment(alice: User) -> None:
    card = practice(alice, "Europe/Vienna")
    kind = kind_of(card)
    made = book(card, kind, at(7), zoe())
    set_up.change_host(first_host(card), time_zone="America/New_York")
    assert (made.starts_at, made.zone) == (at(7), "Europe/Vienna")
    service.move(made, at(13), VISITOR)  # nine in New York
    assert (made.starts_at, made.zone) == (at(13), "America/New_York")


def test_a_closed_page_books_nothing(alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card)
    set_up.change_page(set_up.begin_booking(card), is_open=False)
    with pytest.raises(SlotGone):
        book(card, kind, at(9), zoe())


def test_blocked_times_are_not_offered(alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card)
    blocked = set_up.block_time(card, None, at(9, 30), at(12), "Dentist")
    assert [one.start for one in free_times(card, kind, at(0), at(14))] == [at(12), at(13)]
    assert agenda.blocked_between(card, at(0), at(10)) == [blocked]
    set_up.unblock(blocked)
    assert len(free_times(card, kind, at(0), at(14))) == 5


def test_the_table_holds_no_formula(alice: User) -> None:
    card = practice(alice)
    made = book(card, kind_of(card), at(9), zoe(name='=HYPERLINK("x")', phone="+431234", answers=[("Why?", "@sum")]))
    text = agenda.csv_of(card, [made]).decode("utf-8-sig")
    assert '"\'=HYPERLINK(""x"")"' in text
    assert '"\'+431234"' in text
    assert '"09:00"' in text
    assert "\"'\n;'=1\"" in agenda.csv_of(card, [book(card, kind_of(card), at(10), zoe(name="\n;=1"))]).decode()


def test_search_finds_by_name_phone_and_type(alice: User) -> None:
    card = practice(alice)
    made = book(card, kind_of(card), at(9), zoe(name="Zoë Müller", phone="+43 660 123"))
    book(card, kind_of(card, "Haircut"), at(10), zoe(name="Bob", email="bob@example.org"))
    assert agenda.search(card, "zoë MÜLLER") == [made]
    assert agenda.search(card, "660123") == [made]
    assert [one.name for one in agenda.search(card, "haircut")] == ["Bob"]
    assert now() - timedelta(minutes=1) < made.created_at


def test_an_address_that_cannot_be_written_to_loses_no_booking(alice: User) -> None:
    card = practice(alice)
    set_up.change_host(first_host(card), email="not an address\r\nBcc: eve@example.org")
    made = book(card, kind_of(card), at(9), zoe(email="zoe@example.org, eve@example.org"))
    assert made.state == "confirmed"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == 0


def test_a_card_that_nobody_sees_cannot_be_booked(alice: User) -> None:
    card = practice(alice)
    kind = kind_of(card)
    pause_card(card)
    with pytest.raises(SlotGone):
        book(card, kind, at(9), zoe())
