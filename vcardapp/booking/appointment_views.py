"""The owner's pages of one appointment: looked at, answered, moved, cancelled, made by hand."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField
from wtforms.validators import Email, InputRequired, Optional, ValidationError

from vcardapp.accounts.limits import limiter
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.booking import agenda, service, set_up
from vcardapp.booking.free import free_times, hosts_of
from vcardapp.booking.hours_views import instant_of
from vcardapp.booking.models import Appointment
from vcardapp.booking.owner_fields import DayField, TimeField, picks
from vcardapp.booking.owner_views import STATES, Answer, bp, own_booking, page, today_in, typed_day, zone_of
from vcardapp.booking.service import OWNER, Settled, SlotGone, Visitor
from vcardapp.booking.why_here import why_not_offered
from vcardapp.booking.wording import when, when_elsewhere
from vcardapp.cards.models import Card
from vcardapp.db import now
from vcardapp.i18n import N_
from vcardapp.store.form_rows import named
from vcardapp.store.owner_fields import clean, long_text_field, text_field
from vcardapp.web import or_404

DONE = {
    "confirm": N_("Confirmed. The visitor gets a mail."),
    "decline": N_("Declined. The visitor gets a mail."),
    "cancel": N_("Cancelled. The visitor gets a mail."),
    "missed": N_("Noted: nobody came."),
    "came": N_("Noted: they came after all."),
    "note": N_("The note is kept."),
}
LONGEST_REASON, LONGEST_NOTE = 1000, 4000


class MoveForm(Form):
    host = SelectField(_l("With"))
    day = DayField(_l("Date"), needed=True)
    at = TimeField(_l("Time"))

    def validate_at(self, field: TimeField) -> None:
        if not field.data:
            raise ValidationError(_("Please type a time such as 09:30."))


class NewForm(MoveForm):
    kind = SelectField(_l("What?"))
    name = text_field(_l("Name"), 120, InputRequired(_l("Please type a name.")))
    email = text_field(_l("E-mail"), 255, Optional(), Email(_l("Please type a whole address, such as ada@example.org.")))
    phone = text_field(_l("Phone"), 40)
    place = text_field(_l("Their address"), 500)
    note = long_text_field(_l("A note for yourself"), LONGEST_NOTE)


@bp.route("/cards/<uuid:card_id>/booking/appointments/<uuid:appointment_id>", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def appointment(card_id: uuid.UUID, appointment_id: uuid.UUID) -> Answer:
    """Show an appointment, and do what the pressed button says."""
    card, booking = own_booking(card_id)
    found = or_404(agenda.find_on(card, appointment_id))
    if request.method != "POST":
        return page(
            "appointment", card, booking, one=found, said=when(found.starts_at, found.ends_at, found.zone),
            elsewhere=when_elsewhere(found.starts_at, found.ends_at, found.zone, found.visitor_zone or found.zone),
            state=STATES[found.state], mails=agenda.mails_about(found), now=now(),
        )  # fmt: skip
    action = request.form.get("action", "")
    try:
        _do(found, action)
    except Settled:
        flash(_("That is not possible any more: it is decided, over or has not begun."), "warning")
    else:
        if action in DONE:
            flash(_(DONE[action]), "success")
    if request.form.get("back") == "calendar":
        return redirect(url_for("booking.calendar", card_id=card.id), 303)
    return redirect(url_for("booking.appointment", card_id=card.id, appointment_id=appointment_id), 303)


@bp.route("/cards/<uuid:card_id>/booking/appointments/<uuid:appointment_id>/move", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def move(card_id: uuid.UUID, appointment_id: uuid.UUID) -> Answer:
    card, booking = own_booking(card_id)
    found = or_404(agenda.find_on(card, appointment_id))
    form = MoveForm(named(request.form) if request.method == "POST" else None)
    hosts = set_up.hosts_on(card)
    form.host.choices = picks((str(host.id), host.name) for host in hosts)
    if request.method != "POST":
        wall = found.starts_at.astimezone(ZoneInfo(found.zone))
        form.host.data, form.day.data, form.at.data = str(found.host_id), f"{wall:%Y-%m-%d}", f"{wall:%H:%M}"
    elif form.validate():
        host = next((one for one in hosts if str(one.id) == form.host.data), found.host)
        try:
            service.move(found, _start(form, zone_of(card, host=host)), OWNER, host)
        except SlotGone:
            form.at.errors = [_("There is another appointment at that time.")]
        except Settled:
            form.at.errors = [_("It is over or cancelled, and cannot be moved any more.")]
        else:
            flash(_("Moved. The visitor gets a mail."), "success")
            return redirect(url_for("booking.appointment", card_id=card.id, appointment_id=appointment_id), 303)
    said = when(found.starts_at, found.ends_at, found.zone)
    return page("move", card, booking, one=found, form=form, said=said), 422 if form.errors else 200


@bp.route("/cards/<uuid:card_id>/booking/appointments/new", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def new_appointment(card_id: uuid.UUID) -> Answer:
    """Make an appointment by hand: also outside the hours, never where another one is."""
    card, booking = own_booking(card_id)
    kinds, hosts = set_up.types_on(card), set_up.hosts_on(card)
    if not kinds:
        return redirect(url_for("booking.begin", card_id=card.id), 303)
    form = NewForm(named(request.form) if request.method == "POST" else None)
    form.kind.choices = picks((str(kind.id), kind.name) for kind in kinds)
    form.host.choices = picks((str(host.id), host.name) for host in hosts)
    if request.method != "POST":
        _suggest(card, form)
        return page("new_appointment", card, booking, form=form, doubt="")
    doubt = ""
    if form.validate():
        kind = next(kind for kind in kinds if str(kind.id) == form.kind.data)
        host = next((one for one in hosts if str(one.id) == form.host.data), hosts[0])
        start = _start(form, zone_of(card, host=host))
        reason = why_not_offered(card, kind, host, start)
        if reason and request.form.get("action") != "anyway":
            doubt = _(reason.value)
        elif made := _booked(card, kind, host, start, form):
            flash(_("The appointment is made."), "success")
            return redirect(url_for("booking.appointment", card_id=card.id, appointment_id=made.id), 303)
    return page("new_appointment", card, booking, form=form, doubt=doubt), 422 if form.errors else 200


def _do(found: Appointment, action: str) -> None:
    reason = clean(request.form.get("reason"))[:LONGEST_REASON]
    if action == "confirm":
        service.confirm(found)
    elif action == "decline":
        service.decline(found, reason)
    elif action == "cancel":
        service.cancel(found, OWNER, reason)
    elif action in ("missed", "came"):
        service.mark_missed(found, action == "missed")
    elif action == "note":
        agenda.set_note(found, clean(request.form.get("note"))[:LONGEST_NOTE])


def _booked(card: Card, kind: Any, host: Any, start: datetime, form: NewForm) -> Appointment | None:
    visitor = Visitor(form.name.data or "", form.email.data or "", form.phone.data or "", place=form.place.data or "")
    try:
        return service.book_by_hand(card, kind, host, start, visitor, note=form.note.data or "")
    except SlotGone:
        form.at.errors = [_("There is another appointment at that time.")]
        return None


def _suggest(card: Card, form: NewForm) -> None:
    """Begin with what the address names, else with the first type's next free time."""
    kind = next((one for one in set_up.types_on(card) if str(one.id) == request.args.get("kind")), set_up.types_on(card)[0])
    people = hosts_of(kind) or set_up.hosts_on(card)
    host = next((one for one in people if str(one.id) == request.args.get("who")), people[0])
    zone = zone_of(card, host=host)
    day = typed_day(request.args.get("day", ""))
    form.kind.data, form.host.data = str(kind.id), str(host.id)
    form.day.data = (day or today_in(zone)).isoformat()
    start = max(now(), instant_of(day, 0, zone)) if day else now()
    for one in free_times(card, kind, start, instant_of(day or today_in(zone), 24 * 60, zone), host)[:1]:
        form.at.data = f"{one.start.astimezone(ZoneInfo(zone)):%H:%M}"


def _start(form: MoveForm, zone: str) -> datetime:
    return instant_of(form.day.day or today_in(zone), form.at.minutes or 0, zone)
