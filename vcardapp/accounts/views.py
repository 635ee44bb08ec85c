"""Pages of an account: in, out, up, a forgotten password, and what one may change."""

from __future__ import annotations

import ipaddress

from flask import abort, flash, redirect, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user

from vcardapp.accounts import forms, passkeys, security, service, sessions, throttle
from vcardapp.accounts.fresh import sign_in_fresh_required
from vcardapp.accounts.limits import account, failed, limiter, mailed
from vcardapp.accounts.pages import HOME, Answer, bp, gone, me, page, safe_target, say_mailed
from vcardapp.accounts.second_step_views import knock, let_in
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.web import settings


@bp.route("/login", methods=["GET", "POST"])
@limiter.limit("60 per 5 minutes", methods=["POST"])
@limiter.limit("10 per 15 minutes", key_func=account, methods=["POST"], deduct_when=failed)
def login() -> Answer:
    target = safe_target(request.args.get("next", ""))
    if current_user.is_authenticated:
        return redirect(target, 303)
    form = forms.SignInForm()
    if form.validate_on_submit():
        tried = knock(form.email.data or "")
        user = service.check_password(form.email.data or "", form.password.data or "")
        if user:
            throttle.take_back(tried)
            return let_in(user, target)
        form.form_errors.append(_("E-mail and password do not belong together. Please look at both once more."))
    return page("login", form, target=target, passkeys_are_possible=passkeys.are_possible(settings()))


@bp.post("/logout")
def logout() -> Answer:
    service.sign_out()
    flash(_("You are signed out."), "success")
    response = redirect("/", 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.route("/register", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"])
@limiter.limit("5 per hour", key_func=account, methods=["POST"], deduct_when=mailed)
def register() -> Answer:
    invitation = request.args.get("invitation", "")
    if current_user.is_authenticated:
        return redirect(HOME, 303)
    if not service.may_sign_up(invitation):
        return render_template("accounts/closed.html"), 403
    form = forms.SignUpForm()
    if form.validate_on_submit():
        try:
            service.sign_up(form.email.data or "", form.password.data or "", invitation, str(get_locale() or ""))
        except service.EmailTaken:
            service.tell_of_account(form.email.data or "")
        except service.SignUpClosed:
            return render_template("accounts/closed.html"), 403
        say_mailed(
            _("Thank you. You can sign in right away; a mail to confirm your address is on its way."),
            _("Thank you. You can sign in right away. This server sends no mail yet, so your address is not confirmed."),
        )
        return redirect("/login", 303)
    return page("register", form)


@bp.route("/reset", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"])
@limiter.limit("5 per hour", key_func=account, methods=["POST"])
def reset() -> Answer:
    form = forms.ResetRequestForm()
    if form.validate_on_submit():
        user = service.find_user(form.email.data or "")
        if user:
            service.request_reset(user)
        say_mailed(_("If there is an account with this address, a mail with a link is on its way to it."))
        return redirect("/login", 303)
    return page("reset", form)


@bp.route("/reset/<token>", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"])
def reset_by_link(token: str) -> Answer:
    user = security.user_of_reset_token(token)
    if not user:
        return gone()
    form = forms.ResetForm()
    if form.validate_on_submit():
        try:
            service.reset_password(user, form.password.data or "")
        except service.WeakPassword as weak:
            form.password.errors = [str(weak.reason)]
        else:
            answer = let_in(user, HOME)
            flash(_("Your new password is set."), "success")
            return answer
    return page("reset_by_link", form, email=user.email)


@bp.post("/confirm")
@sign_in_required
@limiter.limit("10 per hour")
def ask_to_confirm() -> Answer:
    if not current_user.is_confirmed:
        service.request_confirmation(me())
        say_mailed(_("The mail is on its way once more."))
    return redirect(safe_target(request.form.get("next", "")), 303)


@bp.route("/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> Answer:
    user = security.user_of_confirmation_token(token)
    if not user:
        return gone()
    form = forms.AccountForm()
    if form.validate_on_submit():
        service.confirm(token)
        flash(_("Thank you. Your e-mail address is confirmed."), "success")
        return redirect(HOME, 303)
    return page("confirm", form, email=user.email)


@bp.get("/sign-in/<token>")
def sign_in_by_link(token: str) -> Answer:
    """The one page where GET may sign in: only this computer can open it, from the terminal that printed it."""
    if not _is_loopback(request.remote_addr or ""):
        abort(404)
    user = service.use_sign_in_link(token)
    if not user:
        return gone()
    service.sign_in(user)
    return redirect(HOME, 303)


@bp.get("/account")
@sign_in_required
def show() -> Answer:
    person = me()
    return render_template(
        "accounts/show.html",
        passkeys=passkeys.passkeys_of(person),
        sign_ins=sessions.sign_ins_of(person),
    )


@bp.route("/change", methods=["GET", "POST"])
@sign_in_fresh_required
@limiter.limit("20 per hour", methods=["POST"])
def change() -> Answer:
    user = me()
    form = forms.ChangePasswordForm()
    if form.validate_on_submit():
        try:
            service.change_password(user, form.password.data or "")
        except service.WeakPassword as weak:
            form.password.errors = [str(weak.reason)]
        else:
            service.sign_in(user)
            flash(_("Your password is changed. Everywhere else you are signed out."), "success")
            return redirect("/account", 303)
    return page("change", form)


@bp.route("/account/email", methods=["GET", "POST"])
@sign_in_fresh_required
@limiter.limit("10 per hour", methods=["POST"])
@limiter.limit("5 per hour", key_func=account, methods=["POST"], deduct_when=mailed)
def new_email() -> Answer:
    form = forms.ChangeEmailForm()
    if form.validate_on_submit():
        service.request_new_email(me(), form.email.data or "")
        say_mailed(_("Please open the link that we have sent to the new address. Until then the old one stays."))
        return redirect("/account", 303)
    return page("new_email", form)


@bp.route("/account/email/<token>", methods=["GET", "POST"])
def new_email_by_link(token: str) -> Answer:
    found = security.user_of_new_email_token(token)
    if not found:
        return gone()
    form = forms.AccountForm()
    if form.validate_on_submit():
        try:
            service.change_email(token)
        except service.EmailTaken:
            return gone()
        flash(_("From now on this is your e-mail address."), "success")
        return redirect("/account", 303)
    return page("confirm", form, email=found[1])


@bp.route("/account/delete", methods=["GET", "POST"])
@sign_in_fresh_required
@limiter.limit("20 per hour", methods=["POST"])
def delete() -> Answer:
    form = forms.AccountForm()
    if form.validate_on_submit():
        user = me()
        if service.sign_out_everywhere(user):
            service.delete_account(user)
        flash(_("Your account and your cards are deleted. Thank you for having been here."), "success")
        return redirect("/", 303)
    return page("delete", form)


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback
