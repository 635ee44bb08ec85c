"""An appointment's own page, opened by its token alone for as long as it is stored: how it stands, moving, cancelling."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from vcardapp.accounts.limits import limiter
from vcardapp.booking import free, post, service, set_up
from vcardapp.booking.models import Appointment
from vcardapp.cards.file_text import printable
from vcardapp.cards.models import Card
from vcardapp.cards.uris import safe_url
from vcardapp.db import now
from vcardapp.i18n import N_
from vcardapp.public import booking_page, bp, names
from vcardapp.public.booking_clock import Clock, clock_of, day_of, moment_of
from vcardapp.public.booking_views import context_of, picker, response_of
from vcardapp.public.card_views import check_owner
from vcardapp.public.same_site import without_token
from vcardapp.web import or_404

TITLES = {
    "held": N_("A place is kept for you"),
    "pending": N_("Waiting for an answer"),
    "confirmed": N_("You are booked"),
    "missed": N_("This appointment is over"),
    "declined": N_("This request was declined"),
    "cancelled": N_("This appointment is cancelled"),
    "lapsed": N_("Nobody answered in time"),
}
OVER = N_("This appointment is over")


def find_shown_appointment(token: str) -> tuple[Appointment, Card]:
    """Return the appointment with this token and its card; at somebody's domain only one of theirs."""
    found = or_404(service.find_appointment(token))
    card = set_up.card_of(found)
    check_owner(card)
    return found, card


