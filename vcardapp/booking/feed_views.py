"""Calendars that leave and calendars that come in: a person's private feed, .ics addresses whose busy times are kept free."""

from __future__ import annotations

import uuid
from datetime import datetime

from babel.dates import format_timedelta
from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import Form, StringField
from wtforms.validators import InputRequired

from vcardapp.accounts.limits import limiter
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.booking import busy, feed, set_up
from vcardapp.booking.models import BookingPage, Host, ImportedCalendar
from vcardapp.booking.owner_views import Answer, bp, find_by_text, locale, own_booking, page, typed_id
from vcardapp.cards.models import Card
from vcardapp.db import now
from vcardapp.store.form_rows import named
from vcardapp.store.owner_fields import clean, text_field
from vcardapp.web import or_404, settings


class AddressForm(Form):
    url = StringField(_l("Address of the calendar"), [InputRequired(_l("Please paste the address."))], filters=[clean])
    name = text_field(_l("What you call it"), 120)


@bp.route("/cards/<uuid:card_id>/booking/calendars", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("120/hour", methods=["POST"])
def calendars(card_id: uuid.UUID) -> Answer:
    """Show a person's feed and imported calendars (`who`), and carry out "add", "renew", "refresh:…" or "remove:…"."""
    card, booking = own_booking(card_id)
    host = find_by_text(set_up.find_host, card, request.args.get("who", "")) or set_up.hosts_on(card)[0]
    if request.method != "POST":
        return _page(card, booking, host, AddressForm())
    verb, _colon, text = request.form.get("action", "add").partition(":")
    if verb == "add":
        form = AddressForm(named(request.form))
        if not (form.validate() and _added(host, form)):
            return _page(card, booking, host, form), 422
    elif verb == "renew":
        feed.renew_feed(host)
        flash(_("The feed has a new address. The old one stopped working."), "success")
    elif verb in ("refresh", "remove"):
        calendar = or_404(busy.find_calendar(card, typed_id(text) or uuid.UUID(int=0)))
        if verb == "remove":
            busy.remove_calendar(calendar)
            flash(_("The calendar is removed. Its times can be booked again."), "success")
        else:
            _read(calendar)
    return redirect(url_for("booking.calendars", card_id=card.id, who=host.id), 303)


@bp.get("/cal/<token>.ics")
@limiter.limit("600/hour")
def feed_file(token: str) -> Response:
    """Give a calendar program a person's appointments."""
    host = or_404(feed.find_feed(token))
    found = feed.feed_of(host)
    response = make_response(found.data)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(found.etag)
    return response.make_conditional(request)


def _added(host: Host, form: AddressForm) -> bool:
    try:
        calendar = busy.add_calendar(host, form.url.data or "", form.name.data or "")
    except busy.BadAddress:
        form.url.errors = [_(busy.PROBLEMS["address"])]
        return False
    except busy.TooManyCalendars:
        form.url.errors = [_("At most ten calendars of one person are read. Remove one first.")]
        return False
    _read(calendar)
    return True


def _read(calendar: ImportedCalendar) -> None:
    """Fetch a calendar while its owner waits, and say how it went."""
    name = calendar.name or calendar.url
    if busy.refresh(calendar):
        flash(_("%(name)s is read. Its busy times are kept free.", name=name), "success")
    else:
        flash(_("%(name)s could not be read. It is tried again and again.", name=name), "warning")


def _page(card: Card, booking: BookingPage, host: Host, form: AddressForm) -> str:
    read = [(one, _(busy.problem_of(one)) if busy.problem_of(one) else "") for one in busy.calendars_of(card, host)]
    address = settings().url + feed.feed_path(host)
    return page("calendars", card, booking, host=host, form=form, read=read, address=address, age=_age)


def _age(moment: datetime) -> str:
    """Return "3 minutes ago"."""
    return str(format_timedelta(moment - now(), add_direction=True, locale=locale()))
