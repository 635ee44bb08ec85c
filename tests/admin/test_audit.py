"""The trail: each act of an admin is in it, with who, what and why; nothing takes it out but time."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.factories import published_card, user
from tests.gallery.owned import ready_file
from vcardapp.accounts import service as accounts
from vcardapp.accounts.models import User
from vcardapp.admin import audit, people
from vcardapp.admin import cards as judging
from vcardapp.admin.models import AuditEntry
from vcardapp.cards import service as cards
from vcardapp.db import db, now
from vcardapp.mail import queue_mail

WHY = "Because of what was written."
SENT = {f"{form}reason": WHY for form in ("", "suspend-", "sign-out-", "unmake-", "delete-", "down-")}
SENT |= {"settle-note": WHY, "suspend-cards": "down", "email": "new@example.org"}


def entries() -> list[AuditEntry]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.at)))


def told(entry: AuditEntry) -> tuple[object, ...]:
    return entry.id, entry.at, entry.who, entry.what, entry.on_id, entry.details


class Things:
    """Something fresh for every address of the admin's pages, so that each act has something to do."""

    def __init__(self) -> None:
        self.number = 0

    def address(self, app: Flask, rule: Rule) -> tuple[str, dict[str, str]]:
        self.number += 1
        somebody = user(f"p{self.number}@example.org")
        card = published_card(somebody, f"card-{self.number}")
        cards.report_card(card, "spam", "", "")
        mail = queue_mail("zoe@example.org", "Subject", "Text")
        db.session.commit()
        if rule.endpoint == "admin.restore":
            judging.take_down(card, WHY)
        if rule.endpoint == "admin.let_in":
            people.suspend(somebody, WHY, with_cards=False)
        made = {
            "person_id": lambda: somebody.id,
            "shown_id": lambda: card.id,
            "report_id": lambda: judging.reports_about(card)[0].id,
            "mail_id": lambda: mail.id,
            "work_id": lambda: ready_file(somebody.id, "a.png", state="waiting").id,
        }
        with app.test_request_context():
            path = str(rule.build({name: made[name]() for name in rule.arguments})[1])  # type: ignore[index]
        return path, {**SENT, "delete-email": somebody.email}


def test_every_act_of_an_admin_writes_a_line_and_changes_none(app: Flask, admin: FlaskClient, root: User) -> None:
    """Each rule of the admin's pages that takes a form is sent; a new one that writes nothing fails here."""
    things, missing, seen = Things(), [], set()
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.") and "POST" in (rule.methods or ())]
    assert len(rules) > 12
    for rule in rules:
        path, data = things.address(app, rule)
        before = {told(entry) for entry in entries()}
        assert admin.post(path, data=data).status_code == 303, rule
        new = [entry for entry in entries() if told(entry) not in before]
        if not new or not before <= {told(entry) for entry in entries()}:
            missing.append(rule.endpoint)
        assert {(entry.who, entry.who_id) for entry in new} <= {(root.email, root.id)}, rule
        if rule.endpoint in ("admin.suspend", "admin.take_down", "admin.delete_person"):
            assert {entry.details for entry in new} == {WHY}
        seen |= {entry.what for entry in new}
    assert not missing
    assert seen == set(audit.ACTS), "each word of the trail is used"
    text = admin.get("/admin/audit").text
    assert "Deleted an account" in text
    assert WHY in text


def test_what_was_refused_is_not_in_the_trail(admin: FlaskClient, root: User, alice: User) -> None:
    for path in ("suspend", "delete", "unmake-admin", "end-sign-ins"):
        assert admin.post(f"/admin/people/{alice.id}/{path}").status_code == 422
    assert admin.post("/admin/invitations", data={"email": "no address"}).status_code == 422
    assert admin.post(f"/admin/cards/{uuid.uuid4()}/take-down", data=SENT).status_code == 404
    assert admin.post(f"/admin/people/{root.id}/unmake-admin", data=SENT).status_code == 422
    assert [(entry.what, entry.on_name) for entry in entries()] == [("make-admin", root.email)]


def test_an_act_that_fails_leaves_neither_deed_nor_line(app: Flask) -> None:
    card = published_card(user("two@example.org, addresses@example.org"), "ada")
    with pytest.raises(ValueError, match="not one address"):
        judging.take_down(card, WHY)
    db.session.rollback()
    assert entries() == []
    assert card.is_public


def test_the_trail_can_be_sifted(admin: FlaskClient, alice: User, bob: User) -> None:
    people.end_sign_ins(alice, WHY)
    judging.take_down(published_card(bob, "shop"), "Of the shop.")
    assert "Of the shop." not in admin.get("/admin/audit?what=end-sign-ins").text
    assert WHY not in admin.get("/admin/audit?q=SHOP").text
    assert 'class="empty"' in admin.get("/admin/audit?q=%25&what=nonsense").text
    assert "Command line" in admin.get("/admin/audit").text


def test_lines_are_kept_for_two_years(app: Flask, alice: User) -> None:
    for age in (731, 729):
        people.end_sign_ins(alice, f"{age} days")
    for entry in entries():
        entry.at = now() - timedelta(days=int(entry.details.split()[0]))
    db.session.commit()
    audit.sweep()
    assert [entry.details for entry in entries()] == ["729 days"]


def test_who_leaves_takes_their_address_out_of_the_trail(app: Flask, alice: User, bob: User) -> None:
    for person in (alice, bob):
        people.end_sign_ins(person, WHY)
    accounts.delete_account(alice)
    assert {entry.on_name for entry in entries()} == {"", bob.email}
    assert {entry.details for entry in entries()} == {WHY}


def at_the_server(app: Flask, *commands: list[str]) -> str:
    """Run commands on the app's database, in one process, and return what they printed."""
    known = app.config["SETTINGS"]
    env = {**os.environ, "VCARDAPP_DATA": str(known.data), "VCARDAPP_DATABASE_URL": known.database_url.replace("+psycopg", "")}
    code = f"from vcardapp.cli import commands\nfor one in {commands!r}: commands(one, standalone_mode=False)"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    return done.stdout


def test_what_is_done_at_the_server_is_in_the_trail_too(app: Flask, root: User) -> None:
    """Whoever sits there also lets a suspended admin in again."""
    root.active = False
    db.session.commit()
    printed = at_the_server(app, ["admin", "create", "Root@example.org"], ["admin", "reset-link", "root@example.org"])
    assert printed.count("/reset/") == 2
    assert [(entry.what, entry.who, entry.who_id, entry.on_name) for entry in entries()] == [
        ("make-admin", "command line", None, "root@example.org"),  # root's first time
        ("make-admin", "command line", None, "root@example.org"),
        ("reset-link", "command line", None, "root@example.org"),
    ]
    assert root.active
