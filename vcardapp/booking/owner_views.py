"""The owner's pages of booking: what all of them share. They stand in type_views, hours_views, calendar_views and so on."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_day_names, get_timezone_name
from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from vcardapp.accounts.owner import current_owner
from vcardapp.booking import agenda, opening_rules, set_up
from vcardapp.booking.days import by_date
from vcardapp.booking.free import FreeTime, free_times, hosts_of
from vcardapp.booking.models import AppointmentType, BookingPage, Host
from vcardapp.booking.spans import words_of
from vcardapp.cards import service as cards
from vcardapp.cards.hours import has_hours
from vcardapp.cards.models import Card
from vcardapp.db import now
from vcardapp.domains.service import address_base
from vcardapp.i18n import N_
from vcardapp.store import money
from vcardapp.web import or_404

Answer = str | Response | tuple[str | Response, int]
WAYS = {
    "calendar": ("calendar", "appointment", "move", "new_appointment", "blocked", "search", "waiting"),
    "types": ("types", "type", "remove_type"),
    "hours": ("hours", "dates", "times"),
    "people": ("people", "person", "remove_person"),
    "settings": ("settings", "calendars"),
}
STATES = {
    "held": (N_("Kept for somebody who waits"), "soft"),
    "pending": (N_("Waits for your answer"), "warning"),
    "confirmed": (N_("Confirmed"), "good"),
    "declined": (N_("Declined"), "soft"),
    "cancelled": (N_("Cancelled"), "soft"),
    "lapsed": (N_("Lapsed"), "soft"),
    "missed": (N_("Did not come"), "error"),
}
NEXT_DAYS = timedelta(days=21)
NEXT_TIMES = 12
bp = Blueprint("booking", __name__)


def own_booking(card_id: uuid.UUID) -> tuple[Card, BookingPage]:
    """Return the asking owner's card with its booking; lead to its beginning where there is none yet, or answer 404."""
    card = own_card(card_id)
    booking = set_up.find_page(card)
    if booking is None:
        abort(redirect(url_for("booking.begin", card_id=card.id), 303))
    return card, booking


def own_card(card_id: uuid.UUID) -> Card:
    return or_404(cards.find_card(current_owner(), card_id))


def page(template: str, card: Card, booking: BookingPage | None, **values: Any) -> str:
    """Draw a page of the owner in its frame: the card's name, whether booking is open, the ways."""
    hosts = set_up.hosts_on(card)
    zone = zone_of(card, hosts)
    return render_template(
        f"booking/owner/{template}.html",
        card=card,
        booking=booking,
        way=next((way for way, templates in WAYS.items() if template in templates), ""),
        hosts=hosts,
        types=set_up.types_on(card),
        requests=agenda.requests_on(card),
        booking_address=f"{address_base(card)}/{card.slug}/book" if card.is_public else "",
        mails_stuck=agenda.mails_stuck(card),
        card_has_hours=has_hours(opening_rules.content_of(card).hours),
        span=words_of,
        zone_words=zone_words,
        day_words=day_words,
        time_words=time_words,
        sum_of=sum_of,
        chosen=chosen_words,
        state_words=lambda state: _(STATES[state][0]),
        weekdays=weekdays(),
        shown_zone=zone,
        **{"notes": {}, **values},
    )


def zone_of(card: Card, hosts: list[Host] | None = None, host: Host | None = None) -> str:
    """Return the zone of a person, else of the first one: by its clock the owner reads."""
    one = host or next(iter(hosts if hosts is not None else set_up.hosts_on(card)), None)
    return opening_rules.zone_name(card, one)


def find_by_text(find: Any, card: Card, text: str) -> Any:
    """Return what has the id that came in an address, None for none, or answer 404."""
    if not text:
        return None
    try:
        found = find(card, uuid.UUID(text))
    except ValueError:
        abort(404)
    return or_404(found)


def typed_id(text: str) -> uuid.UUID | None:
    """Return the id that a field of a form holds."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def typed_day(text: str) -> date | None:
    """Return the date that came in an address; none of years that calendars do not reach."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2200 else None


def today_in(zone: str) -> date:
    return now().astimezone(ZoneInfo(zone)).date()


def preview_of(card: Card, kind: AppointmentType, host: Host | None) -> list[tuple[date, list[FreeTime]]]:
    """Return the next free times under their dates."""
    people = [host] if host else hosts_of(kind)
    if not people:
        return []
    times = free_times(card, kind, now(), now() + NEXT_DAYS, host)[:NEXT_TIMES]
    return list(by_date(times, zone_of(card, people)).items())  # type: ignore[arg-type]


def day_words(day: date | datetime, form: str = "full", zone: str = "") -> str:
    """Return a date in the reader's words; `form` as Babel's, or a pattern of its own."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(zone)).date()
    return str(format_date(day, form, locale=locale()))


def time_words(moment: datetime, zone: str) -> str:
    """Return the time of day in the reader's style."""
    return str(format_time(moment.astimezone(ZoneInfo(zone)), "short", locale=locale()))


def zone_words(zone: str) -> str:
    """Return a zone as people call it, with a place: "Israel Time (Asia/Jerusalem)"."""
    return str(get_timezone_name(ZoneInfo(zone), "long", locale=locale()))


def sum_of(amount: int, currency: str) -> str:
    return money.shown(amount, currency or "EUR", language())


def chosen_words(field: Any) -> str:
    """Return the words of the choice that a field has now."""
    return next((str(one.label) for one in field.choices or () if one.value == (field.data or "")), "")


def weekdays() -> list[tuple[str, str]]:
    """Return short and full names, Monday first."""
    short, full = (get_day_names(width, locale=locale()) for width in ("abbreviated", "wide"))
    return [(short[day], full[day]) for day in range(7)]


def language() -> str:
    return str(get_locale() or "en")


def locale() -> Any:
    return get_locale()
