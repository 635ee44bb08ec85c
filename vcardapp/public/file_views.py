"""The files of a card: contact, pictures."""

from __future__ import annotations

import hashlib

from flask import Response, abort, request

from vcardapp.accounts.owner import current_owner, signed_in
from vcardapp.cards import pictures
from vcardapp.cards import service as cards
from vcardapp.cards.contact import Contact
from vcardapp.cards.content import Content
from vcardapp.cards.jcard import write_jcard
from vcardapp.cards.models import Card, Picture
from vcardapp.cards.preview import mark as mark_of
from vcardapp.cards.vcard import content_disposition, write_vcard
from vcardapp.cards.vcard4 import write_vcard4
from vcardapp.domains.service import address_base, shows_card
from vcardapp.domains.sites import current_site
from vcardapp.public import answers, bp, ready
from vcardapp.public.card_views import asked_event, find_public_card
from vcardapp.public.preview_picture import file_of, preview_of
from vcardapp.web import or_404


@bp.get("/<slug:slug>.vcf")
def contact(slug: str) -> Response:
    card = find_public_card(slug)
    kept = _contact(card)
    is_4 = request.args.get("v") == "4"
    data = write_vcard4(kept) if is_4 else write_vcard(kept, strict=request.args.get("strict") == "1")
    disposition = content_disposition(kept.display_name, slug)
    response = _contact_file(kept, data, "text/vcard; charset=utf-8", {"Content-Disposition": disposition})
    return ready.offer(response, card)


@bp.get("/<slug:slug>.jcard")
def contact_in_json(slug: str) -> Response:
    kept = _contact(find_public_card(slug))
    return _contact_file(kept, write_jcard(kept), "application/vcard+json", {})


def _contact(card: Card) -> Contact:
    return cards.contact_for(card, address_base(card), asked_event(card))


def _contact_file(kept: Contact, data: bytes, content_type: str, headers: dict[str, str]) -> Response:
    response = Response(data, content_type=content_type, headers=headers)
    response.set_etag(hashlib.sha256(data).hexdigest()[:32])
    if "e" not in request.args:  # an event that is over would give an older date again
        response.last_modified = kept.changed
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Robots-Tag"] = "noindex"
    response.make_conditional(request)
    return response


@bp.get("/<slug:slug>/preview-<mark>.jpg")
def preview_picture(slug: str, mark: str) -> Response:
    """Answer with the present picture whatever the name: messengers may come with one that they saw before."""
    card = find_public_card(slug)
    shown = preview_of((card.live or Content()).visible(), str(card.code))
    present = mark_of(shown)
    return answers.file(file_of(shown), "image/jpeg", present, answers.FOR_EVER if mark == present else "no-cache")


@bp.get("/media/<picture_id>/<any('s', 'm', 'l'):size>.<any('webp', 'avif', 'jpg'):form>")
def picture(picture_id: str, size: str, form: str) -> Response:
    found, site, cache = pictures.find_public_picture(picture_id), current_site(), answers.FOR_EVER
    if found is None and site is None:  # its card was taken down
        found, cache = _seen_within(picture_id), "private, no-cache"
    if found is None or (site and not shows_card(site, found.card_id)):
        abort(404)
    data = or_404(pictures.shown_file(picture_id, f"{size}.{form}"))
    kind = "image/jpeg" if form == "jpg" else f"image/{form}"
    response = answers.file(data, kind, f"{picture_id}-{size}-{form}", cache)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response


def _seen_within(picture_id: str) -> Picture | None:
    """Return a picture of a card that visitors do not see: its owner works on it, admins judge it."""
    person = signed_in()
    if person and person.is_admin:
        return pictures.find_picture(picture_id)
    return cards.find_own_picture(current_owner(), picture_id)
