"""Event links of a card: made, copied, ended."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from vcardapp.cards import events
from vcardapp.cards.models import Card
from vcardapp.domains.service import address_base
from vcardapp.editor import bp
from vcardapp.editor.forms import EventForm
from vcardapp.editor.views import own_card
from vcardapp.public.page import met_in_words


@bp.get("/cards/<uuid:card_id>/events", endpoint="events")
def list_events(card_id: uuid.UUID) -> Any:
    return _page(own_card(card_id), EventForm())


@bp.post("/cards/<uuid:card_id>/events")
def add_event(card_id: uuid.UUID) -> Any:
    card, form = own_card(card_id), EventForm(request.form)
    if not form.validate():
        return _page(card, form), 422
    try:
        made = events.add_event(card, form.title.data or "", form.place.data or "", form.day())
    except events.TooManyEvents:
        form.title.errors = [gettext("A card has at most 200 event links. Remove one that is over.")]
        return _page(card, form), 422
    return redirect(url_for("editor.events", card_id=card.id, made=made.key), 303)


@bp.post("/cards/<uuid:card_id>/events/change")
def change_event(card_id: uuid.UUID) -> Any:
    """Do what the pressed button says: `end`, `resume` or `remove`, and the key of the event."""
    card = own_card(card_id)
    verb, _, key = request.form.get("action", "").partition(":")
    if verb == "end":
        events.end_event(card, key)
        flash(gettext("The link shows the plain card from now on."))
    elif verb == "resume":
        events.resume_event(card, key)
        flash(gettext("The link says again where you met."))
    elif verb == "remove":
        events.remove_event(card, key)
    return redirect(url_for("editor.events", card_id=card.id), 303)


def _page(card: Card, form: EventForm) -> str:
    base = address_base(card)
    shown = f"{base}/{card.slug}" if card.slug else ""
    listed = [
        (event, met_in_words(event), f"{shown}?e={event.key}", f"/{quote(card.slug or '')}?e={quote(event.key)}")
        for event in events.events_of(card)
    ]
    made = request.args.get("made", "")
    return render_template("editor/events.html", card=card, form=form, events=listed, made=made, base=base)
