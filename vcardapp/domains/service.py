"""Domains: added, proved by the DNS, looked at again each day, used in addresses, removed."""

from __future__ import annotations

import hashlib
import hmac
import time
import uuid
from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from vcardapp.accounts.models import User
from vcardapp.accounts.owner import Owner
from vcardapp.cards.models import Card
from vcardapp.db import db, now
from vcardapp.domains.models import Domain
from vcardapp.domains.ownership import NoAnswer, records_of
from vcardapp.domains.sites import Site
from vcardapp.web import settings

MOST_DOMAINS = 10  # of a person
LOOK_AGAIN = timedelta(hours=24)
SWEEP_FOR = 60.0  # seconds that an hourly look at domains may take, so that mail does not wait for long


class TooManyDomains(Exception):
    """This person has as many domains as one may have."""


class DomainListed(Exception):
    """It is among this person's domains already."""


class OwnAddress(Exception):
    """This is the address of the server itself."""


class DomainHeld(Exception):
    """Another person has proved this domain, and their record still stands in the DNS."""


def domains_of(owner: Owner) -> list[Domain]:
    """List a person's domains by name."""
    return list(db.session.scalars(sa.select(Domain).where(_owned_by(owner)).order_by(Domain.name)))


def find_domain(owner: Owner, domain_id: uuid.UUID) -> Domain | None:
    """Find one of the owner's domains."""
    return db.session.scalar(sa.select(Domain).where(Domain.id == domain_id, _owned_by(owner)))


def add_domain(owner: Owner, name: str, card: Card | None = None) -> Domain:
    """Begin to prove a domain, for one card or for all; raise TooManyDomains, DomainListed or OwnAddress."""
    if name == settings().host:
        raise OwnAddress
    db.session.execute(sa.select(User.id).where(User.id == owner.user_id).with_for_update())  # two at once take turns
    count = sa.select(sa.func.count()).select_from(Domain).where(_owned_by(owner))
    if (db.session.scalar(count) or 0) >= MOST_DOMAINS:
        db.session.rollback()
        raise TooManyDomains
    domain = Domain(name=name, owner_id=owner.user_id, card_id=card.id if card else None)
    db.session.add(domain)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise DomainListed from None
    return domain


def remove_domain(domain: Domain) -> None:
    """Forget a domain: from now on nothing is shown there, and codes are made for VCARDAPP_URL again."""
    db.session.delete(domain)
    db.session.commit()


def remove_domains_of(user_id: uuid.UUID) -> None:
    """Forget all domains of a person who leaves."""
    for domain in db.session.scalars(sa.select(Domain).where(Domain.owner_id == user_id)):
        db.session.delete(domain)
    db.session.commit()


def check_domain(domain: Domain) -> bool:
    """Ask the DNS for the record and return whether it is there; raise NoAnswer or DomainHeld.

    A domain goes to whoever's record stands there. One whose record is gone stays, with a warning, until somebody
    else's record stands there instead.
    """
    try:
        texts = records_of(domain.name, settings().dns)
    except NoAnswer:
        domain.checked_at = now()
        db.session.commit()
        raise
    return _settle(domain, texts)


def _settle(domain: Domain, texts: frozenset[str]) -> bool:
    moment = domain.checked_at = now()
    is_there = domain.token in texts
    if is_there and not domain.verified_at:
        holder = db.session.scalar(sa.select(Domain).where(Domain.name == domain.name, Domain.verified_at.is_not(None)))
        if holder and holder.token in texts:
            db.session.commit()
            raise DomainHeld
        if holder:
            holder.verified_at = holder.answered_at = holder.missing_since = None
            holder.lost_at = moment
            db.session.flush()  # first: a name has one holder
        domain.verified_at, domain.lost_at = moment, None
    if domain.verified_at:
        domain.missing_since = None if is_there else domain.missing_since or moment
    try:
        db.session.commit()
    except IntegrityError:  # another one has just proved it
        db.session.rollback()
        raise DomainHeld from None
    return is_there


