"""By whose clock a visitor reads times, and how their locale writes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    get_timezone_gmt,
    get_timezone_location,
    get_timezone_name,
)
from flask_babel import get_locale, gettext
from markupsafe import Markup, escape

from vcardapp.booking import wording
from vcardapp.booking.days import differ, is_repeated, known_zone
from vcardapp.public.visitor import visitor_locale

STAMP = "%Y%m%dT%H%M%SZ"  # a moment in an address (RFC 5545 §3.3.5)


@dataclass(frozen=True, slots=True)
class Clock:
    """The zone that times are shown in, and the host's, which is said where it differs."""

    zone: str
    host: str
    asked: str  # what links carry on: "" while nobody asked for a zone

    def differs(self, times: Iterable[datetime]) -> bool:
        return differ(self.zone, self.host, times)

    def date(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def time(self, moment: datetime) -> str:
        return format_time(moment.astimezone(ZoneInfo(self.zone)), "short", locale=habits())

    def mark(self, moment: datetime) -> str:
        """Return what tells the two readings of a repeated hour apart, "" at other times."""
        here = moment.astimezone(ZoneInfo(self.zone))
        return get_timezone_name(here, "short", locale=habits()) if is_repeated(moment, self.zone) else ""

    def there(self, moment: datetime) -> str:
        """Return the host's time, with its weekday where that is another one."""
        here, there = (moment.astimezone(ZoneInfo(zone)) for zone in (self.zone, self.host))
        clock = format_time(there, "short", locale=habits())
        if here.date() == there.date():
            return clock
        return str(gettext("%(day)s, %(time)s", day=format_date(there.date(), "EEE", habits()), time=clock))

    def full(self, moment: datetime) -> str:
        """Return day, time and the zone's name: what a screen reader says of a time."""
        here = moment.astimezone(ZoneInfo(self.zone))
        zone = get_timezone_name(here, "long", locale=habits())
        return str(gettext("%(day)s, %(time)s, %(zone)s", day=day_name(here.date()), time=self.time(moment), zone=zone))

    def when(self, start: datetime, end: datetime) -> str:
        return wording.when(start, end, self.zone, habits())

    def elsewhere(self, start: datetime, end: datetime) -> str:
        return wording.when_elsewhere(start, end, self.zone, self.host, habits())

    def short(self, moment: datetime) -> str:
        return wording.short_when(moment, self.zone, habits())

    @property
    def city(self) -> str:
        return city_of(self.zone)

    @property
    def host_city(self) -> str:
        return city_of(self.host)


def clock_of(asked: str, host: str, otherwise: str = "") -> Clock:
    """Return the clock of the zone that was asked for, else of the one known before, else of the host."""
    known = known_zone(asked, "") if asked else ""
    return Clock(known or known_zone(otherwise, host), host, known)


def habits() -> Locale:
    """Return how this visitor writes times."""
    return visitor_locale(get_locale())


def day_name(day: date) -> str:
    """Return "Tuesday, 24 November" as the visitor writes it."""
    return _day_name(day, str(habits()))


@lru_cache(maxsize=4096)
def _day_name(day: date, locale: str) -> str:
    return format_skeleton("MMMMEEEEd", day, locale=locale)  # to find a skeleton takes half a millisecond


def city_of(zone: str) -> str:
    return get_timezone_location(zone, habits(), return_city=True)


def stamp(moment: datetime) -> str:
    """Return a moment as addresses and forms hold it."""
    return moment.astimezone(UTC).strftime(STAMP)


def moment_of(text: str) -> datetime | None:
    """Read a moment out of an address; those far away are none."""
    try:
        moment = datetime.strptime(text, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if 1990 <= moment.year <= 2200 else None


def day_of(text: str) -> date | None:
    """Read a date out of an address or a form; those far away are none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2200 else None


def zone_options(chosen: str, moment: datetime) -> Markup:
    """Return an option for each time zone, by the names of its cities."""
    same = get_global("zone_aliases").get(chosen, chosen)
    texts, known = _zone_texts(str(habits()), moment.date())
    extra = "" if same in known else f'<option value="{escape(chosen)}" selected>{escape(city_of(chosen))}</option>'
    marked = texts.replace(f'value="{same}"', f'value="{escape(chosen)}" selected')
    return Markup(extra + marked)  # noqa: S704 - its parts are escaped


@lru_cache(maxsize=8)
def _zone_texts(locale: str, day: date) -> tuple[str, frozenset[str]]:
    spoken, noon = Locale.parse(locale), datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    known = frozenset(get_global("zone_territories")) & available_timezones()
    cities = []
    for name in known:
        offset = get_timezone_gmt(noon.astimezone(ZoneInfo(name)), "long", locale=spoken)
        city = get_timezone_location(name, spoken, return_city=True)
        cities.append((city, f'<option value="{escape(name)}">{escape(city)} · {escape(offset)}</option>'))
    return "".join(option for _, option in sorted(cities)), known
