"""The owner's pages of hours: the week, dates with hours of their own, the next free times, and why a time is not among them."""

from __future__ import annotations

import calendar
import re
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from vcardapp.accounts.limits import limiter
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.booking import set_up, week
from vcardapp.booking.free import hosts_of
from vcardapp.booking.hours_forms import DatesForm, WeekForm
from vcardapp.booking.models import AppointmentType, BookingPage, Host
from vcardapp.booking.owner_fields import DayField, TimeField, picks
from vcardapp.booking.owner_views import (
    Answer,
    bp,
    find_by_text,
    own_booking,
    page,
    preview_of,
    today_in,
    typed_day,
    zone_of,
)
from vcardapp.booking.why_here import why_not_offered
from vcardapp.cards.models import Card
from vcardapp.store.form_rows import named, pressed


class WhyForm(Form):
    """Asks why a time is not offered."""

    day = DayField(_l("Date"), needed=True)
    at = TimeField(_l("Time"))

    def validate_at(self, field: TimeField) -> None:
        if not field.data:
            raise ValidationError(_("Please type a time such as 09:30."))


@bp.route("/cards/<uuid:card_id>/booking/hours", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def hours(card_id: uuid.UUID) -> Answer:
    """Show and keep the week of a person or a type (`who` in the address; without it the first person)."""
    card, booking = own_booking(card_id)
    whose = _whose(card) or next(iter(set_up.hosts_on(card)), None)
    if whose is None:
        return redirect(url_for("booking.people", card_id=card.id), 303)
    if request.method != "POST":
        return _hours_page(card, booking, whose, _week_form(card, whose))
    form = WeekForm(named(request.form))
    form.own.choices = _own_choices(whose)
    action = request.form.get("action", "save")
    if (again := pressed(form, action)) is not None:
        again.own.choices = _own_choices(whose)
        return _hours_page(card, booking, whose, again)
    if action == "copy":
        form.copy_day(*_copied(request.form.get("copy_from", ""), request.form.get("copy_to", "")))
        return _hours_page(card, booking, whose, form)
    if not form.validate():
        return _hours_page(card, booking, whose, form), 422
    if form.own.data == "own":
        week.set_week(card, whose, form.ranges())
    elif isinstance(whose, Host):
        set_up.change_host(whose, own_hours=False)
    else:
        set_up.change_type(whose, own_hours=False)
    flash(_("The hours are saved."), "success")
    return redirect(url_for("booking.hours", card_id=card.id, who=whose.id, _anchor="next"), 303)


@bp.route("/cards/<uuid:card_id>/booking/dates", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def dates(card_id: uuid.UUID) -> Answer:
    """Show a year and keep its dates, of everybody or of `who`."""
    card, booking = own_booking(card_id)
    whose = _whose(card)
    if request.method != "POST":
        return _dates_page(card, booking, whose, _dates_form(card, whose))
    action = request.form.get("action", "save")
    if action.startswith("forget:"):
        day = typed_day(action.partition(":")[2])
        if day:
            week.forget_dates(card, whose, [day])
            flash(_("The date has its usual hours again."), "success")
        return redirect(_dates_address(card, whose, day), 303)
    form = DatesForm(named(request.form))
    if (again := pressed(form, action)) is not None:
        return _dates_page(card, booking, whose, again)
    if not form.validate():
        return _dates_page(card, booking, whose, form), 422
    week.set_dates(card, whose, form.days, () if form.closed.data else form.ranges, form.note.data or "")
    flash(_("Saved."), "success")
    return redirect(_dates_address(card, whose, form.days[0]), 303)


@bp.get("/cards/<uuid:card_id>/booking/times")
@sign_in_required
def times(card_id: uuid.UUID) -> Answer:
    """Show the next free times of a type, and say why one is not among them."""
    card, booking = own_booking(card_id)
    kinds = set_up.types_on(card)
    if not kinds:
        return redirect(url_for("booking.begin", card_id=card.id), 303)
    kind = find_by_text(set_up.find_type, card, request.args.get("kind", "")) or kinds[0]
    host = find_by_text(set_up.find_host, card, request.args.get("host", ""))
    people = [host] if host else hosts_of(kind)
    zone = zone_of(card, people)
    form = WhyForm(request.args if "day" in request.args else None)
    answers: list[tuple[Host, str]] = []
    if "day" in request.args and form.validate() and form.day.day:
        moment = instant_of(form.day.day, form.at.minutes or 0, zone)
        reasons = [(one, why_not_offered(card, kind, one, moment)) for one in people]
        answers = [(one, _(reason.value) if reason else "") for one, reason in reasons]
    if not form.day.data:
        form.day.data = today_in(zone).isoformat()
    return page(
        "times", card, booking, kind=kind, host=host, form=form, people=people, answers=answers, zone=zone,
        preview=preview_of(card, kind, host), previewed=kind,
    )  # fmt: skip


def _copied(source: str, target: str) -> tuple[int, Sequence[int]]:
    """Return which day is copied to which others."""
    days = {"weekdays": range(5), "all": range(7), **{str(day): [day] for day in range(7)}}
    return int(source) if source in list("0123456") else 0, days.get(target, [])


def _whose(card: Card) -> Host | AppointmentType | None:
    """Return the person or the type that the address names, or answer 404."""
    found: Host | AppointmentType | None = find_by_text(_find_whose, card, request.args.get("who", ""))
    return found


def _find_whose(card: Card, one: uuid.UUID) -> Host | AppointmentType | None:
    return set_up.find_host(card, one) or set_up.find_type(card, one)


def _week_form(card: Card, whose: Host | AppointmentType) -> WeekForm:
    form = WeekForm().fill_in(week.week_of(card, whose))
    form.own.choices = _own_choices(whose)
    wants_own = isinstance(whose, AppointmentType) or not any(week.week_of(card, whose))
    form.own.data = "own" if whose.own_hours or (wants_own and isinstance(whose, AppointmentType)) else ""
    return form


def _own_choices(whose: Host | AppointmentType) -> list[SelectChoice]:
    usual = _("The opening hours of the card") if isinstance(whose, Host) else _("The usual hours of whoever offers it")
    return picks([("", usual), ("own", _("Hours of its own") if isinstance(whose, AppointmentType) else _("Other hours"))])


def _hours_page(card: Card, booking: BookingPage, whose: Host | AppointmentType, form: WeekForm) -> str:
    blank = WeekForm()
    blank.week[0].form.spans.append_entry()
    for day in form.week:
        if not day.form.spans.entries:
            day.form.spans.append_entry()  # without script, too, there is a place to type
    kinds = set_up.types_on(card)
    is_type = isinstance(whose, AppointmentType)
    kind = whose if is_type else next((one for one in kinds if whose in hosts_of(one)), None)
    host = None if is_type else whose
    zone = zone_of(card, host=host)  # type: ignore[arg-type]
    preview = preview_of(card, kind, host) if kind else []  # type: ignore[arg-type]
    return page(
        "hours", card, booking, whose=whose, is_type=is_type, form=form, blank=blank, zone=zone, preview=preview, previewed=kind
    )


def _dates_form(card: Card, whose: Host | AppointmentType | None) -> DatesForm:
    day = typed_day(request.args.get("day", ""))
    if day is None:
        return DatesForm()
    for stored in week.dates_of(card, whose, day, day):
        return DatesForm().fill_in(day, stored.ranges, stored.note, not stored.ranges)
    return DatesForm().fill_in(day, (), "", True)


def _dates_page(card: Card, booking: BookingPage, whose: Host | AppointmentType | None, form: DatesForm) -> str:
    today = today_in(zone_of(card))
    wished = request.args.get("year", "")
    year = form.first.day.year if form.first.day else today.year
    year = int(wished) if re.fullmatch(r"(199|20\d|21\d)\d", wished, re.A) else year
    stored = week.dates_of(card, whose, date(year, 1, 1), date(year, 12, 31))
    blank = DatesForm()
    blank.spans.append_entry()
    if not form.spans.entries:
        form.spans.append_entry()
    weeks_of = calendar.Calendar().monthdatescalendar
    return page(
        "dates", card, booking, whose=whose, form=form, blank=blank, year=year, today=today, stored=stored,
        by_day={one.day: one for one in stored}, months=[(date(year, month, 1), weeks_of(year, month)) for month in range(1, 13)],
    )  # fmt: skip


def _dates_address(card: Card, whose: Host | AppointmentType | None, day: date | None) -> str:
    values: dict[str, Any] = {"who": whose.id if whose else None, "year": day.year if day else None}
    return url_for("booking.dates", card_id=card.id, **values)


def instant_of(day: date, minutes: int, zone: str) -> datetime:
    """Return a time of a wall clock as an instant; of a repeated hour its first reading."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
