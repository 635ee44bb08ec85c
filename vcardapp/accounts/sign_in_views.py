"""The page of all browsers in which one is signed in."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from vcardapp.accounts import sessions
from vcardapp.accounts.fresh import ask_for_proof, is_fresh
from vcardapp.accounts.models import SignIn
from vcardapp.accounts.pages import Answer, bp, me
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.db import now
from vcardapp.web import or_404


@bp.get("/account/sign-ins")
@sign_in_required
def sign_ins() -> Answer:
    present = or_404(sessions.find_present())
    found = sessions.sign_ins_of(me())
    return render_template(
        "accounts/sign_ins.html",
        sign_ins=sorted(found, key=lambda one: one.id != present.id),
        present=present,
        name_of=lambda one: sessions.browser_text(one.browser),
        seen=_seen,
        begun=lambda one: ago(one.begun_at),
    )


@bp.post("/account/sign-ins/<uuid:sign_in_id>/end")
@sign_in_required
def end_sign_in(sign_in_id: uuid.UUID) -> Answer:
    ended = or_404(sessions.find_sign_in(me(), sign_in_id))
    if not is_fresh():
        return _proof_first()
    sessions.end_one(ended)
    flash(_("That browser is signed out."), "success")
    return _back()


@bp.post("/account/sign-ins/end-others")
@sign_in_required
def end_other_sign_ins() -> Answer:
    if not is_fresh():
        return _proof_first()
    ended = sessions.end_others(me())
    flash(ngettext("%(num)d other browser is signed out.", "%(num)d other browsers are signed out.", ended), "success")
    return _back()


def ago(moment: datetime) -> str:
    """Return how long ago something was, such as "3 hours ago"."""
    return str(format_timedelta(moment - now(), granularity="minute", add_direction=True))


def _seen(one: SignIn) -> str:
    moment = one.seen_at or one.begun_at
    return _("within the last hour") if now() - moment < sessions.NOTED_EVERY else ago(moment)


def _proof_first() -> Response:
    flash(_("Nothing was done yet. Show that it is you, then do it once more."), "info")
    return ask_for_proof(url_for("accounts.sign_ins"))


def _back() -> Response:
    return redirect(url_for("accounts.sign_ins"), 303)