def guarded(response: BaseResponse) -> BaseResponse:
    """Keep the address, which is the key, from other sites, caches and search engines."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/b/<token>")
@limiter.limit("120/minute")
def appointment(token: str) -> Any:
    found, card = find_shown_appointment(token)
    return guarded(response_of("booking/appointment.html", **_context(found, card, token)))


@bp.get("/b/<token>/appointment.ics")
@limiter.limit("60/minute")
def appointment_file(token: str) -> Any:
    found, _card = find_shown_appointment(token)
    response = Response(post.visitor_file(found), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return guarded(response)


@bp.post("/b/<token>/cancel")
@without_token
@limiter.limit("10/minute;30/hour")
def cancel_appointment(token: str) -> Any:
    """Cancel; the token is the secret that a form needs."""
    found, _card = find_shown_appointment(token)
    with suppress(service.TooLate, service.Settled):  # its page says how it stands
        service.cancel(found, service.VISITOR, printable(request.form.get("reason", ""))[:500])
    return guarded(redirect(url_for("public.appointment", token=token), HTTPStatus.SEE_OTHER))


@bp.get("/b/<token>/move")
@limiter.limit("120/minute")
def choose_move(token: str) -> Any:
    """Show the times to which it can be moved, or the one that was chosen; only its button moves anything."""
    found, card = find_shown_appointment(token)
    if not service.visitor_may_move(found):
        return guarded(redirect(url_for("public.appointment", token=token), HTTPStatus.SEE_OTHER))
    start = moment_of(request.args.get("start", ""))
    if start:
        clock, end = _clock(found), start + found.type.length
        chosen: dict[str, Any] = {"start": start, "new": clock.when(start, end), "new_elsewhere": clock.elsewhere(start, end)}
        return guarded(response_of("booking/move.html", **chosen, **_context(found, card, token)))
    return guarded(_move_page(found, card, token, HTTPStatus.OK, gone=False))


@bp.post("/b/<token>/move")
@without_token
@limiter.limit("10/minute;30/hour")
def move_appointment(token: str) -> Any:
    """Move to the chosen time; whoever comes too late keeps the old one and sees what is left."""
    found, card = find_shown_appointment(token)
    start = or_404(moment_of(request.form.get("start", "")))
    try:
        service.move(found, start, service.VISITOR)
    except service.SlotGone:
        return guarded(_move_page(found, card, token, HTTPStatus.CONFLICT, gone=True))
    except (service.TooLate, service.Settled):  # its page says how it stands
        pass
    return guarded(redirect(url_for("public.appointment", token=token), HTTPStatus.SEE_OTHER))


def _move_page(found: Appointment, card: Card, token: str, status: HTTPStatus, *, gone: bool) -> Response:
    clock = _clock(found)

    def times_between(start: datetime, end: datetime) -> list[free.FreeTime]:
        return [one for one in service.times_to_move(found, start, end) if one.start != found.starts_at]

    month, day = day_of(request.args.get("month", "") + "-01"), day_of(request.args.get("day", ""))
    shown = booking_page.month_of(times_between, found.type, clock, month, day)
    return response_of("booking/move_times.html", status, month=shown, gone=gone, **_context(found, card, token))


def _context(found: Appointment, card: Card, token: str) -> dict[str, Any]:
    clock, kind = _clock(found), found.type
    start, end = found.starts_at, found.ends_at
    is_past = end <= now()
    title = OVER if is_past and not found.is_over else TITLES[found.state]
    host = names.shown(found.host.name)
    name = names.shown(kind.name)
    shown = {kind.key for kind in free.shown_types(card)} if card.is_public else set()
    is_coming = found.state in ("pending", "confirmed") and start > now()
    return {
        "appointment": found,
        "token": token,
        "heading": gettext(title),
        "kind_name": name,
        "kind": booking_page.kind_of(card, kind),
        "when": clock.when(start, end),
        "elsewhere": clock.elsewhere(start, end),
        "clock": clock,
        "host": host if host != names.shown(_display_name(card)) else "",
        "place": names.shown(found.place),
        "place_link": safe_url(found.place) if kind.place_sort == "video" else "",
        "place_sort": kind.place_sort,
        "is_past": is_past,
        "is_coming": is_coming,
        "may_cancel": service.visitor_may_cancel(found),
        "may_move": service.visitor_may_move(found),
        "cancel_until": clock.short(start - timedelta(minutes=kind.cancel_minutes)) if kind.cancel_minutes else "",
        "move_until": clock.short(start - timedelta(minutes=kind.move_minutes)) if _is_over(start, kind.move_minutes) else "",
        "moves_used": kind.most_moves is not None and found.moves >= kind.most_moves,
        "answer_until": clock.short(found.lapses_at) if found.state == "pending" and found.lapses_at else "",
        "again": url_for("public.book_times", slug=card.slug, type_key=kind.key) if kind.key in shown else "",
        "calendars": _calendars(found, name) if is_coming and found.state == "confirmed" else {},
        **picker(clock),
        **context_of(card, set_up.find_page(card)),
    }


def _is_over(start: datetime, minutes: int) -> bool:
    return bool(minutes) and start - timedelta(minutes=minutes) < now()


def _clock(found: Appointment) -> Clock:
    return clock_of(request.args.get("zone", "")[:64], found.zone, found.visitor_zone)


def _display_name(card: Card) -> str:
    return (card.live or card.draft).display_name


def _calendars(found: Appointment, name: str) -> Mapping[str, str]:
    """Return links that lay it into calendars on the web when somebody opens them; the appointment's key is not in them."""
    start, end = found.starts_at, found.ends_at
    google = {
        "action": "TEMPLATE", "text": name, "dates": f"{start:%Y%m%dT%H%M%SZ}/{end:%Y%m%dT%H%M%SZ}", "location": found.place,
    }  # fmt: skip
    outlook = {
        "path": "/calendar/action/compose", "rru": "addevent", "subject": name,
        "startdt": f"{start:%Y-%m-%dT%H:%M:%SZ}", "enddt": f"{end:%Y-%m-%dT%H:%M:%SZ}", "location": found.place,
    }  # fmt: skip
    return {
        "Google": "https://calendar.google.com/calendar/render?" + urlencode(google),
        "Outlook": "https://outlook.live.com/calendar/0/deeplink/compose?" + urlencode(outlook),
    }
