"""Who asks: a signed-in person, or a guest whose browser holds the key to drafts without an account."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass

from flask import session
from flask_security import current_user

GUEST_KEY = "guest"


@dataclass(frozen=True, slots=True)
class Owner:
    """Named first in every look-up of owned things; an Owner with neither part owns nothing."""

    user_id: uuid.UUID | None = None
    guest: str = ""  # SHA-256 of the browser's guest key

    @property
    def is_guest(self) -> bool:
        return self.user_id is None


def current_owner() -> Owner:
    """Return the owner behind this request."""
    key = session.get(GUEST_KEY, "")
    guest = hashlib.sha256(key.encode()).hexdigest() if key else ""
    if current_user.is_authenticated:
        return Owner(user_id=current_user.id, guest=guest)
    return Owner(guest=guest)


def begin_as_guest() -> Owner:
    """Give this browser a guest key, unless it has one or its person is signed in."""
    if not current_user.is_authenticated and GUEST_KEY not in session:
        session[GUEST_KEY] = secrets.token_urlsafe(24)
        session.permanent = True
    return current_owner()
