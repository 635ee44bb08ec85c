"""What a visitor sees of booking: what there is, the days of a month that have free times, the times of a day."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time, get_day_names
from flask import url_for
from flask_babel import gettext

from vcardapp.accounts.owner import Owner
from vcardapp.booking import free, set_up
from vcardapp.booking.days import by_date, instants_of
from vcardapp.booking.free import FreeTime
from vcardapp.booking.models import AppointmentType, Host
from vcardapp.booking.places import place_of
from vcardapp.cards.models import Card
from vcardapp.db import now
from vcardapp.media import service as media
from vcardapp.media.models import MediaFile
from vcardapp.public import names
from vcardapp.public.booking_clock import Clock, city_of, day_name, habits, stamp
from vcardapp.public.page import CardPage
from vcardapp.public.shop_page import lasting
from vcardapp.store import money

ON_THE_CARD = 3  # times that the card's own page shows
MONTHS = 3  # that are looked through for the first free time
NEAREST = 6  # other times that are offered to whoever came too late

TimesBetween = Callable[[datetime, datetime], list[FreeTime]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A type in the visitor's words."""

    type: AppointmentType
    name: str
    facts: tuple[str, ...]  # how long, what it costs, where
    picture: MediaFile | None


@dataclass(frozen=True, slots=True)
class Time:
    """A button of the list."""

    stamp: str
    clock: str
    mark: str  # which of the two readings of a repeated hour
    there: str  # the host's clock where it differs
    name: str  # day, time, zone
    left: int  # places, where it has several


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    number: str
    name: str
    count: int
    is_chosen: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """The days of a month, those that have free times among them, and the times of the chosen one."""

    title: str
    weekdays: tuple[str, ...]
    offset: int  # empty places before the first
    days: tuple[Day, ...]
    before: str  # months to go to, "" where nothing can be booked there
    after: str
    first: date
    last: date
    chosen: date | None
    chosen_name: str
    times: tuple[Time, ...]
    next_day: date | None


@dataclass(frozen=True, slots=True)
class NextShown:
    """A time on the card's own page."""

    href: str
    day: str
    clock: str
    kind: str  # its name, where there are several
    where: str  # whose clock


@dataclass(frozen=True, slots=True)
class BookingSection:
    """What the card's own page shows of booking, and until when it holds."""

    path: str
    times: tuple[NextShown, ...]
    where: str
    until: datetime | None


def kind_of(card: Card, kind: AppointmentType) -> Kind:
    """Return a type with how long it takes, what it costs and where it is."""
    return kinds_of(card, [kind])[0]


def kinds_of(card: Card, kinds: Sequence[AppointmentType]) -> list[Kind]:
    """Return types as a list shows them."""
    pictures = [kind.picture for kind in kinds if kind.picture]
    files = media.find_files(Owner(user_id=card.owner_id), pictures) if pictures and card.owner_id else {}
    return [_kind(card, kind, files.get(kind.picture)) for kind in kinds]


def _kind(card: Card, kind: AppointmentType, picture: MediaFile | None) -> Kind:
    price = money.shown(kind.price, kind.currency or "EUR", str(habits()), decimals=False) if kind.price is not None else ""
    facts = (lasting(kind.minutes), price, place_in_words(card, kind))
    return Kind(kind, names.shown(kind.name), tuple(filter(None, facts)), picture if picture and picture.is_ready else None)


def place_in_words(card: Card, kind: AppointmentType) -> str:
    """Return where a type takes place; a link or a number is only for those who have booked."""
    said = {"phone": gettext("By phone"), "video": gettext("By video"), "visitor": gettext("At your place")}
    return str(said.get(kind.place_sort, "")) or names.shown(place_of(card, kind))


