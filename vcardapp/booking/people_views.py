"""The owner's pages of people: who can be booked, each with a name, hours, a zone, types."""

from __future__ import annotations

import uuid
from functools import cache
from zoneinfo import available_timezones

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField
from wtforms.validators import Email, InputRequired, Optional

from vcardapp.accounts.limits import limiter
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.booking import busy, set_up, week
from vcardapp.booking.free import hosts_of
from vcardapp.booking.models import BookingPage, Host
from vcardapp.booking.owner_fields import picks
from vcardapp.booking.owner_views import Answer, bp, own_booking, page
from vcardapp.booking.type_forms import ManyField
from vcardapp.cards.models import Card
from vcardapp.store.form_rows import named
from vcardapp.store.owner_fields import text_field
from vcardapp.web import or_404


class PersonForm(Form):
    name = text_field(_l("Name"), 120, InputRequired(_l("Please type a name.")))
    email = text_field(
        _l("E-mail"), 255, Optional(), Email(_l("Please type a whole address, such as ada@example.org."))
    )
    time_zone = SelectField(_l("Time zone"), default="")
    kinds = ManyField(_l("What can be booked with them"))


@bp.get("/cards/<uuid:card_id>/booking/people")
@sign_in_required
def people(card_id: uuid.UUID) -> Answer:
    card, booking = own_booking(card_id)
    hosts = set_up.hosts_on(card)
    kinds = set_up.types_on(card)
    offers = {host.id: [kind.name for kind in kinds if host in hosts_of(kind)] for host in hosts}
    read = {host.id: len(busy.calendars_of(card, host)) for host in hosts}
    return page("people", card, booking, offers=offers, read=read, weeks={host.id: week.week_of(card, host) for host in hosts})


@bp.route("/cards/<uuid:card_id>/booking/people/new", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def new_person(card_id: uuid.UUID) -> Answer:
    card, booking = own_booking(card_id)
    return _save(card, booking, None)


@bp.route("/cards/<uuid:card_id>/booking/people/<uuid:host_id>", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def person(card_id: uuid.UUID, host_id: uuid.UUID) -> Answer:
    card, booking = own_booking(card_id)
    return _save(card, booking, or_404(set_up.find_host(card, host_id)))


@bp.route("/cards/<uuid:card_id>/booking/people/<uuid:host_id>/remove", methods=["GET", "POST"])
@sign_in_required
def remove_person(card_id: uuid.UUID, host_id: uuid.UUID) -> Answer:
    card, booking = own_booking(card_id)
    host = or_404(set_up.find_host(card, host_id))
    if len(set_up.hosts_on(card)) < 2:
        flash(_("Somebody has to stay. To take no more appointments, turn booking off in the settings."), "warning")
        return redirect(url_for("booking.person", card_id=card.id, host_id=host.id), 303)
    if request.method == "POST":
        set_up.remove_host(host)
        flash(_("%(name)s can no longer be booked. Appointments that were made stay.", name=host.name), "success")
        return redirect(url_for("booking.people", card_id=card.id), 303)
    return page("remove_person", card, booking, host=host)


def _save(card: Card, booking: BookingPage, host: Host | None) -> Answer:
    kinds = set_up.types_on(card)
    form = PersonForm(named(request.form) if request.method == "POST" else None, obj=host)
    form.kinds.choices = picks((str(kind.id), kind.name) for kind in kinds)
    form.time_zone.choices = picks([("", _("As on the card")), *((zone, zone.replace("_", " ")) for zone in zones())])
    if request.method != "POST":
        form.kinds.data = [str(kind.id) for kind in kinds if host is None or host in hosts_of(kind)]
    elif form.validate():
        values = {"email": form.email.data or "", "time_zone": form.time_zone.data}
        is_new = host is None
        try:
            host = host or set_up.add_host(card, form.name.data or "")
        except set_up.TooMany:
            form.name.errors = [_("There is no room for more in this list.")]
            return page("person", card, booking, host=None, form=form), 422
        set_up.change_host(host, name=form.name.data, **values)
        for kind in kinds:
            others = [one for one in hosts_of(kind) if one.id != host.id]
            set_up.change_type(kind, [*others, host] if str(kind.id) in (form.kinds.data or ()) else others)
        flash(_("%(name)s is saved.", name=host.name), "success")
        if is_new:
            return redirect(url_for("booking.hours", card_id=card.id, who=host.id), 303)
        return redirect(url_for("booking.people", card_id=card.id), 303)
    return page("person", card, booking, host=host, form=form), 422 if form.errors else 200


@cache
def zones() -> list[str]:
    """Return the places by which zones are chosen."""
    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/")))
