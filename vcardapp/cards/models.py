"""Cards, their addresses and codes, versions, pictures, event links, files of many contacts, and reports."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from vcardapp.cards.content import Content
from vcardapp.db import Base, now


class ContentType(sa.types.TypeDecorator[Content]):
    """A Content as JSON."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Content | None, dialect: sa.Dialect) -> Any:
        return None if value is None else value.to_dict()

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Content | None:
        return None if value is None else Content.from_dict(value)


class Card(Base):
    """One card. `draft` is what its owner works on, `live` what visitors see; both change as a whole."""

    __tablename__ = "cards"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)  # the UID in its contact file
    owner_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    guest: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    draft: Mapped[Content] = mapped_column(ContentType)
    draft_slug: Mapped[str] = mapped_column(sa.String(255), default="")  # the address wished for, as typed
    live: Mapped[Content | None] = mapped_column(ContentType(none_as_null=True))
    slug: Mapped[str | None] = mapped_column(sa.String(60))  # the present address, as shown
    code: Mapped[str | None] = mapped_column(sa.String(6))  # the short code of its own QR code
    revision: Mapped[int] = mapped_column(default=1)  # counts saves of the draft: two tabs cannot overwrite
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)  # the draft's last change
    published_at: Mapped[datetime | None]  # the live card's last change: REV of the contact file
    paused_at: Mapped[datetime | None]
    taken_down_at: Mapped[datetime | None]  # by an admin; takedowns.py
    deleted_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]  # thirty days after deletion only the address and codes remain

    @hybrid_property
    def is_public(self) -> bool:
        """True if visitors see it now; in a query, the condition that they do."""
        hidden = self.paused_at or self.deleted_at or self.taken_down_at
        return self.live is not None and hidden is None

    @is_public.inplace.expression
    @classmethod
    def _is_public(cls) -> sa.ColumnElement[bool]:
        hidden = (cls.paused_at, cls.deleted_at, cls.taken_down_at)
        return sa.and_(cls.live.is_not(None), *(moment.is_(None) for moment in hidden))

    @property
    def state(self) -> str:
        """One of draft, published, paused, taken down, deleted."""
        if self.deleted_at:
            return "deleted"
        if self.taken_down_at:
            return "taken down"
        if self.live is None:
            return "draft"
        return "paused" if self.paused_at else "published"

    @property
    def has_unpublished_changes(self) -> bool:
        return self.live is not None and (self.draft != self.live or self.draft_slug != self.slug)


class CardAddress(Base):
    """An address that leads to a card for ever; `key` is its NFC case-folded form. Never given to another card."""

    __tablename__ = "card_addresses"

    key: Mapped[str] = mapped_column(sa.String(240), primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60))
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class CardCode(Base):
    """A short code that leads to a card for ever: six characters of Crockford base32, capitals. Never given again."""

    __tablename__ = "card_codes"

    code: Mapped[str] = mapped_column(sa.String(6), primary_key=True)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60), default="")  # "badge"; the card's own code needs none
    style: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict, deferred=True)  # a qr_style.Style; {} is plain
    look: Mapped[str] = mapped_column(sa.String(16), default="")  # changes with the style, in addresses of its pictures
    event_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("card_events.id", ondelete="SET NULL"), index=True)
    scans: Mapped[int] = mapped_column(default=0)  # by people, since it was made
    created_at: Mapped[datetime] = mapped_column(default=now)
    paused_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]

    @property
    def state(self) -> str:
        """One of in use, paused, retired."""
        if self.retired_at:
            return "retired"
        return "paused" if self.paused_at else "in use"

    @property
    def title(self) -> str:
        """Its name, or its own six characters."""
        return self.name or self.code


class CardVersion(Base):
    """The draft as it stood at one save."""

    __tablename__ = "card_versions"
    __table_args__ = (sa.UniqueConstraint("card_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[Content] = mapped_column(ContentType)
    saved_at: Mapped[datetime] = mapped_column(default=now)
    reason: Mapped[str] = mapped_column(sa.String(20), default="autosave")  # autosave, save, publish, restore


class Picture(Base):
    """A photo, logo or cover in the media folder `<id>/`; never changed once made, a new crop is a new picture."""

    __tablename__ = "pictures"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)  # 128 random bits: knowing it is the right to see it
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    sort: Mapped[str] = mapped_column(sa.String(10))  # one of pictures.ALL_SORTS
    size: Mapped[int]  # bytes of all its files
    width: Mapped[int]  # of the largest public size, in pixels
    height: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Report(Base):
    """What a visitor found wrong with a card."""

    __tablename__ = "reports"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(20))  # spam, fraud, harm, rights, other
    text: Mapped[str] = mapped_column(sa.Text, default="")
    email: Mapped[str] = mapped_column(sa.String(255), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    handled_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(sa.Text)  # what an admin found


class TakeDown(Base):
    """One time that an admin took a card from the public, and what its owner answered."""

    __tablename__ = "take_downs"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    report_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("reports.id", ondelete="SET NULL"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(1000))  # the owner reads it
    at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]
    restored_at: Mapped[datetime | None]


class CardEvent(Base):
    """A link of a card for one occasion: its page and contact file say where people met."""

    __tablename__ = "card_events"
    __table_args__ = (sa.UniqueConstraint("card_id", "key"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(30))  # stands in the link, made from the title
    title: Mapped[str] = mapped_column(sa.String(120))
    place: Mapped[str] = mapped_column(sa.String(120), default="")
    held_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]  # from then on its link leads to the plain card

    @property
    def where_met(self) -> str:
        """Title, place and date, as they stand in the contact file's note."""
        return ", ".join(filter(None, (self.title, self.place, self.held_on.isoformat() if self.held_on else "")))


class ContactFile(Base):
    """A file of many contacts that its owner makes cards of; gone once all of them are made, or after a day."""

    __tablename__ = "contact_files"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    owner_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    data: Mapped[bytes]
    charset: Mapped[str] = mapped_column(sa.String(40), default="")  # chosen where the file names none
    made: Mapped[int] = mapped_column(default=0)  # of its contacts, from the first on
    left_out: Mapped[int] = mapped_column(default=0)
    photos_left_out: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
