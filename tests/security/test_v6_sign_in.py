"""Who gets in, and how: passwords, second steps, links, and what is counted (ASVS V6)."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.cast import (
    BETTER,
    GOOD,
    code_now,
    grow_stale,
    is_signed_in,
    link_in,
    log_in,
    mails_to,
    turn_second_step_on,
    with_password,
)
from tests.factories import user
from vcardapp.accounts import security, service
from vcardapp.accounts.models import User
from vcardapp.accounts.passwords import weakness_of
from vcardapp.db import db, now

EMAIL = "alice@example.org"


def half_way(app: Flask, password: str = GOOD) -> FlaskClient:
    """A browser in which Alice's password was right, her code not asked yet."""
    browser = app.test_client()
    assert log_in(browser, EMAIL, password).location.startswith("/login/code")
    return browser


def test_passwords_are_taken_as_typed_unless_they_are_guessed_first(app: Flask, client: FlaskClient, alice: User) -> None:
    """ASVS 6.2.1, 6.2.4, 6.2.5, 6.2.8, 6.2.9, 6.2.12 (1, 2). Eight letters or more, no rules about signs.

    "Unaltered" is read as: but for NFC, the same letters typed on another system.
    """
    for refused in ("short", "1234567", "password", "Passw0rd!", "qwertyuiop", "iloveyou2", "aaaaaaaa"):
        assert client.post("/register", data={"email": "zoe@example.org", "password": refused}).status_code == 422, refused
        assert weakness_of(refused)
    fine = ("eight .,", "tr ub  4d", "x" * 7 + "yzab0" * 20, "  blanks at both ends  ", "ひみつのパスワード", "Ünïcödé 🐝 ok")
    for number, taken in enumerate(fine):
        email = f"zoe{number}@example.org"
        assert client.post("/register", data={"email": email, "password": taken}).status_code == 303, taken
        assert service.check_password(email, taken), taken
        for other in (taken.swapcase(), taken.strip() + "x", taken[:-1]):
            assert other == taken or not service.check_password(email, other), (taken, other)
    assert not service.check_password("zoe3@example.org", "blanks at both ends")
    page = client.get("/register").text
    assert 'autocomplete="new-password"' in page
    assert "maxlength" not in page.split('name="password"')[1].split(">")[0]


def test_what_matters_asks_who_one_is_first(app: Flask, alice: User) -> None:
    """ASVS 6.2.3, 7.5.1 (1, 2). Password, address, second step, passkeys, all data, the end of the account."""
    browser = app.test_client()
    log_in(browser, with_password(alice).email)
    grow_stale()
    guarded = [rule.rule for rule in app.url_map.iter_rules() if rule.rule in {
        "/change", "/account/email", "/account/delete", "/account/passkeys", "/account/passkeys/question", "/account/second-step",
        "/account/second-step/set-up", "/account/second-step/codes", "/account/second-step/off",
    }]  # fmt: skip
    assert len(guarded) >= 9
    for rule in app.url_map.iter_rules():
        if rule.rule in guarded:
            for method in (rule.methods or set()) & {"GET", "POST"}:
                answer = browser.open(rule.rule, method=method, data={"password": BETTER, "email": "eve@example.org"})
                assert answer.location.startswith("/account/prove"), rule
    db.session.refresh(alice)
    assert service.check_password(EMAIL, GOOD)
    assert not mails_to("eve@example.org")


def test_guessing_pauses_the_account_and_the_visitor_but_not_its_owner(make_app: Callable[..., Flask]) -> None:
    """ASVS 6.3.1 (1). By every door that takes a password, however many addresses; a mailed link lets its owner in."""
    app = make_app(rate_limits=True)
    with app.app_context():
        alice = with_password(user(EMAIL))
        guest = app.test_client()
        publish = guest.post("/new").location.replace("/edit", "/publish")
        for number in range(5):
            away = {"REMOTE_ADDR": f"192.0.2.{number}"}
            wrong = {"email": EMAIL, "password": "wrong password"}
            assert app.test_client().post("/login", data=wrong, environ_base=away).status_code == 422
            assert guest.post(publish, data=wrong, environ_base=away).status_code == 422
        fresh = {"REMOTE_ADDR": "198.51.100.1"}
        assert app.test_client().post("/login", data={"email": EMAIL, "password": GOOD}, environ_base=fresh).status_code == 429
        assert guest.post(publish, data={"email": EMAIL, "password": GOOD}, environ_base=fresh).status_code == 429
        owner = app.test_client()
        assert owner.post("/reset/" + security.reset_token(alice), data={"password": BETTER}).status_code == 303
        assert is_signed_in(owner)


def test_there_is_nobody_at_first_and_no_way_to_become_an_admin(app: Flask, client: FlaskClient) -> None:
    """ASVS 6.3.2 (1)."""
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 0
    client.post("/register", data={"email": "first@example.org", "password": GOOD})
    log_in(client, "first@example.org")
    assert client.get("/admin/").status_code == 404


