"""The codes of a card: each with a name, a style, an event and a count; pointed elsewhere, paused, retired."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from vcardapp.accounts.owner import Owner
from vcardapp.cards import events, qr
from vcardapp.cards.code_style import PLAIN, StyleDoesNotScan, check_style
from vcardapp.cards.codes import new_code, read_code
from vcardapp.cards.models import Card, CardCode, CardEvent
from vcardapp.cards.qr_style import Style, WrongStyle
from vcardapp.cards.service import owned_by
from vcardapp.db import db, insert_if_absent, now

MOST_CODES = 200  # of a card, retired ones too


@dataclass(frozen=True, slots=True)
class Copy:
    """What a code is that was made elsewhere."""

    name: str
    style: Style
    event_id: uuid.UUID | None
    is_own: bool
    is_paused: bool


class TooManyCodes(Exception):
    """This card has as many codes as a card may have."""


class NeverPublished(Exception):
    """A draft that was never published has no address that a code could lead to."""


class IsOwnCode(Exception):
    """The card's own code always leads to the card: make another one its own first, or pause the card."""


class CodeRetired(Exception):
    """A retired code stays as it is."""


def codes_of(card: Card) -> list[CardCode]:
    """List a card's codes with their styles: its own first, then the newest; retired ones last."""
    query = sa.select(CardCode).where(CardCode.card_id == card.id).options(undefer(CardCode.style))
    order = (CardCode.code != card.code, CardCode.retired_at.is_not(None), CardCode.created_at.desc(), CardCode.code)
    return list(db.session.scalars(query.order_by(*order)))


def find_code(owner: Owner, code: str) -> CardCode | None:
    """Find a code that leads to one of the owner's cards that is not deleted; any text may be asked for."""
    query = sa.select(CardCode).join(Card, Card.id == CardCode.card_id).options(undefer(CardCode.style))
    return db.session.scalar(query.where(CardCode.code == read_code(code), owned_by(owner), Card.deleted_at.is_(None)))


def find_printed_code(code: str) -> tuple[CardCode, Card] | None:
    """Find what a visitor scanned, in any state, as read by codes.read_code."""
    found = db.session.get(CardCode, code)
    return (found, db.session.get_one(Card, found.card_id)) if found else None


def event_of(code: CardCode) -> CardEvent | None:
    """Return the event that a code names, unless it is over."""
    event = db.session.get(CardEvent, code.event_id) if code.event_id else None
    return event if event and event.card_id == code.card_id and not event.ended_at else None


def style_of(code: CardCode) -> Style:
    """Return the style chosen for a code; one that a later release cannot read any more is plain."""
    try:
        return Style.from_dict(code.style) if code.style else PLAIN
    except WrongStyle:
        return PLAIN


def texts_of(code: str, card: Card, base_url: str) -> tuple[str, str]:
    """Return what a code holds, and the page's full address, whose plain code it is measured by."""
    return qr.short_address(base_url, code), f"{base_url}/{card.slug}"


def add_code(card: Card, name: str, style: Style = PLAIN, event: CardEvent | None = None, *, base_url: str) -> CardCode:
    """Give a card one more code; raise NeverPublished, TooManyCodes or StyleDoesNotScan. `base_url` is VCARDAPP_URL."""
    code = new_code()
    dress = _checked(style, card, code, base_url)
    db.session.execute(sa.select(Card.id).where(Card.id == card.id).with_for_update())  # two at once take turns
    count = sa.select(sa.func.count()).select_from(CardCode).where(CardCode.card_id == card.id)
    if (db.session.scalar(count) or 0) >= MOST_CODES:
        db.session.rollback()
        raise TooManyCodes
    values = {"card_id": card.id, "name": name, "event_id": event.id if event else None, "scans": 0, **dress}
    while not insert_if_absent(CardCode, code=code, created_at=now(), **values):
        code = new_code()
    db.session.commit()
    return db.session.get_one(CardCode, code)