def month_of(times_between: TimesBetween, kind: AppointmentType, clock: Clock, month: date | None, chosen: date | None) -> Month:
    """Return the month that was asked for, or the first of the next ones in which anything is free."""
    today = now().astimezone(ZoneInfo(clock.zone)).date()
    earliest, latest = bookable_dates(kind, today)
    asked = month or chosen
    first = max((asked or earliest).replace(day=1), today.replace(day=1))
    found = _days_of(times_between, clock, first)
    for _ in range(0 if asked else MONTHS - 1):
        if found or _after(first) > latest:
            break
        first = _after(first)
        found = _days_of(times_between, clock, first)
    last = _after(first) - timedelta(days=1)
    if chosen not in found:
        chosen = next(iter(found), None)
    locale = habits()
    order = [(locale.first_week_day + offset) % 7 for offset in range(7)]
    this_week = today - timedelta(days=order.index(today.weekday()))
    begin = max(first, this_week)  # weeks that are over take no room
    shown = [begin + timedelta(days=number) for number in range((last - begin).days + 1)]
    short = get_day_names("short", "stand-alone", locale)
    previous = first - timedelta(days=1)
    return Month(
        title=format_skeleton("yMMMM", first, locale=locale),
        weekdays=tuple(short[day] for day in order),
        offset=order.index(begin.weekday()),
        days=tuple(_day(day, len(found.get(day, ())), chosen, today) for day in shown),
        before=f"{previous:%Y-%m}" if previous >= max(earliest, today) else "",
        after=f"{_after(first):%Y-%m}" if _after(first) <= latest else "",
        first=max(first, today),
        last=last,
        chosen=chosen,
        chosen_name=day_name(chosen) if chosen else "",
        times=tuple(times_in(found[chosen], clock, kind.seats)) if chosen else (),
        next_day=next((day for day in found if chosen and day > chosen), None),
    )


def times_in(times: Iterable[FreeTime], clock: Clock, seats: int = 1) -> list[Time]:
    """Return times as buttons say them."""
    found = list(times)
    differs = clock.differs(one.start for one in found)
    return [
        Time(
            stamp(one.start), clock.time(one.start), clock.mark(one.start), clock.there(one.start) if differs else "",
            clock.full(one.start), one.seats if seats > 1 else 0,
        )
        for one in found
    ]  # fmt: skip


def nearest(times: Sequence[FreeTime], wanted: datetime) -> list[FreeTime]:
    """Return the free times nearest to a wanted one, in order."""
    return sorted(sorted(times, key=lambda one: abs(one.start - wanted))[:NEAREST])


def bookable_dates(kind: AppointmentType, today: date) -> tuple[date, date]:
    """Return the first and the last date on which it may be booked, a day wider than the host's: zones differ."""
    first, last = kind.window_from or today, kind.window_until or date.max
    if kind.window_days is not None:
        last = min(last, today + timedelta(days=kind.window_days))
    day = timedelta(days=1)
    return max(today, first - day), last if last == date.max else last + day


def section_of(card: Card, page: CardPage) -> BookingSection | None:
    """Return what a card's page shows of booking, None where nothing can be booked."""
    kinds = free.shown_types(card)
    if not kinds:
        return None
    booking, path = set_up.find_page(card), url_for("public.book", slug=page.slug)
    if booking is None or not booking.shows_next_times:
        return BookingSection(path, (), "", None)
    found = free.next_times(card, ON_THE_CARD)
    zones = {one.zone for one in found.times}
    shown = tuple(
        NextShown(
            url_for("public.book_at", slug=page.slug, type_key=one.kind.key, start=stamp(one.start)),
            format_skeleton("MMMEd", one.start.astimezone(ZoneInfo(one.zone)), locale=habits()),
            format_time(one.start.astimezone(ZoneInfo(one.zone)), "short", locale=habits()),
            names.shown(one.kind.name) if len(kinds) > 1 else "",
            city_of(one.zone) if len(zones) > 1 else "",
        )
        for one in found.times
    )
    return BookingSection(path, shown, city_of(found.times[0].zone) if len(zones) == 1 else "", found.until)


def bookable_services(card: Card, slug: str) -> dict[uuid.UUID | None, str]:
    """Return where each service of the store is booked; under None where any type is, if there is one."""
    kinds = free.shown_types(card) if slug else []
    found: dict[uuid.UUID | None, str] = {
        kind.service_id: url_for("public.book_times", slug=slug, type_key=kind.key) for kind in reversed(kinds) if kind.service_id
    }
    return {**found, None: url_for("public.book", slug=slug)} if kinds else {}


def people_of(hosts: Sequence[Host]) -> list[tuple[str, str]]:
    """Return the people among whom a visitor may choose, none where there is no choice."""
    return [(host.id.hex, names.shown(host.name)) for host in hosts] if len(hosts) > 1 else []


def date_in_words(day: date) -> str:
    return format_date(day, "long", habits())


def _day(day: date, count: int, chosen: date | None, today: date) -> Day:
    name = day_name(day) if count else ""
    return Day(day, format_date(day, "d", habits()), name, count, day == chosen, day == today)


def _days_of(times_between: TimesBetween, clock: Clock, first: date) -> dict[date, list[FreeTime]]:
    start, end = instants_of(first, _after(first) - timedelta(days=1), clock.zone)
    return by_date(times_between(max(start, now()), end), clock.zone)  # type: ignore[arg-type, return-value]


def _after(first: date) -> date:
    """Return the first of the next month."""
    return (first + timedelta(days=32)).replace(day=1)
