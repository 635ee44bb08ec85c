"""Step-up: before what is important people show once more who they are (ASVS 6.2.3, 7.2.4, 7.5.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from wtforms import PasswordField

from tests.accounts.cast import GOOD, grow_stale, is_signed_in, link_in, log_in, mails_to, with_password
from tests.factories import user
from vcardapp.accounts import service
from vcardapp.accounts.forms import AccountForm
from vcardapp.accounts.models import User
from vcardapp.db import now
from vcardapp.web import SECRETS

EMAIL = "alice@example.org"
GUARDED = ("/change", "/account/email", "/account/delete", "/account/passkeys", "/account/second-step")


@pytest.fixture
def browser(client: FlaskClient, alice: User) -> FlaskClient:
    with_password(alice)
    log_in(client, EMAIL)
    return client


@pytest.mark.parametrize("path", [*GUARDED, "/account/second-step/set-up"])
def test_who_signed_in_ten_minutes_ago_is_asked_and_comes_back(browser: FlaskClient, path: str) -> None:
    assert browser.get(path).status_code == 200
    with time_machine.travel(now() + timedelta(minutes=11)):
        asked = browser.get(path + "?a=b")
        assert asked.location == f"/account/prove?next={path}?a%3Db"
        assert "Is it you?" in browser.get(asked.location).text
        assert browser.post(asked.location, data={"present": "wrong"}).status_code == 422
        assert browser.get(path).status_code == 303
        assert browser.post(asked.location, data={"present": GOOD}).location == path + "?a=b"
        assert browser.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/account/second-step/off", "/account/second-step/codes", "/account/passkeys/question", "/account/delete"]
)
def test_a_form_sent_too_late_changes_nothing(browser: FlaskClient, alice: User, path: str) -> None:
    grow_stale()
    assert browser.post(path).location.startswith("/account/prove?next=/account")
    assert service.find_user(EMAIL) is not None


def test_a_copy_of_the_cookie_from_before_is_worth_nothing_after(app: Flask, browser: FlaskClient) -> None:
    """ASVS 7.2.4."""
    thief = app.test_client()
    thief.set_cookie("session", browser.get_cookie("session").value)  # type: ignore[union-attr]
    assert is_signed_in(thief)
    grow_stale()
    browser.post("/account/prove", data={"present": GOOD})
    assert is_signed_in(browser)
    assert not is_signed_in(thief)


def test_one_browser_proves_nothing_for_another(app: Flask, browser: FlaskClient) -> None:
    other = app.test_client()
    log_in(other, EMAIL)
    grow_stale()
    browser.post("/account/prove", data={"present": GOOD})
    assert browser.get("/change").status_code == 200
    assert other.get("/change").status_code == 303


def test_without_a_password_a_mailed_link_proves_it_once_and_here(
    app: Flask, alice: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    here, elsewhere = sign_in(alice), sign_in(alice)
    grow_stale()
    page = here.get(here.get("/account/email").location).text
    assert "Send me the link" in page
    assert "Your present password" not in page
    here.post("/account/prove/mail")
    link = link_in(mails_to(EMAIL)[-1])
    assert elsewhere.get(link).status_code == 410
    assert here.get(link).status_code == 200
    assert here.get("/account/email").status_code == 303  # a look proves nothing
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert here.post(link).status_code == 410
    assert here.post(link).location == "/account"
    assert here.get("/account/email").status_code == 200
    grow_stale()
    assert here.post(link).status_code == 410
    assert here.get("/account/prove/x").status_code == 410


def test_guessing_passwords_there_is_throttled_as_at_the_door(make_app: Callable[..., Flask]) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        with_password(user(EMAIL))
        browser = app.test_client()
        log_in(browser, EMAIL)
        grow_stale()
        answers = [browser.post("/account/prove", data={"present": "wrong"}).status_code for _time in range(11)]
        assert answers == [422] * 10 + [429]


def test_no_page_that_offers_to_send_a_form_again_holds_a_secret(browser: FlaskClient) -> None:
    busy = {"vcardapp.no_seat": True}
    kept = browser.post("/account/email", data={"email": "zoe@example.org"}, environ_overrides=busy)
    assert kept.status_code == 503
    assert "zoe@example.org" in kept.text
    for path, name in (("/account/prove", "present"), ("/login", "password"), ("/login/code", "code")):
        page = browser.post(path, data={name: "abcd-2345-efgh"}, environ_overrides=busy)
        assert page.status_code == 503
        assert "abcd-2345" not in page.text
    fields = [pair for form in AccountForm.__subclasses__() for pair in vars(form).items()]
    found = {name for name, field in fields if getattr(field, "field_class", None) is PasswordField}
    assert {"present", "password"} <= found <= SECRETS
