"""Imported calendars: added, fetched again and again in the background, their age and last problem kept."""

from __future__ import annotations

import hashlib
import logging
import uuid
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from flask import current_app

from vcardapp.booking.feeds import Busy, NotACalendar, read_apart
from vcardapp.booking.models import BusyTime, Host, ImportedCalendar
from vcardapp.booking.opening_rules import zone_name
from vcardapp.cards.models import Card
from vcardapp.db import db, now
from vcardapp.fetching import INTERNET, Fetched, Network, NotFetched, clean_address, fetch
from vcardapp.i18n import N_

logger = logging.getLogger(__name__)
EVERY = timedelta(minutes=15)
AFTER_A_FAILURE = timedelta(minutes=10)  # twice as long after each further one
LONGEST_PAUSE = timedelta(hours=6)
LEASE = timedelta(minutes=5)  # one that a process took and did not finish comes back after this
READ_WHOLE = timedelta(days=7)  # even if it says that it has not changed: what it repeats goes on
BACK, AHEAD = timedelta(days=2), timedelta(days=550)
MOST_CALENDARS = 10  # of a person
RUN = timedelta(seconds=40)  # that one round may take
PROBLEMS = {
    "address": N_("This address cannot be used. It must begin with https:// or webcal://."),
    "private": N_("This address leads into a private network, and is not fetched from there."),
    "unreachable": N_("The server did not answer."),
    "certificate": N_("The server could not prove who it is: its certificate is not valid."),
    "redirect": N_("The address leads on to another one. Please copy the final address."),
    "large": N_("The file is larger than 2 MB."),
    "slow": N_("The server took too long to answer."),
    "status": N_("The server refused to give the file. Perhaps the address is no longer shared."),
    "calendar": N_("There is no calendar at this address."),
}


class BadAddress(Exception):
    """This is no https address."""


class TooManyCalendars(Exception):
    """A person has as many imported calendars as they may have."""


def calendars_of(card: Card, host: Host | None = None) -> list[ImportedCalendar]:
    """List the imported calendars of a card, or of one person."""
    query = sa.select(ImportedCalendar).where(ImportedCalendar.card_id == card.id)
    if host:
        query = query.where(ImportedCalendar.host_id == host.id)
    return list(db.session.scalars(query.order_by(ImportedCalendar.created_at)))


def find_calendar(card: Card, calendar_id: uuid.UUID) -> ImportedCalendar | None:
    """Find one of the imported calendars of a card."""
    query = sa.select(ImportedCalendar).where(ImportedCalendar.id == calendar_id, ImportedCalendar.card_id == card.id)
    return db.session.scalar(query)


def add_calendar(host: Host, url: str, name: str = "") -> ImportedCalendar:
    """Have the busy times at an address kept free for a person, from the next minute on; raise BadAddress, TooManyCalendars."""
    try:
        address = clean_address(url)
    except NotFetched:
        raise BadAddress from None
    if len(calendars_of(db.session.get_one(Card, host.card_id), host)) >= MOST_CALENDARS:
        raise TooManyCalendars
    calendar = ImportedCalendar(card_id=host.card_id, host_id=host.id, url=address, name=name)
    db.session.add(calendar)
    db.session.commit()
    return calendar


def remove_calendar(calendar: ImportedCalendar) -> None:
    """Forget an imported calendar and its busy times."""
    db.session.delete(calendar)
    db.session.commit()


def problem_of(calendar: ImportedCalendar) -> str:
    """Return what went wrong at the last try as a text to translate, empty if nothing did."""
    return PROBLEMS.get(calendar.error.partition(" ")[0], "") if calendar.error else ""


def refresh_due() -> int:
    """Fetch the calendars whose time has come and return how many were tried. Runs each minute."""
    until, tried = now() + RUN, 0
    due = sa.select(ImportedCalendar).where(ImportedCalendar.next_try_at <= now())
    for calendar in db.session.scalars(due.order_by(ImportedCalendar.next_try_at).limit(100)).all():
        if now() > until:
            break
        if _claim(calendar):
            refresh(calendar)
            tried += 1
    return tried


