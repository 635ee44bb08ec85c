"""Cards as an admin sees them: found, taken down with a reason, restored; what visitors reported about them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from vcardapp.accounts import security
from vcardapp.accounts.models import User
from vcardapp.accounts.post import write
from vcardapp.admin import audit, letters
from vcardapp.admin.models import AuditEntry
from vcardapp.cards import takedowns
from vcardapp.cards.models import Card, CardAddress, Report, TakeDown
from vcardapp.cards.slugs import key_of
from vcardapp.db import db, now
from vcardapp.domains.service import address_base
from vcardapp.web import absolute

PAGE = 50
STATES = {
    "published": (Card.is_public,),
    "taken down": (Card.taken_down_at.is_not(None), Card.deleted_at.is_(None)),
}


@dataclass(frozen=True, slots=True)
class CardSeen:
    card: Card
    owner: User | None
    address: str  # "" where it was never published
    reports: list[Report]
    take_downs: list[TakeDown]


def find_cards(sought: str = "", state: str = "", page: int = 1) -> list[tuple[Card, User | None]]:
    """Return a page of cards with their owners, the last changed first; `sought` is a part of address, name or e-mail."""
    query = sa.select(Card, User).outerjoin(User, User.id == Card.owner_id).where(Card.erased_at.is_(None))
    if sought:
        name = sa.type_coerce(Card.draft, sa.JSON)["display_name"].as_string()
        of_address = sa.select(CardAddress.card_id).where(CardAddress.key.contains(key_of(sought), autoescape=True))
        named = (sa.func.lower(name).contains(sought.lower(), autoescape=True), name.contains(sought, autoescape=True))
        query = query.where(sa.or_(*named, User.email.contains(sought.lower(), autoescape=True), Card.id.in_(of_address)))
    query = query.where(*STATES.get(state, ())).order_by(Card.changed_at.desc(), Card.id)
    return [(card, owner) for card, owner in db.session.execute(query.offset((page - 1) * PAGE).limit(PAGE))]


def find_card(card_id: uuid.UUID) -> Card | None:
    """Find a card whosever it is, unless it was erased."""
    return db.session.scalar(sa.select(Card).where(Card.id == card_id, Card.erased_at.is_(None)))


def look_at(card: Card) -> CardSeen:
    """Return what an admin sees of a card."""
    owner = db.session.get(User, card.owner_id) if card.owner_id else None
    return CardSeen(card, owner, _address(card) if card.slug else "", reports_about(card), takedowns.take_downs_of(card))


def reports_about(card: Card) -> list[Report]:
    """List what visitors reported about a card, the last first."""
    query = sa.select(Report).where(Report.card_id == card.id).order_by(Report.created_at.desc())
    return list(db.session.scalars(query))


def take_down(card: Card, reason: str, report: Report | None = None) -> bool:
    """Take a card from the public, tell its owner why, and note it; False if it is down already. The report is settled."""
    is_mine = _take_down(card, reason, report.id if report else None)
    owner = db.session.get(User, card.owner_id) if is_mine and card.owner_id else None
    if owner:
        name, link = card.draft.display_name or card.slug or "", absolute(f"/cards/{card.id}/taken-down")
        write(owner, letters.card_taken_down, name, reason, link)
    if report and _settle(report):
        if not is_mine:
            audit.note("settle", report, name=card.slug or "")
        _tell_reporter(report, letters.report_taken_down, _address(card))
    db.session.commit()
    return is_mine


def take_down_all_of(user: User, reason: str) -> None:
    """Take all of a person's cards from the public that have ever been there; the caller commits and tells them."""
    query = sa.select(Card).where(Card.owner_id == user.id, Card.deleted_at.is_(None), Card.taken_down_at.is_(None))
    for card in db.session.scalars(query.where(Card.live.is_not(None))):
        _take_down(card, reason)


def cards_down_with(user: User) -> list[Card]:
    """Return the cards that were taken down when this person was suspended last, and are down still."""
    was_suspended = AuditEntry.what == "suspend", AuditEntry.on_id == str(user.id)
    last = db.session.scalar(sa.select(AuditEntry).where(*was_suspended).order_by(AuditEntry.at.desc()).limit(1))
    if last is None:
        return []
    with_it = TakeDown.at >= last.at, TakeDown.reason == last.details, TakeDown.restored_at.is_(None)
    query = sa.select(Card).join(TakeDown, TakeDown.card_id == Card.id).where(Card.owner_id == user.id, *with_it)
    return list(db.session.scalars(query.where(Card.taken_down_at.is_not(None), Card.deleted_at.is_(None))))


def restore_all(cards: list[Card]) -> None:
    """Give cards back to their owner; the caller commits and tells them."""
    for card in cards:
        _restore(card)


def restore(card: Card) -> bool:
    """Give a card back to its owner and tell them; False if it is not down."""
    if not _restore(card):
        return False
    owner = db.session.get(User, card.owner_id) if card.owner_id else None
    if owner:
        name, link = card.draft.display_name or card.slug or "", absolute(f"/cards/{card.id}/edit")
        write(owner, letters.card_restored, name, link)
    db.session.commit()
    return True


def find_report(report_id: uuid.UUID) -> tuple[Report, Card] | None:
    """Find a report and its card."""
    report = db.session.get(Report, report_id)
    return (report, db.session.get_one(Card, report.card_id)) if report else None


def reports(page: int = 1) -> list[tuple[Report, Card]]:
    """Return a page of reports with their cards: open ones first, newest first."""
    query = sa.select(Report, Card).join(Card, Card.id == Report.card_id)
    query = query.order_by(Report.handled_at.is_not(None), Report.created_at.desc())
    return [(report, card) for report, card in db.session.execute(query.offset((page - 1) * PAGE).limit(PAGE))]


def answers_to(reports: list[Report]) -> dict[uuid.UUID, TakeDown]:
    """Return for each report that led to a take-down what its owner answered, by one look-up."""
    query = sa.select(TakeDown).where(TakeDown.report_id.in_([report.id for report in reports]))
    query = query.where(TakeDown.answered_at.is_not(None)).order_by(TakeDown.at)
    return {taken.report_id: taken for taken in db.session.scalars(query) if taken.report_id}


def settle_report(report: Report, card: Card, note: str) -> None:
    """Mark a report as handled and tell the reporter, with the note if there is one; twice changes nothing."""
    if not _settle(report, note):
        return
    audit.note("settle", report, note, card.slug or "")
    letter = letters.report_settled_with_note if note else letters.report_settled
    _tell_reporter(report, letter, _address(card), *([note] if note else []))
    db.session.commit()


def _take_down(card: Card, reason: str, report_id: uuid.UUID | None = None) -> bool:
    is_mine = takedowns.take_down(card, reason, report_id)
    if is_mine:
        audit.note("take-down", card, reason)
    return is_mine


def _restore(card: Card) -> bool:
    is_mine = takedowns.restore(card)
    if is_mine:
        audit.note("restore", card)
    return is_mine


def _settle(report: Report, note: str = "") -> bool:
    """Mark a report as handled; of two admins at once only one gets True."""
    is_open = Report.id == report.id, Report.handled_at.is_(None)
    settled = db.session.execute(sa.update(Report).where(*is_open).values(handled_at=now(), note=note or Report.note))
    return cast("sa.CursorResult[Any]", settled).rowcount == 1


def _tell_reporter(report: Report, letter: letters.Writer, *details: str) -> None:
    email = security.normal_email(report.email) if report.email else None
    if email:
        letters.write_to_stranger(email, letter, *details)


def _address(card: Card) -> str:
    return f"{address_base(card)}/{card.slug or ''}"