def copy_codes(card: Card, copies: Iterable[Copy]) -> int:
    """Give a published card codes as they were elsewhere and return for how many there was no room; the caller commits.

    Their styles are kept as they are: what is drawn is the nearest that scans, until plain_where_unread looks at them.
    """
    count, left = sa.select(sa.func.count()).select_from(CardCode).where(CardCode.card_id == card.id), 0
    room = MOST_CODES - (db.session.scalar(count) or 0)
    for copy in copies:
        values = {"event_id": copy.event_id, **_stored(copy.style)}
        if copy.is_own:
            db.session.execute(sa.update(CardCode).where(CardCode.code == card.code).values(**values))
        elif room <= 0:
            left += 1
        else:
            room -= 1
            values |= {"card_id": card.id, "name": copy.name, "scans": 0, "created_at": now()}
            values |= {"paused_at": now() if copy.is_paused else None}
            while not insert_if_absent(CardCode, code=new_code(), **values):
                continue
    return left


def plain_where_unread(card: Card, *, base_url: str) -> int:
    """Make those of a card's codes plain that would not scan in their style at this address, and return how many."""
    count = 0
    for code in codes_of(card):
        try:
            check_style(style_of(code), *texts_of(code.code, card, base_url))
        except StyleDoesNotScan:
            code.style, code.look, count = {}, "", count + 1
    db.session.commit()
    return count


def rename(code: CardCode, name: str) -> None:
    """Call a code otherwise; visitors never see its name."""
    code.name = name
    db.session.commit()


def restyle(code: CardCode, style: Style, *, base_url: str) -> None:
    """Dress a code anew; raise StyleDoesNotScan or CodeRetired. What is printed already works as before."""
    _check_not_retired(code)
    dress = _checked(style, _card_of(code), code.code, base_url)
    code.style, code.look = dress["style"], dress["look"]
    db.session.commit()


def choose_event(code: CardCode, event: CardEvent | None) -> None:
    """Have the page and contact behind a code say where people met, or no longer."""
    code.event_id = event.id if event else None
    db.session.commit()


def make_own(code: CardCode) -> None:
    """Make a code its card's own, which the page shows and downloads; the former one stays, among the others."""
    _check_not_retired(code)
    code.paused_at = None
    _card_of(code).code = code.code
    db.session.commit()


def point_at(code: CardCode, card: Card) -> None:
    """Have a code lead to another card of the same owner; its event goes with it.

    Raise IsOwnCode, CodeRetired, NeverPublished or TooManyCodes.
    """
    _check_free(code)
    former = _card_of(code)
    if card.id == former.id:
        return
    if card.owner_id is None or card.owner_id != former.owner_id:
        raise ValueError("A code stays with its owner.")
    if card.slug is None:
        raise NeverPublished
    if len(codes_of(card)) >= MOST_CODES:
        raise TooManyCodes
    event = db.session.get(CardEvent, code.event_id) if code.event_id else None
    same = events.same_event(card, event) if event else None
    code.event_id = same.id if same else None
    code.card_id = card.id
    db.session.commit()


def pause(code: CardCode) -> None:
    """Have a code lead to a kind page for a while; raise IsOwnCode or CodeRetired."""
    _check_free(code)
    code.paused_at = now()
    db.session.commit()


def resume(code: CardCode) -> None:
    """Have a paused code lead to its card again; raise CodeRetired."""
    _check_not_retired(code)
    code.paused_at = None
    db.session.commit()


def retire(code: CardCode) -> None:
    """End a code for good: a kind page says so, and nobody gets it again; raise IsOwnCode."""
    _check_free(code)
    code.retired_at = now()
    db.session.commit()


def _checked(style: Style, card: Card, code: str, base_url: str) -> dict[str, Any]:
    """Return a style as it is stored, with the hash that tells it from others."""
    if card.slug is None:
        raise NeverPublished
    check_style(style, *texts_of(code, card, base_url))
    return _stored(style)


def _stored(style: Style) -> dict[str, Any]:
    if style == PLAIN:
        return {"style": {}, "look": ""}
    values = style.to_dict()
    look = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]
    return {"style": values, "look": look}


def _card_of(code: CardCode) -> Card:
    return db.session.get_one(Card, code.card_id)


def _check_not_retired(code: CardCode) -> None:
    if code.retired_at:
        raise CodeRetired


def _check_free(code: CardCode) -> None:
    _check_not_retired(code)
    if _card_of(code).code == code.code:
        raise IsOwnCode
