"""Pages about the machine: jobs, storage, settings, and the trail of what admins did."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from vcardapp.admin import audit, bp, machine
from vcardapp.admin.asked import Answer, asked_page, asked_words
from vcardapp.i18n import N_
from vcardapp.turns import last_turns
from vcardapp.web import or_404, settings

JOBS = {
    "mail": N_("Sending mails"),
    "media": N_("Making pictures"),
    "booking": N_("Reminders and calendars"),
    "sweep": N_("Tidying up"),
}


@bp.get("/jobs")
def jobs() -> Answer:
    shown = {"waiting": machine.waiting_files(), "failed": machine.failed_files()}
    return render_template("admin/jobs.html", turns=last_turns(), names=JOBS, **shown)


@bp.post("/jobs/files/<work_id>/again")
def try_again(work_id: str) -> Answer:
    machine.try_again(or_404(machine.find_waiting_file(work_id)))
    flash(_("The file is tried again at once."), "success")
    return redirect(url_for("admin.jobs"), 303)


@bp.get("/storage")
def storage() -> Answer:
    return render_template("admin/storage.html", room=machine.room(), top=machine.TOP)


@bp.get("/settings")
def settings_in_effect() -> Answer:
    return render_template("admin/settings.html", shown=machine.shown_settings(settings()))


@bp.get("/audit")
def audit_trail() -> Answer:
    sought, page, what = asked_words(), asked_page(), request.args.get("what", "")
    found = audit.entries(what if what in audit.ACTS else "", sought, page)
    return render_template("admin/audit.html", entries=found, acts=audit.ACTS, what=what, sought=sought, page=page)
