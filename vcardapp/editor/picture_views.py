"""Pictures in the editor: upload one, cut it, with and without script."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from vcardapp import images
from vcardapp.accounts.limits import limiter
from vcardapp.cards import pictures
from vcardapp.cards.models import Card
from vcardapp.editor import bp, service
from vcardapp.editor.forms import RATIOS, CropForm
from vcardapp.editor.sections import section_of
from vcardapp.editor.views import own_card
from vcardapp.web import or_404, settings


@bp.post("/cards/<uuid:card_id>/pictures")
@limiter.limit("120/hour")
def upload(card_id: uuid.UUID) -> Any:
    """Store a picture and show it on the draft, or show a stored one, or none; answers with JSON, since script asks."""
    card = own_card(card_id)
    sort = request.form.get("sort", "")
    file = request.files.get("file")
    stored = request.form.get("picture")
    if sort not in pictures.ALL_SORTS or (file is None and stored is None):
        return jsonify(error=gettext("Please choose a picture.")), 422
    try:
        if file is not None:
            picture_id = pictures.store_picture(card, sort, file.read(), guest_bytes=settings().guest_bytes).id
        else:
            picture_id = or_404(pictures.find_picture_of(card, stored)).id if stored else ""
        card = service.put_picture(card, sort, picture_id)
    except images.PictureRefused as error:
        return jsonify(error=gettext(error.reason)), 422
    except pictures.TooManyPictures:
        return jsonify(error=gettext("There is no room for another picture right now.")), 422
    except service.DraftConflict:
        return jsonify(error=gettext("The card was just changed elsewhere. Please choose the picture again.")), 409
    return jsonify(_shown(card, sort, picture_id))


def _shown(card: Card, sort: str, picture_id: str) -> dict[str, Any]:
    if not picture_id:
        return {"revision": card.revision}
    place: dict[str, Any] = {"card_id": card.id, "picture_id": picture_id}
    return {
        "revision": card.revision,
        "url": pictures.picture_url(picture_id, "m"),
        "crop": url_for("editor.crop", **place) if sort in RATIOS else "",
        "original": url_for("editor.original", **place),
    }


@bp.get("/cards/<uuid:card_id>/pictures/<picture_id>/original")
def original(card_id: uuid.UUID, picture_id: str) -> Any:
    picture = or_404(pictures.find_picture_of(own_card(card_id), picture_id))
    return Response(or_404(pictures.original_of(picture)), mimetype="image/webp")


@bp.get("/cards/<uuid:card_id>/pictures/<picture_id>/crop")
def crop(card_id: uuid.UUID, picture_id: str) -> Any:
    card = own_card(card_id)
    picture = or_404(pictures.find_picture_of(card, picture_id))
    return render_template(
        "editor/crop.html",
        card=card,
        picture=picture,
        form=CropForm(),
        ratio=RATIOS.get(picture.sort, 1.0),
        section=section_of(picture.sort),
    )


@bp.post("/cards/<uuid:card_id>/pictures/<picture_id>/crop")
@limiter.limit("120/hour")
def cut(card_id: uuid.UUID, picture_id: str) -> Any:
    card = own_card(card_id)
    picture = or_404(pictures.find_picture_of(card, picture_id))
    form = CropForm(request.form)
    ratio, section = RATIOS.get(picture.sort, 1.0), section_of(picture.sort)
    if not form.validate():
        again = render_template("editor/crop.html", card=card, picture=picture, form=form, ratio=ratio, section=section)
        return again, 422
    width, height = images.size_of(or_404(pictures.original_of(picture)))
    try:
        new = pictures.crop_picture(card, picture, form.crop(width, height, ratio))
        card = service.put_picture(card, picture.sort, new.id)
    except (images.PictureRefused, pictures.TooManyPictures, service.DraftConflict):
        flash(gettext("The picture could not be cut. Please try again."))
        return redirect(url_for("editor.edit", card_id=card.id, open=section, _anchor=section))
    if request.accept_mimetypes.best == "application/json":
        return jsonify(_shown(card, picture.sort, new.id))
    return redirect(url_for("editor.edit", card_id=card.id, saved=1, open=section, _anchor=section))
