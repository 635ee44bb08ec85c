"""Publishing, and what can be done to a card as a whole: pause, duplicate, delete."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Flask, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from vcardapp.accounts import service as accounts
from vcardapp.accounts import throttle
from vcardapp.accounts.limits import account, failed, limiter
from vcardapp.accounts.models import User
from vcardapp.accounts.owner import GUEST_KEY, Owner, current_owner, signed_in
from vcardapp.accounts.second_step_views import knock, let_in
from vcardapp.accounts.signals import arriving, leaving
from vcardapp.cards import qr
from vcardapp.cards import service as cards
from vcardapp.cards.forms import card_form
from vcardapp.cards.models import Card
from vcardapp.cards.slugs import BadSlug
from vcardapp.domains.service import address_base
from vcardapp.editor import bp
from vcardapp.editor.forms import PublisherForm
from vcardapp.editor.reserved import reserved_slugs
from vcardapp.public.preview_picture import preview_shown
from vcardapp.web import or_404, settings


def listen(app: Flask) -> None:
    """Let a guest's drafts follow whoever signs in with that browser, and cards go with whoever leaves."""
    arriving.connect(_claim, app, weak=False)
    leaving.connect(_leave, app, weak=False)


def _claim(_app: Flask, user: User, **_more: Any) -> None:
    cards.claim_cards(user.id, current_owner().guest)
    session.pop(GUEST_KEY, None)


def _leave(_app: Flask, user: User) -> None:
    cards.erase_cards_of(user.id)


@bp.get("/cards/<uuid:card_id>/publish")
def publish(card_id: uuid.UUID) -> Any:
    card = _own(card_id)
    if signed_in():
        return redirect(url_for("editor.edit", card_id=card.id))
    return render_template("editor/publish.html", card=card, form=PublisherForm(), wrong="")


@bp.post("/cards/<uuid:card_id>/publish")
@limiter.limit("20/hour")
@limiter.limit("10 per 15 minutes", key_func=account, deduct_when=failed, exempt_when=lambda: signed_in() is not None)
def publish_as(card_id: uuid.UUID) -> Any:
    """Publish; a guest gives e-mail and password first, for a new account or the one they have."""
    if signed_in():
        return publish_now(_own(card_id))
    form = PublisherForm(request.form)
    card = cards.find_card(current_owner(), card_id)
    if card is None:
        return publish_now(_just_claimed(card_id, form))
    if not form.validate():
        return render_template("editor/publish.html", card=card, form=form, wrong=""), 422
    tried = knock(form.email.data or "")
    user, wrong = _enter(form.email.data or "", form.password.data or "")
    if user is None:
        return render_template("editor/publish.html", card=card, form=form, wrong=wrong), 422
    throttle.take_back(tried)
    if user.has_second_factor:
        return let_in(user, url_for("editor.publish", card_id=card.id))
    accounts.sign_in(user)  # its signal makes this card theirs
    return publish_now(_own(card_id))


def _just_claimed(card_id: uuid.UUID, form: PublisherForm) -> Card:
    """Sign in whose card it is by now: of a double click the first has made the account, the second still came as a guest."""
    tried = knock(form.email.data or "")
    user = or_404(accounts.check_password(form.email.data or "", form.password.data or "") if form.validate() else None)
    throttle.take_back(tried)
    card = or_404(None if user.has_second_factor else cards.find_card(Owner(user_id=user.id), card_id))
    accounts.sign_in(user)
    return card


def publish_now(card: Card) -> Response:
    """Publish a card if it is right and its owner may, else lead to what is missing."""
    person = signed_in()
    if person is None:
        return redirect(url_for("editor.publish", card_id=card.id), code=303)
    if not card_form(card.draft, card.draft_slug, reserved=reserved_slugs()).validate():
        return redirect(url_for("editor.edit", card_id=card.id, check=1), code=303)
    if settings().confirm_before_publish and person.confirmed_at is None:
        flash(gettext("Please open the link that we have mailed to you, then publish. Your card is kept."))
        return redirect(url_for("editor.edit", card_id=card.id), code=303)
    try:
        cards.publish_card(card, reserved_slugs())
    except cards.TakenDown:
        return redirect(url_for("editor.taken_down", card_id=card.id), code=303)
    except cards.SlugTaken as taken:
        flash(gettext("Somebody has the address %(slug)s. Free is: %(free)s", slug=taken.slug, free=taken.free))
        return redirect(url_for("editor.edit", card_id=card.id, open="address", _anchor="address"), code=303)
    except (cards.NoName, BadSlug):
        return redirect(url_for("editor.edit", card_id=card.id, check=1), code=303)
    return redirect(url_for("editor.published", card_id=card.id), code=303)


