"""Appointments as .ics files (RFC 5545, 5546): invitations, cancellations, a person's feed. A door to icalendar."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

PRODUCT = "-//vcardapp//booking//EN"
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
POLLED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One appointment as a calendar knows it. Times are aware and written in UTC, so that no zone has to be described."""

    uid: str  # made once, kept through all moves
    sequence: int  # one more at each change of time or place, and when it is cancelled
    stamp: datetime  # when this was said
    start: datetime
    end: datetime
    summary: str
    description: str = ""
    place: str = ""
    url: str = ""
    organizer: Person | None = None
    attendee: Person | None = None
    is_cancelled: bool = False
    is_tentative: bool = False


def write_invitation(event: Event, method: str) -> bytes:
    """Return the .ics of one appointment; `method` is REQUEST, CANCEL or PUBLISH (RFC 5546 §3.2)."""
    return bytes(_calendar([event], method).to_ical())


def write_feed(events: Iterable[Event], name: str) -> bytes:
    """Return a calendar to subscribe to, which asks to be fetched every hour (RFC 7986 §5.7)."""
    calendar = _calendar(events, PUBLISH)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("NAME", name)
    calendar.add("REFRESH-INTERVAL", POLLED, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    return bytes(calendar.to_ical())


def _calendar(events: Iterable[Event], method: str):  # type: ignore[no-untyped-def]  # icalendar comes late
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", method)
    for event in events:
        calendar.add_component(_event(event, method))
    return calendar


def _event(event: Event, method: str):  # type: ignore[no-untyped-def]
    from icalendar import Event as VEvent

    written = VEvent()
    written.add("UID", event.uid)
    written.add("SEQUENCE", event.sequence)
    written.add("DTSTAMP", event.stamp)
    written.add("DTSTART", event.start)
    written.add("DTEND", event.end)
    written.add("SUMMARY", _plain(event.summary))
    state = "TENTATIVE" if event.is_tentative else "CONFIRMED"
    written.add("STATUS", "CANCELLED" if event.is_cancelled or method == CANCEL else state)
    for name, text in (("DESCRIPTION", event.description), ("LOCATION", event.place)):
        if text:
            written.add(name, _plain(text))
    if event.url:
        written.add("URL", event.url)
    if event.organizer:
        written.add("ORGANIZER", _address(event.organizer))
    if event.attendee and method != PUBLISH:
        attendee = _address(event.attendee)
        attendee.params.update({"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "TRUE"})
        written.add("ATTENDEE", attendee)
    return written


def _address(person: Person):  # type: ignore[no-untyped-def]
    from icalendar import vCalAddress

    address = vCalAddress(f"mailto:{person.email}")
    if person.name:
        address.params["CN"] = " ".join(_plain(person.name).replace('"', "'").split())
    return address


def _plain(text: str) -> str:
    """Leave out control characters, which may not stand in a file (RFC 5545 §3.1)."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]", "", text)
