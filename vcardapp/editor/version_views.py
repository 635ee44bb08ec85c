"""The last saved versions of a card: look at one, bring one back."""

from __future__ import annotations

import uuid
from typing import Any

from babel.dates import format_datetime, get_timezone
from flask import g, redirect, render_template, request, url_for
from flask_babel import get_locale

from vcardapp.cards import service as cards
from vcardapp.cards.models import Card, CardVersion
from vcardapp.editor import bp, service
from vcardapp.editor.views import own_card
from vcardapp.i18n import N_
from vcardapp.public.page import card_context
from vcardapp.public.visitor import visitor_locale
from vcardapp.web import or_404

REASONS = {
    "autosave": N_("While you typed"),
    "save": N_("Saved"),
    "publish": N_("Published"),
    "restore": N_("Brought back"),
}


@bp.get("/cards/<uuid:card_id>/versions")
def versions(card_id: uuid.UUID) -> Any:
    """List the versions, the newest first, and show one of them: the one looked at, else the newest."""
    card = own_card(card_id)
    listed = service.versions_of(card)
    wished = request.args.get("look", "")
    shown = next((version for version in listed if str(version.number) == wished), listed[0] if listed else None)
    timed = [(version, _time_of(version, card)) for version in listed]
    return render_template("editor/versions.html", card=card, versions=timed, shown=shown, reasons=REASONS)


@bp.get("/cards/<uuid:card_id>/versions/<int:number>")
def version(card_id: uuid.UUID, number: int) -> Any:
    card = own_card(card_id)
    found = or_404(service.find_version(card, number))
    g.may_be_framed = True
    context = card_context(found.content.visible(), slug=cards.slug_of(card), code=card.code or "", preview=True)
    return render_template("public/card.html", **context)


@bp.post("/cards/<uuid:card_id>/versions/<int:number>")
def restore(card_id: uuid.UUID, number: int) -> Any:
    card = own_card(card_id)
    service.restore_version(card, or_404(service.find_version(card, number)))
    return redirect(url_for("editor.edit", card_id=card.id, restored=1))


def _time_of(version: CardVersion, card: Card) -> str:
    zone = get_timezone(card.draft.time_zone or "UTC")
    return str(format_datetime(version.saved_at.astimezone(zone), "medium", locale=visitor_locale(get_locale())))
