"""What the admin sees and does; nobody else even learns that the pages are there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.cast import mails_to
from tests.factories import published_card, user
from vcardapp.accounts import service as accounts
from vcardapp.accounts.models import User
from vcardapp.admin import people
from vcardapp.cards import service as cards
from vcardapp.db import db, now
from vcardapp.mail import Mail, queue_mail

PAGES = ("/admin/", "/admin/outbox", "/admin/reports", "/admin/invitations")
MORE = tuple(f"/admin/{name}" for name in ("people", "cards", "jobs", "storage", "settings", "audit"))


def a_mail(recipient: str = "zoe@example.org", subject: str = "Hello", text: str = "Open http://localhost/x") -> Mail:
    mail = queue_mail(recipient, subject, text)
    db.session.commit()
    return mail


def test_everybody_else_gets_404(client: FlaskClient, alice: User, sign_in: Callable[[User], FlaskClient]) -> None:
    """ASVS 8.2.1."""
    a_mail()
    for browser in (client, sign_in(alice)):
        for path in (*PAGES, *MORE, "/admin", f"/admin/outbox/{uuid.uuid4()}"):
            assert browser.get(path).status_code == 404, path
        for path in ("/admin/invitations", f"/admin/outbox/{uuid.uuid4()}/send-again"):
            assert browser.post(path).status_code == 404, path


def test_who_is_no_longer_admin_is_out_at_once(admin: FlaskClient) -> None:
    assert admin.get("/admin/").status_code == 200
    root = accounts.find_user("root@example.org")
    assert root is not None
    root.roles = []
    db.session.commit()
    assert admin.get("/admin/").status_code == 404


def test_empty_pages_say_what_will_stand_there(admin: FlaskClient) -> None:
    for path in PAGES[1:]:
        answer = admin.get(path)
        assert answer.status_code == 200
        assert 'class="empty"' in answer.text
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_overview_counts(admin: FlaskClient, alice: User) -> None:
    card = published_card(alice)
    cards.report_card(card, "spam", "", "")
    a_mail()
    accounts.invite()
    with time_machine.travel(now() - timedelta(days=31)):
        accounts.invite()  # nobody may use it any more
    text = admin.get("/admin/").text
    assert text.count('<span class="admin-count">1</span>') == 4  # report, mail, invitation, card
    assert text.count('<span class="admin-count">2</span>') == 1  # alice and root


def test_a_mail_can_be_read_in_full_so_that_nobody_is_stuck(admin: FlaskClient, client: FlaskClient) -> None:
    client.post("/register", data={"email": "zoe@example.org", "password": "a lamp in the window"})
    [mail] = mails_to("zoe@example.org")
    assert "Please confirm your e-mail address" in admin.get("/admin/outbox").text
    text = admin.get(f"/admin/outbox/{mail.id}").text
    link = mail.text[mail.text.index("http://") :].split()[0]
    assert f'href="{link}"' in text
    assert admin.get(f"/admin/outbox/{uuid.uuid4()}").status_code == 404
    assert admin.get("/admin/outbox/7").status_code == 404


def test_no_admin_comes_into_an_account_by_its_mail_past_the_trail(make_app: Callable[..., Flask]) -> None:
    """Where mails go out by themselves nobody need hand their links on, but those of one that was given up."""
    app = make_app(smtp_url="smtp://127.0.0.1:1")
    with app.app_context():
        browser, person = app.test_client(), accounts.ensure_user("zoe@example.org")
        browser.get(accounts.make_sign_in_link(people.create_admin("root@example.org")))
        accounts.request_reset(person)
        accounts.request_confirmation(person)
        accounts.request_new_email(person, "new@example.org")
        mails = [*mails_to(person.email), *mails_to("new@example.org")]
        assert len(mails) == 3
        for mail in mails:
            link = mail.text[mail.text.index("http://") :].split()[0]
            door, _slash, secret = link.rpartition("/")
            for sent_at, next_try_at, is_shown in ((None, now(), False), (now(), None, False), (None, None, True)):
                mail.sent_at, mail.next_try_at = sent_at, next_try_at
                db.session.commit()
                text = browser.get(f"/admin/outbox/{mail.id}").text
                assert f"{door}/" in text
                assert (secret in text) is is_shown, link


def test_what_people_wrote_is_text_and_nothing_else(admin: FlaskClient, alice: User) -> None:
    """ASVS 1.2.1."""
    evil = '"><svg onload=alert(1)> javascript:alert(1) {{ 7*7 }}'
    mail = a_mail(subject=evil, text=evil)
    card = published_card(alice)
    cards.report_card(card, "harm", evil, evil)
    cards.report_card(card, "no such reason", "", "")
    for path in ("/admin/outbox", f"/admin/outbox/{mail.id}", "/admin/reports"):
        text = admin.get(path).text
        assert "<svg onload" not in text
        assert "&lt;svg onload=alert(1)&gt;" in text
        assert 'href="javascript' not in text


def test_a_mail_that_was_given_up_can_be_sent_again(make_app: Callable[..., Flask]) -> None:
    app = make_app(smtp_url="smtp://127.0.0.1:1")
    with app.app_context():
        browser = app.test_client()
        browser.get(accounts.make_sign_in_link(people.create_admin("root@example.org")))
        mail = a_mail()
        mail.next_try_at, mail.attempts, mail.error = None, 8, "SMTPServerDisconnected: gone"
        db.session.commit()
        text = browser.get(f"/admin/outbox/{mail.id}").text
        assert "Given up" in text
        assert "SMTPServerDisconnected: gone" in text
        assert browser.post(f"/admin/outbox/{mail.id}/send-again").status_code == 303
        db.session.refresh(mail)
        assert (mail.state, mail.attempts, mail.error) == ("waiting", 0, "")
        assert browser.post(f"/admin/outbox/{uuid.uuid4()}/send-again").status_code == 404


def test_a_report_is_settled_once(admin: FlaskClient, alice: User) -> None:
    cards.report_card(published_card(alice, "ada"), "fraud", "Not me.", "eve@example.org")
    text = admin.get("/admin/reports").text
    for part in (">ada</bdi>", "Fraud", "Not me.", "eve@example.org", "Open"):
        assert part in text
    path = text[text.index("/admin/reports/") :].split('"')[0]
    assert "Mark as settled" in admin.get(path).text
    for _time in range(2):
        assert admin.post(f"{path}/settle", data={"settle-note": "It is hers."}).status_code == 303
    assert "Mark as settled" not in admin.get(path).text
    assert "It is hers." in admin.get(path).text
    [told] = mails_to("eve@example.org")
    assert "http://localhost/ada" in told.text
    assert "It is hers." in told.text
    assert admin.post(f"/admin/reports/{uuid.uuid4()}/settle").status_code == 404


def test_an_invitation_is_shown_once_and_mailed_where_an_address_is_named(admin: FlaskClient) -> None:
    assert admin.post("/admin/invitations", data={"email": "zoe@example.org"}).status_code == 303
    text = admin.get("/admin/invitations").text
    link = text[text.index("http://localhost/register?invitation=") :].split("<")[0]
    assert link in mails_to("zoe@example.org")[0].text
    again = admin.get("/admin/invitations").text
    assert link not in again
    assert "zoe@example.org" in again
    assert admin.post("/admin/invitations", data={"email": ""}).status_code == 303
    assert "Whoever has the link" in admin.get("/admin/invitations").text


@pytest.mark.parametrize(
    "email", ["nobody", "a@example.org\r\nBcc: b@example.org", "z" * 300 + "@example.org", "a@b, c@d"]
)
def test_an_invitation_for_no_address_is_refused(admin: FlaskClient, email: str) -> None:
    answer = admin.post("/admin/invitations", data={"email": email})
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.text


def test_long_lists_have_pages(admin: FlaskClient) -> None:
    for number in range(51):
        mail = queue_mail(f"p{number}@example.org", "Hello", "text")
        mail.created_at = now() + timedelta(seconds=number)
    db.session.commit()
    first, second = admin.get("/admin/outbox").text, admin.get("/admin/outbox?page=2").text
    assert "p50@" in first
    assert "p0@" not in first
    assert "?page=2" in first
    assert "p0@" in second
    for odd in ("0", "-1", "x", "9" * 30):
        assert admin.get(f"/admin/outbox?page={odd}").status_code == 200


def test_people_without_an_account_are_not_counted(admin: FlaskClient) -> None:
    user("gone@example.org", active=False)
    assert '<span class="admin-count">1</span>' in admin.get("/admin/").text