def proof_of(domain_id: uuid.UUID, token: str, key: str = "") -> str:
    """Return what only a server that answers for this domain, and knows our secret key or the named one, can say."""
    told = f"https {domain_id} {token}"
    return hmac.new((key or settings().secret_key).encode(), told.encode(), hashlib.sha256).hexdigest()


def find_token(domain_id: uuid.UUID) -> str | None:
    """Return the token of a verified domain."""
    return db.session.scalar(sa.select(Domain.token).where(Domain.id == domain_id, Domain.verified_at.is_not(None)))


def note_answer(domain: Domain, proof: str) -> bool:
    """Have codes and addresses lead to a verified domain if the owner's browser has read the proof there by HTTPS."""
    expected = [proof_of(domain.id, domain.token, key) for key in settings().signing_keys]
    if domain.verified_at is None or not any(hmac.compare_digest(proof.encode(), one.encode()) for one in expected):
        return False
    domain.answered_at = domain.answered_at or now()
    db.session.commit()
    return True


def address_base(card: Card) -> str:
    """Return what all absolute addresses of a card begin with: its own domain, its owner's, or VCARDAPP_URL."""
    return address_bases([card])[card.id]


def address_bases(cards: Collection[Card]) -> dict[uuid.UUID, str]:
    """Return what the addresses of each card begin with, by one look-up."""
    owners = {card.owner_id for card in cards if card.owner_id}
    query = sa.select(Domain).where(Domain.owner_id.in_(owners), Domain.verified_at.is_not(None))
    query = query.where(Domain.answered_at.is_not(None))
    order = (Domain.card_id.is_(None), Domain.answered_at, Domain.name)  # a card's own before its owner's
    domains = db.session.scalars(query.order_by(*order)).all() if owners else []
    return {card.id: next((one.url for one in domains if one.covers(card)), settings().url) for card in cards}


def shows_card(site: Site, card_id: uuid.UUID) -> bool:
    """True if a card may be seen at a domain: it has the same owner."""
    query = sa.select(Card.id).where(Card.id == card_id, Card.owner_id == site.owner_id)
    return db.session.scalar(query) is not None


def home_card(site: Site) -> Card | None:
    """Return the card that a domain shows at `/`: its own, else the oldest that its owner shows."""
    if site.card_id:
        return db.session.scalar(sa.select(Card).where(Card.id == site.card_id, Card.owner_id == site.owner_id))
    query = sa.select(Card).where(Card.owner_id == site.owner_id, Card.is_public)
    return db.session.scalar(query.order_by(Card.created_at, Card.id).limit(1))


def verified_sites(ids: Collection[uuid.UUID] | None = None) -> list[Site]:
    """List the domains that are shown, all of them or those among `ids`."""
    query = sa.select(Domain.id, Domain.name, Domain.owner_id, Domain.card_id).where(Domain.verified_at.is_not(None))
    if ids is not None:
        query = query.where(Domain.id.in_(ids))
    return [Site(*row, key=row.id.hex) for row in db.session.execute(query)]


def sweep() -> None:
    """Look again at domains that were proved a day ago or longer, those first that have waited longest."""
    began = time.monotonic()
    due = sa.select(Domain.id).where(Domain.verified_at.is_not(None), Domain.checked_at < now() - LOOK_AGAIN)
    for domain_id in db.session.scalars(due.order_by(Domain.checked_at)).all():
        if time.monotonic() - began > SWEEP_FOR:
            break
        domain = db.session.get(Domain, domain_id)
        if domain:
            try:
                check_domain(domain)
            except (NoAnswer, DomainHeld):
                continue


def _owned_by(owner: Owner) -> sa.ColumnElement[bool]:
    return Domain.owner_id == owner.user_id if owner.user_id else sa.false()
