"""Cards and their addresses: making, finding, publishing, pausing, deleting."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import timedelta

import sqlalchemy as sa

from vcardapp.accounts.owner import Owner
from vcardapp.cards import codes, pictures
from vcardapp.cards.contact import Contact, contact_of
from vcardapp.cards.content import Content
from vcardapp.cards.file_text import full_name_of
from vcardapp.cards.models import Card, CardAddress, CardCode, CardEvent, CardVersion, Picture, Report, TakeDown
from vcardapp.cards.slugs import gone_key, is_reserved, key_of, propose_slug, read_slug
from vcardapp.db import db, insert_if_absent, now

KEPT_AFTER_DELETION = timedelta(days=30)
GUEST_DRAFTS_KEPT = timedelta(days=30)
UNUSED_PICTURES_KEPT = timedelta(days=1)


class SlugTaken(Exception):
    """Another card has, or had, this address."""

    def __init__(self, slug: str, free: str) -> None:
        super().__init__(slug)
        self.slug = slug
        self.free = free  # one that could be had


class NoName(Exception):
    """A card without a display name cannot be published."""


class TakenDown(Exception):
    """An admin took this card down; until it is restored it is not published or copied."""


class TooManyDrafts(Exception):
    """There are as many drafts without an owner as this server keeps."""


def owned_by(owner: Owner) -> sa.ColumnElement[bool]:
    """Return the condition on cards that they are this owner's."""
    parts: list[sa.ColumnElement[bool]] = []
    if owner.user_id:
        parts.append(Card.owner_id == owner.user_id)
    if owner.guest:
        parts.append(sa.and_(Card.owner_id.is_(None), Card.guest == owner.guest))
    return sa.or_(*parts) if parts else sa.false()


def find_card(owner: Owner, card_id: uuid.UUID) -> Card | None:
    """Find one of the owner's cards that is not deleted."""
    query = sa.select(Card).where(Card.id == card_id, owned_by(owner), Card.deleted_at.is_(None))
    return db.session.scalar(query)


def find_deleted_card(owner: Owner, card_id: uuid.UUID) -> Card | None:
    """Find one of the owner's deleted cards that can still be brought back."""
    return next((card for card in deleted_cards_of(owner) if card.id == card_id), None)


def find_own_picture(owner: Owner, picture_id: str) -> Picture | None:
    """Find a picture of one of the owner's cards that is not deleted."""
    query = sa.select(Picture).join(Card, Card.id == Picture.card_id).where(owned_by(owner), Card.deleted_at.is_(None))
    return db.session.scalar(query.where(Picture.id == picture_id)) if picture_id.isalnum() else None


def cards_of(owner: Owner) -> list[Card]:
    """List the owner's cards, the last changed first."""
    query = sa.select(Card).where(owned_by(owner), Card.deleted_at.is_(None)).order_by(Card.changed_at.desc())
    return list(db.session.scalars(query))


def deleted_cards_of(owner: Owner) -> list[Card]:
    """List the owner's deleted cards that can still be brought back, the last deleted first."""
    query = sa.select(Card).where(owned_by(owner), Card.deleted_at.is_not(None), Card.erased_at.is_(None))
    return list(db.session.scalars(query.order_by(Card.deleted_at.desc())))


def find_by_slug(slug: str) -> tuple[Card, str] | None:
    """Find the card in any state behind an address, and its present address."""
    address = _address(slug)
    if address is None:
        return None
    card = db.session.get_one(Card, address.card_id)
    return card, card.slug or address.slug or slug


def create_card(owner: Owner, content: Content, slug: str = "", *, guest_drafts: int = 0) -> Card:
    """Begin a card as a draft; raise TooManyDrafts if a guest begins one more than `guest_drafts`."""
    card = _add_card(owner, content, slug, guest_drafts)
    db.session.commit()
    return card


def _add_card(owner: Owner, content: Content, slug: str, guest_drafts: int) -> Card:
    if owner.is_guest and guest_drafts:
        kept = sa.select(sa.func.count()).select_from(Card).where(Card.owner_id.is_(None), Card.guest.is_not(None))
        if (db.session.scalar(kept) or 0) >= guest_drafts:
            raise TooManyDrafts
    card = Card(owner_id=owner.user_id, guest=None if owner.user_id else owner.guest, draft=content, draft_slug=slug)
    db.session.add(card)
    return card


