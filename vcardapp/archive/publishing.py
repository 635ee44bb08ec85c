"""Cards that were brought along are published here as they were: at their address or a free one, with codes of this server."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vcardapp.accounts.models import User
from vcardapp.cards import card_codes
from vcardapp.cards import service as cards
from vcardapp.cards.content import Content
from vcardapp.cards.forms import card_form
from vcardapp.cards.models import Card
from vcardapp.cards.qr_style import Style
from vcardapp.cards.slugs import BadSlug
from vcardapp.db import db, now
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
    """Publish a card if it was published and may be, else it stays a draft; the caller commits."""
    card = db.session.get_one(Card, wish.card_id)
    had = wish.row["slug"] or ""
    if wish.live is not None and not wish.row.get("taken_down_at") and _may(card, wish.user_id):
        _publish(card, wish)
    if card.live is not None:
        left_out["codes"] += card_codes.copy_codes(card, _codes(wish))
        if wish.draft != wish.live:
            card.draft, card.draft_slug = wish.draft, card.slug or ""
        if wish.row["paused_at"]:
            card.paused_at = now()
    else:
        left_out["codes"] += len(wish.codes)
        card.draft = wish.draft
    slug = card.slug or ""
    return Made(card.id, card.draft.display_name, card.state, slug, had if had and had != slug else "")


def check_looks(made: Made, left_out: Counter[str]) -> None:
    """Make codes plain that would not scan at their new address; that takes seconds, so it is done when all is stored."""
    card = db.session.get(Card, made.card_id)
    if card is not None and card.slug is not None:
        left_out["looks"] += card_codes.plain_where_unread(card, base_url=address_base(card))


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
            cards.put_live(card, reserved_slugs())
            return
        except cards.SlugTaken as taken:
            card.draft_slug = taken.free
        except (BadSlug, cards.NoName):
            continue


def _codes(wish: Wish) -> Iterator[card_codes.Copy]:
    """Yield the codes it had, with their looks, names and events; printed ones lead to where it comes from."""
    for row in wish.codes:
        if not row["retired_at"]:
            style = Style.from_dict(row["style"]) if row["style"] else Style()
            event, own = wish.ids.get(("card_events", row["event_id"])), row["code"] == wish.row["code"]
            yield card_codes.Copy(row["name"], style, event, own, bool(row["paused_at"]))
