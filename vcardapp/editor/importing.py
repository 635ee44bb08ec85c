"""Starting from a contact file: show what was understood, and fill the form only when told to."""

from __future__ import annotations

import base64
import dataclasses
import uuid
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext, ngettext
from itsdangerous import BadSignature, URLSafeTimedSerializer

from vcardapp import images
from vcardapp.accounts.limits import limiter
from vcardapp.accounts.owner import current_owner, signed_in
from vcardapp.cards import importing as cards
from vcardapp.cards import pictures
from vcardapp.cards.content import Content
from vcardapp.cards.models import Card, ContactFile
from vcardapp.cards.vcard_lines import MOST_BYTES
from vcardapp.cards.vcard_reader import ReadCard, Unreadable, read_vcards
from vcardapp.editor import bp, service
from vcardapp.editor.answers import understood
from vcardapp.editor.views import own_card
from vcardapp.web import settings

MOST_SHOWN = 50
HOUR = 3600
AT_ONCE = 10  # seconds that one request makes cards of a file for
MOST_OF_A_PHOTO = 300_000  # bytes; each is in the page twice
MOST_OF_ONE_PHOTO = 1_200_000  # bytes, where a file has only one: it still fits into a form
CHARSETS = {  # of old address books, by the language that was written
    "windows-1256": "ar", "big5": "zh", "gb18030": "zh", "windows-1252": "en", "windows-1253": "el", "windows-1255": "he",
    "shift_jis": "ja", "euc-kr": "ko", "windows-1250": "pl", "windows-1251": "ru", "koi8-r": "ru", "tis-620": "th",
    "windows-1254": "tr", "windows-1258": "vi",
}  # fmt: skip


@bp.get("/cards/<uuid:card_id>/import")
def ask_for_file(card_id: uuid.UUID) -> Any:
    return render_template("editor/import.html", card=own_card(card_id), wrong="")


@bp.post("/cards/<uuid:card_id>/import")
@limiter.limit("60/hour")
def read_file(card_id: uuid.UUID) -> Any:
    """Read the file and show field by field what would be filled in; nothing is stored yet."""
    card = own_card(card_id)
    file = request.files.get("file")
    if file is None or not file.filename:
        wrong = gettext("Please choose a contact file. Its name ends in .vcf.")
        return render_template("editor/import.html", card=card, wrong=wrong), 422
    try:
        charset = request.form.get("charset", "")
        data = file.read(MOST_BYTES + 1)
        reading = read_vcards(data, card.draft.country, charset)
    except Unreadable as unreadable:
        return render_template("editor/import.html", card=card, wrong=gettext(unreadable.reason)), 422
    shown = reading.cards[:MOST_SHOWN]
    found = []
    for read in shown:
        photo = _small(read.photo, alone=len(shown) == 1)
        shown_photo = f"data:image/jpeg;base64,{base64.b64encode(photo).decode()}" if photo else ""
        found.append((read, understood(read.content), shown_photo, _pack(read, photo)))
    person = signed_in()
    kept = cards.keep_file(person.id, data, charset, len(reading.cards)) if person and len(reading.cards) > 1 else None
    return render_template(
        "editor/import_review.html",
        card=card,
        found=found,
        file=kept,
        more=len(reading.cards) - len(shown),
        problems=reading.problems[:MOST_SHOWN],
        charset=charset,
        charsets=_charsets() if reading.has_guessed or charset else [],
    )


@bp.post("/cards/<uuid:card_id>/import/take")
def take(card_id: uuid.UUID) -> Any:
    """Fill the draft with what the review showed."""
    card = own_card(card_id)
    try:
        packed = _signer().loads(request.form.get("packed", ""), max_age=HOUR)
    except BadSignature:
        wrong = gettext("That took too long. Please choose the file once more.")
        return render_template("editor/import.html", card=card, wrong=wrong), 422
    try:
        fill(card, Content.from_dict(packed["content"]), base64.b64decode(packed["photo"]) or None)
        cards.adopt_uid(card, uuid.UUID(packed["uid"]) if packed["uid"] else None)
    except service.DraftTooLong:
        wrong = gettext("This is more text than a card can hold. Please shorten it.")
        return render_template("editor/import.html", card=card, wrong=wrong), 422
    return redirect(url_for("editor.edit", card_id=card.id, imported=1))


@bp.get("/cards/<uuid:card_id>/import/all")
def show_progress(card_id: uuid.UUID) -> Any:
    card, file = own_card(card_id), cards.find_file(current_owner(), request.args.get("file", ""))
    if file is None:
        return redirect(url_for("editor.cards"))
    return render_template("editor/import_all.html", card=card, file=file)


@bp.post("/cards/<uuid:card_id>/import/all")
@limiter.limit("200/hour")
def take_all(card_id: uuid.UUID) -> Any:
    """Make a draft of each contact of the file, as many as fit into one request; the next goes on from there."""
    card, wished = own_card(card_id), request.form.get("file", "")
    file = cards.find_file(current_owner(), wished)
    if file is None:  # a double click, or a day later
        flash(gettext("The file is not here any more. If its cards are not among these, please choose it once more."))
        return redirect(url_for("editor.cards"), 303)
    if not cards.make_cards(file, card.draft, AT_ONCE):
        return redirect(url_for("editor.show_progress", card_id=card.id, file=wished), 303)
    _say_what_was_made(file)
    cards.forget_file(file)
    return redirect(url_for("editor.cards"), 303)


def _say_what_was_made(file: ContactFile) -> None:
    made = file.made - file.left_out
    flash(ngettext("One card is made. It is a draft.", "%(num)d cards are made. They are drafts.", made))
    if file.left_out:
        left_out = file.left_out
        flash(ngettext("One contact has more text than a card can hold.",
                       "%(num)d contacts have more text than a card can hold.", left_out))  # fmt: skip
    if file.photos_left_out:
        photos = file.photos_left_out
        flash(ngettext("One photo could not be used.", "%(num)d photos could not be used.", photos))


def fill(card: Card, content: Content, photo: bytes | None) -> Card:
    """Make an imported contact the draft; country, zone and language stay where the file says nothing of them."""
    content = cards.with_defaults(content, card.draft)
    if photo and not content.is_too_long:
        try:
            picture = pictures.store_picture(card, "photo", photo, guest_bytes=settings().guest_bytes)
            content = dataclasses.replace(content, photo=picture.id)
        except (images.PictureRefused, pictures.TooManyPictures):
            current_app.logger.info("The photo of an imported contact was refused.")
    return service.save_draft(card, content, "", card.revision, reason="save")


def _small(photo: bytes | None, *, alone: bool) -> bytes:
    """Return a photo that can travel through the review's form: made smaller, or left out of a file of many contacts."""
    if photo is None or len(photo) <= MOST_OF_A_PHOTO:
        return photo or b""
    if not alone:
        return b""
    try:
        small = images.normalise(photo)
    except images.PictureRefused:
        return b""
    return small if len(small) <= MOST_OF_ONE_PHOTO else b""


def _charsets() -> list[tuple[str, str]]:
    names = get_locale().languages
    return sorted(((name, f"{names[language]} ({name})") for name, language in CHARSETS.items()), key=lambda pair: pair[1])


def _pack(read: ReadCard, photo: bytes) -> str:
    uid = str(read.uid) if read.uid else ""
    packed = {"content": read.content.to_dict(), "photo": base64.b64encode(photo).decode(), "uid": uid}
    return str(_signer().dumps(packed))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().signing_keys, salt="import")
