"""What the admin can see and settle."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from vcardapp.accounts.models import Invitation, User
from vcardapp.cards.models import Card, Report
from vcardapp.db import db, now
from vcardapp.mail import Mail

PAGE = 50


@dataclass(frozen=True, slots=True)
class Overview:
    people: int
    cards: int
    open_reports: int
    waiting_mails: int
    failed_mails: int
    open_invitations: int


def look_around() -> Overview:
    """Count what there is and what waits for the admin."""
    unsent = Mail.sent_at.is_(None)
    return Overview(
        people=_count(User, User.active.is_(True)),
        cards=_count(Card, Card.live.is_not(None), Card.deleted_at.is_(None)),
        open_reports=_count(Report, Report.handled_at.is_(None)),
        waiting_mails=_count(Mail, unsent, Mail.next_try_at.is_not(None)),
        failed_mails=_count(Mail, unsent, Mail.next_try_at.is_(None)),
        open_invitations=_count(Invitation, Invitation.used_at.is_(None)),
    )


def mails(page: int = 1) -> list[Mail]:
    """Return a page of the outbox, newest first."""
    query = sa.select(Mail).order_by(Mail.created_at.desc(), Mail.id)
    return list(db.session.scalars(query.offset((page - 1) * PAGE).limit(PAGE)))


def find_mail(mail_id: uuid.UUID) -> Mail | None:
    return db.session.get(Mail, mail_id)


def reports(page: int = 1) -> list[tuple[Report, Card]]:
    """Return a page of reports with their cards: open ones first, newest first."""
    query = sa.select(Report, Card).join(Card, Card.id == Report.card_id)
    query = query.order_by(Report.handled_at.is_not(None), Report.created_at.desc())
    return [(report, card) for report, card in db.session.execute(query.offset((page - 1) * PAGE).limit(PAGE))]


def settle_report(report_id: uuid.UUID) -> bool:
    """Mark a report as handled; False if there is none."""
    report = db.session.get(Report, report_id)
    if report and not report.handled_at:
        report.handled_at = now()
        db.session.commit()
    return report is not None


def invitations(page: int = 1) -> list[Invitation]:
    """Return a page of invitations, newest first."""
    query = sa.select(Invitation).order_by(Invitation.created_at.desc())
    return list(db.session.scalars(query.offset((page - 1) * PAGE).limit(PAGE)))


def _count(model: type[User | Card | Report | Mail | Invitation], *which: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*which)) or 0
