"""What a code leaves the house as: files for print and screens, sheets of labels, and the code that holds the contact."""

from __future__ import annotations

import re
import uuid
from http import HTTPStatus
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext

from vcardapp.accounts.limits import limiter
from vcardapp.accounts.owner import current_owner
from vcardapp.cards import card_codes, code_files
from vcardapp.cards import service as cards
from vcardapp.cards.code_style import drawn_style
from vcardapp.cards.contact_code import LEFT_OUT, ContactTooLong, contact_text
from vcardapp.cards.qr_drawing import dressed
from vcardapp.domains.service import address_base
from vcardapp.editor import bp
from vcardapp.editor.code_looks import look_of, words_of
from vcardapp.editor.code_views import own_code
from vcardapp.editor.views import own_card
from vcardapp.i18n import N_
from vcardapp.public import answers

SAYS = {
    "FN": N_("Name"), "N": N_("Name"), "ORG": N_("Company"), "TITLE": N_("Title"), "TEL": N_("Phone"),
    "EMAIL": N_("E-mail"), "URL": N_("The card"),
}  # fmt: skip
USUAL = {**code_files.USUAL, "black": 50, "a4": 35, "letter": 35}  # pixels, millimetres


@bp.get("/cards/<uuid:card_id>/codes/<code>/file")
@limiter.limit("120/minute;2000/hour")
def code_file(card_id: uuid.UUID, code: str) -> Any:
    """Answer with a code as it was saved, in any state: `as` svg, png, pdf, black (a PDF in one ink), a4, letter (labels)."""
    card, found = own_code(card_id, code)
    sort = request.args.get("as", "svg")
    asked = request.args.get("size", "") or str(USUAL.get(sort, ""))
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 4):
        abort(HTTPStatus.BAD_REQUEST)
    form, size = sort if sort in code_files.TYPES else "pdf", int(asked)
    style, texts = card_codes.style_of(found), card_codes.texts_of(found.code, card, address_base(card))
    name = card.draft.display_name if form != sort else ""

    def draw() -> bytes:
        if form == sort:
            return code_files.code_file(form, size, style, *texts)
        from vcardapp.cards import labels, qr_pdf  # reportlab takes its time

        drawing = dressed(texts[0], drawn_style(style, *texts))
        if sort == "black":
            return qr_pdf.pdf(drawing, size, black_only=True)
        return labels.label_sheet(drawing, sort, name, millimetres=size)

    try:
        tag = code_files.tag(sort, size, f"{style!r} {name}", *texts)
        response = answers.drawn(draw, code_files.TYPES[form], tag)
    except ValueError:  # no such size
        abort(HTTPStatus.BAD_REQUEST)
    title = found.name if found.code == card.code else found.title
    called = title if form == sort else f"{title} {sort}"
    response.headers["Content-Disposition"] = code_files.disposition(form, size, card.slug or "", called)
    return response


@bp.get("/cards/<uuid:card_id>/codes/contact")
def contact_code(card_id: uuid.UUID) -> Any:
    """The code that holds the contact itself, dressed as the card's own: what it says, and what it leaves out."""
    card = own_card(card_id)
    own = card_codes.find_code(current_owner(), card.code or "")
    if card.live is None or own is None:
        return redirect(url_for("editor.codes", card_id=card.id))
    base = address_base(card)
    try:
        inside = contact_text(cards.contact_for(card, base), f"{base}/u/{own.code}")
    except ContactTooLong:
        return render_template("editor/code_contact.html", card=card, look=None)
    look = look_of(drawn_style(card_codes.style_of(own), inside.text, inside.text), inside.text, inside.text)
    return render_template(
        "editor/code_contact.html",
        card=card,
        look=look,
        words=words_of(look, is_address=False),
        says=_said(inside.text),
        left_out=[gettext(LEFT_OUT[name]) for name in inside.left_out],
    )


def _said(text: str) -> list[tuple[str, str]]:
    """Return what the code holds, line by line; the name once."""
    values = {name.split(";")[0]: value for name, value in (line.split(":", 1) for line in text.splitlines())}
    if "FN" in values:
        values.pop("N", None)
    return [(gettext(words), _unescaped(values[key])) for key, words in SAYS.items() if key in values]


def _unescaped(value: str) -> str:
    return " ".join(re.sub(r"\\(.)", r"\1", part) for part in re.split(r"(?<!\\);", value) if part)
