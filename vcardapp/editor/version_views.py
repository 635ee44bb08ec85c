"""The last saved versions of a card: look at one, bring one back."""

from __future__ import annotations

import uuid
from typing import Any

from flask import g, redirect, render_template, url_for

from vcardapp.cards import service as cards
from vcardapp.editor import bp, service
from vcardapp.editor.views import own_card
from vcardapp.public.page import card_context
from vcardapp.web import or_404


@bp.get("/cards/<uuid:card_id>/versions")
def versions(card_id: uuid.UUID) -> Any:
    card = own_card(card_id)
    return render_template("editor/versions.html", card=card, versions=service.versions_of(card))


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
