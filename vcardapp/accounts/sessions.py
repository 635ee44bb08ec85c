"""Who is signed in where: a row for each browser, so that signing out ends every copy of its cookie."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import sqlalchemy as sa
from flask import Flask, g, redirect, request, session, url_for
from flask_security import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from vcardapp.accounts.models import SignIn, User
from vcardapp.accounts.owner import GUEST_KEY
from vcardapp.db import db, now

SIGN_IN = "sign_in"
LASTS = timedelta(days=30)
P = ParamSpec("P")
R = TypeVar("R")


def init_app(app: Flask) -> None:
    manager = app.extensions["security"].login_manager
    manager.user_loader(_find_signed_in)
    manager.unauthorized_handler(_ask_to_sign_in)


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
    begun = SignIn(user_id=user.id)
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


def sweep() -> None:
    """Remove the rows of sign-ins that are long over."""
    db.session.execute(sa.delete(SignIn).where(SignIn.begun_at < now() - 2 * LASTS))
    db.session.commit()


def _find_signed_in(uniquifier: str) -> User | None:
    query = (
        sa.select(User)
        .join(SignIn, SignIn.user_id == User.id)
        .where(
            SignIn.id == _present(),
            SignIn.ended_at.is_(None),
            SignIn.begun_at > now() - LASTS,
            User.fs_uniquifier == uniquifier,
            User.active,
        )
    )
    return db.session.scalar(query)


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
