"""Mails about appointments, put into the outbox in the transaction that they tell of."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from flask_babel import force_locale

from vcardapp.accounts.models import User
from vcardapp.booking import letters, wording
from vcardapp.booking.days import known_zone
from vcardapp.booking.invitation import CANCEL, PUBLISH, REQUEST, Event, Person, write_invitation
from vcardapp.booking.letters import Facts, Letter
from vcardapp.booking.links import token_of
from vcardapp.booking.models import Appointment, AppointmentMail, Host, Waiting
from vcardapp.booking.opening_rules import content_of
from vcardapp.cards.models import Card
from vcardapp.db import db, now
from vcardapp.domains.service import address_base
from vcardapp.i18n import LANGUAGES
from vcardapp.mail import NOT_ONE_ADDRESS, Attachment, queue_mail
from vcardapp.web import absolute, settings

logger = logging.getLogger(__name__)
WITH_FILE = {
    letters.booked, letters.moved, letters.requested, letters.cancelled, letters.declined, letters.lapsed
}  # fmt: skip


def visitor_link(appointment: Appointment) -> str:
    """Return the one link of an appointment, which works for ever."""
    return address_base(_card(appointment)) + "/b/" + token_of("appointment", appointment.id, stored=appointment.token_hash)


def waiting_link(waiting: Waiting) -> str:
    """Return the link of somebody who waits."""
    base = address_base(db.session.get_one(Card, waiting.card_id))
    return base + "/w/" + token_of("waiting", waiting.id, stored=waiting.token_hash)


def host_email(host: Host) -> str:
    """Return where news for a person go: to their own address, else to the card's owner."""
    owner = _owner(db.session.get_one(Card, host.card_id))
    return host.email or (owner.email if owner else "")


def tell_visitor(
    appointment: Appointment, letter: Callable[[Facts], Letter], *, before: datetime | None = None
) -> None:
    """Write to the visitor, if they left an address, in their language and by their clock."""
    if not appointment.email:
        return
    zone = known_zone(appointment.visitor_zone, appointment.zone)
    with force_locale(_language(appointment.language)):
        facts = _facts(appointment, zone, appointment.zone, before)
        subject, text = letter(dataclasses.replace(facts, link=visitor_link(appointment)))
        reply_to = host_email(appointment.host)
        file = None
        if letter in WITH_FILE and appointment.confirmed_at and reply_to:
            file = write_invitation(event_of(appointment), CANCEL if appointment.is_over else REQUEST)
        _queue(appointment, appointment.email, subject, text, file, reply_to)


def tell_host(appointment: Appointment, letter: Callable[[Facts], Letter], *, before: datetime | None = None) -> None:
    """Write to the person who is booked, in the owner's language and by the host's clock."""
    card = _card(appointment)
    owner, recipient = _owner(card), host_email(appointment.host)
    if not recipient:
        return
    with force_locale(_language(owner.language if owner else "")):
        visitor_zone = known_zone(appointment.visitor_zone, appointment.zone)
        facts = _facts(appointment, appointment.zone, visitor_zone, before)
        contact = tuple(filter(None, (appointment.email, appointment.phone)))
        answers = tuple((str(one["question"]), str(one["answer"])) for one in appointment.answers)
        facts = dataclasses.replace(facts, contact=contact, answers=answers)
        subject, text = letter(dataclasses.replace(facts, link=absolute(f"/cards/{card.id}/booking")))
        _queue(appointment, recipient, subject, text, None, appointment.email)


def tell_waiting(waiting: Waiting, letter: Callable[[Facts], Letter]) -> None:
    """Write to somebody who waits; about the place that is offered to them if there is one."""
    with force_locale(_language(waiting.language)):
        if waiting.offer:
            zone = known_zone(waiting.visitor_zone, waiting.offer.zone)
            facts = _facts(waiting.offer, zone, waiting.offer.zone, None)
        else:
            facts = Facts(waiting.type.name, waiting.name, "", "", "")
        subject, text = letter(dataclasses.replace(facts, link=waiting_link(waiting)))
        mail = queue_mail(waiting.email, subject, text)
    if waiting.offer:
        db.session.flush()
        db.session.add(AppointmentMail(mail_id=mail.id, appointment_id=waiting.offer.id))


def event_of(appointment: Appointment, *, for_host: bool = False) -> Event:
    """Return an appointment as calendars know it: the visitor's copy, or the host's with the visitor's name."""
    host, email = appointment.host, host_email(appointment.host)
    contact = "\n".join(filter(None, (appointment.name, appointment.email, appointment.phone, appointment.note)))
    answers = "\n".join(f"{one['question']} {one['answer']}" for one in appointment.answers)
    return Event(
        uid=f"{appointment.uid}@{settings().host}",
        sequence=appointment.sequence,
        stamp=now(),
        start=appointment.starts_at,
        end=appointment.ends_at,
        summary=f"{appointment.type.name}: {appointment.name}" if for_host else _summary(appointment),
        description="\n\n".join(filter(None, (contact, answers))) if for_host else visitor_link(appointment),
        place=appointment.place,
        url="" if for_host else visitor_link(appointment),
        organizer=_person(email, host.name),
        attendee=_person(appointment.email, appointment.name),
        is_cancelled=appointment.is_over,
        is_tentative=appointment.state == "pending",
    )


def visitor_file(appointment: Appointment) -> bytes:
    """Return the .ics that a visitor downloads from the page of their appointment."""
    with force_locale(_language(appointment.language)):
        return write_invitation(event_of(appointment), PUBLISH)


def _summary(appointment: Appointment) -> str:
    name = content_of(_card(appointment)).display_name
    return f"{appointment.type.name} – {name}" if name else appointment.type.name


def _facts(appointment: Appointment, zone: str, other: str, before: datetime | None) -> Facts:
    start, end = appointment.starts_at, appointment.ends_at
    lapses = appointment.lapses_at if appointment.state == "held" else None
    return Facts(
        what=appointment.type.name,
        name=appointment.name,
        host=appointment.host.name,
        when=wording.when(start, end, zone),
        short_when=wording.short_when(start, zone),
        elsewhere=wording.when_elsewhere(start, end, zone, other),
        place=appointment.place,
        before=wording.short_when(before, zone) if before else "",
        reason=appointment.reason,
        until=wording.short_when(lapses, zone) if lapses else "",
    )


def _queue(
    appointment: Appointment, recipient: str, subject: str, text: str, file: bytes | None, reply_to: str
) -> None:
    attachment = Attachment("invite.ics", "text/calendar", file) if file else None
    try:
        mail = queue_mail(recipient, subject, text, attachment, reply_to)
    except ValueError:  # not an address: no reason not to book
        logger.warning("A mail about appointment %s has no usable address", appointment.id)
        return
    db.session.flush()
    db.session.add(AppointmentMail(mail_id=mail.id, appointment_id=appointment.id))


def _person(email: str, name: str) -> Person | None:
    return Person(email, name) if email and not re.search(NOT_ONE_ADDRESS, email) else None


def _card(appointment: Appointment) -> Card:
    return db.session.get_one(Card, appointment.card_id)


def _owner(card: Card) -> User | None:
    return db.session.scalar(sa.select(User).where(User.id == card.owner_id)) if card.owner_id else None


def _language(wished: str) -> str:
    return wished if wished in LANGUAGES else settings().language
