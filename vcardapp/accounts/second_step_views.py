"""Pages of the second step: asked for after the password, set up, renewed and switched off in the account."""

from __future__ import annotations

import time
import uuid

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response

from vcardapp.accounts import forms, second_factor, security, service, throttle
from vcardapp.accounts.fresh import sign_in_fresh_required
from vcardapp.accounts.limits import limiter, visitor
from vcardapp.accounts.models import User
from vcardapp.accounts.owner import GUEST_KEY
from vcardapp.accounts.pages import Answer, bp, me, page, safe_target

HALF = "half"  # in the session: whose password was right, and when
HALF_LASTS = 600  # seconds
NEW_SECRET = "new_secret"  # noqa: S105 - a name in the session: what an app was shown and has not confirmed yet


def knock(account: str) -> uuid.UUID | None:
    """Count a try; answer 429 where there were too many."""
    try:
        return throttle.knock(account, visitor())
    except throttle.TooOften:
        abort(429)


def let_in(user: User, target: str) -> Response:
    """Sign in whoever knows the password, or send them to the second step if they want one."""
    if not user.has_second_factor:
        service.sign_in(user)
        return redirect(target, 303)
    guest_key = session.get(GUEST_KEY)
    service.sign_out()
    if guest_key:
        session[GUEST_KEY] = guest_key
    session[HALF] = [user.fs_uniquifier, int(time.time())]
    return redirect(url_for("accounts.second_step", next=target), 303)


@bp.route("/login/code", methods=["GET", "POST"])
@limiter.limit("60 per 5 minutes", methods=["POST"])
def second_step() -> Answer:
    target = safe_target(request.args.get("next", ""))
    if current_user.is_authenticated:
        return redirect(target, 303)
    user = _half_signed_in()
    if not user:
        return redirect(url_for("accounts.login", next=target), 303)
    form = forms.CodeForm()
    if form.validate_on_submit():
        tried = knock(f"code {user.id}")
        if second_factor.takes_code(user, form.code.data or ""):
            throttle.take_back(tried)
            service.sign_in(user)
            return redirect(target, 303)
        form.code.errors = [_("This code is not right, or was used already. Please wait for the next one.")]
    return page("second_step", form)


@bp.get("/account/second-step")
@sign_in_fresh_required
def second_factor_page() -> Answer:
    return render_template("accounts/second_factor.html", codes_left=second_factor.codes_left(me()))


@bp.route("/account/second-step/set-up", methods=["GET", "POST"])
@sign_in_fresh_required
@limiter.limit("60 per hour", methods=["POST"])
def set_up_second_factor() -> Answer:
    user = me()
    if user.has_second_factor:
        return redirect(url_for("accounts.second_factor_page"), 303)
    secret = session.setdefault(NEW_SECRET, second_factor.new_secret())
    form = forms.CodeForm()
    if form.validate_on_submit():
        tried = knock(f"code {user.id}")
        try:
            codes = second_factor.switch_on(user, secret, form.code.data or "")
        except second_factor.WrongCode:
            form.code.errors = [_("This code is not right. Please type the one that your app shows now.")]
        else:
            throttle.take_back(tried)
            session.pop(NEW_SECRET)
            return render_template("accounts/recovery_codes.html", codes=codes, is_new=True)
    return page("set_up_second_factor", form, shown=second_factor.shown(user, secret))


@bp.post("/account/second-step/codes")
@sign_in_fresh_required
@limiter.limit("20 per hour")
def renew_recovery_codes() -> Answer:
    user = me()
    if not user.has_second_factor:
        return redirect(url_for("accounts.second_factor_page"), 303)
    return render_template("accounts/recovery_codes.html", codes=second_factor.renew_codes(user), is_new=False)


@bp.post("/account/second-step/off")
@sign_in_fresh_required
def switch_second_factor_off() -> Answer:
    second_factor.switch_off(me())
    flash(_("From now on your password alone signs you in."), "success")
    return redirect(url_for("accounts.show"), 303)


def _half_signed_in() -> User | None:
    uniquifier, moment = session.get(HALF) or ("", 0)
    if moment < time.time() - HALF_LASTS:
        return None
    user = security.user_of_uniquifier(uniquifier)
    return user if user and user.has_second_factor else None
