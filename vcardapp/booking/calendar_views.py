"""The owner's calendar: agenda, week and day, search, a table, who waits, times kept free by hand."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import Form, SelectField
from wtforms.validators import ValidationError

from vcardapp.accounts.limits import limiter
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.booking import agenda, set_up, timetable, waiting
from vcardapp.booking.days import instants_of
from vcardapp.booking.hours_views import instant_of
from vcardapp.booking.models import BlockedTime, BookingPage
from vcardapp.booking.owner_fields import DAY, DayField, TimeField, picks
from vcardapp.booking.owner_views import (
    Answer,
    bp,
    day_words,
    find_by_text,
    own_booking,
    page,
    time_words,
    today_in,
    typed_day,
    typed_id,
    zone_of,
)
from vcardapp.cards.models import Card
from vcardapp.db import now
from vcardapp.store.form_rows import named
from vcardapp.store.owner_fields import text_field
from vcardapp.web import or_404

VIEWS = {"agenda": 14, "week": 7, "day": 1}  # how many days each shows
LONGEST_BLOCKED = timedelta(days=366)


class BlockForm(Form):
    """A time to be kept free: of one person or of all, whole days where no times are typed."""

    host = SelectField(_l("Whose time?"), default="")
    first = DayField(_l("From"), needed=True)
    start = TimeField(_l("Time"))
    last = DayField(_l("Until"))
    end = TimeField(_l("Time"))
    note = text_field(_l("A word for yourself"), 120)

    def validate_last(self, field: DayField) -> None:
        if self.first.day and field.day and field.day < self.first.day:
            raise ValidationError(_("The last date is before the first one."))
        if self.first.day and field.day and field.day - self.first.day >= LONGEST_BLOCKED:
            raise ValidationError(_("At most a year at once."))

    def validate_end(self, field: TimeField) -> None:
        is_one_day = self.first.day == (self.last.day or self.first.day)
        start, end = self.start.minutes or 0, field.minutes or DAY
        if is_one_day and end <= start:
            raise ValidationError(_("It ends before it begins."))


@bp.get("/cards/<uuid:card_id>/booking")
@sign_in_required
def calendar(card_id: uuid.UUID) -> Answer:
    """Show the owner's appointments from a date on: as a list, a week or a day."""
    card, booking = own_booking(card_id)
    if not set_up.types_on(card):
        return redirect(url_for("booking.begin", card_id=card.id), 303)
    view = request.args.get("view", "agenda")
    view = view if view in VIEWS else "agenda"
    host = find_by_text(set_up.find_host, card, request.args.get("who", ""))
    zone = zone_of(card, host=host)
    today = today_in(zone)
    day = typed_day(request.args.get("day", "")) or today
    first = day - timedelta(days=day.weekday()) if view == "week" else day
    last = first + timedelta(days=VIEWS[view] - 1)
    entries = timetable.entries_of(card, first, last, zone, host, ended="ended" in request.args)
    hosts = set_up.hosts_on(card)
    if view == "day" and host is None and len(hosts) > 1:
        columns = timetable.people_of(entries, day, hosts, zone)
    else:
        columns = timetable.days_of(entries, first, last, zone)
    return page(
        "calendar", card, booking, view=view, host=host, zone=zone, day=day, first=first, last=last, today=today,
        columns=columns, entries=entries, before=first - timedelta(days=VIEWS[view]), after=last + timedelta(days=1),
        ended="ended" in request.args, hours=timetable.hours_shown(columns), waiting=len(waiting.waiting_on(card)), now=now(),
    )  # fmt: skip


@bp.get("/cards/<uuid:card_id>/booking/search")
@sign_in_required
def search(card_id: uuid.UUID) -> Answer:
    card, booking = own_booking(card_id)
    sought = " ".join(request.args.get("q", "").replace("\x00", "").split())[: agenda.LONGEST_SOUGHT]
    found = agenda.search(card, sought) if sought else []
    return page("search", card, booking, sought=sought, found=found, most=agenda.MOST_FOUND)


