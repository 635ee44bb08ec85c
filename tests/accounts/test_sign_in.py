"""In and out: sessions, throttling, redirects (ASVS 6.3, 7.2, 7.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.cast import BETTER, GOOD, is_signed_in, log_in, with_password, without_tokens
from tests.factories import user
from vcardapp.accounts import security, service
from vcardapp.accounts.models import SignIn, User
from vcardapp.accounts.views import safe_target
from vcardapp.db import db, now


def test_right_email_and_password_sign_in(client: FlaskClient, alice: User) -> None:
    with_password(alice)
    answer = log_in(client, "  Alice@Example.ORG ")
    assert (answer.status_code, answer.location) == (303, "/cards")
    assert is_signed_in(client)


def test_unknown_people_and_wrong_passwords_get_the_same_answer(client: FlaskClient, alice: User) -> None:
    """ASVS 6.3.8: nobody can find out who has an account."""
    with_password(alice)
    wrong = log_in(client, "alice@example.org", "not her password")
    unknown = log_in(client, "zoe@example.org", "not her password")
    hostile = log_in(client, "alice\0@example.org", "not her password")
    assert wrong.status_code == unknown.status_code == hostile.status_code == 422
    assert without_tokens(wrong.text).replace("alice@", "zoe@") == without_tokens(unknown.text)
    assert "do not belong together" in wrong.text


@pytest.mark.usefixtures("costly_passwords")
def test_it_takes_as_long_where_there_is_no_account(app: Flask, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with_password(alice)
    verified: list[str] = []
    verify = security.verify_password
    monkeypatch.setattr(security, "verify_password", lambda *both: verified.append(both[1]) or verify(*both))
    assert service.check_password("alice@example.org", "wrong") is None
    assert service.check_password("zoe@example.org", "wrong") is None
    assert service.check_password("no address", "wrong") is None
    assert [one.split("$")[3] for one in verified] == ["m=19456,t=2,p=1"] * 3


def test_an_account_without_a_password_lets_nobody_in(client: FlaskClient, alice: User) -> None:
    assert alice.password is None
    assert log_in(client, "alice@example.org", "").status_code == 422
    assert log_in(client, "alice@example.org", "None").status_code == 422


def test_a_switched_off_account_lets_nobody_in(client: FlaskClient, alice: User) -> None:
    with_password(alice)
    alice.active = False
    db.session.commit()
    assert log_in(client, "alice@example.org").status_code == 422


def test_signing_out_ends_copies_of_the_cookie_but_not_other_browsers(app: Flask, alice: User) -> None:
    """ASVS 7.4.1."""
    with_password(alice)
    phone, laptop = app.test_client(), app.test_client()
    log_in(phone, "alice@example.org")
    log_in(laptop, "alice@example.org")
    copied = phone.get_cookie("session")
    assert copied is not None
    answer = phone.post("/logout")
    assert answer.status_code == 303
    assert "storage" in answer.headers["Clear-Site-Data"]
    thief = app.test_client()
    thief.set_cookie("session", copied.value)
    assert not is_signed_in(phone)
    assert not is_signed_in(thief)
    assert is_signed_in(laptop)


def test_signing_out_by_get_is_not_possible(client: FlaskClient, alice: User) -> None:
    with_password(alice)
    log_in(client, "alice@example.org")
    assert client.get("/logout").status_code in (404, 405)
    assert is_signed_in(client)


def test_a_sign_in_ends_after_30_days(client: FlaskClient, alice: User) -> None:
    with_password(alice)
    log_in(client, "alice@example.org")
    begun = now()
    for day in (10, 20, 29):
        with time_machine.travel(begun + timedelta(days=day)):
            assert is_signed_in(client)
    with time_machine.travel(begun + timedelta(days=30, minutes=1)):
        assert not is_signed_in(client)


def test_a_sign_in_ends_after_14_days_without_use(client: FlaskClient, alice: User) -> None:
    """ASVS 7.3.1."""
    with_password(alice)
    log_in(client, "alice@example.org")
    begun = now()
    for days, seen in ((13, True), (26, True), (29, True)):
        with time_machine.travel(begun + timedelta(days=days)):
            assert is_signed_in(client) == seen
    another = client.application.test_client()
    log_in(another, "alice@example.org")
    with time_machine.travel(now() + timedelta(days=14, minutes=1)):
        assert not is_signed_in(another)


def test_signing_in_drops_what_was_planted_in_the_session(client: FlaskClient, alice: User) -> None:
    """ASVS 7.2.4: no value of before is adopted but the guest's key, which the editor takes over."""
    with_password(alice)
    with client.session_transaction() as session:
        session["planted"] = "x"
        session["csrf_token"] = "old"
    log_in(client, "alice@example.org")
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != "old"


