"""Step-up: before something important people show once more who they are, unless they just did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import redirect, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from vcardapp.accounts import letters
from vcardapp.accounts.models import SignIn, User
from vcardapp.accounts.post import write
from vcardapp.accounts.sessions import find_present, renew, sign_in_required
from vcardapp.db import db, now
from vcardapp.web import absolute, settings

LASTS = timedelta(minutes=10)
P = ParamSpec("P")
R = TypeVar("R")


def sign_in_fresh_required(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Send strangers to /login, and those who have not shown of late who they are to /account/prove; both come back."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        return view(*args, **kwargs) if is_fresh() else ask_for_proof(_wished())

    return sign_in_required(guarded)


def ask_for_proof(target: str) -> Response:
    """Send somebody to /account/prove, and from there to `target`."""
    return redirect(url_for("accounts.prove", next=target), 303)


def is_fresh() -> bool:
    """True if this browser's person has shown who they are within LASTS."""
    present = find_present()
    return bool(present and present.proven_at and present.proven_at > now() - LASTS)


def prove() -> None:
    """Note that this browser's person has just shown who they are."""
    present = find_present()
    if present:
        renew(present)


def mail_proof_link(user: User) -> None:
    """Mail a link that proves, in the browser that asked for it and once, that its reader is the account's owner."""
    present = find_present()
    if present:
        write(user, letters.show_that_it_is_you, absolute("/account/prove/" + str(_signer().dumps(_told(present)))))
    db.session.commit()


def is_proof(token: str) -> bool:
    """True for the token of a link that was mailed for this browser and has proven nothing yet."""
    present = find_present()
    if present is None:
        return False
    try:
        return bool(_signer().loads(token, max_age=int(LASTS.total_seconds())) == _told(present))
    except BadSignature:
        return False


def _told(present: SignIn) -> list[str]:
    return [present.id.hex, str(present.proven_at)]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().signing_keys, salt="prove")


def _wished() -> str:
    rule = request.url_rule
    can_come_back = request.method == "GET" or (rule and "GET" in (rule.methods or ()))
    return request.full_path.rstrip("?") if can_come_back else url_for("accounts.show")
