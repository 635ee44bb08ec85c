"""What stands behind printed codes, and the codes themselves: to hold up, as files, with the contact inside."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, abort, render_template, request, url_for
from markupsafe import Markup

from vcardapp.accounts.limits import limiter
from vcardapp.cards import card_codes, code_files, qr, qr_rules
from vcardapp.cards import service as cards
from vcardapp.cards.code_style import PLAIN, drawn_style
from vcardapp.cards.codes import read_code
from vcardapp.cards.contact_code import LEFT_OUT, ContactText, ContactTooLong, contact_text
from vcardapp.cards.models import Card, CardCode
from vcardapp.domains.service import address_base
from vcardapp.public import answers, bp, ready
from vcardapp.public.card_views import (
    check_owner,
    check_public,
    check_taken_down,
    find_public_card,
    page_of,
    shown_card,
)
from vcardapp.web import or_404

LARGE = 1500  # pixels


def _cost() -> int:
    size = request.args.get("size", "")
    return 4 if len(size) == 4 and size.isdigit() and int(size) > LARGE else 1


heavy = limiter.shared_limit("60/minute", scope="drawings", cost=_cost)  # of one visitor, all cards together


def find_printed(code: str) -> tuple[CardCode, Card]:
    """Return a code that is in use and its public card, or answer in their place."""
    printed, card = or_404(card_codes.find_printed_code(or_404(read_code(code))))
    check_owner(card)
    check_taken_down(card)
    if printed.state != "in use":
        html = render_template("public/code_rests.html", is_retired=printed.state == "retired", **shown_card(card))
        abort(answers.page(html, HTTPStatus.GONE if printed.retired_at else HTTPStatus.NOT_FOUND))
    check_public(card)
    return printed, card


@bp.get("/u/<code>")
@bp.get("/U/<code>")
def card_by_code(code: str) -> Any:
    printed, card = find_printed(code)
    return page_of(card, card_codes.event_of(printed))


@bp.get("/<slug:slug>/qr")
def card_code(slug: str) -> Any:
    return _held_up(*_own(slug))


@bp.get("/u/<code>/qr")
@bp.get("/U/<code>/qr")
def printed_code(code: str) -> Any:
    return _held_up(*find_printed(code))


@bp.get("/<slug:slug>/qr-contact")
def contact_code(slug: str) -> Any:
    """The contact itself as a code, for places without a network."""
    printed, card = _own(slug)
    try:
        inside = _inside(printed, card)
    except ContactTooLong:
        html = render_template("public/contact_code.html", inside=None, **shown_card(card))
        return answers.page(html, HTTPStatus.NOT_FOUND)
    style = drawn_style(card_codes.style_of(printed), inside.text, inside.text)
    code = qr.matrix(inside.text)
    html = render_template(
        "public/contact_code.html",
        inside=inside,
        left_out=[LEFT_OUT[name] for name in inside.left_out],
        smallest=round(qr_rules.smallest_millimetres(code, style, 1.0)),
        draw=lambda label: Markup(code_files.inline_code(style, inside.text, inside.text, label)),  # noqa: S704 - our own drawing
        **shown_card(card),
    )
    return answers.page(html)


@bp.get("/<slug:slug>/qr.svg")
def code_svg(slug: str) -> Response:
    printed, card = _own(slug)
    return ready.offer(_code_file("svg", printed, card), card)


@bp.get("/<slug:slug>/qr.png")
@heavy
def code_png(slug: str) -> Response:
    return _code_file("png", *_own(slug))


@bp.get("/<slug:slug>/qr.pdf")
@heavy
def code_pdf(slug: str) -> Response:
    return _code_file("pdf", *_own(slug))


@bp.get("/u/<code>/qr.svg")
def printed_svg(code: str) -> Response:
    return _code_file("svg", *find_printed(code))


@bp.get("/u/<code>/qr.png")
@heavy
def printed_png(code: str) -> Response:
    return _code_file("png", *find_printed(code))


@bp.get("/u/<code>/qr.pdf")
@heavy
def printed_pdf(code: str) -> Response:
    return _code_file("pdf", *find_printed(code))


@bp.get("/<slug:slug>/qr-contact.svg")
@heavy
def contact_code_svg(slug: str) -> Response:
    return _contact_file("svg", *_own(slug))


@bp.get("/<slug:slug>/qr-contact.png")
@heavy
def contact_code_png(slug: str) -> Response:
    return _contact_file("png", *_own(slug))


@bp.get("/<slug:slug>/qr-contact.pdf")
@heavy
def contact_code_pdf(slug: str) -> Response:
    return _contact_file("pdf", *_own(slug))


def file_address(form: str, printed: CardCode, card: Card, size: int = 0, name: str = "") -> str:
    """Return the address of a code's file as it looks now, which browsers keep for ever; `name` becomes part of the file's."""
    size = size or code_files.USUAL[form]
    version = _tag(form, size, printed.look, *card_codes.texts_of(printed.code, card, address_base(card)))[:12]
    asked: Any = {"v": version, "as": name or None, "size": None if size == code_files.USUAL[form] else size}
    if printed.code == card.code:
        return url_for(f"public.code_{form}", slug=card.slug, **asked)
    return url_for(f"public.printed_{form}", code=printed.code, **asked)


def _own(slug: str) -> tuple[CardCode, Card]:
    """Return the code that is a public card's own."""
    card = find_public_card(slug)
    printed, _ = or_404(card_codes.find_printed_code(card.code or ""))
    return printed, card


