"""Drafts and versions: nothing typed is lost, and two tabs cannot overwrite each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa

from vcardapp.cards.content import Content
from vcardapp.cards.models import Card, CardVersion
from vcardapp.db import db, now

VERSIONS_KEPT = 20
ONE_SITTING = timedelta(seconds=60)  # saves by themselves within it are one version
LONGEST_SLUG = 240  # characters kept of an address as it was typed


class DraftConflict(Exception):
    """The draft was changed elsewhere since this page was opened."""


class DraftTooLong(Exception):
    """More text than a card may hold."""


def save_draft(
    card: Card, content: Content, slug: str, revision: int, *, reason: str = "autosave", force: bool = False
) -> Card:
    """Store the draft if it is still at `revision`; raise DraftConflict or DraftTooLong.

    With `force` the other tab's draft is replaced, and kept as a version.
    """
    if content.is_too_long:
        raise DraftTooLong
    slug = slug[:LONGEST_SLUG]
    if content == card.draft and slug == card.draft_slug:
        return card
    if revision != card.revision and not force:
        raise DraftConflict
    before = card.draft
    updated = db.session.execute(
        sa.update(Card)
        .where(Card.id == card.id, Card.revision == card.revision)
        .values(draft=content, draft_slug=slug, revision=card.revision + 1, changed_at=now())
        .execution_options(synchronize_session=False)
    )
    if not cast("sa.CursorResult[Any]", updated).rowcount:
        db.session.rollback()
        db.session.refresh(card)
        if content == card.draft and slug == card.draft_slug:  # the same, sent twice at once
            return card
        raise DraftConflict
    _keep_version(card, content, "restore" if force else reason, before)
    db.session.commit()
    db.session.refresh(card)
    return card


def versions_of(card: Card) -> list[CardVersion]:
    """List the last saved versions, the newest first; the first of them is the draft as it stands."""
    query = sa.select(CardVersion).where(CardVersion.card_id == card.id).order_by(CardVersion.number.desc())
    return list(db.session.scalars(query.limit(VERSIONS_KEPT)))


def newest_version_number(card: Card) -> int:
    """Return the number of the newest version, 0 if there is none yet."""
    return db.session.scalar(sa.select(sa.func.max(CardVersion.number)).where(CardVersion.card_id == card.id)) or 0


def find_version(card: Card, number: int) -> CardVersion | None:
    """Find one of the versions still kept."""
    return next((version for version in versions_of(card) if version.number == number), None)


def restore_version(card: Card, version: CardVersion) -> Card:
    """Make an earlier version the draft; the present draft stays among the versions."""
    return save_draft(card, version.content, card.draft_slug, card.revision, reason="restore")


def put_picture(card: Card, sort: str, picture_id: str) -> Card:
    """Show another picture, or none, on the draft, whatever is typed meanwhile; raise DraftConflict after a few tries."""
    tries = 3
    while True:
        try:
            return save_draft(card, card.draft.with_picture(sort, picture_id), card.draft_slug, card.revision, reason="save")
        except DraftConflict:  # and the card was read anew
            tries -= 1
            if not tries:
                raise


def _keep_version(card: Card, content: Content, reason: str, before: Content) -> None:
    last = db.session.scalar(
        sa.select(CardVersion).where(CardVersion.card_id == card.id).order_by(CardVersion.number.desc()).limit(1)
    )
    number = last.number if last else 0
    if last is None and before != Content():
        number += 1
        db.session.add(CardVersion(card_id=card.id, number=number, content=before, reason="save", saved_at=card.changed_at))
    same_sitting = last is not None and last.reason == "autosave" and now() - last.saved_at < ONE_SITTING
    if last is not None and reason == "autosave" and same_sitting:
        last.content = content
    else:
        db.session.add(CardVersion(card_id=card.id, number=number + 1, content=content, reason=reason, saved_at=now()))
        oldest_kept = number + 1 - VERSIONS_KEPT
        old = sa.delete(CardVersion).where(CardVersion.card_id == card.id, CardVersion.number <= oldest_kept)
        db.session.execute(old)
