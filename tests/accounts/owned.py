"""What addresses of accounts can name, made for tests that walk all addresses."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable

from vcardapp.accounts.models import Passkey, SignIn
from vcardapp.db import db

NAMES = {"passkey_id", "sign_in_id"}


def passkey_of(user_id: uuid.UUID, name: str = "A phone") -> Passkey:
    """A passkey that nobody can use."""
    made = Passkey(user_id=user_id, credential_id=secrets.token_bytes(16), public_key=b"none", sign_count=0, name=name)
    db.session.add(made)
    db.session.commit()
    return made


def sign_in_of(user_id: uuid.UUID, browser: str = "Firefox on Android") -> SignIn:
    """Another browser in which somebody is signed in."""
    made = SignIn(user_id=user_id, browser=browser)
    db.session.add(made)
    db.session.commit()
    return made


def named_by(user_id: uuid.UUID) -> dict[str, Callable[[], uuid.UUID]]:
    """Return what makes the things of a person that addresses name."""
    return {"passkey_id": lambda: passkey_of(user_id).id, "sign_in_id": lambda: sign_in_of(user_id).id}
