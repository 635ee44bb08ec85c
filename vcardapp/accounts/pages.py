"""What all pages of accounts share."""

from __future__ import annotations

import re

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from vcardapp.accounts import forms
from vcardapp.accounts.models import User
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


def safe_target(target: str) -> str:
    """Return a path on this server to go on to; the person's cards for anything else."""
    return target if re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f-\x9f]*", target) else HOME


def page(name: str, form: forms.AccountForm, **more: object) -> Answer:
    """Draw the page of a form, with 422 where it was sent and is not right."""
    status = WRONG if request.method == "POST" else 200
    return render_template(f"accounts/{name}.html", form=form, **more), status


def gone() -> Answer:
    """Say that a link does not lead anywhere any more."""
    return render_template("accounts/link_gone.html"), 410


def me() -> User:
    """Return the person who is signed in."""
    user: User = or_404(current_user._get_current_object())
    return user


def say_mailed(said: str, unsent: str = "") -> None:
    """Say that a mail is on its way or, on a server that sends none, where its link is."""
    if settings().smtp_url:
        flash(said, "success")
    else:
        flash(unsent or _("This server sends no mail yet. Whoever runs it finds the link in the outbox."), "info")
