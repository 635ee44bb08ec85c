"""What the tests of accounts share: passwords, reading mails, posting with a real token."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from vcardapp.accounts import second_factor, security
from vcardapp.accounts.models import SignIn, User
from vcardapp.db import db, now
from vcardapp.mail import Mail

GOOD = "a lamp in the window"
BETTER = "two lamps in the window"


def with_password(user: User, password: str = GOOD) -> User:
    user.password = security.hashed(password)
    db.session.commit()
    return user


def mails_to(email: str) -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Mail).where(Mail.recipient == email).order_by(Mail.created_at)))


def link_in(mail: Mail) -> str:
    """Return the path of the one link in a mail; it begins with the server's own address."""
    links = re.findall(r"\S+://\S+", mail.text)
    assert len(links) == 1
    assert links[0].startswith("http://localhost/")
    return links[0].removeprefix("http://localhost")


def log_in(client: FlaskClient, email: str, password: str = GOOD, to: str = "/login") -> TestResponse:
    return client.post(to, data={"email": email, "password": password})


def grow_stale() -> None:
    """Let it be long ago that anybody has shown who they are."""
    db.session.execute(sa.update(SignIn).values(proven_at=now() - timedelta(minutes=11)))
    db.session.commit()


def without_tokens(page: str) -> str:
    """Return a page without what differs from one look to the next."""
    return re.sub(r'(name="csrf_token" value|nonce)="[^"]*"', "", page)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def code_now(user: User, later: int = 0) -> str:
    """Return what a person's app shows, or will show in so many seconds."""
    assert user.totp_secret
    totp = second_factor.OnceTotp()._totp.from_source(user.totp_secret)
    return str(totp.generate(time.time() + later).token)


def turn_second_step_on(user: User) -> list[str]:
    """Set a second step up with the code of a moment ago, so that the present one can be used; return recovery codes."""
    secret = second_factor.new_secret()
    code = second_factor.OnceTotp()._totp.from_source(secret).generate(time.time() - 30).token
    return second_factor.switch_on(user, secret, code)
