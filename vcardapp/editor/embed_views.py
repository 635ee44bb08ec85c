"""The card on other sites: what its owner copies there, a small framed card or a plain button."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import force_locale, get_locale, gettext
from markupsafe import Markup

from vcardapp.domains.service import address_base
from vcardapp.editor import bp
from vcardapp.editor.views import own_card
from vcardapp.i18n import LANGUAGES
from vcardapp.public.page import CardPage, card_context

SIZE = (360, 190)  # pixels of the frame
LOOK = (
    "display:inline-block;padding:14px 22px;border:1px solid {button-edge};border-radius:6px;background:{button};"
    "color:{on-accent};font:600 16px/1.25 system-ui,sans-serif;text-decoration:none"
)


@bp.get("/cards/<uuid:card_id>/embed")
def embed(card_id: uuid.UUID) -> Any:
    card = own_card(card_id)
    if not card.live or not card.slug:
        return redirect(url_for("editor.edit", card_id=card.id))
    context = card_context(card.live, card.slug, card.code or "", base=address_base(card))
    page: CardPage = context["card"]
    spoken = card.live.language.split("-")[0]
    spoken = spoken if spoken in LANGUAGES else str(get_locale())
    with force_locale(spoken):
        words = gettext("Save our contact") if card.live.is_company else gettext("Save my contact")
    width, height = SIZE
    look = LOOK.format(**page.look.palette.light)
    place = page.base + url_for("public.embed", slug=card.slug)
    frame = Markup(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" style="border:0;max-width:100%"></iframe>'
    )
    return render_template(
        "editor/embed.html",
        owned=card,
        size=SIZE,
        spoken=spoken,
        words=words,
        look=look,
        frame=str(frame.format(place, page.name, width, height)),
        button=str(Markup('<a href="{}" lang="{}" style="{}">{}</a>').format(page.url, spoken, look, words)),
        **context,
    )
