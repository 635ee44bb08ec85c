"""A card that was taken down, as its owner sees it: why, what still works, and a way to answer."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from vcardapp.accounts.limits import limiter
from vcardapp.cards import service as cards
from vcardapp.cards import takedowns
from vcardapp.cards.vcard import content_disposition, write_vcard
from vcardapp.domains.service import address_base
from vcardapp.editor import bp
from vcardapp.editor.views import own_card


@bp.get("/cards/<uuid:card_id>/taken-down")
def taken_down(card_id: uuid.UUID) -> Any:
    card = own_card(card_id)
    down = takedowns.find_take_down(card)
    if down is None:
        return redirect(url_for("editor.edit", card_id=card.id))
    return render_template("editor/taken_down.html", card=card, down=down, longest=takedowns.LONGEST_ANSWER)


@bp.post("/cards/<uuid:card_id>/taken-down")
@limiter.limit("20/hour")
def answer_take_down(card_id: uuid.UUID) -> Any:
    card, text = own_card(card_id), request.form.get("answer", "").replace("\0", "").strip()
    if text and takedowns.answer(card, text):
        flash(gettext("Your answer is with whoever runs this site."), "success")
    return redirect(url_for("editor.taken_down", card_id=card.id), 303)


@bp.get("/cards/<uuid:card_id>/taken-down/contact.vcf")
def contact_of_taken_down(card_id: uuid.UUID) -> Any:
    """Give the owner the contact file that visitors no longer get."""
    card = own_card(card_id)
    if card.live is None or takedowns.find_take_down(card) is None:
        return redirect(url_for("editor.edit", card_id=card.id))
    kept = cards.contact_for(card, address_base(card))
    headers = {"Content-Disposition": content_disposition(kept.display_name, card.slug or ""), "Cache-Control": "no-store"}
    return Response(write_vcard(kept), content_type="text/vcard; charset=utf-8", headers=headers)
