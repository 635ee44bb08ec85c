"""Who asks: a signed-in person, or a guest whose browser holds the key to drafts without an account."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import session
from flask_security import current_user

if TYPE_CHECKING:
    from vcardapp.accounts.models import User

GUEST_KEY = "guest"


def signed_in() -> User | None:
    """Return the person who is signed in, None for a guest."""
    return cast("User", current_user) if current_user.is_authenticated else None


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
    person = signed_in()
    return Owner(user_id=person.id if person else None, guest=guest)


def begin_as_guest() -> Owner:
    """Give this browser a guest key, unless it has one or its person is signed in."""
    if signed_in() is None and GUEST_KEY not in session:
        session[GUEST_KEY] = secrets.token_urlsafe(24)
        session.permanent = True
    return current_owner()
