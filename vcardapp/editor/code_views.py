"""The codes of a card: their list, the designer, and what becomes of a code later."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import force_locale, get_locale, gettext
from wtforms.validators import Optional

from vcardapp import images
from vcardapp.accounts.limits import limiter
from vcardapp.accounts.owner import current_owner
from vcardapp.cards import card_codes, events
from vcardapp.cards.models import Card, CardCode
from vcardapp.cards.qr_style import MOST_PICTURE_BYTES, MOST_PICTURE_SIDE
from vcardapp.design.themes import theme_of
from vcardapp.domains.service import address_base
from vcardapp.editor import bp
from vcardapp.editor.code_forms import PRESET_NAMES, CodeForm, NameForm, fields_of
from vcardapp.editor.code_looks import Look, drawing_of, look_at, look_of, presets_for, words_of
from vcardapp.editor.views import own_card
from vcardapp.i18n import LANGUAGES
from vcardapp.public.names import initial_of
from vcardapp.web import or_404

ANY_CODE = "7K2Q4M"  # short addresses are equally long, so presets fit them alike


def own_code(card_id: uuid.UUID, code: str) -> tuple[Card, CardCode]:
    """Return a code of the asking owner's card, or answer 404."""
    card = own_card(card_id)
    found = or_404(card_codes.find_code(current_owner(), code))
    return card, or_404(found if found.card_id == card.id else None)


@bp.get("/cards/<uuid:card_id>/codes", endpoint="codes")
def list_codes(card_id: uuid.UUID) -> Any:
    card = own_card(card_id)
    return _list(card, NameForm.offering(events.events_of(card)))


@bp.post("/cards/<uuid:card_id>/codes")
@limiter.limit("60/hour")
def add_code(card_id: uuid.UUID) -> Any:
    card = own_card(card_id)
    form = NameForm.offering(events.events_of(card), request.form)
    if not form.validate():
        return _list(card, form), 422
    event = events.find_event(card, form.event.data or "")
    try:
        made = card_codes.add_code(card, form.name.data or "", event=event, base_url=address_base(card))
    except card_codes.TooManyCodes:
        form.name.errors = [gettext("A card has at most 200 codes, retired ones too.")]
        return _list(card, form), 422
    except card_codes.NeverPublished:
        return redirect(url_for("editor.codes", card_id=card.id), 303)
    return redirect(url_for("editor.code", card_id=card.id, code=made.code), 303)


@bp.get("/cards/<uuid:card_id>/codes/<code>", endpoint="code")
def show_code(card_id: uuid.UUID, code: str) -> Any:
    card, found = own_code(card_id, code)
    form = _form(card, found)
    style = card_codes.style_of(found)
    form.say(style)
    form.name.data, event = found.name, card_codes.event_of(found)
    form.event.data = event.key if event else ""
    form.frame_text.data = form.frame_text.data or _suggestions(card)[0]
    form.initials.data = form.initials.data or _initials(card)
    return _designer(card, found, form, look_of(style, *_texts(card, found)))


@bp.post("/cards/<uuid:card_id>/codes/<code>")
@limiter.limit("60/minute;1000/hour")
def save_code(card_id: uuid.UUID, code: str) -> Any:
    """Without script: draw and prove anew, take the nearest choice, or save, as the pressed button says."""
    card, found = own_code(card_id, code)
    if found.retired_at:
        return redirect(url_for("editor.code", card_id=card.id, code=found.code), 303)
    form, is_right, look = _sent(card, found)
    action = request.form.get("action", "show")
    if look.style:
        form.say(look.style)
    if action != "save":
        form.name.errors = form.event.errors = []
        return _designer(card, found, form, look, is_changed=True)
    if not is_right or not look.passes or look.notes or look.style is None:
        return _designer(card, found, form, look, is_changed=True, is_refused=True), 422
    card_codes.restyle(found, look.style, base_url=address_base(card))
    card_codes.rename(found, form.name.data or "")
    card_codes.choose_event(found, events.find_event(card, form.event.data or ""))
    flash(gettext("Saved. The files below are of this code."), "success")
    return redirect(url_for("editor.code", card_id=card.id, code=found.code), 303)


