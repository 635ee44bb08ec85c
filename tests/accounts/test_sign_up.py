"""Signing up: open, by invitation, closed; and confirming the address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.cast import BETTER, GOOD, is_signed_in, link_in, log_in, mails_to, with_password
from vcardapp.accounts import service
from vcardapp.accounts.models import User
from vcardapp.admin.people import create_admin
from vcardapp.db import db, now


def users() -> list[User]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(User)))


@pytest.mark.usefixtures("costly_passwords")
def test_signing_up_makes_an_account_that_can_be_used_before_it_is_confirmed(client: FlaskClient) -> None:
    answer = client.post("/register", data={"email": "Zoe@Example.org", "password": GOOD})
    assert (answer.status_code, answer.location) == (303, "/login")
    [zoe] = users()
    assert (zoe.email, zoe.is_confirmed, zoe.is_admin, zoe.language) == ("zoe@example.org", False, False, "en")
    assert zoe.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    log_in(client, "zoe@example.org")
    assert "Not confirmed yet" in client.get("/account").text


def test_a_taken_address_gets_the_same_answer_and_its_owner_a_mail(client: FlaskClient, alice: User) -> None:
    with_password(alice)
    with time_machine.travel(now(), tick=False):  # what the page signs holds the second
        taken = client.post("/register", data={"email": "alice@example.org", "password": BETTER})
        said = client.get("/login").text
        fresh = client.post("/register", data={"email": "zoe@example.org", "password": BETTER})
        assert (taken.status_code, taken.location) == (fresh.status_code, fresh.location)
        assert client.get("/login").text == said
    [mail] = mails_to("alice@example.org")
    assert "an account already" in mail.text
    assert link_in(mail).startswith("/reset/")
    assert log_in(client, "alice@example.org", BETTER).status_code == 422


@pytest.mark.parametrize(("server", "said"), [("", "This server sends no mail yet"), ("smtp://127.0.0.1:9", "is on its way")])
def test_one_notice_says_whether_a_mail_was_sent(make_app: Callable[..., Flask], server: str, said: str) -> None:
    app = make_app(smtp_url=server)
    with app.app_context():
        browser = app.test_client()
        for path in ("/register", "/reset"):
            browser.post(path, data={"email": "zoe@example.org", "password": GOOD})
            notices = browser.get("/login").text.split('class="notices"')[1].split("<h1")[0]
            assert said in notices, path
            assert notices.count('class="notice') == 1, path


def test_the_double_click_makes_one_account(client: FlaskClient) -> None:
    for _time in range(2):
        assert client.post("/register", data={"email": "zoe@example.org", "password": GOOD}).status_code == 303
    assert len(users()) == 1


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("", GOOD),
        ("zoe@example.org", ""),
        ("zoe", GOOD),
        ("zoe@localhost", GOOD),
        ("zoe@[127.0.0.1]", GOOD),
        ("a@example.org, b@example.org", GOOD),
        ("zoe@example.org\r\nBcc: eve@example.org", GOOD),
        ("zoe\0@example.org", GOOD),
        ("z" * 300 + "@example.org", GOOD),
        ('"><script>alert(1)</script>@example.org', GOOD),
        ("zoe@example.org", "short"),
        ("zoe@example.org", "password123"),
        ("zoe@example.org", "x y " * 100),
        ("zoe@example.org", "zoe@example.org"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(client: FlaskClient, email: str, password: str) -> None:
    answer = client.post("/register", data={"email": email, "password": password})
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "<script>alert" not in answer.text
    assert users() == []
    if password:
        assert password not in answer.text.replace(email, "") or len(password) < 9


def test_a_form_with_nothing_and_with_too_much_is_no_accident(client: FlaskClient) -> None:
    assert client.post("/register").status_code == 422
    extra = {"email": "zoe@example.org", "password": GOOD, "is_admin": "1", "roles": "admin", "active": "", "id": "7"}
    assert client.post("/register", data=extra).status_code == 303
    [zoe] = users()
    assert zoe.active
    assert not zoe.is_admin


def test_the_mailed_link_confirms_only_by_its_button(client: FlaskClient) -> None:
    """Mail scanners open every link: looking changes nothing."""
    client.post("/register", data={"email": "zoe@example.org", "password": GOOD})
    link = link_in(mails_to("zoe@example.org")[0])
    assert "zoe@example.org" in client.get(link).text
    assert not users()[0].is_confirmed
    assert client.post(link).status_code == 303
    assert users()[0].is_confirmed
    assert client.post(link).status_code == 303  # the second click of a double click
    assert users()[0].is_confirmed


def test_a_confirmation_ends_after_a_week_and_with_a_wrong_letter(client: FlaskClient) -> None:
    client.post("/register", data={"email": "zoe@example.org", "password": GOOD})
    link = link_in(mails_to("zoe@example.org")[0])
    wrong = link[:-5] + ("a" if link[-5] != "a" else "b") + link[-4:]  # the last one says only four bits
    assert client.post(wrong).status_code == 410
    with time_machine.travel(now() + timedelta(days=8)):
        assert client.get(link).status_code == 410
        assert client.post(link).status_code == 410
    assert not users()[0].is_confirmed


def test_the_mail_can_be_asked_for_again(client: FlaskClient) -> None:
    client.post("/register", data={"email": "zoe@example.org", "password": GOOD})
    log_in(client, "zoe@example.org")
    assert client.post("/confirm", data={"next": "/account"}).location == "/account"
    assert client.post("/confirm", data={"next": "//e.example"}).location == "/cards"
    assert len(mails_to("zoe@example.org")) == 3
    client.post(link_in(mails_to("zoe@example.org")[2]))
    client.post("/confirm")
    assert len(mails_to("zoe@example.org")) == 3  # confirmed: nothing more to send


def test_links_never_take_the_host_that_a_request_names(client: FlaskClient) -> None:
    data = {"email": "zoe@example.org", "password": GOOD}
    client.post("/register", data=data, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert "evil" not in mails_to("zoe@example.org")[0].text


def test_mails_speak_the_language_of_the_person(client: FlaskClient) -> None:
    client.post("/register", data={"email": "zoe@example.org", "password": GOOD}, headers={"Accept-Language": "es"})
    assert users()[0].language == "es"


@pytest.mark.parametrize("setting", ["closed", "invitation"])
def test_closed_is_closed(make_app: Callable[..., Flask], setting: str) -> None:
    app = make_app(sign_up=setting)
    with app.app_context():
        browser = app.test_client()
        assert browser.get("/register").status_code == 403
        for path in ("/register", "/register?invitation=", "/register?invitation=guess"):
            assert browser.post(path, data={"email": "zoe@example.org", "password": GOOD}).status_code == 403
        assert users() == []
        with pytest.raises(service.SignUpClosed):
            service.sign_up("zoe@example.org", GOOD)
        assert '/register"' not in browser.get("/login").text


def test_an_invitation_opens_the_door_once(make_app: Callable[..., Flask]) -> None:
    app = make_app(sign_up="invitation")
    with app.app_context():
        link = service.invite("zoe@example.org").removeprefix("http://localhost")
        assert link_in(mails_to("zoe@example.org")[0]) == link
        browser = app.test_client()
        weak = browser.post(link, data={"email": "zoe@example.org", "password": "short"})
        assert weak.status_code == 422
        assert browser.post(link, data={"email": "zoe@example.org", "password": GOOD}).status_code == 303
        assert browser.post(link, data={"email": "eve@example.org", "password": GOOD}).status_code == 403
        assert [user.email for user in users()] == ["zoe@example.org"]


def test_a_taken_address_does_not_use_an_invitation_up(make_app: Callable[..., Flask]) -> None:
    app = make_app(sign_up="invitation")
    with app.app_context():
        service.ensure_user("alice@example.org")
        link = service.invite().removeprefix("http://localhost")
        assert app.test_client().post(link, data={"email": "alice@example.org", "password": GOOD}).status_code == 303
        assert app.test_client().post(link, data={"email": "zoe@example.org", "password": GOOD}).status_code == 303
        assert len(users()) == 2


def test_an_old_invitation_is_void(make_app: Callable[..., Flask]) -> None:
    app = make_app(sign_up="invitation")
    with app.app_context():
        link = service.invite().removeprefix("http://localhost")
        with time_machine.travel(now() + timedelta(days=31)):
            assert app.test_client().get(link).status_code == 403


def test_the_service_says_what_is_wrong(app: Flask, alice: User) -> None:
    for email, password, fault in (
        ("alice@example.org", GOOD, service.EmailTaken),
        ("ALICE@example.org", GOOD, service.EmailTaken),
        ("nobody", GOOD, service.BadEmail),
        ("zoe@example.org", "password", service.WeakPassword),
    ):
        with pytest.raises(fault):
            service.sign_up(email, password)
    assert len(users()) == 1


def test_the_command_line_makes_people_and_admins(app: Flask) -> None:
    zoe = service.ensure_user("Zoe@example.org")
    assert zoe.password is None
    assert service.ensure_user("zoe@example.org").id == zoe.id
    admin = create_admin("zoe@example.org")
    assert (admin.id, admin.is_admin) == (zoe.id, True)
    for make in (service.ensure_user, create_admin):
        with pytest.raises(service.BadEmail):
            make("nobody")
    assert [user.email for user in users()] == ["zoe@example.org"]
    assert not is_signed_in(app.test_client())


def test_no_second_account_is_made_beside_a_suspended_one(app: Flask, alice: User) -> None:
    assert service.ensure_user("Alice@example.org").id == alice.id
    alice.active = False
    db.session.commit()
    with pytest.raises(service.EmailTaken):
        service.ensure_user("Alice@example.org")