def refresh(calendar: ImportedCalendar) -> bool:
    """Fetch and read a calendar now; True if our copy is as it is there. Where that fails, the last copy stays."""
    moment = now()
    today = moment.replace(hour=0, minute=0, second=0, microsecond=0)  # so that our copy changes with the file, and daily
    is_fresh = calendar.read_at is not None and moment - calendar.read_at < READ_WHOLE
    calendar_id, url, etag = calendar.id, calendar.url, calendar.etag if is_fresh else ""
    host = db.session.get_one(Host, calendar.host_id)
    zone = zone_name(db.session.get_one(Card, calendar.card_id), host)
    db.session.rollback()  # no transaction while we wait for others
    try:
        found = fetch(url, etag, _network())
        busy = read_apart(found.data, zone, today - BACK, today + AHEAD) if found.data is not None else None
    except NotFetched as problem:
        _note_failure(calendar_id, problem.problem, moment)
        return False
    except NotACalendar:
        _note_failure(calendar_id, "calendar", moment)
        return False
    _keep(calendar_id, found, busy, zone, moment)
    return True


def _keep(calendar_id: uuid.UUID, found: Fetched, busy: Busy | None, zone: str, moment: datetime) -> None:
    values: dict[str, Any] = {
        "fetched_at": moment, "tried_at": moment, "next_try_at": moment + EVERY, "failures": 0, "error": "",
    }  # fmt: skip
    if busy:
        values |= {"etag": found.etag, "read_at": moment, "events_left_out": busy.left_out}
        digest = hashlib.sha256(repr((zone, busy.spans)).encode()).hexdigest()
        calendar = db.session.get(ImportedCalendar, calendar_id, with_for_update=True)
        if calendar and calendar.digest != digest:
            calendar.digest = digest  # a change of the row: the card's page is drawn anew
            db.session.execute(sa.delete(BusyTime).where(BusyTime.calendar_id == calendar_id))
            rows = [{"calendar_id": calendar_id, "starts_at": start, "ends_at": end} for start, end in busy.spans]
            if rows:
                db.session.execute(sa.insert(BusyTime), rows)
    _note(calendar_id, values)


def _note_failure(calendar_id: uuid.UUID, problem: str, moment: datetime) -> None:
    calendar = db.session.get(ImportedCalendar, calendar_id)
    if calendar:
        failures = calendar.failures + 1
        pause = min(LONGEST_PAUSE, AFTER_A_FAILURE * 2 ** min(failures - 1, 10))
        logger.info("Calendar %s was not fetched (%d in a row): %s", calendar_id, failures, problem)
        _note(calendar_id, {"tried_at": moment, "next_try_at": moment + pause, "failures": failures, "error": problem[:60]})


def _note(calendar_id: uuid.UUID, values: dict[str, Any]) -> None:
    """Store when and how it went, past the session: a page need not be drawn anew for that."""
    db.session.flush()
    db.session.execute(sa.update(ImportedCalendar).where(ImportedCalendar.id == calendar_id).values(**values))
    db.session.commit()


def _claim(calendar: ImportedCalendar) -> bool:
    """Take a calendar for this process; False if another was quicker."""
    mine = sa.update(ImportedCalendar).where(
        ImportedCalendar.id == calendar.id, ImportedCalendar.next_try_at == calendar.next_try_at
    )
    result = db.session.execute(mine.values(next_try_at=now() + LEASE))
    db.session.commit()
    return cast("sa.CursorResult[Any]", result).rowcount == 1


def _network() -> Network:
    """Return the network of this app: the Internet, unless whoever made the app gave it another one."""
    network: Network = current_app.extensions.get("booking_network", INTERNET)
    return network
