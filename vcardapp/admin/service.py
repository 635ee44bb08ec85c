"""What waits for the admin, the outbox, invitations."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from vcardapp import mail
from vcardapp.accounts import links
from vcardapp.accounts import service as accounts
from vcardapp.accounts.models import Invitation, User
from vcardapp.admin import audit
from vcardapp.cards.models import Card, Report, TakeDown
from vcardapp.db import Base, db
from vcardapp.mail import Mail
from vcardapp.media.models import WAITING, MediaFile
from vcardapp.turns import last_turns
from vcardapp.web import settings

PAGE = 50
_DOORS = re.compile(r"(/(?:reset|confirm|account/email|account/prove)/)[\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Overview:
    open_reports: int
    answers: int  # of owners, to take-downs
    failed_mails: int
    failed_jobs: int
    waiting_mails: int
    waiting_files: int
    people: int
    cards: int
    down: int
    open_invitations: int

    @property
    def is_quiet(self) -> bool:
        """True if nothing waits for the admin."""
        return not (self.open_reports or self.answers or self.failed_mails or self.failed_jobs)


def look_around() -> Overview:
    """Count what waits for the admin and what there is."""
    unsent = Mail.sent_at.is_(None)
    return Overview(
        open_reports=_count(Report, Report.handled_at.is_(None)),
        answers=_count(TakeDown, TakeDown.answered_at.is_not(None), TakeDown.restored_at.is_(None)),
        failed_mails=_count(Mail, unsent, Mail.next_try_at.is_(None)),
        failed_jobs=sum(bool(turn.error) for turn in last_turns()),
        waiting_mails=_count(Mail, unsent, Mail.next_try_at.is_not(None)),
        waiting_files=_count(MediaFile, MediaFile.state == WAITING),
        people=_count(User, User.active.is_(True)),
        cards=_count(Card, Card.is_public),
        down=_count(Card, Card.taken_down_at.is_not(None), Card.deleted_at.is_(None)),
        open_invitations=_count(Invitation, *links.are_open()),
    )


def mails(state: str = "", page: int = 1) -> list[Mail]:
    """Return a page of the outbox, newest first; `state` is waiting, failed or "" for all."""
    query = sa.select(Mail).order_by(Mail.created_at.desc(), Mail.id)
    if state in ("waiting", "failed"):
        is_given_up = Mail.next_try_at.is_(None) if state == "failed" else Mail.next_try_at.is_not(None)
        query = query.where(Mail.sent_at.is_(None), is_given_up)
    return list(db.session.scalars(query.offset((page - 1) * PAGE).limit(PAGE)))


def find_mail(mail_id: uuid.UUID) -> Mail | None:
    return db.session.get(Mail, mail_id)


def shown_text(found: Mail) -> str:
    """Return what a mail says; of links into an account all but the secret, unless it is for the admin to hand them on."""
    is_stuck = not settings().smtp_url or found.state == "failed"
    return found.text if is_stuck else _DOORS.sub(r"\1…", found.text)


def send_again(found: Mail) -> None:
    """Have a mail tried again at once."""
    audit.note("send-again", found)
    mail.send_again(found)


def invite(email: str) -> str:
    """Make an invitation, mail it where an address is named, and return its address; raise BadEmail."""
    audit.note("invite", None, name=email)
    try:
        return accounts.invite(email)
    except accounts.BadEmail:
        db.session.rollback()
        raise


def invitations(page: int = 1) -> list[Invitation]:
    """Return a page of invitations, newest first."""
    query = sa.select(Invitation).order_by(Invitation.created_at.desc())
    return list(db.session.scalars(query.offset((page - 1) * PAGE).limit(PAGE)))


def _count(model: type[Base], *which: sa.ColumnExpressionArgument[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*which)) or 0
