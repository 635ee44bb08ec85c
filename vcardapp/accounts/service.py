"""Accounts: signing up, passwords, links that let people in, leaving."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import cast

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext
from sqlalchemy.exc import IntegrityError

from vcardapp.accounts import letters, links, passkeys, passwords, second_factor, security, sessions, throttle
from vcardapp.accounts.links import invite, make_sign_in_link, use_sign_in_link
from vcardapp.accounts.models import Invitation, UsedChallenge, User
from vcardapp.accounts.post import write
from vcardapp.accounts.security import BadEmail
from vcardapp.accounts.sessions import sign_in, sign_out, sign_out_everywhere
from vcardapp.accounts.signals import leaving
from vcardapp.db import db, now
from vcardapp.mail import Mail
from vcardapp.web import absolute, settings

__all__ = [  # a part of what the app does with accounts
    "BadEmail",
    "invite",
    "make_sign_in_link",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "use_sign_in_link",
]


class EmailTaken(Exception):
    """There is an account with this e-mail address."""


class WeakPassword(Exception):
    """This password is too easy to guess; `reason` says why in the language of whoever reads it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = lazy_gettext(reason)


class SignUpClosed(Exception):
    """Nobody, or nobody without an invitation, may sign up here."""


def find_user(email: str) -> User | None:
    """Find the person with this e-mail address."""
    normal = security.normal_email(email)
    return db.session.scalar(sa.select(User).where(User.email == normal, User.active)) if normal else None


def check_password(email: str, password: str) -> User | None:
    """Return the person whose e-mail and password these are; it takes as long where there is none."""
    if len(password) > passwords.LONGEST:
        return None
    user = find_user(email)
    right = security.fits(password, (user.password if user else None) or _nobodys_hash())
    if not right or not user:
        return None
    if security.is_outdated(password, user.password or ""):
        user.password = security.hashed(password)
        db.session.commit()
    return user


def may_sign_up(invitation: str = "") -> bool:
    """True if somebody with this invitation, or none, may make an account."""
    if settings().sign_up == "invitation":
        return links.is_open(invitation)
    return settings().sign_up == "open"


def sign_up(email: str, password: str, invitation: str = "", language: str = "") -> User:
    """Make an account and ask by mail to confirm its address; raise EmailTaken, BadEmail, WeakPassword, SignUpClosed."""
    if not may_sign_up(invitation):
        raise SignUpClosed
    password_hash = _hash_of(password, email)
    if settings().sign_up == "invitation" and not links.use_up_invitation(invitation):
        raise SignUpClosed
    user = _new_user(email, password_hash, language)
    _ask_to_confirm(user)
    db.session.commit()
    return user


def ensure_user(email: str) -> User:
    """Return the person with this address, made without a password if need be; raise BadEmail, EmailTaken (suspended)."""
    user = find_user(email) or _new_user(email, None, "")
    db.session.commit()
    return user


def tell_of_account(email: str) -> None:
    """Mail the owner of a taken address that they have an account."""
    user = find_user(email)
    if user:
        write(user, letters.you_have_an_account, absolute("/reset/" + security.reset_token(user)))
        db.session.commit()


def request_confirmation(user: User) -> None:
    """Mail the link that confirms a person's address once more."""
    _ask_to_confirm(user)
    db.session.commit()


def confirm(token: str) -> User | None:
    """Take an address as confirmed; confirming twice changes nothing."""
    user = security.user_of_confirmation_token(token)
    if user and not user.is_confirmed:
        user.confirmed_at = now()
        db.session.commit()
    return user


def request_reset(user: User) -> None:
    """Mail the link that sets a new password."""
    link = absolute("/reset/" + security.reset_token(user))
    write(user, letters.set_your_password, link)
    db.session.commit()


def reset_password(user: User, password: str) -> None:
    """Set the password of somebody who followed a mailed link: their address is confirmed by that; raise WeakPassword."""
    password_hash = _hash_of(password, user.email)
    if not user.is_confirmed:  # somebody else may have signed up with this address, and added passkeys or a second step
        passkeys.remove_all(user)
        second_factor.switch_off(user)
        user.confirmed_at = now()
    _set_password(user, password_hash)
    db.session.commit()


def change_password(user: User, password: str) -> None:
    """Set another password, end every sign-in and tell the person by mail; raise WeakPassword."""
    _set_password(user, _hash_of(password, user.email))
    write(user, letters.your_password_has_changed, absolute("/reset"))
    db.session.commit()


def request_new_email(user: User, email: str) -> None:
    """Mail a link to the wished address that makes it the account's; nothing, where it is another's; raise BadEmail."""
    wished = security.normal_email(email)
    if not wished:
        raise BadEmail
    if not find_user(wished):
        link = absolute("/account/email/" + security.new_email_token(user, wished))
        write(user, letters.confirm_your_new_address, link, to=wished)
    db.session.commit()


def change_email(token: str) -> User | None:
    """Take the wished address for the account's, and tell the old one; raise EmailTaken."""
    found = security.user_of_new_email_token(token)
    if not found:
        return None
    user, wished = found
    write(user, letters.your_address_has_changed, wished)
    user.email, user.confirmed_at = wished, now()
    _flush()
    db.session.commit()
    return user


def delete_account(user: User, letter: Callable[..., letters.Letter] = letters.your_account_is_deleted, *details: str) -> None:
    """Have everything deleted that is a person's, then the person; the letter tells them."""
    email = user.email
    leaving.send(current_app._get_current_object(), user=user)  # type: ignore[attr-defined]
    db.session.execute(sa.delete(Mail).where(sa.func.lower(Mail.recipient) == email))
    db.session.execute(sa.delete(Invitation).where(sa.func.lower(Invitation.email) == email))
    write(user, letter, *details)
    db.session.delete(user)
    db.session.commit()


def sweep() -> None:
    """Remove links that nobody can use any more."""
    links.sweep()
    db.session.execute(sa.delete(UsedChallenge).where(UsedChallenge.used_at < now() - timedelta(hours=1)))
    throttle.sweep()
    sessions.sweep()


def _new_user(email: str, password_hash: str | None, language: str) -> User:
    normal = security.normal_email(email)
    if not normal:
        raise BadEmail
    user = cast("User", security.datastore.create_user(email=normal, password=password_hash, language=language))
    _flush()
    return user


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise EmailTaken from error


def _hash_of(password: str, email: str) -> str:
    reason = passwords.weakness_of(password, email)
    if reason:
        raise WeakPassword(reason)
    return security.hashed(password)


def _set_password(user: User, password_hash: str) -> None:
    user.password = password_hash
    security.datastore.set_uniquifier(user)
    sessions.end_all(user)


def _ask_to_confirm(user: User) -> None:
    write(user, letters.confirm_your_address, absolute("/confirm/" + security.confirmation_token(user)))


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return security.hashed(secrets.token_hex())