def test_no_door_leads_round_the_second_step(app: Flask, alice: User) -> None:
    """ASVS 6.4.3 (2). Neither a new password by mail, nor publishing with a password, nor a confirmed address."""
    turn_second_step_on(with_password(alice))
    guest = app.test_client()
    publish = guest.post("/new").location.replace("/edit", "/publish")
    guest.post(publish.replace("/publish", "/draft"), data={"display_name": "Guest", "revision": "1"})
    by_publishing = guest.post(publish, data={"email": EMAIL, "password": GOOD})
    assert by_publishing.location.startswith("/login/code")
    assert not is_signed_in(guest)
    assert guest.post("/login/code", data={"code": code_now(alice)}).status_code == 303
    assert is_signed_in(guest)
    confirming = app.test_client()
    confirming.post("/confirm/" + security.confirmation_token(alice))
    assert not is_signed_in(confirming)
    browser = app.test_client()
    assert browser.post("/reset/" + security.reset_token(alice), data={"password": BETTER}).location.startswith("/login/code")
    assert not is_signed_in(browser)
    db.session.refresh(alice)
    assert alice.has_second_factor
    assert browser.post("/login/code", data={"code": ""}).status_code == 422
    assert browser.get("/cards").location.startswith("/login")


def test_codes_and_links_work_once_and_not_for_long(app: Flask, client: FlaskClient, alice: User) -> None:
    """ASVS 6.5.1, 6.5.5 (2). A code of the app, a recovery code, a mailed proof, a reset, a link of the terminal."""
    recovery = turn_second_step_on(with_password(alice))
    code = code_now(alice)
    assert half_way(app).post("/login/code", data={"code": code}).status_code == 303
    assert half_way(app).post("/login/code", data={"code": code}).status_code == 422
    assert half_way(app).post("/login/code", data={"code": recovery[0]}).status_code == 303
    assert half_way(app).post("/login/code", data={"code": recovery[0]}).status_code == 422
    late = half_way(app)
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert late.post("/login/code", data={"code": recovery[1]}).location.startswith("/login?")
        assert half_way(app).post("/login/code", data={"code": code}).status_code == 422
    browser = half_way(app)
    browser.post("/login/code", data={"code": recovery[2]})
    grow_stale()
    browser.post("/account/prove/mail")
    proof = link_in(mails_to(EMAIL)[-1])
    copy, cookie = app.test_client(), browser.get_cookie("session")
    copy.set_cookie("session", cookie.value if cookie else "")
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert copy.get(proof).status_code == 410
    assert app.test_client().post(proof).location.startswith("/login")
    assert browser.post(proof).location == "/account"
    again = browser.post(proof)
    assert again.status_code == 410, again.location
    link = service.make_sign_in_link(alice)
    assert client.get(link).status_code == 303
    assert app.test_client().get(link).status_code == 410


def test_codes_are_throttled(make_app: Callable[..., Flask]) -> None:
    """ASVS 6.6.3 (2). Ten wrong ones, and the right one waits; signing in anew with the password changes nothing."""
    app = make_app(rate_limits=True)
    with app.app_context():
        alice = with_password(user(EMAIL))
        turn_second_step_on(alice)
        statuses = []
        for number in range(12):
            browser = app.test_client()
            away = {"REMOTE_ADDR": f"192.0.2.{number}"}
            browser.post("/login", data={"email": EMAIL, "password": GOOD}, environ_base=away)
            statuses.append(browser.post("/login/code", data={"code": "000000"}, environ_base=away).status_code)
        assert statuses == [422] * 10 + [429] * 2
        assert half_way(app).post("/login/code", data={"code": code_now(alice)}).status_code == 429


def median_of(times: int, ask: Callable[[int], object]) -> float:
    """Return how long it takes, in the middle of so many tries, as seconds of this thread's work."""
    taken = []
    for number in range(times):
        begin = time.thread_time()
        ask(number)
        taken.append(time.thread_time() - begin)
    return statistics.median(taken)


@pytest.mark.usefixtures("costly_passwords")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_learns_who_has_an_account(app: Flask, alice: User) -> None:
    """ASVS 6.3.1 (1). The same answer, cookies and time at sign-in, sign-up and a forgotten password, known or unknown."""
    with_password(alice)

    def ask(path: str, email: str) -> tuple[object, ...]:
        answer = app.test_client().post(path, data={"email": email, "password": "a wrong lamp in the window"})
        cookies = [cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")]
        return answer.status_code, answer.location, cookies, len(answer.text.replace(email, ""))

    for path in ("/login", "/reset", "/register"):
        known, unknown = ask(path, EMAIL), ask(path, "zoe00@example.org")
        assert known[:3] == unknown[:3], path
        ask_known = median_of(9, lambda _number, path=path: ask(path, EMAIL))
        ask_unknown = median_of(9, lambda number, path=path: ask(path, f"zoe{number:02}-{path[1:]}@example.org"))
        is_alike = 0.5 < ask_known / ask_unknown < 2 or abs(ask_known - ask_unknown) < 0.01  # far less than a network adds
        assert is_alike, f"{path}: {ask_known:.4f} s known, {ask_unknown:.4f} s unknown"
