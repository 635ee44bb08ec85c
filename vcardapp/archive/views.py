"""Pages on which people take their account away, or bring one along."""

from __future__ import annotations

import contextvars
import uuid
from collections.abc import Callable, Iterator
from http import HTTPStatus

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from vcardapp.accounts.fresh import sign_in_fresh_required
from vcardapp.accounts.limits import limiter
from vcardapp.accounts.owner import signed_in
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.archive import service
from vcardapp.archive.refused import ArchiveRefused
from vcardapp.archive.words import counted, of_refused
from vcardapp.archive.words import told as in_words
from vcardapp.db import now
from vcardapp.media import MOST_OF_A_FORM
from vcardapp.web import TypedForm, or_404

Answer = str | Response | tuple[str, int]
WRONG = HTTPStatus.UNPROCESSABLE_ENTITY
bp = Blueprint("archive", __name__)


@bp.after_request
def _keep_private(response: FlaskResponse) -> FlaskResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/account/export", methods=["GET", "POST"])
@sign_in_fresh_required
@limiter.limit("20 per hour", methods=["POST"])
def export() -> Answer:
    user = or_404(signed_in())
    form = TypedForm()
    if not form.validate_on_submit():
        return render_template("archive/export.html", form=form)
    response = FlaskResponse(_apart(service.archive_of, user.id), mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=service.file_name(now()))
    return response


@bp.route("/account/import", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("30 per hour", methods=["POST"])
@limiter.limit("120 per hour", methods=["GET"])
def bring() -> Answer:
    """Take in a file and show what it holds; nothing is made of it before its owner has seen that."""
    user = or_404(signed_in())
    form = TypedForm()
    if form.validate_on_submit():
        file = request.files.get("file")
        if file is None or not file.filename:
            return _page(form, _("Please choose a file."))
        try:
            service.keep(user, file.stream)
        except ArchiveRefused as refused:
            return _page(form, of_refused(refused))
        return redirect(url_for("archive.bring"), HTTPStatus.SEE_OTHER)
    try:
        found = service.look(user)
    except ArchiveRefused as refused:
        service.forget(user)
        return _page(form, of_refused(refused))
    return render_template("archive/import.html", form=form, found=found, wrong="", most=MOST_OF_A_FORM, counted=counted)


@bp.post("/account/import/take")
@sign_in_required
@limiter.limit("30 per hour")
def take() -> Answer:
    """Make what the file holds into cards of this account."""
    user = or_404(signed_in())
    again = request.form.get("again") == "y"
    try:
        told = service.take(user, again=again)
    except ArchiveRefused as refused:
        return _page(TypedForm(), of_refused(refused))
    if told is None:
        return redirect(url_for("archive.bring"), HTTPStatus.SEE_OTHER)
    return render_template("archive/taken.html", told=told, sentences=in_words(told))


@bp.post("/account/import/forget")
@sign_in_required
@limiter.limit("30 per hour")
def forget() -> Answer:
    service.forget(or_404(signed_in()))
    flash(_("The file is removed. Nothing was taken from it."), "success")
    return redirect(url_for("archive.bring"), HTTPStatus.SEE_OTHER)


def _apart(make: Callable[[uuid.UUID], Iterator[bytes]], user_id: uuid.UUID) -> Iterator[bytes]:
    """Yield what is made in a context of its own: servers may ask for the next part from any thread, long after the request."""
    own, app = contextvars.Context(), current_app._get_current_object()  # type: ignore[attr-defined]
    opened = own.run(app.app_context)
    own.run(opened.push)
    parts = own.run(make, user_id)

    def one_by_one() -> Iterator[bytes]:
        try:
            while (part := own.run(next, parts, None)) is not None:
                yield part
        finally:
            own.run(opened.pop)

    return one_by_one()


def _page(form: TypedForm, wrong: str) -> Answer:
    page = render_template(
        "archive/import.html", form=form, found=None, wrong=wrong, most=MOST_OF_A_FORM, counted=counted
    )
    return page, WRONG
