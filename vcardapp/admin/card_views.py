"""Pages about cards and what visitors reported about them."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from vcardapp.accounts.fresh import is_fresh
from vcardapp.admin import audit, bp, cards
from vcardapp.admin.asked import Answer, asked_page, asked_words, proof_required, status_of
from vcardapp.admin.forms import ReasonForm, SettleForm
from vcardapp.cards.models import Card, Report
from vcardapp.public.card_views import page_of
from vcardapp.web import or_404


@bp.get("/cards")
def list_cards() -> Answer:
    sought, page, state = asked_words(), asked_page(), request.args.get("state", "")
    found = cards.find_cards(sought, state, page)
    return render_template("admin/cards.html", cards=found, sought=sought, state=state, page=page)


@bp.get("/cards/<uuid:shown_id>")
def card(shown_id: uuid.UUID) -> Answer:
    return _page(_find(shown_id), ReasonForm())


@bp.get("/cards/<uuid:shown_id>/look")
def look_at_card(shown_id: uuid.UUID) -> Answer:
    """Show a card as visitors see it, or saw it until it was paused or taken down."""
    shown = _find(shown_id)
    or_404(shown.live)
    return page_of(shown)


@bp.post("/cards/<uuid:shown_id>/take-down")
@proof_required(card)
def take_down(shown_id: uuid.UUID) -> Answer:
    found, form = _find(shown_id), ReasonForm()
    if not form.validate_on_submit():
        return _page(found, form)
    if cards.take_down(found, form.reason.data or ""):
        flash(_("The card is taken down, and its owner is told."), "success")
    else:
        flash(_("The card was taken down before, for the reason below. Its owner was not told again."), "info")
    return redirect(url_for("admin.card", shown_id=shown_id), 303)


@bp.post("/cards/<uuid:shown_id>/restore")
def restore(shown_id: uuid.UUID) -> Answer:
    if cards.restore(_find(shown_id)):
        flash(_("The card is restored, and its owner is told."), "success")
    else:
        flash(_("The card was restored before. Its owner was not told again."), "info")
    return redirect(url_for("admin.card", shown_id=shown_id), 303)


@bp.get("/reports")
def reports() -> Answer:
    found, page = cards.reports(asked_page()), asked_page()
    answers = cards.answers_to([report for report, _card in found])
    return render_template("admin/reports.html", reports=found, answers=answers, page=page)


@bp.get("/reports/<uuid:report_id>")
def report(report_id: uuid.UUID) -> Answer:
    return _report_page(*_find_report(report_id), SettleForm(prefix="settle"), ReasonForm(prefix="down"))


@bp.post("/reports/<uuid:report_id>/settle")
def settle_report(report_id: uuid.UUID) -> Answer:
    found, about = _find_report(report_id)
    form = SettleForm(prefix="settle")
    if not form.validate_on_submit():
        return _report_page(found, about, form, ReasonForm(prefix="down"))
    cards.settle_report(found, about, form.note.data or "")
    flash(_("The report is settled."), "success")
    return redirect(url_for("admin.reports"), 303)


@bp.post("/reports/<uuid:report_id>/take-down")
@proof_required(report)
def take_down_reported(report_id: uuid.UUID) -> Answer:
    found, about = _find_report(report_id)
    form = ReasonForm(prefix="down")
    if not form.validate_on_submit():
        return _report_page(found, about, SettleForm(prefix="settle"), form)
    if cards.take_down(about, form.reason.data or "", found):
        flash(_("The card is taken down, and its owner is told."), "success")
    else:
        flash(_("The card was taken down before. This report is settled, and the owner was not told again."), "info")
    return redirect(url_for("admin.report", report_id=report_id), 303)


def _page(found: Card, form: ReasonForm) -> Answer:
    trail = {"entries": audit.entries_about(found), "acts": audit.ACTS, "is_fresh": is_fresh()}
    return render_template("admin/card.html", card=found, seen=cards.look_at(found), form=form, **trail), status_of(form)


def _report_page(found: Report, about: Card, settle: SettleForm, down: ReasonForm) -> Answer:
    shown = {"report": found, "card": about, "seen": cards.look_at(about), "entries": audit.entries_about(found)}
    html = render_template("admin/report.html", settle=settle, down=down, acts=audit.ACTS, is_fresh=is_fresh(), **shown)
    return html, status_of(settle, down)


def _find(shown_id: uuid.UUID) -> Card:
    return or_404(cards.find_card(shown_id))


def _find_report(report_id: uuid.UUID) -> tuple[Report, Card]:
    return or_404(cards.find_report(report_id))
