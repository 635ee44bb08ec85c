"""Domains: whose they claim to be, since when that is proved, and what the last look has shown."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from vcardapp.cards.models import Card
from vcardapp.db import Base, now
from vcardapp.domains.names import RECORD, shown_domain

_VERIFIED = sa.text("verified_at IS NOT NULL")


def new_token() -> str:
    return secrets.token_hex(16)


class Domain(Base):
    """One person's claim to a name. Many may claim it, so that nobody can keep it from its owner; one can have proved it."""

    __tablename__ = "domains"
    __table_args__ = (
        sa.UniqueConstraint("owner_id", "name"),
        sa.Index("uq_domains_verified_name", "name", unique=True, sqlite_where=_VERIFIED, postgresql_where=_VERIFIED),
    )
    __mapper_args__ = {"confirm_deleted_rows": False}  # a double click removes it once

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(sa.String(253))  # as the DNS knows it, small letters, xn-- where it has to be
    owner_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    card_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(sa.String(32), default=new_token)  # stands in the DNS for everybody to read
    created_at: Mapped[datetime] = mapped_column(default=now)
    checked_at: Mapped[datetime | None]  # the last time that the DNS was asked
    verified_at: Mapped[datetime | None]  # from then on cards are shown there
    answered_at: Mapped[datetime | None]  # HTTPS has answered in the owner's browser: from then on codes lead there
    missing_since: Mapped[datetime | None]  # the record was seen before and is gone
    lost_at: Mapped[datetime | None]  # somebody else has proved it since

    @property
    def state(self) -> str:
        """One of waiting, verified, answers."""
        if self.verified_at is None:
            return "waiting"
        return "answers" if self.answered_at else "verified"

    @property
    def shown(self) -> str:
        """The name in its own script."""
        return shown_domain(self.name)

    @property
    def record(self) -> str:
        """The name of the record that proves it."""
        return f"{RECORD}.{self.name}"

    def covers(self, card: Card) -> bool:
        """True if the addresses of this card may lead here."""
        return self.owner_id == card.owner_id and self.card_id in (None, card.id)

    @property
    def url(self) -> str:
        return f"https://{self.name}"