def slug_of(card: Card) -> str:
    """Return the address that publishing would give: the one wished for, the present one, or one from the name."""
    return card.draft_slug or card.slug or propose_slug(card.draft.display_name)


def is_free(slug: str, card: Card) -> bool:
    """True if this card may have the address."""
    address = _address(slug)
    return address is None or address.card_id == card.id


def free_slug_like(slug: str, card: Card, reserved: frozenset[str] = frozenset()) -> str:
    """Return this address, or the first of name-2, name-3, … that the card may have."""
    base = slug or f"card-{codes.new_code().lower()}"
    for number in range(1, 100):
        wished = base if number == 1 else f"{base[:55]}-{number}"
        if not is_reserved(wished, reserved) and is_free(wished, card):
            return wished
    return f"{base[:50]}-{codes.new_code().lower()}"


def _address(slug: str) -> CardAddress | None:
    """Find an address in use, or one that an erased card had."""
    return db.session.get(CardAddress, key_of(slug)) or db.session.get(CardAddress, gone_key(slug))


def publish_card(card: Card, reserved: frozenset[str]) -> Card:
    """Put the draft live; raise TakenDown, NoName, BadSlug or SlugTaken, and then nothing has changed."""
    try:
        put_live(card, reserved)
    except SlugTaken:
        db.session.rollback()
        raise
    db.session.commit()
    return card


def put_live(card: Card, reserved: frozenset[str]) -> None:
    """Put the draft live as publish_card does, as a part of something larger: the caller commits."""
    if card.taken_down_at:
        raise TakenDown
    if not full_name_of(card.draft.display_name):
        raise NoName
    wished = card.draft_slug or card.slug
    slug = read_slug(wished, reserved) if wished else free_slug_like(slug_of(card), card, reserved)
    if not insert_if_absent(CardAddress, key=key_of(slug), slug=slug, card_id=card.id, created_at=now()):
        taken = db.session.get_one(CardAddress, key_of(slug))
        if taken.card_id != card.id:
            raise SlugTaken(slug, free_slug_like(slug, card, reserved))
        taken.slug = slug
        db.session.refresh(card, ["code"])  # a double click may just have given it one
    elif db.session.get(CardAddress, gone_key(slug)):  # looked for last: the card may have been erased a moment before
        db.session.execute(sa.delete(CardAddress).where(CardAddress.key == key_of(slug)))
        raise SlugTaken(slug, free_slug_like(slug, card, reserved))
    while card.code is None:
        code = codes.new_code()
        if insert_if_absent(CardCode, code=code, card_id=card.id, name="", style={}, look="", scans=0, created_at=now()):
            card.code = code
    if card.live != card.draft or card.published_at is None or card.slug != slug:
        card.published_at = now()
    card.live, card.slug, card.draft_slug, card.paused_at = card.draft, slug, slug, None


def pause_card(card: Card) -> None:
    """Hide a published card behind a kind page."""
    card.paused_at = now()
    db.session.commit()


def resume_card(card: Card) -> None:
    """Show a paused card again."""
    card.paused_at = None
    db.session.commit()


def duplicate_card(owner: Owner, card: Card, name: str, *, guest_drafts: int = 0) -> Card:
    """Make a draft with the same content under another name, with its own copies of the pictures; raise TakenDown."""
    if card.taken_down_at:
        raise TakenDown
    copy = _add_card(owner, dataclasses.replace(card.draft, display_name=name), "", guest_drafts)
    db.session.flush()
    for sort in pictures.ALL_SORTS:
        copy.draft = copy.draft.with_picture(sort, pictures.copy_picture(card.draft.picture(sort), copy))
    db.session.commit()
    return copy


def delete_card(card: Card) -> None:
    """Delete a card; for thirty days it can be brought back."""
    card.deleted_at = now()
    db.session.commit()


def undelete_card(card: Card) -> None:
    """Bring a deleted card back as it was."""
    card.deleted_at = None
    db.session.commit()


def claim_cards(user_id: uuid.UUID, guest: str) -> None:
    """Make a guest's drafts the cards of the person who has signed in."""
    if guest:
        query = sa.update(Card).where(Card.guest == guest, Card.owner_id.is_(None))
        db.session.execute(query.values(owner_id=user_id, guest=None))
        db.session.commit()