@bp.get("/cards/<uuid:card_id>/published")
def published(card_id: uuid.UUID) -> Any:
    """The moment after publishing: the code, and what to do with it."""
    card = _own(card_id)
    if card.slug is None or card.code is None:
        return redirect(url_for("editor.edit", card_id=card.id))
    base = address_base(card)
    code = qr.inline_svg(qr.short_address(base, card.code), gettext("QR code that opens this page"))
    preview = preview_shown(card.live, card.slug, card.code) if card.live and card.is_public else None
    return render_template(
        "editor/published.html", card=card, code=code, url=f"{base}/{card.slug}", preview=preview
    )


@bp.post("/cards/<uuid:card_id>/pause")
def pause(card_id: uuid.UUID) -> Any:
    cards.pause_card(_own(card_id))
    flash(gettext("The card is paused. Visitors read a kind word instead of it."))
    return redirect(url_for("editor.cards"))


@bp.post("/cards/<uuid:card_id>/resume")
def resume(card_id: uuid.UUID) -> Any:
    cards.resume_card(_own(card_id))
    flash(gettext("The card can be seen again."))
    return redirect(url_for("editor.cards"))


@bp.post("/cards/<uuid:card_id>/duplicate")
@limiter.limit("60/hour")
def duplicate(card_id: uuid.UUID) -> Any:
    card = _own(card_id)
    name = gettext("%(name)s (copy)", name=card.draft.display_name or gettext("Card"))[:200]
    try:
        copy = cards.duplicate_card(current_owner(), card, name, guest_drafts=settings().guest_drafts)
    except cards.TooManyDrafts:
        flash(gettext("There are too many unfinished cards here right now. Please publish this one first."))
        return redirect(url_for("editor.cards"))
    except cards.TakenDown:
        return redirect(url_for("editor.taken_down", card_id=card.id))
    return redirect(url_for("editor.edit", card_id=copy.id))


@bp.get("/cards/<uuid:card_id>/delete")
def ask_to_delete(card_id: uuid.UUID) -> Any:
    return render_template("editor/delete.html", card=_own(card_id))


@bp.post("/cards/<uuid:card_id>/delete")
def delete(card_id: uuid.UUID) -> Any:
    cards.delete_card(_own(card_id))
    flash(gettext("The card is deleted. For 30 days you can bring it back, below."))
    return redirect(url_for("editor.cards"))


@bp.post("/cards/<uuid:card_id>/undelete")
def undelete(card_id: uuid.UUID) -> Any:
    cards.undelete_card(or_404(cards.find_deleted_card(current_owner(), card_id)))
    flash(gettext("The card is back."))
    return redirect(url_for("editor.cards"))


def _own(card_id: uuid.UUID) -> Card:
    return or_404(cards.find_card(current_owner(), card_id))


def _enter(email: str, password: str) -> tuple[User | None, str]:
    """Sign up, or in; or return the sentence that says why not."""
    user = accounts.check_password(email, password)
    if user:
        return user, ""
    wrong = gettext("This e-mail and password do not go together. Is there an account already? Then reset its password.")
    try:
        return accounts.sign_up(email, password), ""
    except accounts.WeakPassword as weak:
        return None, str(weak.reason)
    except accounts.SignUpClosed:
        return None, gettext("New accounts are by invitation here. Sign in, or ask whoever runs this site.")
    except accounts.BadEmail:
        return None, gettext("This is not an e-mail address. It looks like name@example.com.")
    except accounts.EmailTaken:
        return accounts.check_password(email, password), wrong  # a double click has just made the account
