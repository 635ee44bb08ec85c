"""The section Design of the editor: what was made of the owner's choices, and its ways back."""

from __future__ import annotations

import dataclasses
from typing import Any

from flask_babel import gettext

from vcardapp.cards.models import Card
from vcardapp.design.design import Design
from vcardapp.design.palette import palette
from vcardapp.design.themes import theme_of
from vcardapp.i18n import N_

TOKENS = {"accent": "accent", "background": "canvas", "gradient": "gradient", "text": "ink"}  # a field: what it decides
SECTIONS = {
    "contact": N_("Phone, e-mail and addresses"),
    "services": N_("Services"),
    "booking": N_("Booking"),
    "shop": N_("Shop"),
    "albums": N_("Albums"),
    "links": N_("Links"),
    "about": N_("Text"),
    "hours": N_("Opening hours"),
    "more": N_("Birthday and note"),
}


def in_words(design: Design) -> str:
    """Return the theme's name, and that the owner added to it."""
    name = str(gettext(theme_of(design.theme).name))
    bare = Design(theme=design.theme, favicon=design.favicon)
    return name if design == bare else str(gettext("%(theme)s, with choices of your own", theme=name))


def repairs(design: Design) -> dict[str, dict[str, Any]]:
    """Return by the field's name in the page what was changed of the owner's colours, in words."""
    said: dict[str, list[str]] = {}
    for repair in palette(design).repairs:
        words = gettext(repair.words, colour=gettext(repair.colour))
        said.setdefault(f"design-{repair.field}", []).append(words)
    return {name: {"text": "", "shown": "", "href": "", "doubtful": False, "said": lines} for name, lines in said.items()}


def own_colours(design: Design) -> dict[str, str]:
    """Return by the field's name in the page which colour it is without the owner's choice."""
    found = {}
    for field, token in TOKENS.items():
        without: dict[str, Any] = {field: ""}
        made = palette(dataclasses.replace(design, **without)).light
        found[f"design-{field}"] = made[token] or made["canvas"]
    return found


def go_back(action: str, card: Card, design: Design) -> Design:
    """Return the design after "design:plain", all as its theme has it, or "design:published"; else the same."""
    if action == "design:plain":
        return Design(theme=design.theme, favicon=design.favicon)
    if action == "design:published" and card.live:
        return card.live.design
    return design


def in_theme(design: Design, theme: str) -> Design:
    """Return the design as it would be in another theme."""
    return Design.from_dict({**dataclasses.asdict(design), "theme": theme or design.theme})
