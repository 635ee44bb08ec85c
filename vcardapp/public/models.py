"""What tells every worker and every server that pages are old."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from vcardapp.db import Base, now


class PageChange(Base):
    """One change to what visitors see; read by all workers, forgotten after an hour."""

    __tablename__ = "page_changes"
    __table_args__ = {"sqlite_autoincrement": True}  # numbers never come again

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[uuid.UUID]  # of a card, or of a domain or a person with it
    changed_at: Mapped[datetime] = mapped_column(default=now, index=True)
