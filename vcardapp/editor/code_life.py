"""What becomes of a code after it was printed: it leads elsewhere, rests, becomes the card's own, or is retired."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from vcardapp.accounts.owner import current_owner
from vcardapp.cards import card_codes
from vcardapp.cards import service as cards
from vcardapp.cards.models import Card, CardCode
from vcardapp.editor import bp
from vcardapp.editor.code_forms import MoveForm
from vcardapp.editor.code_views import own_code, title_of


@bp.get("/cards/<uuid:card_id>/codes/<code>/move", endpoint="move_code")
def ask_where_to(card_id: uuid.UUID, code: str) -> Any:
    card, found = own_code(card_id, code)
    return render_template(
        "editor/code_move.html",
        card=card,
        code=found,
        title=title_of(card, found),
        form=MoveForm.offering(_others(card)),
    )


@bp.post("/cards/<uuid:card_id>/codes/<code>/move")
def point_code(card_id: uuid.UUID, code: str) -> Any:
    card, found = own_code(card_id, code)
    others = _others(card)
    form = MoveForm.offering(others, request.form)
    there = next((one for one in others if str(one.id) == form.card.data), None)
    if not form.validate() or there is None:
        return render_template(
            "editor/code_move.html", card=card, code=found, title=title_of(card, found), form=form
        ), 422
    try:
        card_codes.point_at(found, there)
    except card_codes.TooManyCodes:
        form.card.errors = [gettext("That card has as many codes as a card may have.")]
        return render_template(
            "editor/code_move.html", card=card, code=found, title=title_of(card, found), form=form
        ), 422
    except (card_codes.IsOwnCode, card_codes.CodeRetired, card_codes.NeverPublished):
        return _stays(card, found)
    flash(gettext("From now on this code leads to %(name)s.", name=there.draft.display_name), "success")
    return redirect(url_for("editor.code", card_id=there.id, code=found.code), 303)


@bp.get("/cards/<uuid:card_id>/codes/<code>/pause", endpoint="pause_code")
def ask_to_pause(card_id: uuid.UUID, code: str) -> Any:
    card, found = own_code(card_id, code)
    return render_template("editor/code_confirm.html", card=card, code=found, title=title_of(card, found), what="pause")


@bp.post("/cards/<uuid:card_id>/codes/<code>/pause")
def pause_one(card_id: uuid.UUID, code: str) -> Any:
    card, found = own_code(card_id, code)
    try:
        card_codes.pause(found)
    except (card_codes.IsOwnCode, card_codes.CodeRetired):
        return _stays(card, found)
    flash(gettext("The code is paused. Who scans it reads a kind word."), "success")
    return _back(card, found)


@bp.post("/cards/<uuid:card_id>/codes/<code>/resume", endpoint="resume_code")
def resume_one(card_id: uuid.UUID, code: str) -> Any:
    card, found = own_code(card_id, code)
    try:
        card_codes.resume(found)
    except card_codes.CodeRetired:
        return _stays(card, found)
    flash(gettext("The code leads to the card again."), "success")
    return _back(card, found)


@bp.post("/cards/<uuid:card_id>/codes/<code>/own", endpoint="own_code")
def make_own(card_id: uuid.UUID, code: str) -> Any:
    card, found = own_code(card_id, code)
    try:
        card_codes.make_own(found)
    except card_codes.CodeRetired:
        return _stays(card, found)
    flash(gettext("This is now the card’s own code. The former one goes on working."), "success")
    return _back(card, found)


@bp.get("/cards/<uuid:card_id>/codes/<code>/retire", endpoint="retire_code")
def ask_to_retire(card_id: uuid.UUID, code: str) -> Any:
    card, found = own_code(card_id, code)
    return render_template(
        "editor/code_confirm.html", card=card, code=found, title=title_of(card, found), what="retire"
    )


@bp.post("/cards/<uuid:card_id>/codes/<code>/retire")
def retire_one(card_id: uuid.UUID, code: str) -> Any:
    card, found = own_code(card_id, code)
    try:
        card_codes.retire(found)
    except (card_codes.IsOwnCode, card_codes.CodeRetired):
        return _stays(card, found)
    flash(gettext("The code is retired."), "success")
    return redirect(url_for("editor.codes", card_id=card.id), 303)


def _stays(card: Card, code: CardCode) -> Response:
    flash(gettext("This code stays as it is: it is the card’s own, or it is retired."))
    return _back(card, code)


def _back(card: Card, code: CardCode) -> Response:
    return redirect(url_for("editor.code", card_id=card.id, code=code.code), 303)


def _others(card: Card) -> list[Card]:
    return [one for one in cards.cards_of(current_owner()) if one.id != card.id and one.slug]
