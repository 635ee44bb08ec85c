"""Pages about the people who have an account."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from vcardapp.accounts.fresh import is_fresh
from vcardapp.accounts.models import User
from vcardapp.accounts.owner import signed_in
from vcardapp.admin import audit, bp, people
from vcardapp.admin.asked import Answer, asked_page, asked_words, proof_required, status_of
from vcardapp.admin.cards import cards_down_with
from vcardapp.admin.forms import DeleteForm, LetInForm, ReasonForm, SuspendForm
from vcardapp.web import or_404

Do = Callable[[User, Any], None]


@bp.get("/people")
def list_people() -> Answer:
    sought, page = asked_words(), asked_page()
    return render_template("admin/people.html", people=people.people(sought, page), sought=sought, page=page)


@bp.get("/people/<uuid:person_id>")
def person(person_id: uuid.UUID) -> Answer:
    return _page(_find(person_id), _forms())


@bp.post("/people/<uuid:person_id>/suspend")
@proof_required(person)
def suspend(person_id: uuid.UUID) -> Answer:
    def do(user: User, form: SuspendForm) -> None:
        people.suspend(user, form.reason.data or "", with_cards=form.cards.data == "down")

    return _act(person_id, "suspend", do, _("The account is suspended, and its person is told."))


@bp.post("/people/<uuid:person_id>/let-in")
def let_in(person_id: uuid.UUID) -> Answer:
    user, forms = _find(person_id), _forms()
    form = forms["let-in"]
    if cards_down_with(user) and not form.validate_on_submit():
        return _page(user, forms)
    people.let_in_again(user, with_cards=form.cards.data == "restore")
    return _back(person_id, _("The account is open again, and its person is told."))


@bp.post("/people/<uuid:person_id>/end-sign-ins")
@proof_required(person)
def end_sign_ins(person_id: uuid.UUID) -> Answer:
    def do(user: User, form: ReasonForm) -> None:
        people.end_sign_ins(user, form.reason.data or "")

    return _act(person_id, "sign-out", do, _("They are signed out everywhere, and told."))


@bp.post("/people/<uuid:person_id>/reset-link")
def send_reset_link(person_id: uuid.UUID) -> Answer:
    people.send_reset_link(_find(person_id))
    return _back(person_id, _("The link to set a password is in the mail."))


@bp.post("/people/<uuid:person_id>/make-admin")
@proof_required(person)
def make_admin(person_id: uuid.UUID) -> Answer:
    people.make_admin(_find(person_id))
    return _back(person_id, _("They are an admin now, and told."))


@bp.post("/people/<uuid:person_id>/unmake-admin")
@proof_required(person)
def unmake_admin(person_id: uuid.UUID) -> Answer:
    def do(user: User, form: ReasonForm) -> None:
        people.unmake_admin(user, form.reason.data or "")

    return _act(person_id, "unmake", do, _("They are no longer an admin, and told."))


@bp.post("/people/<uuid:person_id>/delete")
@proof_required(person)
def delete_person(person_id: uuid.UUID) -> Answer:
    user, forms = _find(person_id), _forms()
    form = forms["delete"]
    if form.validate_on_submit():
        if form.email.data.lower() != user.email:
            form.email.errors = [_("This is another address than that of the account.")]
        elif _done(form, lambda: people.delete(user, form.reason.data)):
            flash(_("The account is deleted, and its person is told."), "success")
            return redirect(url_for("admin.list_people"), 303)
    return _page(user, forms)


def _act(person_id: uuid.UUID, name: str, do: Do, said: str) -> Answer:
    """Carry out what needs a reason, or show the person's page with what is missing."""
    user, forms = _find(person_id), _forms()
    form = forms[name]
    if form.validate_on_submit() and _done(form, lambda: do(user, form)):
        return _back(person_id, said)
    return _page(user, forms)


def _done(form: ReasonForm, act: Callable[[], None]) -> bool:
    try:
        act()
    except people.LastAdmin:
        form.reason.errors = [_("This is the last admin. Make somebody else an admin first.")]
        return False
    return True


def _forms() -> dict[str, Any]:
    return {
        "let-in": LetInForm(prefix="let-in"),
        "suspend": SuspendForm(prefix="suspend"),
        "sign-out": ReasonForm(prefix="sign-out"),
        "unmake": ReasonForm(prefix="unmake"),
        "delete": DeleteForm(prefix="delete"),
    }


def _page(user: User, forms: dict[str, Any]) -> Answer:
    shown = {"seen": people.look_at(user), "entries": audit.entries_about(user), "acts": audit.ACTS, "me": signed_in()}
    shown["down_with"] = [] if user.active else cards_down_with(user)
    html = render_template("admin/person.html", user=user, forms=forms, is_fresh=is_fresh(), **shown)
    return html, status_of(*forms.values())


def _find(person_id: uuid.UUID) -> User:
    return or_404(people.find_person(person_id))


def _back(person_id: uuid.UUID, said: str) -> Answer:
    flash(said, "success")
    person = signed_in()  # whoever has just signed themselves out sees the first page
    stays = person is not None and person.is_admin
    return redirect(url_for("admin.person", person_id=person_id) if stays else url_for("public.landing"), 303)
