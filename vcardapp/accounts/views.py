"""Pages of an account: in, out, up, a forgotten password, and what one may change."""

from __future__ import annotations

import ipaddress
import re

from flask import Blueprint, Response, abort, flash, redirect, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from vcardapp.accounts import forms, security, service
from vcardapp.accounts.limits import account, failed, limiter
from vcardapp.accounts.models import User
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.web import or_404, settings

Answer = str | BaseResponse | tuple[str, int]
bp = Blueprint("accounts", __name__)
HOME = "/cards"
WRONG = 422


@bp.after_request
def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"  # addresses of mailed links stay here
    return response


@bp.errorhandler(429)
def _too_often(error: HTTPException) -> tuple[str, int]:
    return render_template("accounts/too_often.html"), 429


@bp.route("/login", methods=["GET", "POST"])
@limiter.limit("60 per 5 minutes", methods=["POST"])
@limiter.limit("10 per 15 minutes", key_func=account, methods=["POST"], deduct_when=failed)
def login() -> Answer:
    target = safe_target(request.args.get("next", ""))
    if current_user.is_authenticated:
        return redirect(target, 303)
    form = forms.SignInForm()
    if form.validate_on_submit():
        user = service.check_password(form.email.data or "", form.password.data or "")
        if user:
            service.sign_in(user)
            return redirect(target, 303)
        form.form_errors.append(_("E-mail and password do not belong together. Please look at both once more."))
    return _page("login", form)


@bp.post("/logout")
def logout() -> Answer:
    service.sign_out()
    flash(_("You are signed out."), "success")
    response = redirect("/", 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.route("/register", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"])
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
        flash(_("Thank you. You can sign in right away; a mail to confirm your address is on its way."), "success")
        _say_if_no_mail()
        return redirect("/login", 303)
    return _page("register", form)


@bp.route("/reset", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"])
@limiter.limit("5 per hour", key_func=account, methods=["POST"])
def reset() -> Answer:
    form = forms.ResetRequestForm()
    if form.validate_on_submit():
        user = service.find_user(form.email.data or "")
        if user:
            service.request_reset(user)
        flash(_("If there is an account with this address, a mail with a link is on its way to it."), "success")
        _say_if_no_mail()
        return redirect("/login", 303)
    return _page("reset", form)


@bp.route("/reset/<token>", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"])
def reset_by_link(token: str) -> Answer:
    user = security.user_of_reset_token(token)
    if not user:
        return _gone()
    form = forms.ResetForm()
    if form.validate_on_submit():
        try:
            service.reset_password(user, form.password.data or "")
        except service.WeakPassword as weak:
            form.password.errors = [str(weak.reason)]
        else:
            service.sign_in(user)
            flash(_("Your new password is set, and you are signed in."), "success")
            return redirect(HOME, 303)
    return _page("reset_by_link", form, email=user.email)


@bp.post("/confirm")
@sign_in_required
@limiter.limit("10 per hour")
def ask_to_confirm() -> Answer:
    if not current_user.is_confirmed:
        service.request_confirmation(_me())
        flash(_("The mail is on its way once more."), "success")
        _say_if_no_mail()
    return redirect(safe_target(request.form.get("next", "")), 303)


@bp.route("/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> Answer:
    user = security.user_of_confirmation_token(token)
    if not user:
        return _gone()
    form = forms.AccountForm()
    if form.validate_on_submit():
        service.confirm(token)
        flash(_("Thank you. Your e-mail address is confirmed."), "success")
        return redirect(HOME, 303)
    return _page("confirm", form, email=user.email)


@bp.get("/sign-in/<token>")
def sign_in_by_link(token: str) -> Answer:
    """The one page where GET may sign in: only this computer can open it, from the terminal that printed it."""
    if not _is_loopback(request.remote_addr or ""):
        abort(404)
    user = service.use_sign_in_link(token)
    if not user:
        return _gone()
    service.sign_in(user)
    return redirect(HOME, 303)


@bp.get("/account")
@sign_in_required
def show() -> Answer:
    return render_template("accounts/show.html")


@bp.route("/change", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("20 per hour", methods=["POST"])
def change() -> Answer:
    user = _me()
    form = forms.ChangePasswordForm()
    if not user.password:
        del form.present
    if form.validate_on_submit() and _knows_password(form):
        try:
            service.change_password(user, form.password.data or "")
        except service.WeakPassword as weak:
            form.password.errors = [str(weak.reason)]
        else:
            service.sign_in(user)
            flash(_("Your password is changed. Everywhere else you are signed out."), "success")
            return redirect("/account", 303)
    return _page("change", form)


@bp.route("/account/email", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("10 per hour", methods=["POST"])
def new_email() -> Answer:
    form = forms.ChangeEmailForm()
    if not current_user.password:
        del form.present
    if form.validate_on_submit() and _knows_password(form):
        service.request_new_email(_me(), form.email.data or "")
        flash(_("Please open the link that we have sent to the new address. Until then the old one stays."), "success")
        _say_if_no_mail()
        return redirect("/account", 303)
    return _page("new_email", form)


@bp.route("/account/email/<token>", methods=["GET", "POST"])
def new_email_by_link(token: str) -> Answer:
    found = security.user_of_new_email_token(token)
    if not found:
        return _gone()
    form = forms.AccountForm()
    if form.validate_on_submit():
        try:
            service.change_email(token)
        except service.EmailTaken:
            return _gone()
        flash(_("From now on this is your e-mail address."), "success")
        return redirect("/account", 303)
    return _page("confirm", form, email=found[1])


@bp.route("/account/delete", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("20 per hour", methods=["POST"])
def delete() -> Answer:
    form = forms.DeleteAccountForm()
    if not current_user.password:
        del form.present
    if form.validate_on_submit() and _knows_password(form):
        user = _me()
        if service.sign_out_everywhere(user):
            service.delete_account(user)
        flash(_("Your account and your cards are deleted. Thank you for having been here."), "success")
        return redirect("/", 303)
    return _page("delete", form)


def safe_target(target: str) -> str:
    """Return a path on this server to go on to; the person's cards for anything else."""
    return target if re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f-\x9f]*", target) else HOME


def _page(name: str, form: forms.AccountForm, **more: object) -> Answer:
    status = WRONG if request.method == "POST" else 200
    return render_template(f"accounts/{name}.html", form=form, **more), status


def _gone() -> Answer:
    return render_template("accounts/link_gone.html"), 410


def _me() -> User:
    user: User = or_404(current_user._get_current_object())
    return user


def _knows_password(form: forms.AccountForm) -> bool:
    """Check the present password, which people without one need not type."""
    if "present" not in form or service.check_password(current_user.email, form.present.data):
        return True
    form.present.errors = [_("This is not your present password.")]
    return False


def _say_if_no_mail() -> None:
    if not settings().smtp_url:
        flash(_("This server sends no mail yet. Whoever runs it finds the link in the outbox."), "info")


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback
