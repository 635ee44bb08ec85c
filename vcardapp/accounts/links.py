"""Links that count once: an invitation, and the one that signs in from this computer."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa

from vcardapp.accounts import letters, security
from vcardapp.accounts.models import Invitation, SignInLink, User
from vcardapp.accounts.security import BadEmail
from vcardapp.db import db, now
from vcardapp.mail import queue_mail
from vcardapp.web import absolute

INVITATION_LASTS = timedelta(days=30)
SIGN_IN_LINK_LASTS = timedelta(minutes=30)


def make_sign_in_link(user: User, valid_for: timedelta = SIGN_IN_LINK_LASTS) -> str:
    """Return an address that signs the person in once, from this computer only."""
    token = secrets.token_urlsafe(32)
    db.session.add(SignInLink(token_hash=_digest(token), user_id=user.id, expires_at=now() + valid_for))
    db.session.commit()
    return absolute("/sign-in/" + token)


def use_sign_in_link(token: str) -> User | None:
    """Return whom the link signs in, the first time only."""
    digest = _digest(token)
    if not _use_up(SignInLink, (SignInLink.token_hash == digest, SignInLink.expires_at > now())):
        return None
    user = db.session.scalar(sa.select(User).join(SignInLink).where(SignInLink.token_hash == digest, User.active))
    db.session.commit()
    return user


def invite(email: str = "") -> str:
    """Make an invitation, mail it where an address is named, and return its address; raise BadEmail."""
    normal = security.normal_email(email) if email else ""
    if normal is None:
        raise BadEmail
    token = secrets.token_urlsafe(24)
    link = absolute("/register?invitation=" + token)
    db.session.add(Invitation(token_hash=_digest(token), email=normal))
    if normal:
        queue_mail(normal, *letters.you_are_invited(link))
    db.session.commit()
    return link


def is_open(invitation: str) -> bool:
    """True for an invitation that somebody may still use."""
    return db.session.scalar(sa.select(Invitation.id).where(*_open_invitation(invitation))) is not None


def are_open() -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions on invitations that somebody may still use them."""
    return Invitation.used_at.is_(None), Invitation.created_at > now() - INVITATION_LASTS


def use_up_invitation(invitation: str) -> bool:
    """Take an invitation as used; the caller commits."""
    return _use_up(Invitation, _open_invitation(invitation))


def sweep() -> None:
    """Remove links that nobody can use any more; the caller commits."""
    db.session.execute(sa.delete(SignInLink).where(SignInLink.expires_at < now()))
    db.session.execute(sa.delete(Invitation).where(Invitation.created_at < now() - INVITATION_LASTS))


def _open_invitation(token: str) -> tuple[sa.ColumnElement[bool], ...]:
    return Invitation.token_hash == _digest(token), *are_open()


def _use_up(model: type[Invitation | SignInLink], which: tuple[sa.ColumnElement[bool], ...]) -> bool:
    """Mark the one row as used; of two requests at once only one gets True."""
    result = db.session.execute(sa.update(model).where(*which, model.used_at.is_(None)).values(used_at=now()))
    return cast("sa.CursorResult[Any]", result).rowcount == 1


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
