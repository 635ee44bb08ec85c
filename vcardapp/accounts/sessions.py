"""Who is signed in where: a row for each browser, so that signing out ends every copy of its cookie."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import sqlalchemy as sa
from flask import Flask, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_security import current_user, login_user, logout_user
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from vcardapp.accounts import letters
from vcardapp.accounts.browsers import name_of, parts_of
from vcardapp.accounts.models import SignIn, User
from vcardapp.accounts.owner import GUEST_KEY
from vcardapp.accounts.post import write
from vcardapp.db import db, now
from vcardapp.web import absolute

SIGN_IN = "sign_in"
LASTS = timedelta(days=30)
IDLE_LASTS = timedelta(days=14)
NOTED_EVERY = timedelta(hours=1)  # when a browser was last seen
P = ParamSpec("P")
R = TypeVar("R")


def init_app(app: Flask) -> None:
    manager = app.extensions["security"].login_manager
    manager.user_loader(_find_signed_in)
    manager.unauthorized_handler(_ask_to_sign_in)
    app.after_request(_note_seen)


def sign_in_required(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Send strangers to /login, from where they come back."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        return view(*args, **kwargs) if current_user.is_authenticated else _ask_to_sign_in()

    return guarded


def sign_in(user: User) -> None:
    """Sign a person in, in this browser; whoever listens to user_authenticated still sees the browser's guest key."""
    _end_present()
    guest_key = session.get(GUEST_KEY)
    _forget()
    if guest_key:
        session[GUEST_KEY] = guest_key
    begun = SignIn(user_id=user.id, proven_at=now(), browser=name_of(request.user_agent.string))
    if _is_new_kind(begun):
        write(user, letters.you_signed_in_elsewhere, browser_text(begun.browser), absolute("/account/sign-ins"))
    db.session.add(begun)
    db.session.commit()
    session[SIGN_IN] = begun.id.hex
    session.permanent = True
    login_user(user, remember=False)


def sign_out() -> None:
    """Sign out in this browser, and wherever its cookie was copied to."""
    _end_present()
    logout_user()
    _forget()


def sign_out_everywhere(user: User) -> bool:
    """End every sign-in of the person who asks; False if there was none: of two clicks at once only one gets True."""
    ended = end_all(user)
    db.session.commit()  # first: where it cannot be kept, nobody is signed out
    logout_user()
    _forget()
    return ended > 0


def end_all(user: User) -> int:
    """End every sign-in of a person and return how many there were; the caller commits."""
    end = sa.update(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None)).values(ended_at=now())
    return cast("sa.CursorResult[Any]", db.session.execute(end)).rowcount


def sign_ins_of(user: User) -> list[SignIn]:
    """Return where a person is signed in, the browser last seen first."""
    query = sa.select(SignIn).where(SignIn.user_id == user.id, *_is_valid())
    return list(db.session.scalars(query.order_by(_last_seen().desc())))


def find_present() -> SignIn | None:
    """Find the sign-in of this browser."""
    return db.session.scalar(sa.select(SignIn).where(SignIn.id == _present(), *_is_valid()))


def find_sign_in(user: User, sign_in_id: uuid.UUID) -> SignIn | None:
    """Find a sign-in of this person that has not ended."""
    return db.session.scalar(sa.select(SignIn).where(SignIn.id == sign_in_id, SignIn.user_id == user.id, *_is_valid()))


def end_one(ended: SignIn) -> None:
    """End a sign-in, wherever its browser is."""
    ended.ended_at = now()
    db.session.commit()


def end_others(user: User) -> int:
    """End every sign-in of a person but this browser's, and return how many there were."""
    others = sa.update(SignIn).where(SignIn.user_id == user.id, SignIn.id != _present(), SignIn.ended_at.is_(None))
    ended = cast("sa.CursorResult[Any]", db.session.execute(others.values(ended_at=now()))).rowcount
    db.session.commit()
    return ended


def renew(present: SignIn) -> None:
    """Note that this browser's person has just shown who they are; a copy of the cookie of before is worth nothing."""
    present.id, present.proven_at = uuid.uuid4(), now()
    db.session.commit()
    session[SIGN_IN] = present.id.hex


def browser_text(name: str) -> str:
    """Return the name of a browser in the reader's language."""
    browser, system = parts_of(name)
    if not system:
        return browser or _("Another browser")
    return str(_("%(browser)s on %(system)s", browser=browser or _("Another browser"), system=system))


def sweep() -> None:
    """Remove the rows of sign-ins that are long over."""
    db.session.execute(sa.delete(SignIn).where(SignIn.begun_at < now() - 2 * LASTS))
    db.session.commit()


def _find_signed_in(uniquifier: str) -> User | None:
    query = (
        sa.select(User, _last_seen())
        .join(SignIn, SignIn.user_id == User.id)
        .where(
            SignIn.id == _present(),
            *_is_valid(),
            User.fs_uniquifier == uniquifier,
            User.active,
        )
    )
    found = db.session.execute(query).first()
    g.last_seen = found[1] if found else None
    return found[0] if found else None


def _is_valid() -> tuple[sa.ColumnElement[bool], ...]:
    moment = now()
    return SignIn.ended_at.is_(None), SignIn.begun_at > moment - LASTS, _last_seen() > moment - IDLE_LASTS


def _last_seen() -> sa.ColumnElement[datetime]:
    return sa.func.coalesce(SignIn.seen_at, SignIn.begun_at)


def _is_new_kind(begun: SignIn) -> bool:
    """True where the person has signed in before, but with no browser of this name."""
    names = set(db.session.scalars(sa.select(SignIn.browser).where(SignIn.user_id == begun.user_id)))
    return bool(names) and not names & {"", begun.browser}


def _note_seen(response: Response) -> Response:
    """Note that a browser is still used, on a connection of its own and where the request has changed nothing itself."""
    moment, last_seen = now(), g.pop("last_seen", None)
    if request.method == "GET" and last_seen and last_seen < moment - NOTED_EVERY:
        due = SignIn.id == _present(), _last_seen() < moment - NOTED_EVERY
        with suppress(OperationalError), db.engine.begin() as connection:  # else it is noted at the next page
            connection.execute(sa.update(SignIn).where(*due).values(seen_at=moment))
    return response


def _present() -> uuid.UUID | None:
    kept = session.get(SIGN_IN)
    return uuid.UUID(kept) if kept else None


def _end_present() -> None:
    if _present() is None:
        return
    db.session.execute(sa.update(SignIn).where(SignIn.id == _present()).values(ended_at=now()))
    db.session.commit()


def _forget() -> None:
    session.clear()
    g.pop("csrf_token", None)  # Flask-WTF keeps a copy for the rest of the request


def _ask_to_sign_in() -> Response:
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.login", next=target), 303)
