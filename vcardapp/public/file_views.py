"""The files of a card: contact, code, pictures."""

from __future__ import annotations

import hashlib

from flask import Response, abort, request

from vcardapp.cards import pictures, qr
from vcardapp.cards import service as cards
from vcardapp.cards.contact import Contact
from vcardapp.cards.jcard import write_jcard
from vcardapp.cards.vcard import content_disposition, write_vcard
from vcardapp.cards.vcard4 import write_vcard4
from vcardapp.public import answers, bp
from vcardapp.public.card_views import asked_event, find_public_card
from vcardapp.web import absolute, or_404

FOR_EVER = "public, max-age=31536000, immutable"


@bp.get("/<slug:slug>.vcf")
def contact(slug: str) -> Response:
    kept = _contact(slug)
    is_4 = request.args.get("v") == "4"
    data = write_vcard4(kept) if is_4 else write_vcard(kept, strict=request.args.get("strict") == "1")
    disposition = content_disposition(kept.display_name, slug)
    return _contact_file(kept, data, "text/vcard; charset=utf-8", {"Content-Disposition": disposition})


@bp.get("/<slug:slug>.jcard")
def contact_in_json(slug: str) -> Response:
    kept = _contact(slug)
    return _contact_file(kept, write_jcard(kept), "application/vcard+json", {})


def _contact(slug: str) -> Contact:
    card = find_public_card(slug)
    return cards.contact_for(card, absolute(""), asked_event(card))


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


@bp.get("/<slug:slug>/qr.svg")
def code_svg(slug: str) -> Response:
    text = _code_text(slug)
    return answers.file(qr.svg(text), "image/svg+xml; charset=utf-8", qr.etag(text, "svg"))


@bp.get("/<slug:slug>/qr.png")
def code_png(slug: str) -> Response:
    text = _code_text(slug)
    try:
        size = int(request.args.get("size", "1024"))
        data = qr.png(text, size)
    except ValueError:
        abort(400)
    return answers.file(data, "image/png", qr.etag(text, f"png {size}"))


@bp.get("/media/<picture_id>/<any('s.webp', 'm.webp', 'l.webp'):name>")
def picture(picture_id: str, name: str) -> Response:
    or_404(pictures.find_public_picture(picture_id))
    data = or_404(pictures.storage().open(f"{picture_id}/{name}"))
    response = answers.file(data, "image/webp", f"{picture_id}-{name[0]}", FOR_EVER)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response


def _code_text(slug: str) -> str:
    card = find_public_card(slug)
    return qr.short_address(absolute(""), str(card.code))
