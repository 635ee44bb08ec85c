"""My cards: the list of them, and how one begins."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext

from vcardapp.accounts.limits import limiter
from vcardapp.accounts.owner import begin_as_guest, current_owner
from vcardapp.cards import listing, pictures, places, takedowns
from vcardapp.cards import service as cards
from vcardapp.cards.content import Content
from vcardapp.cards.models import Card
from vcardapp.db import now
from vcardapp.domains.service import address_bases
from vcardapp.editor import bp, service
from vcardapp.editor.examples import example
from vcardapp.editor.views import own_card
from vcardapp.public.names import initial_of
from vcardapp.public.same_site import from_this_site
from vcardapp.web import or_404, settings


@bp.get("/cards", endpoint="cards")
def list_cards() -> Any:
    owner = current_owner()
    sought = " ".join(request.args.get("q", "").split())[:listing.LONGEST_SOUGHT]
    listed = listing.list_cards(owner, sought, request.args.get("page", 1, _number))
    if owner.is_guest and not listed.total:
        return redirect(url_for("accounts.login", next=url_for("editor.cards")))
    deleted = [(card, _days_left(card)) for card in cards.deleted_cards_of(owner)]
    return render_template(
        "editor/cards.html",
        listed=listed,
        sought=sought,
        per_page=listing.PAGE,
        deleted=deleted,
        picture_url=pictures.picture_url,
        initial_of=initial_of,
        bases=address_bases(listed.cards),
        down=takedowns.reasons_for(listed.cards),
    )


@bp.post("/new")
@from_this_site
@limiter.limit("30/hour")
def create() -> Any:
    accepted = list(request.accept_languages.values())
    country = places.guess_country(accepted)
    base = Content(
        country=country,
        time_zone=places.guess_time_zone(country),
        language=places.guess_language(accepted, str(get_locale())),
    )
    content = or_404(example(request.form.get("start", "empty"), base))
    try:
        card = cards.create_card(begin_as_guest(), content, guest_drafts=settings().guest_drafts)
    except cards.TooManyDrafts:
        flash(gettext("There are too many unfinished cards here right now. Please sign up first, then make yours."))
        return redirect(url_for("accounts.register"))
    return redirect(url_for("editor.edit", card_id=card.id))


@bp.post("/cards/<uuid:card_id>/start")
def start(card_id: uuid.UUID) -> Any:
    """Fill a card that has just begun with an example; what it held stays among the versions."""
    card = own_card(card_id)
    content = or_404(example(request.form.get("start", "empty"), card.draft))
    service.save_draft(card, content, "", card.revision, reason="save")
    return redirect(url_for("editor.edit", card_id=card.id))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < len("1000000") else 1


def _days_left(card: Card) -> int:
    """Return how many days a deleted card can still be brought back."""
    gone = now() - (card.deleted_at or now())
    return -((gone - cards.KEPT_AFTER_DELETION) // timedelta(days=1))  # a day begun counts
