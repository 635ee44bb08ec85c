"""Pages of the admin."""

from __future__ import annotations

import uuid

from flask import Response, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from vcardapp import mail
from vcardapp.accounts import service as accounts
from vcardapp.admin import bp, service
from vcardapp.admin.forms import InvitationForm
from vcardapp.web import or_404

Answer = str | BaseResponse | tuple[str, int]
LAST_LINK = "invitation_link"
LAST_PAGE = 10_000


@bp.after_request
def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/", strict_slashes=False)  # a redirect would tell strangers that it is here
def overview() -> Answer:
    return render_template("admin/overview.html", seen=service.look_around())


@bp.get("/outbox")
def outbox() -> Answer:
    return render_template("admin/outbox.html", mails=service.mails(_page()), page=_page(), per_page=service.PAGE)


@bp.get("/outbox/<uuid:mail_id>")
def letter(mail_id: uuid.UUID) -> Answer:
    return render_template("admin/letter.html", mail=or_404(service.find_mail(mail_id)))


@bp.post("/outbox/<uuid:mail_id>/send-again")
def send_again(mail_id: uuid.UUID) -> Answer:
    mail.send_again(or_404(service.find_mail(mail_id)))
    flash(_("The mail goes out again."), "success")
    return redirect(url_for("admin.letter", mail_id=mail_id), 303)


@bp.get("/reports")
def reports() -> Answer:
    return render_template("admin/reports.html", reports=service.reports(_page()), page=_page(), per_page=service.PAGE)


@bp.post("/reports/<uuid:report_id>/settle")
def settle_report(report_id: uuid.UUID) -> Answer:
    if not service.settle_report(report_id):
        abort(404)
    flash(_("The report is settled."), "success")
    return redirect(url_for("admin.reports"), 303)


@bp.route("/invitations", methods=["GET", "POST"])
def invitations() -> Answer:
    form = InvitationForm()
    if form.validate_on_submit():
        try:
            session[LAST_LINK] = accounts.invite(form.email.data or "")
        except accounts.BadEmail:
            form.email.errors = [_("This is not an e-mail address. It looks like name@example.com.")]
        else:
            return redirect(url_for("admin.invitations"), 303)
    shown = {"invitations": service.invitations(_page()), "page": _page(), "per_page": service.PAGE}
    link = session.pop(LAST_LINK, "")
    return render_template("admin/invitations.html", form=form, link=link, **shown), 422 if form.errors else 200


def _page() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