def test_signing_in_as_another_person_ends_the_first(client: FlaskClient, alice: User, bob: User) -> None:
    with_password(alice)
    log_in(client, "alice@example.org")
    assert client.get(service.make_sign_in_link(bob)).status_code == 303
    assert "bob@example.org" in client.get("/account").text
    db.session.rollback()
    assert db.session.scalar(sa.select(SignIn).where(SignIn.user_id == alice.id)).ended_at is not None


@pytest.mark.parametrize(
    "target",
    ["//e.example", "/\\e.example", "\\\\e.example", "https:e.example", "https://e.example", "/%09/e.example/../\t"]
    + ["/\t/e.example", "///e.example", "@e.example", "/a\r\nSet-Cookie: a=b", "javascript:alert(1)", "", "/\x85x"],
)
def test_after_signing_in_nobody_is_led_away(target: str) -> None:
    """ASVS 3.7.2."""
    assert safe_target(target) == "/cards"


def test_after_signing_in_people_come_back(client: FlaskClient, alice: User) -> None:
    with_password(alice)
    asked = client.get("/account/email?a=b")
    assert asked.status_code == 303
    answer = log_in(client, "alice@example.org", to=asked.location)
    assert answer.location == "/account/email?a=b"


def test_account_pages_are_never_kept(client: FlaskClient) -> None:
    """ASVS 14.3.2."""
    for path in ("/login", "/register", "/reset", "/account", "/reset/x", "/confirm/x"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_pages_for_everybody_do_not_touch_the_session(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "Set-Cookie" not in answer.headers


def test_the_cookie_is_closed_to_scripts_and_named_for_its_host(
    make_app: Callable[..., Flask], database_url: str
) -> None:
    """ASVS 3.3.1 to 3.3.4."""
    app = make_app(url="https://cards.example.org")
    with app.app_context():
        with_password(user("alice@example.org"))
        answer = log_in(app.test_client(), "alice@example.org")
    cookie = answer.headers["Set-Cookie"]
    for part in ("__Host-session=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


def test_too_many_wrong_passwords_pause_the_account_but_not_others(make_app: Callable[..., Flask]) -> None:
    """ASVS 6.3.1: per account, however many addresses; and the mailed link still lets its owner in."""
    app = make_app(rate_limits=True)
    with app.app_context():
        alice, bob = with_password(user("alice@example.org")), with_password(user("bob@example.org"))
        for number in range(10):
            wrong = app.test_client().post(
                "/login",
                data={"email": "Alice@example.org", "password": "wrong"},
                environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
            )
            assert wrong.status_code == 422
        paused = log_in(app.test_client(), "alice@example.org", GOOD)
        assert paused.status_code == 429
        assert "/reset" in paused.text
        assert log_in(app.test_client(), "bob@example.org", GOOD).status_code == 303
        browser = app.test_client()
        answer = browser.post("/reset/" + security.reset_token(alice), data={"password": BETTER})
        assert answer.status_code == 303
        assert is_signed_in(browser)
        assert bob.is_confirmed


def test_right_passwords_are_not_counted(make_app: Callable[..., Flask]) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        with_password(user("alice@example.org"))
        answers = [log_in(app.test_client(), "alice@example.org").status_code for _time in range(12)]
        assert answers == [303] * 12


def test_a_forged_forwarded_address_does_not_change_who_is_counted(make_app: Callable[..., Flask]) -> None:
    """ASVS 4.1.3."""
    app = make_app(rate_limits=True)
    with app.app_context():
        answers = [
            app.test_client()
            .post(
                "/login",
                data={"email": f"a{number}@example.org", "password": "wrong"},
                headers={"X-Forwarded-For": f"198.51.100.{number}"},
            )
            .status_code
            for number in range(61)
        ]
        assert answers == [422] * 60 + [429]


def test_a_form_without_its_token_is_refused(make_app: Callable[..., Flask]) -> None:
    """ASVS 3.5.1, for each page that changes something."""
    app = make_app()
    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context():
        alice = with_password(user("alice@example.org"))
        browser = app.test_client()
        browser.get(service.make_sign_in_link(alice))
        for path in ("/login", "/logout", "/register", "/reset", "/confirm", "/change", "/account/delete"):
            assert browser.post(path, data={"email": "alice@example.org", "password": GOOD}).status_code == 400, path
        assert is_signed_in(browser)


def test_old_sign_ins_are_swept_away(app: Flask, client: FlaskClient, alice: User) -> None:
    with_password(alice)
    log_in(client, "alice@example.org")
    with time_machine.travel(now() + timedelta(days=61)):
        service.sweep()
    assert db.session.scalar(sa.select(SignIn.id)) is None
