"""The small card for other sites: framed by anybody, without a cookie, a form or a script."""

from __future__ import annotations

from flask import Response, g, render_template

from vcardapp.cards.pictures import picture_url
from vcardapp.public import answers, bp, ready
from vcardapp.public.card_views import find_public_card, shown_card

POLICY = (
    "default-src 'none'; style-src 'sha256-{}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)


@bp.get("/<slug:slug>/embed")
def embed(slug: str) -> Response:
    card = find_public_card(slug)
    g.sets_no_cookie = True
    context = shown_card(card)
    picture = context["card"].content.photo or context["card"].content.logo
    html = render_template("public/embed.html", picture=picture and picture_url(picture, "m"), **context)
    response = answers.page(html)
    response.headers["Content-Security-Policy"] = POLICY.format(g.style_hash)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return ready.offer(response, card)
