"""Business cards: how they look, and their files for a print shop or one's own printer."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from typing import Any

from babel.lists import format_list
from flask import Response, redirect, render_template, request, url_for
from flask_babel import force_locale, get_locale, gettext
from flask_babel import lazy_gettext as _l
from wtforms import Form, RadioField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from vcardapp import fonts
from vcardapp.accounts.limits import limiter
from vcardapp.cards import card_codes, pictures, print_card, print_picture
from vcardapp.cards.code_style import drawn_style
from vcardapp.cards.models import Card
from vcardapp.cards.print_card import PrintCard, Row
from vcardapp.cards.qr_drawing import dressed
from vcardapp.cards.vcard import content_disposition
from vcardapp.domains.service import address_base
from vcardapp.editor import bp
from vcardapp.editor.views import own_card
from vcardapp.i18n import LANGUAGES
from vcardapp.public.page import CardPage, card_context
from vcardapp.public.preview_picture import preview_of
from vcardapp.web import or_404

IN_INCHES = {"US", "CA"}
BOTH = "both"
SIZE_NAMES = {"eu": _l("85 × 55 mm"), "us": _l("3.5 × 2 in")}
SIDE_NAMES = {BOTH: _l("Both"), "front": _l("Front"), "back": _l("Back")}
PICTURE_NAMES = {"photo": _l("Photo"), "logo": _l("Logo"), "": _l("A pattern of its own")}


class PrintForm(Form):
    """What a business card is made of; it is asked for by address, so that every file has one."""

    size = RadioField(_l("Size"), choices=[SelectChoice(*pair) for pair in SIZE_NAMES.items()])
    side = RadioField(_l("Sides"), choices=[SelectChoice(*pair) for pair in SIDE_NAMES.items()], default=BOTH)
    words = RadioField(_l("Language of the words beside the code"), choices=[SelectChoice(*pair) for pair in LANGUAGES.items()])
    picture = RadioField(_l("Picture"))

    @property
    def sides(self) -> tuple[str, ...]:
        return print_card.SIDES if self.side.data == BOTH else (self.side.data,)


@bp.get("/cards/<uuid:card_id>/print", endpoint="print")
def business_card(card_id: uuid.UUID) -> Any:
    card = own_card(card_id)
    if not _is_printed(card):
        return redirect(url_for("editor.codes", card_id=card.id))
    form = form_for(card)
    shown = printed(card, form, "m")
    scripts, locale = print_card.missing(shown), get_locale()
    faces = {side: print_picture.svg(print_card.face_of(shown, form.size.data, side)) for side in form.sides}
    return render_template(
        "editor/print.html",
        card=card,
        form=form,
        size=print_card.SIZES[form.size.data],
        faces={side: f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}" for side, svg in faces.items()},
        missing=format_list([locale.scripts.get(script, script) for script in scripts], locale=locale) if scripts else "",
        packages=", ".join(dict.fromkeys(map(fonts.helps, scripts))),
    )


@bp.get("/cards/<uuid:card_id>/print.pdf")
@limiter.limit("30/minute;300/hour")
def print_file(card_id: uuid.UUID) -> Any:
    """Answer with the PDF for a print shop, or `as` sheet with ten cards on a page."""
    card = own_card(card_id)
    if not _is_printed(card):
        return redirect(url_for("editor.codes", card_id=card.id))
    form, is_sheet = form_for(card), request.args.get("as") == "sheet"
    from vcardapp.cards import print_files  # reportlab takes its time

    make = print_files.sheet_pdf if is_sheet else print_files.press_pdf
    data = make(printed(card, form, "l"), form.size.data, form.sides)
    name = f"{card.slug}-cards" if is_sheet else f"{card.slug}-card"
    response = Response(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition(name, name, "pdf").replace("inline", "attachment", 1)
    return response


def _is_printed(card: Card) -> bool:
    return bool(card.live and card.slug and card.code)


def form_for(card: Card) -> PrintForm:
    """Return the form as asked for; what was not chosen, or is not there, is what fits the card."""
    form = PrintForm(request.args)
    content = or_404(card.live).visible()
    spoken = content.language.split("-")[0]
    usual = {
        "size": "us" if content.country in IN_INCHES else "eu",
        "side": BOTH,
        "words": spoken if spoken in LANGUAGES else str(get_locale()),
        "picture": "photo" if content.photo else "logo" if content.logo else "",
    }
    there = [name for name in PICTURE_NAMES if not name or getattr(content, name)]
    form.picture.choices = [SelectChoice(name, PICTURE_NAMES[name]) for name in there]
    for name, value in usual.items():
        field: Any = form[name]
        known = [choice.value for choice in field.choices]
        if field.data not in known:
            field.data = value
    return form


def printed(card: Card, form: PrintForm, picture_size: str) -> PrintCard:
    """Return what is printed of a published card; a photo or logo in one of its sizes."""
    shown = or_404(card.live).visible()
    page: CardPage = card_context(shown, card.slug or "", card.code or "", base=address_base(card))["card"]
    preview = preview_of(shown, page.code)
    text, plain = card_codes.texts_of(page.code, card, page.base)
    own, _ = or_404(card_codes.find_printed_code(page.code))
    style = drawn_style(print_card.in_black(card_codes.style_of(own)), text, plain)
    file = pictures.shown_file(getattr(shown, form.picture.data), f"{picture_size}.webp") if form.picture.data else None
    with force_locale(form.words.data):
        call, hint = gettext("Save my contact"), gettext("Point your phone’s camera here to take this card with you.")
        if shown.is_company:
            call = gettext("Save our contact")
    return PrintCard(
        name=preview.name,
        work=preview.lines,
        rows=tuple(_rows(page)),
        call=call,
        hint=hint,
        address=f"{page.base}/{page.slug}".removeprefix("https://").removeprefix("http://"),
        language=preview.language,
        seed=preview.seed,
        accent=page.look.palette.light["accent"],
        code=dressed(text, style),
        photo=file if form.picture.data == "photo" else None,
        logo=file if form.picture.data == "logo" else None,
    )


def _rows(page: CardPage) -> Iterator[Row]:
    """Yield what stands on the front, the most needed first."""
    phones = [Row(row.text, row.is_number) for row in page.phones if row.icon != "printer"]
    yield from phones[:1]
    yield from (Row(row.text) for row in page.emails[:1])
    yield from (Row(row.text, row.is_number) for row in page.sites[:1])
    yield from phones[1:2]
    for place in page.places[:1]:
        yield Row(gettext(", ").join(" ".join(text for text, _ in line) for line in place.lines))
