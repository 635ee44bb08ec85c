"""The owner's calendar: what is in it, who was sought, a table for other programs, mails that have not gone out."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _

from vcardapp import csv_cells
from vcardapp.booking.models import Appointment, AppointmentMail, BlockedTime, Host
from vcardapp.cards.models import Card
from vcardapp.cards.slugs import key_of
from vcardapp.db import db
from vcardapp.mail import Mail

SHOWN = ("held", "pending", "confirmed", "missed")
LONGEST_SOUGHT = 100  # characters
MOST_FOUND = 200


def find_on(card: Card, appointment_id: uuid.UUID) -> Appointment | None:
    """Find one of the appointments of a card."""
    return db.session.scalar(sa.select(Appointment).where(Appointment.id == appointment_id, Appointment.card_id == card.id))


def appointments_between(
    card: Card, start: datetime, end: datetime, host: Host | None = None, *, with_ended: bool = False
) -> list[Appointment]:
    """List what overlaps [start, end) in order; cancelled, declined and lapsed ones only when asked for."""
    query = sa.select(Appointment).where(
        Appointment.card_id == card.id, Appointment.ends_at > start, Appointment.starts_at < end
    )
    if host:
        query = query.where(Appointment.host_id == host.id)
    if not with_ended:
        query = query.where(Appointment.state.in_(SHOWN))
    return list(db.session.scalars(query.order_by(Appointment.starts_at, Appointment.created_at)))


def requests_on(card: Card) -> list[Appointment]:
    """List the requests that wait for an answer, the one that lapses first at the top."""
    query = sa.select(Appointment).where(Appointment.card_id == card.id, Appointment.state == "pending")
    return list(db.session.scalars(query.order_by(Appointment.lapses_at, Appointment.starts_at)))


def blocked_between(card: Card, start: datetime, end: datetime, host: Host | None = None) -> list[BlockedTime]:
    """List the times that are blocked by hand and overlap [start, end), in order."""
    query = sa.select(BlockedTime).where(
        BlockedTime.card_id == card.id, BlockedTime.ends_at > start, BlockedTime.starts_at < end
    )
    if host:
        query = query.where(sa.or_(BlockedTime.host_id == host.id, BlockedTime.host_id.is_(None)))
    return list(db.session.scalars(query.order_by(BlockedTime.starts_at)))


def search(card: Card, sought: str) -> list[Appointment]:
    """List appointments with every word of `sought` in name, e-mail, phone, type or note, the last first.

    Words are compared by Python: databases fold the letters of English only.
    """
    words = [key_of(word) for word in sought[:LONGEST_SOUGHT].split()]
    query = sa.select(Appointment).where(Appointment.card_id == card.id).order_by(Appointment.starts_at.desc())
    found = []
    for one in db.session.scalars(query.options(sa.orm.joinedload(Appointment.type))):
        text = key_of(" ".join((one.name, one.email, one.phone, one.type.name, one.note)))
        if all(word in text or _digits(word) and _digits(word) in _digits(one.phone) for word in words):
            found.append(one)
        if len(found) == MOST_FOUND:
            break
    return found


def set_note(appointment: Appointment, note: str) -> None:
    """Keep the owner's own note on an appointment; visitors never see it."""
    appointment.note = note
    db.session.commit()


def csv_of(card: Card, appointments: Iterable[Appointment]) -> bytes:
    """Return appointments as a table (RFC 4180, UTF-8 with a mark for Excel), times by the host's clock, no cell a formula."""
    head = [_("Date"), _("Start"), _("End"), _("Time zone"), _("State"), _("What"), _("With"), _("Name"), _("E-mail"),
            _("Phone"), _("Place"), _("Answers"), _("Note")]  # fmt: skip
    rows = []
    for one in appointments:
        start, end = (moment.astimezone(ZoneInfo(one.zone)) for moment in (one.starts_at, one.ends_at))
        answers = "\n".join(f"{answer['question']} {answer['answer']}" for answer in one.answers)
        rows.append([
            f"{start:%Y-%m-%d}", f"{start:%H:%M}", f"{end:%H:%M}", one.zone, one.state, one.type.name, one.host.name,
            one.name, one.email, one.phone, one.place, answers, one.note,
        ])  # fmt: skip
    return csv_cells.write_table(head, rows).encode()


def mails_about(appointment: Appointment) -> list[Mail]:
    """List the mails about an appointment, the first first; `state` says whether each went out."""
    query = sa.select(Mail).join(AppointmentMail, AppointmentMail.mail_id == Mail.id)
    return list(db.session.scalars(query.where(AppointmentMail.appointment_id == appointment.id).order_by(Mail.created_at)))


def mails_stuck(card: Card) -> int:
    """Return how many mails about appointments of a card have been tried and did not go out."""
    query = sa.select(sa.func.count()).select_from(Mail).join(AppointmentMail, AppointmentMail.mail_id == Mail.id)
    query = query.join(Appointment, Appointment.id == AppointmentMail.appointment_id)
    return db.session.scalar(query.where(Appointment.card_id == card.id, Mail.sent_at.is_(None), Mail.error != "")) or 0


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())
