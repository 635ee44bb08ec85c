"""Pages on which people show once more who they are, before something important."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from vcardapp.accounts import forms, fresh, passkeys, service, throttle
from vcardapp.accounts.limits import limiter
from vcardapp.accounts.pages import Answer, bp, gone, me, page, safe_target, say_mailed
from vcardapp.accounts.second_step_views import knock
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.web import settings


@bp.route("/account/prove", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("60 per hour", methods=["POST"])
def prove() -> Answer:
    target, user = safe_target(request.args.get("next", "")), me()
    if fresh.is_fresh():
        return redirect(target, 303)
    form = forms.ProofForm()
    if form.validate_on_submit():
        tried = knock(user.email)
        if service.check_password(user.email, form.present.data or ""):
            throttle.take_back(tried)
            return go_on(target)
        form.present.errors = [_("This is not your present password.")]
    has_passkeys = passkeys.are_possible(settings()) and bool(passkeys.passkeys_of(user))
    return page("prove", form, target=target, has_passkeys=has_passkeys)


@bp.post("/account/prove/mail")
@sign_in_required
@limiter.limit("5 per hour")
def mail_proof_link() -> Answer:
    fresh.mail_proof_link(me())
    say_mailed(_("A mail with a link is on its way to you. Open it in this browser."))
    return redirect(url_for("accounts.show"), 303)


@bp.route("/account/prove/<token>", methods=["GET", "POST"])
@sign_in_required
def prove_by_link(token: str) -> Answer:
    if not fresh.is_proof(token):
        return gone()
    form = forms.AccountForm()
    if form.validate_on_submit():
        return go_on(url_for("accounts.show"))
    return page("prove_by_link", form)


def go_on(target: str) -> Response:
    """Note the proof and go on to where it was asked for."""
    fresh.prove()
    return redirect(target, 303)
