"""Wrong passwords and codes are counted in the database: restarts and further servers forget none of them.

What is kept is a hash of the account and one of the visitor's address, by a key of that day (UTC), for a day at most; at
midnight counts begin anew. Right ones do not count.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import sqlalchemy as sa

from vcardapp.accounts.limits import hashed
from vcardapp.accounts.models import SignInFailure
from vcardapp.accounts.security import name_of_account
from vcardapp.db import db, now
from vcardapp.web import settings

KEPT = timedelta(hours=23)  # sweeps come every hour
ACCOUNT_LIMIT = 10, timedelta(minutes=15)
VISITOR_LIMIT = 60, timedelta(hours=1)


class TooOften(Exception):
    """Too many wrong passwords or codes for this account, or from this visitor; or as many are being looked at."""


def knock(account: str, visitor: str) -> uuid.UUID | None:
    """Count a try before it is looked at, so that tries at one moment count as well; raise TooOften. See take_back."""
    if not settings().rate_limits:
        return None
    tried = SignInFailure(account_hash=hashed("account", name_of_account(account)), visitor_hash=hashed("visitor", visitor))
    db.session.add(tried)
    db.session.commit()
    of_account = _count(SignInFailure.account_hash == tried.account_hash, ACCOUNT_LIMIT[1])
    of_visitor = _count(SignInFailure.visitor_hash == tried.visitor_hash, VISITOR_LIMIT[1])
    if of_account > ACCOUNT_LIMIT[0] or of_visitor > VISITOR_LIMIT[0]:
        take_back(tried.id)  # what is not looked at lengthens no pause
        raise TooOften
    return tried.id


def take_back(tried: uuid.UUID | None) -> None:
    """Forget a try, which was right."""
    if tried:
        db.session.execute(sa.delete(SignInFailure).where(SignInFailure.id == tried))
        db.session.commit()


def sweep() -> None:
    """Remove what is nearly a day old."""
    of_a_wrong_clock = SignInFailure.happened_at > now() + KEPT
    db.session.execute(sa.delete(SignInFailure).where(sa.or_(SignInFailure.happened_at < now() - KEPT, of_a_wrong_clock)))
    db.session.commit()


def _count(which: sa.ColumnElement[bool], within: timedelta) -> int:
    moment = now()  # what a clock that was ahead wrote down keeps nobody out until it is that late
    lately = SignInFailure.happened_at.between(moment - within, moment + within)
    query = sa.select(sa.func.count()).where(which, lately)
    return db.session.scalar(query) or 0
