"""The site itself: its first page, the operator's texts, what machines ask for."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, abort, redirect, render_template
from markupsafe import Markup

from vcardapp.accounts.limits import limiter
from vcardapp.assets import STATIC
from vcardapp.cards import qr
from vcardapp.cards import service as cards
from vcardapp.cards.models import Card
from vcardapp.cards.sitemap import listed_cards, listed_cards_of, parts_of_sitemap
from vcardapp.domains.service import address_base, address_bases
from vcardapp.domains.sites import Site
from vcardapp.markdown import to_html
from vcardapp.public import answers, bp
from vcardapp.public.page import CardPage, card_context
from vcardapp.public.sample import SAMPLE
from vcardapp.web import absolute, settings

SHOWN = "maria"  # the demo's card that the first page shows, where there is one


@bp.get("/")
def landing() -> Any:
    found = cards.find_by_slug(SHOWN)
    if found and found[0].is_public and found[0].live:
        card, slug = found
        context = card_context(found[0].live, slug, card.code or "", base=address_base(card))
    else:
        context = card_context(SAMPLE, "", "", preview=True)
    return render_template("public/landing.html", code_svg=_code_svg, **context)


def _code_svg(card: CardPage, label: str) -> Markup:
    """Draw the code of the card that is shown, or of this very page."""
    return card.code_svg(label) if card.code else Markup(qr.inline_svg(absolute("/").upper(), label))  # noqa: S704


@bp.get("/privacy")
def privacy() -> Any:
    return render_template("public/privacy.html", more=to_html(settings().privacy, trusted=True))


@bp.get("/imprint")
def imprint() -> Any:
    given = settings().imprint.strip()
    if not given:
        abort(404)
    if given.startswith("https://") and " " not in given:
        return redirect(given)
    return render_template("public/imprint.html", text=to_html(given, trusted=True))


@bp.get("/robots.txt")
def robots() -> Response:
    lines = ["User-agent: *", "Disallow: /cards", "Disallow: /*/report", "Disallow: /admin"]
    lines += [f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    parts = [absolute(f"/sitemap-{number}.xml") for number in range(parts_of_sitemap())]
    return _xml(render_template("public/sitemap_index.xml", parts=parts))


@bp.get("/sitemap-<int(max=100000):number>.xml")
@limiter.limit("30/minute")
def part_of_sitemap(number: int) -> Response:
    parts = parts_of_sitemap()
    if number >= parts:
        abort(404)
    return _listing(listed_cards(number, parts), settings().url)


def sitemap_of(site: Site) -> Response:
    """Return the sitemap of somebody's own domain."""
    return _listing(listed_cards_of(site.owner_id), site.url)


def _listing(cards: list[Card], base: str) -> Response:
    """List those cards whose own addresses begin like this: each belongs into the sitemap of one host only."""
    bases = address_bases(cards)
    return _xml(render_template("public/sitemap.xml", cards=[card for card in cards if bases[card.id] == base], base=base))


def _xml(text: str) -> Response:
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(text, content_type="application/xml; charset=utf-8", headers=headers)


@bp.get("/favicon.ico")
def favicon() -> Response:
    data = (STATIC / "icons" / "favicon.ico").read_bytes()
    return answers.file(data, "image/vnd.microsoft.icon", "favicon", "public, max-age=86400")


@bp.get("/hold-up-worker.js")
def hold_up_worker() -> Response:
    """The script that may answer for /<slug>/qr: browsers let it where it lies above, not in /static/."""
    data = (STATIC / "js" / "hold-up-worker.js").read_bytes()
    return answers.file(data, "text/javascript; charset=utf-8", hashlib.sha256(data).hexdigest()[:32])