@bp.get("/cards/<uuid:card_id>/booking/appointments.csv")
@sign_in_required
@limiter.limit("60/hour")
def table(card_id: uuid.UUID) -> Response:
    """Give the appointments between two dates (without them: all) as a table."""
    card, _booking = own_booking(card_id)
    host = find_by_text(set_up.find_host, card, request.args.get("who", ""))
    zone = zone_of(card, host=host)
    first, last = typed_day(request.args.get("from", "")), typed_day(request.args.get("until", ""))
    span = instants_of(first or date(1990, 1, 1), last or date(2200, 12, 31), zone)
    response = make_response(agenda.csv_of(card, agenda.appointments_between(card, *span, host, with_ended=True)))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="appointments.csv"'
    return response


@bp.get("/cards/<uuid:card_id>/booking/waiting")
@sign_in_required
def waiting_list(card_id: uuid.UUID) -> Answer:
    card, booking = own_booking(card_id)
    return page("waiting", card, booking, entries=waiting.waiting_on(card))


@bp.route("/cards/<uuid:card_id>/booking/blocked", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def blocked(card_id: uuid.UUID) -> Answer:
    """List and keep times that are free of appointments; "free:…" lets one be booked again."""
    card, booking = own_booking(card_id)
    verb, _colon, text = request.form.get("action", "").partition(":")
    if request.method == "POST" and verb == "free":
        set_up.unblock(or_404(set_up.find_blocked(card, typed_id(text) or uuid.UUID(int=0))))
        flash(_("That time can be booked again."), "success")
        return redirect(url_for("booking.blocked", card_id=card.id), 303)
    form = BlockForm(named(request.form) if request.method == "POST" else None)
    hosts = set_up.hosts_on(card)
    form.host.choices = picks([("", _("Everybody’s")), *((str(one.id), one.name) for one in hosts)])
    if request.method == "POST" and form.validate():
        host = next((one for one in hosts if str(one.id) == form.host.data), None)
        zone = zone_of(card, host=host)
        set_up.block_time(card, host, *_span(form, zone), form.note.data or "")
        flash(_("That time is kept free. Appointments that were made stay."), "success")
        return redirect(url_for("booking.blocked", card_id=card.id), 303)
    return _blocked_page(card, booking, form), 422 if form.errors else 200


def _span(form: BlockForm, zone: str) -> tuple[Any, Any]:
    first = form.first.day or today_in(zone)
    return (
        instant_of(first, form.start.minutes or 0, zone),
        instant_of(form.last.day or first, form.end.minutes or DAY, zone),
    )


def _said(row: BlockedTime, zone: str) -> str:
    """Return when a blocked time is: whole days by their dates."""
    (first, start), (last, end) = (
        (day_words(moment, "EEE d MMM y", zone), time_words(moment, zone)) for moment in (row.starts_at, row.ends_at)
    )
    walls = [moment.astimezone(ZoneInfo(zone)) for moment in (row.starts_at, row.ends_at)]
    if all((wall.hour, wall.minute) == (0, 0) for wall in walls):
        last = day_words(row.ends_at - timedelta(minutes=1), "EEE d MMM y", zone)
        return first if first == last else str(_("%(first)s – %(last)s", first=first, last=last))
    if first == last:
        return str(_("%(day)s, %(start)s – %(end)s", day=first, start=start, end=end))
    return str(_("%(first)s, %(start)s – %(last)s, %(end)s", first=first, start=start, last=last, end=end))


def _blocked_page(card: Card, booking: BookingPage, form: BlockForm) -> str:
    zone = zone_of(card)
    if not form.first.data:
        form.first.data = request.args.get("day", "") or today_in(zone).isoformat()
    start = now() - timedelta(days=1)
    rows = agenda.blocked_between(card, start, start + timedelta(days=3 * 366))
    names = {one.id: one.name for one in set_up.hosts_on(card)}
    known = [(row, _said(row, zone)) for row in rows if row.host_id is None or row.host_id in names]
    return page("blocked", card, booking, form=form, rows=known, names=names, zone=zone)