def contact_for(card: Card, base_url: str, event: CardEvent | None = None) -> Contact:
    """Return what a phone keeps of a published card, and where people met; `base_url` is VCARDAPP_URL."""
    if card.live is None or card.slug is None or card.published_at is None:
        raise ValueError("Only a published card has a contact.")
    content = card.live.visible()
    photo = pictures.contact_photo(content.photo or content.logo)
    changed = max(card.published_at, event.created_at) if event else card.published_at
    where_met = event.where_met if event else ""
    url = f"{base_url}/{card.slug}"
    return contact_of(content, url=url, uid=card.uid, changed=changed, photo=photo, where_met=where_met)


def report_card(card: Card, reason: str, text: str, email: str) -> None:
    """Keep what a visitor found wrong with a card, for the admin."""
    db.session.add(Report(card_id=card.id, reason=reason, text=text, email=email))
    db.session.commit()


def erase_cards_of(user_id: uuid.UUID) -> None:
    """Erase all cards of a person who leaves; their addresses and codes stay theirs for ever."""
    for card in db.session.scalars(sa.select(Card).where(Card.owner_id == user_id)):
        _erase(card)
    db.session.commit()


def going_with(user_id: uuid.UUID) -> sa.Select[uuid.UUID]:
    """Return the ids of the cards of a person who leaves, erased a moment before or in a moment."""
    return sa.select(Card.id).where(sa.or_(Card.owner_id == user_id, Card.erased_at.is_not(None)))


def sweep() -> None:
    """Remove what has had its time: old drafts of guests, deleted cards, pictures that no card shows any more."""
    moment = now()
    old = Card.changed_at < moment - GUEST_DRAFTS_KEPT
    for card in db.session.scalars(sa.select(Card).where(Card.guest.is_not(None), Card.owner_id.is_(None), old)):
        pictures.forget_pictures(_pictures_of(card))
        db.session.execute(sa.delete(CardVersion).where(CardVersion.card_id == card.id))
        db.session.delete(card)
    gone = sa.select(Card).where(Card.deleted_at < moment - KEPT_AFTER_DELETION, Card.erased_at.is_(None))
    for card in db.session.scalars(gone):
        _erase(card)
    shown = sa.select(CardAddress.card_id).join(Card, Card.id == CardAddress.card_id)
    for card_id in db.session.scalars(shown.where(Card.erased_at.is_not(None), CardAddress.slug != "").distinct()).all():
        _hide_addresses(card_id)  # of cards that an earlier release has erased
        db.session.get_one(Card, card_id).slug = None
    db.session.commit()
    _forget_unused_pictures()


def _erase(card: Card) -> None:
    """Forget all of a card but its addresses and codes, which are never given away."""
    pictures.forget_pictures(_pictures_of(card))
    for model in (CardVersion, CardEvent, TakeDown, Report):
        db.session.execute(sa.delete(model).where(model.card_id == card.id))
    bare = {"name": "", "style": {}, "look": "", "scans": 0}
    db.session.execute(sa.update(CardCode).where(CardCode.card_id == card.id).values(**bare))
    _hide_addresses(card.id)
    card.draft, card.live, card.draft_slug, card.owner_id, card.guest = Content(), None, "", None, None
    card.slug = None
    card.deleted_at = card.deleted_at or now()
    card.erased_at = now()


def _hide_addresses(card_id: uuid.UUID) -> None:
    """Keep of an erased card's addresses only what tells that they were given away once: people's names stand in them."""
    shown = sa.select(CardAddress).where(CardAddress.card_id == card_id, CardAddress.slug != "")
    for address in db.session.scalars(shown).all():
        db.session.delete(address)
        db.session.add(CardAddress(key=gone_key(address.slug), slug="", card_id=card_id, created_at=address.created_at))


def _pictures_of(card: Card) -> list[Picture]:
    return list(db.session.scalars(sa.select(Picture).where(Picture.card_id == card.id)))


def _forget_unused_pictures() -> None:
    old = sa.select(Picture).where(Picture.created_at < now() - UNUSED_PICTURES_KEPT).order_by(Picture.card_id)
    used: dict[uuid.UUID, set[str]] = {}
    for picture in list(db.session.scalars(old)):
        if picture.card_id not in used:
            used[picture.card_id] = _pictures_shown(db.session.get_one(Card, picture.card_id))
        if picture.id not in used[picture.card_id]:
            pictures.forget_pictures([picture])
    db.session.commit()


def _pictures_shown(card: Card) -> set[str]:
    versions = db.session.scalars(sa.select(CardVersion.content).where(CardVersion.card_id == card.id))
    contents = [card.draft, card.live or card.draft, *versions]
    return {picture for content in contents for picture in content.pictures}
