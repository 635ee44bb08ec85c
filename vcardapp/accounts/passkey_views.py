"""Pages of passkeys: sign in with one, show with one who you are, add, remove."""

from __future__ import annotations

import secrets
import time
import uuid

from flask import Response, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_security import current_user

from vcardapp.accounts import forms, passkeys, service
from vcardapp.accounts.fresh import sign_in_fresh_required
from vcardapp.accounts.limits import limiter
from vcardapp.accounts.pages import Answer, bp, me, page, safe_target
from vcardapp.accounts.proof_views import go_on
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.accounts.sign_in_views import ago
from vcardapp.web import or_404, settings

ASKED = "passkey_asked"  # in the session: the question, and when it was asked
ASKED_LASTS = 600  # seconds


@bp.post("/login/passkey/question")
@limiter.limit("60 per 5 minutes")
def passkey_question() -> Answer:
    return _json(passkeys.question(_ask()))


@bp.post("/login/passkey")
@limiter.limit("60 per 5 minutes")
def sign_in_by_passkey() -> Answer:
    target = safe_target(request.args.get("next", ""))
    if current_user.is_authenticated:
        return redirect(target, 303)
    form = forms.PasskeyAnswerForm()
    try:
        user = passkeys.user_of_answer(form.answer.data or "", _asked())
    except passkeys.NotAccepted:
        flash(_("That did not work with this passkey. Please try again, or use your password."), "error")
        return redirect(url_for("accounts.login", next=target), 303)
    service.sign_in(user)
    return redirect(target, 303)


@bp.post("/account/prove/passkey")
@sign_in_required
@limiter.limit("60 per 5 minutes")
def prove_by_passkey() -> Answer:
    target = safe_target(request.args.get("next", ""))
    form = forms.PasskeyAnswerForm()
    try:
        is_me = passkeys.user_of_answer(form.answer.data or "", _asked()).id == me().id
    except passkeys.NotAccepted:
        is_me = False
    if is_me:
        return go_on(target)
    flash(_("That did not work with this passkey. Please try again, or use your password."), "error")
    return redirect(url_for("accounts.prove", next=target), 303)


@bp.post("/account/passkeys/question")
@sign_in_fresh_required
@limiter.limit("60 per hour")
def new_passkey_question() -> Answer:
    return _json(passkeys.question_for_new(me(), _ask()))


@bp.route("/account/passkeys", methods=["GET", "POST"])
@sign_in_fresh_required
@limiter.limit("60 per hour", methods=["POST"])
def list_passkeys() -> Answer:
    form = forms.PasskeyForm()
    if form.validate_on_submit():
        try:
            passkeys.add_passkey(me(), form.name.data or "", form.answer.data or "", _asked())
        except passkeys.NotAccepted:
            form.form_errors.append(_("No passkey was made. Please try again, or in another browser."))
        except passkeys.TooMany:
            form.form_errors.append(_("These are as many passkeys as one account may have. Please remove one first."))
        else:
            flash(_("Your passkey is ready: next time it signs you in."), "success")
            return redirect(url_for("accounts.list_passkeys"), 303)
    return page(
        "passkeys", form, passkeys=passkeys.passkeys_of(me()), are_possible=passkeys.are_possible(settings()), ago=ago
    )


@bp.post("/account/passkeys/<uuid:passkey_id>/remove")
@sign_in_fresh_required
def remove_passkey(passkey_id: uuid.UUID) -> Answer:
    passkeys.remove_passkey(me(), or_404(passkeys.find_passkey(me(), passkey_id)))
    flash(_("That passkey is removed. You may delete it on your device as well."), "success")
    return redirect(url_for("accounts.list_passkeys"), 303)


def _ask() -> bytes:
    challenge = secrets.token_bytes(32)
    session[ASKED] = [challenge.hex(), int(time.time())]
    return challenge


def _asked() -> bytes:
    """Return the question that this browser was asked of late, which counts once; raise NotAccepted where there is none."""
    challenge, moment = session.pop(ASKED, None) or ("", 0)
    if moment < time.time() - ASKED_LASTS:
        raise passkeys.NotAccepted
    return bytes.fromhex(challenge)


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")
