"""Fills in the demo: one owner and their cards in every state; nothing that is there already is touched."""

from __future__ import annotations

import dataclasses
import signal
from collections.abc import Callable, Sequence
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
from vcardapp.demo import albums, bookings, pictures, sights, stores, wares
from vcardapp.demo.cards import DemoCard, demo_cards
from vcardapp.editor.reserved import reserved_slugs
from vcardapp.editor.service import save_draft

OWNER = "demo@example.org"


def has_room() -> bool:
    """True where nobody but the demo's owner has made an account or a card yet."""
    others = sa.select(User.id).where(User.email != OWNER)
    owners = sa.select(User.id).where(User.email == OWNER)
    cards = sa.select(Card.id).where(sa.or_(Card.owner_id.is_(None), Card.owner_id.not_in(owners)))
    return not any(db.session.scalar(sa.select(query.exists())) for query in (others, cards))


def sign_in_link() -> str:
    """Return the path of a link that signs the demo's owner in once, "" where there is no demo."""
    person = find_user(OWNER)
    return urlsplit(make_sign_in_link(person)).path if person else ""


def fill(people: Sequence[DemoCard] = ()) -> list[Card]:
    """Make the demo's cards that are missing and return those with an address; what is there stays as it is."""
    person = ensure_user(OWNER)
    person.confirmed_at = person.confirmed_at or now()
    db.session.commit()
    owner = Owner(user_id=person.id)
    begun = {card.draft.display_name: card for card in service.cards_of(owner) + service.deleted_cards_of(owner)}
    wanted = people or demo_cards(now().date())
    missing = [one for one in wanted if not _is_made(begun.get(one.content.display_name), one)]
    drawn = _draw(
        [(pictures.draw, one.subject) for one in missing if one.subject]
        + [(sights.draw, name) for one in missing for name in albums.pictures_for(one.subject)]
        + [(wares.draw, name) for one in missing for name in stores.pictures_for(one.subject)]
    )
    cards = []
    for one in reversed(missing):
        card = begun.get(one.content.display_name) or _begin(owner, one)
        albums.fill(card, one.subject, drawn)
        stores.fill(card, one.subject, drawn)
        cards.append(_finish(card, one, drawn.get(one.subject, {})))
        bookings.fill(card, one.subject)
    return [card for card in reversed(cards) if card.slug]


def _draw(wanted: Sequence[tuple[Callable[[str], Any], str]]) -> dict[str, Any]:
    """Draw on all cores, since it takes seconds; Ctrl-C is for the process that waits."""
    if not wanted:
        return {}
    with get_context("spawn").Pool(initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)) as pool:
        begun = {name: pool.apply_async(draw, (name,)) for draw, name in wanted}
        return {name: one.get() for name, one in begun.items()}


def _is_made(card: Card | None, one: DemoCard) -> bool:
    return card is not None and (card.state != "draft" or one.state == "draft")


def _begin(owner: Owner, one: DemoCard) -> Card:
    is_taken = service.find_by_slug(one.slug) is not None or key_of(one.slug) in reserved_slugs()
    return service.create_card(owner, one.content, "" if is_taken else one.slug)


def _finish(card: Card, one: DemoCard, drawn: dict[str, bytes]) -> Card:
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