@bp.post("/cards/<uuid:card_id>/codes/<code>/preview")
@limiter.limit("120/minute;2000/hour")
def preview_code(card_id: uuid.UUID, code: str) -> Any:
    """Answer script with the drawing, its proof, and the nearest choice where it does not pass."""
    card, found = own_code(card_id, code)
    form, _is_right, look = _sent(card, found)
    words = words_of(look)
    return jsonify(
        passes=look.passes,
        drawing=look.drawing,
        page=look.style.page if look.style else "",
        says=words.verdict if words else " ".join(sum(look.notes.values(), [])),
        verdict=render_template("editor/_code_verdict.html", look=look, words=words),
        proof=render_template("editor/_code_proof.html", look=look, words=words),
        notes={part: render_template("editor/_code_note.html", look=look, part=part) for part in look.notes},
        fields=fields_of(look.style, form.presets) if look.style else {},
    )


def title_of(card: Card, code: CardCode) -> str:
    """Return what the owner calls a code."""
    return str(gettext("The card’s own code")) if code.code == card.code and not code.name else code.title


def _sent(card: Card, code: CardCode) -> tuple[CodeForm, bool, Look]:
    """Return the form as sent, whether it is right, and how its code looks: the nearest that passes, if that was asked for."""
    form, wrong = _form(card, code), {}
    data = request.files["picture"].read() if "picture" in request.files else b""
    if data:
        try:
            form.take_picture(images.small_png(data, MOST_PICTURE_SIDE, MOST_PICTURE_BYTES))
        except images.PictureRefused as refused:
            wrong = {"logo": [str(gettext(refused.reason))]}
    is_right = form.validate()
    look = Look(notes=wrong) if wrong else look_at(form, *_texts(card, code))
    if look.nearest and request.form.get("action") == "nearest":
        look = look_of(look.nearest, *_texts(card, code))
    return form, is_right, look


def _form(card: Card, code: CardCode) -> CodeForm:
    form = CodeForm.offering(events.events_of(card), request.form if request.method == "POST" else None)
    form.presets = presets_for(*card_codes.texts_of(ANY_CODE, card, address_base(card)))
    if code.code == card.code:
        form.name.validators = [Optional(), *form.name.validators]  # it can do without
    return form


def _texts(card: Card, code: CardCode) -> tuple[str, str]:
    return card_codes.texts_of(code.code, card, address_base(card))


def _list(card: Card, form: NameForm) -> str:
    listed = [
        (
            code,
            title_of(card, code),
            drawing_of(_texts(card, code)[0], card_codes.style_of(code)),
            card_codes.event_of(code),
        )
        for code in card_codes.codes_of(card)
    ]
    return render_template("editor/codes.html", card=card, form=form, codes=listed)


def _designer(card: Card, code: CardCode, form: CodeForm, look: Look, **states: bool) -> str:
    text, _plain = _texts(card, code)
    return render_template(
        "editor/code.html",
        card=card,
        code=code,
        form=form,
        look=look,
        words=words_of(look),
        title=title_of(card, code),
        is_changed=states.get("is_changed", False),  # against what is saved
        is_refused=states.get("is_refused", False),
        is_own=code.code == card.code,
        presets={name: drawing_of(text, style) for name, style in form.presets.items()},
        matching=PRESET_NAMES.get(theme_of(card.draft.design.theme).qr, ""),
        saved_drawing=drawing_of(text, card_codes.style_of(code)),
        suggestions=_suggestions(card),
        address=text,
        tag_address=f"{address_base(card)}/u/{code.code}",
        sizes=(512, 1024, 2048, 4096),
    )


def _initials(card: Card) -> str:
    names = filter(None, (card.draft.given, card.draft.family))
    return "".join(map(initial_of, names)) or initial_of(card.draft.display_name)


def _suggestions(card: Card) -> list[str]:
    """Return calls to action in the card's language and in the owner's."""
    spoken = [card.draft.language.split("-")[0], str(get_locale())]
    found: list[str] = []
    for language in dict.fromkeys(one for one in spoken if one in LANGUAGES):
        with force_locale(language):
            found += [
                gettext("Scan me"),
                gettext("Save my contact"),
                gettext("Let’s stay in touch"),
                gettext("More about us"),
            ]
    return list(dict.fromkeys(found))
