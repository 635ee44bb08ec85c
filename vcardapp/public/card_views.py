"""The page of a card; reports; the contact by mail."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext

from vcardapp.accounts.limits import account, limiter
from vcardapp.cards import service as cards
from vcardapp.cards.content import Content
from vcardapp.cards.events import find_event
from vcardapp.cards.models import Card, CardEvent
from vcardapp.cards.sending import send_contact
from vcardapp.domains.service import address_base
from vcardapp.domains.sites import is_shown_here
from vcardapp.public import answers, booking_page, bp, ready, shop_page
from vcardapp.public.forms import ReportForm, SendForm
from vcardapp.public.gallery_page import albums_on
from vcardapp.public.page import card_context
from vcardapp.public.same_site import from_this_site
from vcardapp.web import or_404, settings


def find_public_card(slug: str) -> Card:
    """Return the card at its present address; answer 404, 410, the page of a paused card, or lead on to its new one."""
    card, present = or_404(cards.find_by_slug(slug))
    check_owner(card)
    check_public(card)
    if present != slug:
        query = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
        path = url_for(str(request.endpoint), **{**(request.view_args or {}), "slug": present})
        moved = HTTPStatus.MOVED_PERMANENTLY if request.method in ("GET", "HEAD") else HTTPStatus.PERMANENT_REDIRECT
        abort(redirect(path + query, moved))
    return card


def check_owner(card: Card) -> None:
    """Answer 404 at the domain of somebody whose card this is not."""
    if not is_shown_here(card.owner_id):
        abort(HTTPStatus.NOT_FOUND)


def check_public(card: Card) -> None:
    """Answer in place of a card that visitors do not see now."""
    check_taken_down(card)
    if card.state == "deleted":
        abort(HTTPStatus.GONE)
    if card.state == "paused":
        html = render_template("public/paused.html", **shown_card(card))
        abort(answers.page(html, HTTPStatus.NOT_FOUND))
    if not card.is_public:
        abort(HTTPStatus.NOT_FOUND)


def check_taken_down(card: Card) -> None:
    """Answer in place of a card that an admin took down, with nothing of the card."""
    if card.state == "taken down":
        title = gettext("This card was taken down")
        text = gettext("Whoever runs this site has taken it from the public. Its owner knows, and can answer.")
        html = render_template("errors/error.html", code=HTTPStatus.GONE.value, title=title, text=text)
        abort(answers.page(html, HTTPStatus.GONE))


def shown_card(card: Card, event: CardEvent | None = None) -> dict[str, Any]:
    """Return what templates draw of a card, with the event that the address names, or else this one."""
    event = asked_event(card) or event
    return card_context(card.live or Content(), card.slug or "", card.code or "", event=event, base=address_base(card))


def asked_event(card: Card) -> CardEvent | None:
    """Return the event that the address names; unknown ones are ignored."""
    return find_event(card, request.args.get("e", ""))


@bp.get("/<slug:slug>")
def card(slug: str) -> Any:
    return page_of(find_public_card(slug))


def page_of(card: Card, event: CardEvent | None = None) -> Response:
    """Answer with the page of a card, as met at an event."""
    context = shown_card(card, event)
    books = booking_page.bookable_services(card, card.slug or "")
    context["card"] = replace(context["card"], shop=shop_page.section_of(card, context["card"], books))
    context["card"] = replace(context["card"], albums=albums_on(card))
    context["card"] = replace(context["card"], booking=booking_page.section_of(card, context["card"]))
    hours, booking = context["card"].hours, context["card"].booking
    ends = [part.until for part in (hours, booking) if part and part.until]
    return ready.offer(answers.page(render_template("public/card.html", **context)), card, min(ends, default=None))


@bp.route("/<slug:slug>/report", methods=["GET", "POST"])
@from_this_site
@limiter.limit("20/hour", methods=["POST"])
def report(slug: str) -> Any:
    found = find_public_card(slug)
    form = ReportForm()
    if form.validate_on_submit():
        if not form.homepage.data:
            cards.report_card(found, form.reason.data, form.text.data or "", form.email.data or "")
        return render_template("public/reported.html", **shown_card(found))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("public/report.html", form=form, **shown_card(found)), status


@bp.route("/<slug:slug>/send", methods=["GET", "POST"])
@from_this_site
@limiter.limit("20/hour", methods=["POST"])
@limiter.limit("3/hour;6/day", methods=["POST"], key_func=account)
def send(slug: str) -> Any:
    """Mail the contact file to a visitor whose app cannot open it; the answer is the same for every address."""
    found = find_public_card(slug)
    if not settings().smtp_url:
        abort(HTTPStatus.NOT_FOUND)
    form = SendForm()
    if form.validate_on_submit():
        if not form.homepage.data:
            send_contact(found, form.email.data or "", address_base(found), asked_event(found))
        return render_template("public/sent.html", **shown_card(found))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("public/send.html", form=form, **shown_card(found)), status
