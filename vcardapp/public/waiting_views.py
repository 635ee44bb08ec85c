"""The waiting list: joining it, and the page of somebody who waits, opened by its token alone."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, redirect, request, url_for
from flask_babel import get_locale, gettext

from vcardapp.accounts.limits import account, limiter
from vcardapp.booking import free, service, set_up, waiting
from vcardapp.booking.links import token_of
from vcardapp.booking.models import Waiting
from vcardapp.cards.models import Card
from vcardapp.db import now
from vcardapp.public import booking_page, bp
from vcardapp.public.appointment_views import guarded
from vcardapp.public.booking_clock import clock_of, day_of
from vcardapp.public.booking_forms import LONGEST, Typed, contact_problems, typed_in
from vcardapp.public.booking_views import asked_clock, asked_host, context_of, find_kind, may_wait, response_of
from vcardapp.public.card_views import check_owner
from vcardapp.public.same_site import from_this_site, without_token
from vcardapp.web import or_404


@bp.get("/<slug:slug>/book/<type_key>/wait")
def wait_for_place(slug: str, type_key: str) -> Any:
    first, last = request.args.get("first", ""), request.args.get("last", "")
    return _wait_page(slug, type_key, Typed(), first, last, {}, HTTPStatus.OK)


@bp.post("/<slug:slug>/book/<type_key>/wait")
@from_this_site
@limiter.limit("10/minute;40/hour")
@limiter.limit("20/hour;60/day", key_func=account, exempt_when=lambda: not request.form.get("email"))
def join_waiting(slug: str, type_key: str) -> Any:
    """Put somebody on the list; the link of their page goes to their address alone."""
    card, found = find_kind(slug, type_key)
    if not may_wait(found):
        abort(HTTPStatus.NOT_FOUND)
    typed = typed_in(request.form)
    hosts = or_404(free.hosts_of(found) or None)
    host = asked_host(hosts)
    clock = asked_clock(card, host or hosts[0])
    first, last = day_of(request.form.get("first", "")), day_of(request.form.get("last", ""))
    problems = contact_problems(typed, card.draft.country)
    if not typed.email:
        problems["email"] = gettext("Please type your e-mail address: we write there when a place is free.")
    if first is None:
        problems["first"] = gettext("Please choose the first date that suits you.")
    if last is None or (first and last < first):
        problems["last"] = gettext("Please choose a last date that is not before the first one.")
    elif last < now().date() - timedelta(days=1):  # wherever they are, that day is over
        problems["last"] = gettext("This date has passed.")
    if problems or first is None or last is None or request.form.get("homepage"):
        texts = (request.form.get("first", "")[:20], request.form.get("last", "")[:20])
        return _wait_page(slug, type_key, typed, *texts, problems, HTTPStatus.UNPROCESSABLE_ENTITY)
    visitor = service.Visitor(
        name=typed.name, email=typed.email, phone=typed.phone, zone=clock.zone, language=str(get_locale() or "")
    )
    try:
        waiting.wait(card, found, first, last, visitor, host)
    except waiting.ListFull:
        problems["first"] = gettext("So many people wait already that there is little hope. Please try again later.")
        return _wait_page(slug, type_key, typed, str(first), str(last), problems, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("public.is_waiting", slug=slug, type_key=type_key), HTTPStatus.SEE_OTHER)


@bp.get("/<slug:slug>/book/<type_key>/waiting")
def is_waiting(slug: str, type_key: str) -> Any:
    card, found = find_kind(slug, type_key)
    shown = booking_page.kind_of(card, found)
    return response_of("booking/is_waiting.html", kind=shown, **context_of(card, set_up.find_page(card)))


@bp.get("/w/<token>")
@limiter.limit("120/minute")
def waiting_place(token: str) -> Any:
    entry, card = _find(token)
    zone = entry.offer.zone if entry.offer else entry.visitor_zone or "UTC"
    clock, offer, kind = clock_of("", zone, entry.visitor_zone), entry.offer, entry.type
    is_offered = entry.state == "offered" and offer is not None and bool(offer.lapses_at and offer.lapses_at > now())
    shown = {one.key for one in free.shown_types(card)} if card.is_public else set()
    return guarded(
        response_of(
            "booking/waiting.html",
            entry=entry,
            token=token,
            state="offered" if is_offered else "over" if entry.state == "offered" else entry.state,
            kind=booking_page.kind_of(card, kind),
            when=clock.when(offer.starts_at, offer.ends_at) if offer else "",
            elsewhere=clock.elsewhere(offer.starts_at, offer.ends_at) if offer else "",
            until=clock.short(offer.lapses_at) if offer and offer.lapses_at else "",
            first=booking_page.date_in_words(entry.first_day),
            last=booking_page.date_in_words(entry.last_day),
            link=url_for("public.appointment", token=token_of("appointment", offer.id, stored=offer.token_hash)) if offer else "",
            again=url_for("public.book_times", slug=card.slug, type_key=kind.key) if kind.key in shown else "",
            **context_of(card, set_up.find_page(card)),
        )
    )


@bp.post("/w/<token>/take")
@without_token
@limiter.limit("20/minute")
def take_place(token: str) -> Any:
    """Take the place that is offered; the token is the secret that a form needs."""
    entry, _card = _find(token)
    try:
        taken = waiting.take_offer(entry)
    except waiting.OfferOver:
        return guarded(redirect(url_for("public.waiting_place", token=token), HTTPStatus.SEE_OTHER))
    link = url_for("public.appointment", token=token_of("appointment", taken.id, stored=taken.token_hash))
    return guarded(redirect(link, HTTPStatus.SEE_OTHER))


@bp.post("/w/<token>/leave")
@without_token
@limiter.limit("20/minute")
def leave_waiting(token: str) -> Any:
    entry, _card = _find(token)
    waiting.leave(entry)
    return guarded(redirect(url_for("public.waiting_place", token=token), HTTPStatus.SEE_OTHER))


def _find(token: str) -> tuple[Waiting, Card]:
    entry = or_404(waiting.find_waiting(token))
    card = set_up.card_of(entry)
    check_owner(card)
    return entry, card


def _wait_page(
    slug: str, key: str, typed: Typed, first: str, last: str, problems: dict[str, str], status: HTTPStatus
) -> Any:
    card, found = find_kind(slug, key)
    if not may_wait(found):
        abort(HTTPStatus.NOT_FOUND)
    hosts = or_404(free.hosts_of(found) or None)
    host = asked_host(hosts)
    clock = asked_clock(card, host or hosts[0])
    today = now().astimezone(ZoneInfo(clock.zone)).date()
    return response_of(
        "booking/wait.html",
        status,
        kind=booking_page.kind_of(card, found),
        typed=typed,
        first=first or f"{today}",
        last=last or f"{today + timedelta(days=30)}",
        today=f"{today}",
        problems=problems,
        clock=clock,
        host=host,
        longest=LONGEST,
        **context_of(card, set_up.find_page(card)),
    )
