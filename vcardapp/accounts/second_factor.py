"""The second step of signing in: a code from an app (TOTP, RFC 6238), or one of a few recovery codes."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from base64 import b64decode
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from flask_security import Totp
from passlib.totp import TOTP, AppWallet, TokenError  # type: ignore[import-untyped]

from vcardapp.accounts import letters, security
from vcardapp.accounts.models import RecoveryCode, User
from vcardapp.accounts.post import write
from vcardapp.db import db
from vcardapp.web import absolute, settings

WINDOW = 30  # seconds that a clock may be wrong
NUMBER_OF_CODES = 10
QUIET_ZONE = 4  # modules, ISO/IEC 18004 §6.3.8
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that looks like another
PAGE = "/account/second-step"


class WrongCode(Exception):
    """This code is not right, or was used before."""


class UsedCode(Exception):
    """Another request has used this code first."""


class OnceTotp(Totp):
    """Takes each code once, and encrypts what is stored with a key from the secret key; old keys are still read."""

    def __init__(self) -> None:
        keys = {_tag(key): hashlib.sha256(f"second factors {key}".encode()).hexdigest() for key in settings().signing_keys}
        wallet = AppWallet(secrets=keys, default_tag=_tag(settings().secret_key))
        self._totp = TOTP.using(issuer=settings().host, wallet=wallet)

    def get_last_counter(self, user: Any) -> int | None:
        return cast("User", user).totp_counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Keep what the code was for, unless another request was quicker."""
        is_first = sa.or_(User.totp_counter.is_(None), User.totp_counter < tmatch.counter)
        keep = sa.update(User).where(User.id == user.id, is_first).values(totp_counter=tmatch.counter)
        if cast("sa.CursorResult[Any]", db.session.execute(keep)).rowcount != 1:
            raise UsedCode

    def encrypted_anew(self, stored: str) -> str | None:
        """Return a secret as it is stored now, None where it is stored so already."""
        read = self._totp.from_source(stored)
        return str(read.to_json(encrypt=True)) if read.changed else None


def new_secret() -> str:
    """Return a secret for an app, encrypted."""
    return str(OnceTotp().generate_totp_secret())


@dataclass(frozen=True, slots=True)
class Shown:
    """What an app has to be told, in three ways."""

    uri: str
    key: str  # letters to be typed
    side: int  # modules along one edge of a QR code with the address, quiet zone included
    path: str  # and its dark modules, as the path of an SVG


def shown(user: User, secret: str) -> Shown:
    """Return what an app has to be told."""
    totp = OnceTotp()
    drawn = b64decode(totp.generate_qrcode(user.email, secret).partition(",")[2]).decode()
    squares = [(int(x), int(y)) for x, y in re.findall(r'x="(\d+)mm" y="(\d+)mm"', drawn)]
    return Shown(
        totp.get_totp_uri(user.email, secret),
        totp.get_totp_pretty_key(secret),
        max(x for x, _y in squares) + 1 + QUIET_ZONE,
        "".join(f"M{x} {y}h1v1h-1z" for x, y in squares),
    )


def switch_on(user: User, secret: str, code: str) -> list[str]:
    """Ask for codes from now on, tell the person by mail, and return their recovery codes; raise WrongCode."""
    if not _is_right(user, secret, code):
        raise WrongCode
    user.totp_secret = secret
    codes = _new_codes(user)
    write(user, letters.your_second_step_is_on, absolute("/account"))
    db.session.commit()
    return codes


def switch_off(user: User) -> None:
    """Ask for no more codes, and tell the person by mail."""
    if user.has_second_factor:
        user.totp_secret = user.totp_counter = None
        db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
        write(user, letters.your_second_step_is_off, absolute("/account"))
        db.session.commit()


def renew_codes(user: User) -> list[str]:
    """Make new recovery codes in place of the old ones."""
    codes = _new_codes(user)
    db.session.commit()
    return codes


def codes_left(user: User) -> int:
    """Return how many recovery codes can still be used."""
    return len(_codes_of(user))


def takes_code(user: User, code: str) -> bool:
    """Take a code of the app, or a recovery code, which is used up then; False for a wrong one."""
    plain = "".join(code.split()).replace("-", "").lower()
    if plain.isdigit() and user.totp_secret and _is_right(user, user.totp_secret, plain):
        user.totp_secret = OnceTotp().encrypted_anew(user.totp_secret) or user.totp_secret
        db.session.commit()
        return True
    return len(plain) == 12 and _use_up(user, plain)


def _is_right(user: User, secret: str, code: str) -> bool:
    digits = "".join(str(unicodedata.digit(sign)) for sign in code if sign.isdigit())
    try:
        return bool(OnceTotp().verify_totp(digits, secret, user, window=WINDOW))
    except (UsedCode, TokenError):
        db.session.rollback()
        return False


def _new_codes(user: User) -> list[str]:
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = ["".join(secrets.choice(LETTERS) for _letter in range(12)) for _code in range(NUMBER_OF_CODES)]
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=security.hashed(code)) for code in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _codes_of(user: User) -> list[RecoveryCode]:
    return list(db.session.scalars(sa.select(RecoveryCode).where(RecoveryCode.user_id == user.id)))


def _use_up(user: User, plain: str) -> bool:
    codes = _codes_of(user)
    fitting = next((code for code in codes if security.fits(plain, code.code_hash)), None)
    if fitting is None:
        return False
    gone = db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.id == fitting.id))
    is_mine = cast("sa.CursorResult[Any]", gone).rowcount == 1
    if is_mine:
        write(user, letters.a_recovery_code_was_used, len(codes) - 1, absolute(PAGE))
    db.session.commit()
    return is_mine


def _tag(key: str) -> str:
    return hashlib.sha256(f"name of {key}".encode()).hexdigest()[:12]
