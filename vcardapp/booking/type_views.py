"""The owner's pages of appointment types, the first one and the settings of booking."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from vcardapp.accounts.limits import limiter
from vcardapp.accounts.owner import current_owner
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.booking import set_up, week
from vcardapp.booking.begin_forms import THESE_HOURS, BeginForm, SettingsForm
from vcardapp.booking.free import hosts_of
from vcardapp.booking.models import AppointmentType, BookingPage
from vcardapp.booking.owner_views import Answer, bp, own_booking, own_card, page, preview_of, typed_id
from vcardapp.booking.type_forms import TypeForm
from vcardapp.cards.models import Card
from vcardapp.media import service as media
from vcardapp.store.form_rows import named, pressed
from vcardapp.web import or_404


@bp.route("/cards/<uuid:card_id>/booking/begin", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def begin(card_id: uuid.UUID) -> Answer:
    """Turn booking on with a first type: a name, a length, the hours."""
    card = own_card(card_id)
    form = BeginForm(named(request.form) if request.method == "POST" else None)
    form.offer(card)
    if request.method == "POST" and form.validate():
        booking = set_up.begin_booking(card)
        host = set_up.hosts_on(card)[0]
        if form.hours.data == THESE_HOURS:
            week.set_week(card, host, form.week)
        set_up.add_type(card, form.name.data or "", minutes=form.chosen_minutes)
        set_up.change_page(booking, is_open=True)
        flash(_("Booking is on. Everything else can be changed at any time."), "success")
        return redirect(url_for("booking.types", card_id=card.id), 303)
    return page("begin", card, set_up.find_page(card), form=form), 422 if form.errors else 200


@bp.get("/cards/<uuid:card_id>/booking/types")
@sign_in_required
def types(card_id: uuid.UUID) -> Answer:
    card, booking = own_booking(card_id)
    kinds = set_up.types_on(card)
    if not kinds:
        return redirect(url_for("booking.begin", card_id=card.id), 303)
    shown = next((kind for kind in kinds if kind.is_shown), None)
    return page(
        "types",
        card,
        booking,
        files=media.find_files(current_owner(), [kind.picture for kind in kinds if kind.picture]),
        preview=preview_of(card, shown, None) if shown else [],
        previewed=shown,
    )


@bp.post("/cards/<uuid:card_id>/booking/types/arrange")
@sign_in_required
def arrange_types(card_id: uuid.UUID) -> Answer:
    """Carry out "up:…", "down:…", "show:…" or "hide:…" of a row."""
    card, _booking = own_booking(card_id)
    verb, _colon, text = request.form.get("action", "").partition(":")
    order = [kind.id for kind in set_up.types_on(card)]
    type_id = typed_id(text)
    if type_id in order:
        place = order.index(type_id)
        other = place + {"up": -1, "down": 1}.get(verb, 0)
        if other != place and 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
            set_up.arrange_types(card, order)
        if verb in ("show", "hide"):
            set_up.change_type(or_404(set_up.find_type(card, type_id)), is_shown=verb == "show")
    return redirect(url_for("booking.types", card_id=card.id, _anchor=f"type-{type_id}" if type_id else None), 303)


@bp.route("/cards/<uuid:card_id>/booking/types/new", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def new_type(card_id: uuid.UUID) -> Answer:
    card, booking = own_booking(card_id)
    return _save(card, booking, None)


@bp.route("/cards/<uuid:card_id>/booking/types/<uuid:type_id>", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def type_(card_id: uuid.UUID, type_id: uuid.UUID) -> Answer:
    card, booking = own_booking(card_id)
    return _save(card, booking, or_404(set_up.find_type(card, type_id)))


@bp.route("/cards/<uuid:card_id>/booking/types/<uuid:type_id>/remove", methods=["GET", "POST"])
@sign_in_required
def remove_type(card_id: uuid.UUID, type_id: uuid.UUID) -> Answer:
    card, booking = own_booking(card_id)
    kind = or_404(set_up.find_type(card, type_id))
    if request.method == "POST":
        set_up.remove_type(kind)
        flash(_("%(name)s can no longer be booked. Appointments that were made stay.", name=kind.name), "success")
        return redirect(url_for("booking.types", card_id=card.id), 303)
    return page("remove_type", card, booking, kind=kind)


@bp.route("/cards/<uuid:card_id>/booking/settings", methods=["GET", "POST"])
@sign_in_required
def settings(card_id: uuid.UUID) -> Answer:
    card, booking = own_booking(card_id)
    form = SettingsForm(named(request.form) if request.method == "POST" else None, obj=booking)
    if request.method == "POST" and form.validate():
        set_up.change_page(booking, **form.data)
        flash(_("Saved."), "success")
        return redirect(url_for("booking.settings", card_id=card.id), 303)
    return page("settings", card, booking, form=form), 422 if form.errors else 200


def _save(card: Card, booking: BookingPage, kind: AppointmentType | None) -> Answer:
    hosts = set_up.hosts_on(card)
    offering = hosts_of(kind) if kind else hosts
    if request.method != "POST":
        return _page(card, booking, kind, TypeForm().fill_in(card, hosts, kind, offering))
    form = TypeForm(named(request.form)).offer(card, hosts, kind)
    action = request.form.get("action", "save")
    again = pressed(form, action)
    if again is not None:
        for name in ("hosts", "reminders"):  # several values of one name
            again[name].data = form[name].data
        return _page(card, booking, kind, again.offer(card, hosts, kind))
    refused = _take_picture(form)
    if not form.validate() or refused:
        return _page(card, booking, kind, form, refused=refused), 422
    known = media.find_files(current_owner(), [form.picture.data or ""])
    values = {
        **form.values(),
        "picture": next(iter(known), ""),
        "service_id": typed_id(form.service_id.data or ""),
    }
    chosen_hosts = [host for host in hosts if str(host.id) in (form.hosts.data or ())] or hosts
    is_new_with_own_hours = values["own_hours"] and not (kind and kind.own_hours)
    if kind:
        set_up.change_type(kind, chosen_hosts, **values)
    else:
        try:
            kind = set_up.add_type(card, values.pop("name"), chosen_hosts, **values)
        except set_up.TooMany:
            form.name.errors = [_("There is no room for more in this list.")]
            return _page(card, booking, None, form), 422
    flash(_("%(name)s is saved.", name=kind.name), "success")
    if is_new_with_own_hours:
        return redirect(url_for("booking.hours", card_id=card.id, who=kind.id), 303)
    return redirect(url_for("booking.types", card_id=card.id, _anchor=f"type-{kind.id}"), 303)


def _take_picture(form: TypeForm) -> str:
    """Store the picture that came with the form; return what is wrong with it."""
    if request.form.get("action") == "no-picture":
        form.picture.data = ""
    file = request.files.get("photo")
    if not file or not file.filename:
        return ""
    try:
        form.picture.data = media.add_file(current_owner(), file.stream, file.filename, "picture").id
    except media.FileRefused as refused:
        return str(_(refused.reason))
    except media.AccountFull:
        return str(_("There is no room left in your account. Remove some pictures or papers first."))
    return ""


def _page(card: Card, booking: BookingPage, kind: AppointmentType | None, form: TypeForm, **more: Any) -> str:
    blank = TypeForm()
    blank.questions.append_entry()
    return page(
        "type",
        card,
        booking,
        kind=kind,
        form=form,
        blank=blank,
        file=media.find_file(current_owner(), form.picture.data or "-"),
        **{"refused": "", **more},
    )
