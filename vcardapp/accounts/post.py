"""Letters to the owners of accounts, in their languages."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import force_locale

from vcardapp.accounts.letters import Letter
from vcardapp.accounts.models import User
from vcardapp.mail import queue_mail
from vcardapp.web import settings


def write(user: User, letter: Callable[..., Letter], *details: object, to: str = "") -> None:
    """Put a letter about an account into the outbox; the caller commits."""
    with force_locale(user.language or settings().language):
        queue_mail(to or user.email, *letter(*details))
