"""Passkeys: keys that phones and computers keep, one tap instead of a password (WebAuthn)."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import uuid
from base64 import urlsafe_b64decode
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from vcardapp.accounts import letters
from vcardapp.accounts.models import Passkey, UsedChallenge, User
from vcardapp.accounts.post import write
from vcardapp.config import Settings
from vcardapp.db import db, insert_if_absent, now
from vcardapp.web import absolute, settings

MOST = 20  # of one person
LONGEST_NAME = 60
LONGEST_ANSWER = 20_000  # letters of JSON
PAGE = "/account/passkeys"


class NotAccepted(Exception):
    """What the browser sent is not the answer of a passkey to our question."""


class TooMany(Exception):
    """This person has MOST passkeys already."""


def are_possible(here: Settings) -> bool:
    """True where browsers allow passkeys: with HTTPS and a name, or on localhost."""
    try:
        ipaddress.ip_address(here.host)
    except ValueError:
        return here.is_secure or here.host == "localhost"
    return False


def passkeys_of(user: User) -> list[Passkey]:
    """Return the passkeys of a person, the oldest first."""
    return list(db.session.scalars(sa.select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.created_at)))


def find_passkey(user: User, passkey_id: uuid.UUID) -> Passkey | None:
    """Find a passkey of this person."""
    return db.session.scalar(sa.select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user.id))


def question_for_new(user: User, challenge: bytes) -> str:
    """Return what a browser needs to make a passkey for this person, as JSON."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    options = generate_registration_options(
        rp_id=settings().host,
        rp_name=settings().operator or settings().host,
        user_name=user.email,
        user_id=user.id.bytes,
        challenge=challenge,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=known.credential_id) for known in passkeys_of(user)
        ],
    )
    return str(options_to_json(options))


def question(challenge: bytes) -> str:
    """Return what a browser needs to ask any passkey of this server, as JSON."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    return str(
        options_to_json(
            generate_authentication_options(
                rp_id=settings().host, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
            )
        )
    )


def add_passkey(user: User, name: str, answer: str, challenge: bytes) -> Passkey:
    """Keep a new passkey and tell its owner by mail; raise NotAccepted, TooMany."""
    from webauthn import verify_registration_response

    if len(passkeys_of(user)) >= MOST:
        raise TooMany
    try:
        verified = verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=settings().host,
            expected_origin=settings().url,
            require_user_verification=True,
        )
    except Exception as problem:  # whatever strangers send is read there
        raise NotAccepted from problem
    made = Passkey(
        user_id=user.id,
        name=name,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
    )
    db.session.add(made)
    try:
        _use_up(challenge)
        db.session.flush()
    except IntegrityError as problem:
        db.session.rollback()
        raise NotAccepted from problem
    write(user, letters.a_passkey_was_added, name, absolute(PAGE))
    db.session.commit()
    return made


def user_of_answer(answer: str, challenge: bytes) -> User:
    """Return whose passkey has answered, after both its owner's finger or code and its signature; raise NotAccepted."""
    from webauthn import verify_authentication_response

    read = _read(answer)
    found = _find_by_credential(str(read.get("rawId")))
    try:
        verified = verify_authentication_response(
            credential=read,
            expected_challenge=challenge,
            expected_rp_id=settings().host,
            expected_origin=settings().url,
            credential_public_key=found.public_key,
            credential_current_sign_count=found.sign_count,
            require_user_verification=True,
        )
    except Exception as problem:  # whatever strangers send is read there
        raise NotAccepted from problem
    user = db.session.scalar(sa.select(User).where(User.id == found.user_id, User.active))
    if user is None:
        raise NotAccepted
    _use_up(challenge)
    found.sign_count, found.used_at = verified.new_sign_count, now()
    db.session.commit()
    return user


def remove_passkey(user: User, passkey: Passkey) -> None:
    """Let a passkey sign in no more, and tell its owner by mail."""
    name = passkey.name
    gone = db.session.execute(sa.delete(Passkey).where(Passkey.id == passkey.id))
    if cast("sa.CursorResult[Any]", gone).rowcount:  # of two clicks one writes
        write(user, letters.a_passkey_was_removed, name, absolute("/account"))
    db.session.commit()


def remove_all(user: User) -> None:
    """Let no passkey of a person sign in any more, and tell them by mail; the caller commits."""
    for passkey in passkeys_of(user):
        db.session.delete(passkey)
        write(user, letters.a_passkey_was_removed, passkey.name, absolute("/account"))


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise NotAccepted
    try:
        read = json.loads(answer)
    except ValueError as problem:
        raise NotAccepted from problem
    if not isinstance(read, dict):
        raise NotAccepted
    return read


def _find_by_credential(raw_id: str) -> Passkey:
    try:
        credential_id = urlsafe_b64decode(raw_id + "==")
    except ValueError as problem:
        raise NotAccepted from problem
    found = db.session.scalar(sa.select(Passkey).where(Passkey.credential_id == credential_id))
    if found is None:
        raise NotAccepted
    return found


def _use_up(challenge: bytes) -> None:
    if not insert_if_absent(UsedChallenge, challenge_hash=hashlib.sha256(challenge).hexdigest(), used_at=now()):
        db.session.rollback()
        raise NotAccepted
