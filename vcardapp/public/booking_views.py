"""Booking on a card: what there is, the free times, the form. Nothing of it is kept ready: times go."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask_babel import get_locale

from vcardapp import cookie
from vcardapp.accounts.limits import account, limiter
from vcardapp.booking import free, service, set_up
from vcardapp.booking.free import FreeTime
from vcardapp.booking.links import token_of
from vcardapp.booking.models import Appointment, AppointmentType, BookingPage, Host
from vcardapp.booking.opening_rules import zone_name
from vcardapp.cards.models import Card
from vcardapp.db import now
from vcardapp.public import answers, booking_page, bp
from vcardapp.public.booking_clock import Clock, clock_of, day_of, moment_of, stamp, zone_options
from vcardapp.public.booking_forms import LONGEST, LONGEST_ANSWER, Typed, problems_of, typed_in
from vcardapp.public.card_views import find_public_card, shown_card
from vcardapp.public.same_site import from_this_site
from vcardapp.web import or_404, settings

NEAR = timedelta(days=14)


def find_booking(slug: str) -> tuple[Card, BookingPage]:
    """Return a card that is public and its booking; answer 404 where it has none."""
    card = find_public_card(slug)
    return card, or_404(set_up.find_page(card))


def find_kind(slug: str, key: str) -> tuple[Card, AppointmentType]:
    """Return a card that is public and one of the types that visitors can book there, or answer 404."""
    card, page = find_booking(slug)
    if not page.is_open:
        abort(response_of("booking/closed.html", HTTPStatus.NOT_FOUND, **context_of(card, page)))
    return card, or_404(set_up.find_shown_type(card, key))


def context_of(card: Card, page: BookingPage | None = None) -> dict[str, Any]:
    """Return what all pages of booking draw."""
    return {**shown_card(card), "booking": page, "stamp": stamp}


def response_of(template: str, status: HTTPStatus = HTTPStatus.OK, **context: Any) -> Response:
    """Answer with a page that holds only for this moment."""
    response = answers.page(render_template(template, **context), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def asked_host(hosts: list[Host]) -> Host | None:
    """Return the person whom the address or the form names, None for anyone."""
    wanted = request.values.get("with", "")
    return next((host for host in hosts if host.id.hex == wanted), None)


def asked_clock(card: Card, host: Host, otherwise: str = "") -> Clock:
    return clock_of(request.values.get("zone", "")[:64], zone_name(card, host), otherwise)


def picker(clock: Clock) -> dict[str, Any]:
    """Return what the choice of a time zone draws, where it is asked for."""
    wanted = request.args.get("pick") == "zone"
    kept = [(name, value) for name, value in request.args.items() if name in ("month", "day", "start", "with")]
    return {"zones": zone_options(clock.zone, now()) if wanted else "", "kept": kept}


@bp.get("/<slug:slug>/book")
def book(slug: str) -> Any:
    card, page = find_booking(slug)
    kinds = free.shown_types(card)
    if not kinds:
        return response_of("booking/closed.html", **context_of(card, page))
    if len(kinds) == 1:
        return _times_page(card, page, kinds[0], is_only=True)
    return response_of("booking/types.html", kinds=booking_page.kinds_of(card, kinds), **context_of(card, page))


@bp.get("/<slug:slug>/book/<type_key>")
def book_times(slug: str, type_key: str) -> Any:
    card, found = find_kind(slug, type_key)
    return _times_page(card, set_up.find_page(card), found, is_only=len(free.shown_types(card)) == 1)


@bp.get("/<slug:slug>/book/<type_key>/at")
def book_at(slug: str, type_key: str) -> Any:
    """Show the form for one time; nothing is kept for anybody yet."""
    card, found = find_kind(slug, type_key)
    start = or_404(moment_of(request.args.get("start", "")))
    hosts = or_404(free.hosts_of(found) or None)
    host = asked_host(hosts)
    others = None
    if not free.free_times(card, found, start, start + timedelta.resolution, host):
        begin = max(now(), start - timedelta(days=1))
        others = free.free_times(card, found, begin, begin + NEAR, host)
    return response_of("booking/form.html", **_form_context(card, found, hosts, host, start, typed_in({}, found), others))


@bp.post("/<slug:slug>/book/<type_key>/at")
@from_this_site
@limiter.limit("20/minute;100/hour")
@limiter.limit("20/hour;60/day", key_func=account, exempt_when=lambda: not request.form.get("email"))
def book_time(slug: str, type_key: str) -> Any:
    """Book once, however often it is sent; whoever comes too late keeps what they typed and sees what is left."""
    card, found = find_kind(slug, type_key)
    start = or_404(moment_of(request.form.get("start", "")))
    hosts = or_404(free.hosts_of(found) or None)
    host, typed = asked_host(hosts), typed_in(request.form, found)
    problems = problems_of(typed, found, card.draft.country)
    if problems or request.form.get("homepage"):
        context = _form_context(card, found, hosts, host, start, typed, problems=problems)
        return response_of("booking/form.html", HTTPStatus.UNPROCESSABLE_ENTITY, **context)
    clock = asked_clock(card, host or hosts[0])
    visitor = service.Visitor(
        name=typed.name, email=typed.email, phone=typed.phone, zone=clock.zone, language=str(get_locale() or ""),
        place=typed.place, answers=typed.said(found),
    )  # fmt: skip
    try:
        made = _book_once(card, found, start, visitor, host)
    except service.SlotGone as gone:
        context = _form_context(card, found, hosts, host, start, typed, gone.times)
        return response_of("booking/form.html", HTTPStatus.CONFLICT, **context)
    return redirect(url_for("public.appointment", token=token_of("appointment", made.id)), HTTPStatus.SEE_OTHER)


def _book_once(
    card: Card, kind: AppointmentType, start: datetime, visitor: service.Visitor, host: Host | None
) -> Appointment:
    """Book for this person in this browser; one that was cancelled since does not keep them from booking again.

    The form's key becomes the browser's with the first booking, so that another window of it books no second time.
    """
    secret = cookie.part("booking") or re.sub(r"[^\w-]", "", request.form.get("key", ""), flags=re.ASCII)[:64]
    cookie.keep("booking", secret or secrets.token_urlsafe(18))
    key = f"{secret} {kind.id} {start} {host and host.id} {visitor.name} {visitor.email} {visitor.phone}"
    while True:
        key = sha256(key.encode()).hexdigest()
        made = service.book(card, kind, start, visitor, host, form_token=key)
        if not made.is_over:
            return made


def _times_page(card: Card, page: BookingPage | None, kind: AppointmentType, *, is_only: bool) -> Response:
    hosts = free.hosts_of(kind)
    if not hosts:
        return response_of("booking/closed.html", **context_of(card, page))
    host = asked_host(hosts)
    clock = asked_clock(card, host or hosts[0])
    month = booking_page.month_of(
        lambda start, end: free.free_times(card, kind, start, end, host),
        kind, clock, day_of(request.args.get("month", "") + "-01"), day_of(request.args.get("day", "")),
    )  # fmt: skip
    return response_of(
        "booking/times.html",
        kind=booking_page.kind_of(card, kind),
        is_only=is_only,
        month=month,
        clock=clock,
        people=booking_page.people_of(hosts),
        person=host.id.hex if host else "",
        may_wait=may_wait(kind),
        **picker(clock),
        **context_of(card, page),
    )


def may_wait(kind: AppointmentType) -> bool:
    """True where somebody can wait for a place: they are told by mail."""
    return kind.waiting_list and bool(settings().smtp_url)


def _form_context(
    card: Card,
    kind: AppointmentType,
    hosts: list[Host],
    host: Host | None,
    start: datetime,
    typed: Typed,
    others: list[FreeTime] | None = None,
    problems: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return what the form draws; `others` are the times that are left where the wanted one is gone."""
    clock = asked_clock(card, host or hosts[0])
    end = start + kind.length
    return {
        "kind": booking_page.kind_of(card, kind),
        "start": start,
        "day": clock.date(start).isoformat(),
        "when": clock.when(start, end),
        "elsewhere": clock.elsewhere(start, end),
        "others": None if others is None else booking_page.times_in(booking_page.nearest(others, start), clock, kind.seats),
        "clock": clock,
        "host": host,
        "typed": typed,
        "problems": problems or {},
        "key": secrets.token_urlsafe(18),
        "longest": LONGEST,
        "longest_answer": LONGEST_ANSWER,
        "may_wait": may_wait(kind),
        "writes": bool(settings().smtp_url),
        **picker(clock),
        **context_of(card),
    }
