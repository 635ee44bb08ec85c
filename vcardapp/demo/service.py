"""Fills in the demo: one owner and their cards in every state; nothing that is there already is touched."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from vcardapp.accounts.models import User
from vcardapp.accounts.owner import Owner
from vcardapp.accounts.service import ensure_user, find_user, make_sign_in_link
from vcardapp.cards import service
from vcardapp.cards.models import Card
from vcardapp.cards.pictures import store_picture
from vcardapp.cards.slugs import key_of
from vcardapp.db import db, now
from vcardapp.demo.cards import DemoCard, demo_cards
from vcardapp.demo.pictures import draw
from vcardapp.editor.reserved import reserved_slugs
from vcardapp.editor.service import save_draft

OWNER = "demo@example.org"


def has_room() -> bool:
    """True where nobody has made an account or a card yet."""
    return not any(db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in (User, Card))


def sign_in_link() -> str:
    """Return the path of a link that signs the demo's owner in once, "" where there is no demo."""
    person = find_user(OWNER)
    return urlsplit(make_sign_in_link(person)).path if person else ""


def fill() -> list[Card]:
    """Make the demo's cards and return those that have an address; done twice, it leaves what is there."""
    if find_user(OWNER):
        return []
    people = demo_cards(now().date())
    subjects = [one.subject for one in people if one.subject]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:  # drawing takes seconds
        drawn = dict(zip(subjects, processes.map(draw, subjects), strict=True))
    person = ensure_user(OWNER)
    person.confirmed_at = now()
    db.session.commit()
    owner = Owner(user_id=person.id)
    cards = [_make(owner, one, drawn.get(one.subject, {})) for one in reversed(people)]
    return [card for card in reversed(cards) if card.slug]


def _make(owner: Owner, one: DemoCard, drawn: dict[str, bytes]) -> Card:
    is_taken = service.find_by_slug(one.slug) is not None or key_of(one.slug) in reserved_slugs()
    card = service.create_card(owner, one.content, "" if is_taken else one.slug)
    stored: dict[str, Any] = {sort: store_picture(card, sort, png).id for sort, png in drawn.items()}
    content = dataclasses.replace(one.content, **stored)
    save_draft(card, content, card.draft_slug, card.revision, reason="save")
    if one.state in ("published", "changed", "paused"):
        service.publish_card(card, reserved_slugs())
    if one.state == "changed":
        newer = dataclasses.replace(content, headline=f"{content.headline} ★")
        save_draft(card, newer, card.draft_slug, card.revision, reason="save")
    elif one.state == "paused":
        service.pause_card(card)
    elif one.state == "deleted":
        service.delete_card(card)
    return card
