"""Pages of the admin: the overview, the outbox, invitations."""

from __future__ import annotations

import uuid

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from vcardapp.accounts import service as accounts
from vcardapp.admin import bp, service
from vcardapp.admin.asked import Answer, asked_page, status_of
from vcardapp.admin.forms import InvitationForm
from vcardapp.web import or_404

LAST_LINK = "invitation_link"


@bp.after_request
def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/", strict_slashes=False)  # a redirect would tell strangers that it is here
def overview() -> Answer:
    return render_template("admin/overview.html", seen=service.look_around())


@bp.get("/outbox")
def outbox() -> Answer:
    state, page = request.args.get("state", ""), asked_page()
    return render_template("admin/outbox.html", mails=service.mails(state, page), state=state, page=page)


@bp.get("/outbox/<uuid:mail_id>")
def letter(mail_id: uuid.UUID) -> Answer:
    mail = or_404(service.find_mail(mail_id))
    return render_template("admin/letter.html", mail=mail, text=service.shown_text(mail))


@bp.post("/outbox/<uuid:mail_id>/send-again")
def send_again(mail_id: uuid.UUID) -> Answer:
    service.send_again(or_404(service.find_mail(mail_id)))
    flash(_("The mail goes out again."), "success")
    return redirect(url_for("admin.letter", mail_id=mail_id), 303)


@bp.route("/invitations", methods=["GET", "POST"])
def invitations() -> Answer:
    form = InvitationForm()
    if form.validate_on_submit():
        try:
            session[LAST_LINK] = service.invite(form.email.data or "")
        except accounts.BadEmail:
            form.email.errors = [_("This is not an e-mail address. It looks like name@example.com.")]
        else:
            return redirect(url_for("admin.invitations"), 303)
    page = asked_page()
    link, found = session.pop(LAST_LINK, ""), service.invitations(page)
    return render_template("admin/invitations.html", form=form, link=link, invitations=found, page=page), status_of(form)
