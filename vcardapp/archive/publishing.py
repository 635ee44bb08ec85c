"""Cards that were brought along are published here as they were: at their address or a free one, with codes of this server."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from vcardapp.accounts.models import User
from vcardapp.cards import card_codes
from vcardapp.cards import service as cards
from vcardapp.cards.code_style import StyleDoesNotScan
from vcardapp.cards.content import Content
from vcardapp.cards.forms import card_form
from vcardapp.cards.models import Card, CardCode, CardEvent
from vcardapp.cards.qr_style import Style
from vcardapp.cards.slugs import BadSlug
from vcardapp.db import db
from vcardapp.domains.service import address_base
from vcardapp.editor.reserved import reserved_slugs
from vcardapp.web import settings


@dataclass(frozen=True, slots=True)
class Wish:
    """A card that is stored as a draft, and what it was where it comes from."""

    card_id: uuid.UUID
    user_id: uuid.UUID
    draft: Content
    live: Content | None
    row: dict[str, Any]
    codes: list[dict[str, Any]]
    ids: dict[tuple[str, Any], Any]


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one card: its state, its address now, and the one that it had where that is another."""

    card_id: uuid.UUID
    name: str
    state: str
    slug: str
    had_slug: str = ""


def publish(wish: Wish, left_out: Counter[str]) -> Made:
    """Publish a card if it was published and may be; else it stays a draft."""
    card = db.session.get_one(Card, wish.card_id)
    had = wish.row["slug"] or ""
    if wish.live is not None and not wish.row.get("taken_down_at") and _may(card, wish.user_id):
        _publish(card, wish)
    if card.live is not None:
        _give_codes(card, wish, left_out)
        if wish.draft != wish.live:
            card.draft, card.draft_slug = wish.draft, card.slug or ""
        if wish.row["paused_at"]:
            cards.pause_card(card)
    else:
        left_out["codes"] += len(wish.codes)
        card.draft = wish.draft
    db.session.commit()
    slug = card.slug or ""
    return Made(card.id, card.draft.display_name, card.state, slug, had if had and had != slug else "")


def _may(card: Card, user_id: uuid.UUID) -> bool:
    user = db.session.get_one(User, user_id)
    if settings().confirm_before_publish and not user.is_confirmed:
        return False
    form = card_form(card.draft, "", reserved=reserved_slugs())
    return bool(form.validate())


def _publish(card: Card, wish: Wish) -> None:
    for slug in (wish.row["slug"] or "", None, ""):
        if slug is not None:
            card.draft_slug = slug
        try:
            cards.publish_card(card, reserved_slugs())
            return
        except cards.SlugTaken as taken:
            card.draft_slug = taken.free
            db.session.commit()
        except (BadSlug, cards.NoName):
            db.session.rollback()


def _give_codes(card: Card, wish: Wish, left_out: Counter[str]) -> None:
    """Give a card codes with the looks, names and events of those it had; printed ones lead to where it comes from."""
    base = address_base(card)
    for row in wish.codes:
        if row["retired_at"]:
            continue
        style = Style.from_dict(row["style"]) if row["style"] else Style()
        own = row["code"] == wish.row["code"]
        try:
            _give(card, row, style, wish, base, own=own)
        except StyleDoesNotScan:
            left_out["looks"] += 1
            _give(card, row, Style(), wish, base, own=own)
        except card_codes.TooManyCodes:
            left_out["codes"] += 1


def _give(card: Card, row: dict[str, Any], style: Style, wish: Wish, base: str, *, own: bool) -> None:
    event_id = wish.ids.get(("card_events", row["event_id"]))
    event = db.session.get(CardEvent, event_id) if event_id else None
    if own and card.code:
        code = db.session.get_one(CardCode, card.code)
        if style != Style():
            card_codes.restyle(code, style, base_url=base)
        if event:
            card_codes.choose_event(code, event)
        return
    code = card_codes.add_code(card, row["name"], style, event, base_url=base)
    if row["paused_at"]:
        card_codes.pause(code)
