"""Opening hours in words: what holds now, the week, the exceptions that are near."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_day_names, get_timezone_location
from flask_babel import get_locale, gettext

from vcardapp.cards.content import Content, Hours
from vcardapp.cards.hours import Opening, Times, day_of, has_hours, opening_at, times_of
from vcardapp.public.names import shown
from vcardapp.public.visitor import visitor_locale

NEAR = timedelta(days=60)  # exceptions further away are not shown yet


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    times: tuple[str, ...]  # empty: closed
    is_today: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class HoursShown:
    state: str  # "Open until 5 PM"; empty where the card has no time zone to tell
    is_open: bool
    week: tuple[Day, ...]
    exceptions: tuple[Day, ...]
    place: str  # by whose clock
    until: datetime  # what is said here holds until then


def hours_shown(content: Content, now: datetime) -> HoursShown | None:
    """Return the hours of a card in the visitor's words, None where it has none."""
    if not has_hours(content.hours):
        return None
    locale = visitor_locale(get_locale())
    zone = _zone(content.time_zone)
    today = now.astimezone(zone).date()
    opening = opening_at(content.hours, now, zone) if zone else None
    is_open, state = _state(opening, now, zone, locale) if zone and opening else (False, "")
    midnight = datetime.combine(today + timedelta(days=1), time(), zone or UTC)
    return HoursShown(
        state=state,
        is_open=is_open,
        week=tuple(_week(content.hours, today if zone else None, locale)),
        exceptions=tuple(_exceptions(content.hours, today, locale)),
        place=get_timezone_location(zone.key, locale, return_city=True) if zone else "",
        until=min(midnight, opening.change or midnight) if opening else midnight,
    )


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):  # unknown, malformed, a folder
        return None


def _state(opening: Opening, now: datetime, zone: ZoneInfo, locale: Locale) -> tuple[bool, str]:
    if opening.change is None:
        return opening.is_open, gettext("Always open") if opening.is_open else gettext("Closed")
    at = opening.change.astimezone(zone)
    clock = _clock(at.time(), locale)
    days = (at.date() - now.astimezone(zone).date()).days
    if opening.is_open:
        return True, gettext("Open until %(time)s", time=clock)
    if days == 0:
        return False, gettext("Closed, opens at %(time)s", time=clock)
    if days == 1:
        return False, gettext("Closed, opens tomorrow at %(time)s", time=clock)
    day = format_date(at, "EEEE", locale) if days < 7 else format_skeleton("MMMMEEEEd", at, locale=locale)
    return False, gettext("Closed, opens %(day)s at %(time)s", day=day, time=clock)


def _week(hours: Hours, today: date | None, locale: Locale) -> list[Day]:
    """Return seven days, beginning as weeks do where the visitor lives."""
    names = get_day_names("wide", "stand-alone", locale)
    first = locale.first_week_day
    order = [(first + offset) % 7 for offset in range(7)]
    return [
        Day(names[day], _texts(times_of(hours.week[day]), locale), today is not None and today.weekday() == day)
        for day in order
        if day < len(hours.week)
    ]


def _exceptions(hours: Hours, today: date, locale: Locale) -> list[Day]:
    dated = [(day, special) for special in hours.exceptions if (day := day_of(special))]
    near = [(day, special) for day, special in dated if today <= day <= today + NEAR]
    near.sort(key=lambda pair: pair[0])
    return [
        Day(format_date(day, "full", locale), _texts(times_of(day_off.spans), locale), day == today, shown(day_off.note))
        for day, day_off in near
    ]


def _texts(spans: tuple[Times, ...], locale: Locale) -> tuple[str, ...]:
    return tuple(f"{_clock(span.start, locale)} – {_clock(span.end, locale)}" for span in spans)


def _clock(moment: time, locale: Locale) -> str:
    return format_time(moment, "short", locale=locale)
