"""Reminders: which are due is computed from the appointments at the moment of sending, and each goes out once."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa

from vcardapp.booking import letters
from vcardapp.booking.models import Appointment, AppointmentType, Reminder
from vcardapp.booking.places import take_turn
from vcardapp.booking.post import tell_visitor
from vcardapp.cards.models import Card
from vcardapp.db import db, insert_if_absent, now

EARLIEST = 31 * 24 * 60  # minutes before the start: none is sent sooner


def send_reminders() -> int:
    """Put the reminders that are due into the outbox and return how many; runs each minute, in as many processes as there are.

    An appointment that was made, confirmed or moved after the moment of a reminder gets none of that kind. After a pause
    in which several became due only the last goes out.
    """
    moment = now()
    query = sa.select(Appointment, AppointmentType.reminders).join(AppointmentType, AppointmentType.id == Appointment.type_id)
    soon = query.where(
        Appointment.state == "confirmed",
        Appointment.email != "",
        Appointment.starts_at > moment,
        Appointment.starts_at < moment + timedelta(minutes=EARLIEST),
    )
    due = []
    for appointment, reminders in db.session.execute(soon):
        minutes = due_of(appointment.starts_at, reminders, moment)
        if minutes is not None and appointment.settled_at <= appointment.starts_at - timedelta(minutes=minutes):
            due.append((appointment.id, minutes, appointment.sequence))
    sent = sa.select(Reminder.appointment_id, Reminder.minutes, Reminder.sequence)
    known = {tuple(row) for row in db.session.execute(sent.where(Reminder.appointment_id.in_([one for one, *_ in due])))}
    return sum(_remind(appointment_id, minutes, moment) for appointment_id, minutes, _ in set(due) - known)


def due_of(start: datetime, reminders: list[int], moment: datetime) -> int | None:
    """Return the reminder whose time has come, in minutes before the start: of several the last one."""
    return min((minutes for minutes in reminders if start - timedelta(minutes=minutes) <= moment), default=None)


def _remind(appointment_id: uuid.UUID, minutes: int, moment: datetime) -> bool:
    """Remind of an appointment as it is now, nobody changing it meanwhile."""
    appointment = db.session.get_one(Appointment, appointment_id)
    take_turn(db.session.get_one(Card, appointment.card_id))
    due_at = appointment.starts_at - timedelta(minutes=minutes)
    is_due = appointment.state == "confirmed" and appointment.settled_at <= due_at <= moment < appointment.starts_at
    is_first = is_due and insert_if_absent(
        Reminder, appointment_id=appointment.id, minutes=minutes, sequence=appointment.sequence, sent_at=moment
    )
    if is_first:
        tell_visitor(appointment, letters.reminder)
    db.session.commit()
    return is_first
