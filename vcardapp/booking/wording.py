"""Moments in a person's language and time zone, with the zone's name in words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_name
from flask_babel import get_locale, gettext

from vcardapp.booking.days import differ


def when(start: datetime, end: datetime, zone: str, habits: Locale | None = None) -> str:
    """Return a span as a person reads it: day, both times, the zone's name (which tells a repeated hour's two readings apart).

    `habits` is a locale of the language that is spoken (en-GB writes 17:00), the language's own where it is None.
    """
    here, there = (moment.astimezone(ZoneInfo(zone)) for moment in (start, end))
    locale = habits or get_locale()
    facts = {
        "day": format_date(here.date(), "full", locale),
        "start": format_time(here, "short", locale=locale),
        "end": format_time(there, "short", locale=locale),
        "zone": get_timezone_name(here, "long", locale=locale),
        "end_zone": get_timezone_name(there, "long", locale=locale),
    }
    if here.utcoffset() != there.utcoffset():  # the clock changes in between
        said: str = gettext("%(day)s, %(start)s (%(zone)s) – %(end)s (%(end_zone)s)", **facts)
    else:
        said = gettext("%(day)s, %(start)s – %(end)s (%(zone)s)", **facts)
    return said


def when_elsewhere(start: datetime, end: datetime, zone: str, other: str, habits: Locale | None = None) -> str:
    """Return the span by the other's clock where that shows another time, else an empty text."""
    return when(start, end, other, habits) if differ(zone, other, (start, end)) else ""


def short_when(start: datetime, zone: str, habits: Locale | None = None) -> str:
    """Return day and time as a subject line holds them."""
    here = start.astimezone(ZoneInfo(zone))
    locale = habits or get_locale()
    day, time = format_date(here.date(), "medium", locale), format_time(here, "short", locale=locale)
    said: str = gettext("%(day)s, %(time)s", day=day, time=time)
    return said
