"""A card as an app on its owner's phone: the manifest and its icons."""

from __future__ import annotations

import json
from functools import lru_cache

from flask import Response, url_for
from flask_babel import gettext

from vcardapp import fonts
from vcardapp.cards import app_icon, pictures
from vcardapp.cards.app_icon import Icon
from vcardapp.cards.content import Content
from vcardapp.cards.models import Card
from vcardapp.design.look import look_of
from vcardapp.public import answers, bp, names
from vcardapp.public.card_views import find_public_card


@bp.get("/<slug:slug>/manifest.webmanifest")
def manifest(slug: str) -> Response:
    card = find_public_card(slug)
    content = (card.live or Content()).visible()
    name = names.shown(content.display_name) or names.shown(content.company)
    start = url_for("public.card", slug=card.slug)
    canvas = look_of(content.design).palette.light["canvas"]
    said = {
        "id": start,
        "name": name,
        "short_name": name if len(name) <= 12 else names.shown(content.given) or name,
        "lang": content.language or "und",
        "dir": "auto",
        "start_url": start,
        "scope": start,
        "display": "minimal-ui",  # on iPhones a page of its browser, which shares what is kept for places without a network
        "background_color": canvas,
        "theme_color": canvas,
        "icons": [
            {
                "src": icon_path(card, size),
                "sizes": f"{app_icon.SIZES[size][0]}x{app_icon.SIZES[size][0]}",
                "type": "image/png",
                "purpose": "maskable" if size == "maskable" else "any",
            }
            for size in ("192", "512", "maskable")
        ],
        "shortcuts": [{"name": gettext("Hold up the code"), "url": url_for("public.card_code", slug=card.slug)}],
    }
    data = json.dumps(said, ensure_ascii=False).encode()
    response = Response(data, content_type="application/manifest+json; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Language")
    return response


@bp.get("/<slug:slug>/icon-<mark>-<any('180', '192', '512', 'maskable'):kind>.png")
def icon(slug: str, mark: str, kind: str) -> Response:
    """Answer with the present icon whatever the name: a phone may come with one that it saw before."""
    card = find_public_card(slug)
    shown = icon_of(card)
    present = app_icon.mark(shown)
    cache = answers.FOR_EVER if mark == present else "no-cache"
    return answers.drawn(lambda: _drawn(shown, kind, fonts.signature()), "image/png", f"{present}-{kind}", cache)


def icon_path(card: Card, kind: str) -> str:
    """Return where an icon of a published card is, under a name that changes with it."""
    return url_for("public.icon", slug=card.slug, mark=app_icon.mark(icon_of(card)), kind=kind)


def icon_of(card: Card) -> Icon:
    content = (card.live or Content()).visible()
    colours = look_of(content.design).palette.light
    return Icon(
        initial=names.initial_of(names.shown(content.display_name) or names.shown(content.company)),
        language=content.language,
        paper=colours["button"],
        ink=colours["on-accent"],
        photo=content.photo,
        logo=content.logo,
    )


@lru_cache(maxsize=64)
def _drawn(icon: Icon, size: str, fonts_there: str) -> bytes:
    photo, logo = (pictures.shown_file(picture, "l.webp") if picture else None for picture in (icon.photo, icon.logo))
    return app_icon.draw(icon, size, photo, logo)
