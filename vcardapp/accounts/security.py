"""Flask-security: its settings, and the parts of it that accounts use."""

from __future__ import annotations

import hashlib
import hmac
import threading
from base64 import b64encode
from datetime import timedelta
from typing import Any, cast

from flask import Flask, current_app
from flask_security import MailUtil, PasswordUtil, Security, hash_password, verify_password
from flask_security.confirmable import confirm_email_token_status, generate_confirmation_token
from flask_security.datastore import FSQLALiteUserDatastore
from flask_security.utils import check_and_get_token_status, hash_data, verify_hash

from vcardapp.accounts import passwords
from vcardapp.accounts.models import Role, User
from vcardapp.config import Settings
from vcardapp.db import db, now
from vcardapp.mail import queue_mail
from vcardapp.web import settings

RESET_WITHIN = timedelta(hours=4)
CONFIRM_WITHIN = timedelta(days=7)
NEW_EMAIL_WITHIN = timedelta(hours=4)
LONGEST_EMAIL = 254  # RFC 5321 §4.5.3.1.3

datastore = FSQLALiteUserDatastore(db, User, Role)
_hashing = threading.BoundedSemaphore(4)  # each takes 19 MiB for as long as it runs


class BadEmail(Exception):
    """This is not an e-mail address."""


class OutboxMail(MailUtil):
    """Whatever flask-security sends goes to the outbox, as text."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: Any,
        sender: Any,
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        queue_mail(str(recipient), subject, body or "")


class PasswordRules(PasswordUtil):
    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[Any] | None, str]:
        wrong = passwords.weakness_of(password)
        return ([wrong] if wrong else None), self.normalize(password)


def init_app(app: Flask) -> None:
    """Set flask-security up without pages of its own: ours stand at the same addresses."""
    app.config.from_mapping(_config(app.config["SETTINGS"]))
    security = Security()
    security.init_app(
        app, datastore, register_blueprint=False, mail_util_cls=OutboxMail, password_util_cls=PasswordRules
    )
    security.login_manager.request_loader(None)  # no tokens in addresses or headers
    # Both read the session on every request, which would make every public page private and uncacheable.
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    app.after_request_funcs[None].remove(security.login_manager._update_remember_cookie)


def _config(chosen: Settings) -> dict[str, Any]:
    return {
        "SESSION_PROTECTION": None,
        "SECURITY_BLUEPRINT_NAME": "accounts",
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        "SECURITY_PASSWORD_SALT": _salt(chosen.secret_key),
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__memory_cost": 19456,
            "argon2__time_cost": 2,
            "argon2__parallelism": 1,
        },
        "SECURITY_PASSWORD_LENGTH_MIN": passwords.SHORTEST,
        "SECURITY_PASSWORD_NORMALIZE_FORM": "NFC",  # the same letters typed on another system; nothing else changes
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},  # no look-ups in the DNS
        "SECURITY_HASHING_SCHEMES": ["hex_sha256"],  # of an address, inside a signed link
        "SECURITY_DATETIME_FACTORY": now,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_CONFIRMABLE": True,
        "SECURITY_LOGIN_WITHOUT_CONFIRMATION": True,
        "SECURITY_CONFIRM_EMAIL_WITHIN": CONFIRM_WITHIN,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_RESET_PASSWORD_WITHIN": RESET_WITHIN,
        "SECURITY_CHANGE_EMAIL": True,
        "SECURITY_CHANGE_EMAIL_WITHIN": NEW_EMAIL_WITHIN,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_LOGOUT_CSRF": True,
        "SECURITY_EMAIL_HTML": False,
    }


def hashed(password: str) -> str:
    """Hash a password with argon2id."""
    with _hashing:
        return str(hash_password(_parts().password_util.normalize(password)))


def fits(password: str, password_hash: str) -> bool:
    """True if the password has this hash, made with the present secret key or an old one."""
    normal = _parts().password_util.normalize(password)
    with _hashing:
        return bool(verify_password(normal, password_hash)) or any(
            _parts().pwd_context.verify(_salted(normal, key), password_hash) for key in settings().old_secret_keys
        )


def is_outdated(password: str, password_hash: str) -> bool:
    """True if a hash that fits was made with an old secret key."""
    if not settings().old_secret_keys:
        return False
    with _hashing:
        return not verify_password(_parts().password_util.normalize(password), password_hash)


def _salt(key: str) -> str:
    return hashlib.sha256(f"passwords {key}".encode()).hexdigest()


def _salted(password: str, key: str) -> bytes:
    """Return what flask-security hashes in place of a password, as get_hmac would with this key."""
    return b64encode(hmac.new(_salt(key).encode(), password.encode(), hashlib.sha512).digest())


def normal_email(text: str) -> str | None:
    """Return an e-mail address as it is stored, in small letters; None for what is none."""
    if len(text) > LONGEST_EMAIL:  # to look at a megabyte takes seconds
        return None
    try:
        return str(_parts().mail_util.validate(text.strip())).lower()
    except ValueError:
        return None


def name_of_account(typed: str) -> str:
    """Return how tries at an account are counted: as one, in however many ways its address can be typed."""
    return normal_email(typed) or typed.strip().lower()


def user_of_uniquifier(uniquifier: str) -> User | None:
    """Find the person with this part of a session, which another password changes."""
    user = cast("User | None", datastore.find_user(fs_uniquifier=uniquifier))
    return user if user and user.active else None


def reset_token(user: User) -> str:
    return str(_parts().reset_serializer.dumps([user.fs_uniquifier, hash_data(user.email)]))


def user_of_reset_token(token: str) -> User | None:
    """Find whose password the token may set: it is void once the password is set, or the address is another."""
    expired, invalid, data = check_and_get_token_status(token, "reset", RESET_WITHIN)
    if expired or invalid:
        return None
    user = user_of_uniquifier(data[0])
    return user if user and verify_hash(data[1], user.email) else None


def confirmation_token(user: User) -> str:
    return str(generate_confirmation_token(user))  # type: ignore[no-untyped-call]


def user_of_confirmation_token(token: str) -> User | None:
    """Find whose present address the token confirms."""
    expired, invalid, user = confirm_email_token_status(token)  # type: ignore[no-untyped-call]
    return user if user and user.active and not expired and not invalid else None


def new_email_token(user: User, email: str) -> str:
    return str(_parts().change_email_serializer.dumps([user.fs_uniquifier, user.email, email]))


def user_of_new_email_token(token: str) -> tuple[User, str] | None:
    """Find whose address the token changes, and to which; it is void once the address has changed."""
    expired, invalid, data = check_and_get_token_status(token, "change_email", NEW_EMAIL_WITHIN)
    if expired or invalid:
        return None
    uniquifier, present, wished = data
    user = cast("User | None", datastore.find_user(fs_uniquifier=uniquifier))
    return (user, wished) if user and user.active and user.email == present else None


def _parts() -> Any:
    return current_app.extensions["security"]