def _held_up(printed: CardCode, card: Card) -> Response:
    base = address_base(card)
    texts = card_codes.texts_of(printed.code, card, base)
    html = render_template(
        "public/qr.html",
        address=f"{base}/u/{printed.code}",
        draw=lambda label: Markup(code_files.inline_code(card_codes.style_of(printed), *texts, label)),  # noqa: S704 - our own drawing
        files={form: file_address(form, printed, card, size) for form, size in (("svg", 0), ("png", 2048), ("pdf", 0))},
        **shown_card(card, card_codes.event_of(printed)),
    )
    return answers.page(html)


def _code_file(form: str, printed: CardCode, card: Card) -> Response:
    texts = card_codes.texts_of(printed.code, card, address_base(card))
    is_plain = request.args.get("plain") == "1" or not printed.look
    name = request.args.get("as", "") or ("" if printed.code == card.code else printed.code)
    return _file(form, "" if is_plain else printed.look, printed, *texts, card.slug or "", name)


def _contact_file(form: str, printed: CardCode, card: Card) -> Response:
    try:
        text = _inside(printed, card).text
    except ContactTooLong:
        abort(HTTPStatus.NOT_FOUND)
    look = "" if request.args.get("plain") == "1" else printed.look
    return _file(form, look, printed, text, text, card.slug or "", "contact")


def _file(form: str, look: str, printed: CardCode, text: str, plain_text: str, slug: str, name: str) -> Response:
    size = _size(form)
    etag = _tag(form, size, look, text, plain_text)

    def draw() -> bytes:
        style = card_codes.style_of(printed) if look else PLAIN
        return code_files.code_file(form, size, style, text, plain_text)

    try:
        cache = answers.FOR_EVER if request.args.get("v") == etag[:12] else "no-cache"
        response = answers.drawn(draw, code_files.TYPES[form], etag, cache)
    except ValueError:  # too small for the modules of this code
        abort(HTTPStatus.BAD_REQUEST)
    response.headers["Content-Disposition"] = code_files.disposition(form, size, slug, name)
    return response


def _size(form: str) -> int:
    """Return the size asked for, in pixels or millimetres; an SVG has none."""
    if form == "svg":
        return 0
    asked = request.args.get("size", str(code_files.USUAL[form]))
    if not asked.isascii() or not asked.isdigit() or len(asked) > 4 or int(asked) not in code_files.SIZES[form]:
        abort(HTTPStatus.BAD_REQUEST)
    return int(asked)


def _tag(form: str, size: int, look: str, text: str, plain_text: str) -> str:
    return code_files.tag(form, size, look, text, plain_text)


def _inside(printed: CardCode, card: Card) -> ContactText:
    base = address_base(card)
    return contact_text(cards.contact_for(card, base), f"{base}/u/{printed.code}")
