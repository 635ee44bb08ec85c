"""What admins did."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from vcardapp.db import Base, now


class AuditEntry(Base):
    """One act of an admin, written in the transaction of the act; nothing changes it, people who leave lose their name in it."""

    __tablename__ = "audit_entries"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    who_id: Mapped[uuid.UUID | None]  # None: whoever sits at the server
    who: Mapped[str] = mapped_column(sa.String(255))  # their address as it was
    what: Mapped[str] = mapped_column(sa.String(30))  # one of audit.ACTS
    on_kind: Mapped[str] = mapped_column(sa.String(12))  # person, card, report, mail, file, invitation
    on_id: Mapped[str] = mapped_column(sa.String(36), default="", index=True)
    on_name: Mapped[str] = mapped_column(sa.String(255), default="")
    details: Mapped[str] = mapped_column(sa.String(1000), default="")  # the reason given
