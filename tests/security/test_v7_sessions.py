"""Signed in, and no longer: what a session is, how it begins and ends (ASVS V7), and tokens that stand for somebody (V9)."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.cast import BETTER, GOOD, grow_stale, is_signed_in, log_in, with_password
from vcardapp.accounts import security
from vcardapp.accounts.models import SignIn, User
from vcardapp.booking.links import token_of
from vcardapp.db import db, now
from vcardapp.store.answer_links import answer_token

EMAIL = "alice@example.org"


def browser_of(app: Flask, password: str = GOOD) -> FlaskClient:
    browser = app.test_client()
    assert log_in(browser, EMAIL, password).status_code == 303
    return browser


def copy_of(app: Flask, browser: FlaskClient) -> FlaskClient:
    """A thief's browser, with the same cookie."""
    thief, cookie = app.test_client(), browser.get_cookie("session")
    assert cookie is not None
    thief.set_cookie("session", cookie.value)
    return thief


def session_id(browser: FlaskClient) -> str:
    with browser.session_transaction() as session:
        return str(session["sign_in"])


def test_each_sign_in_is_drawn_anew_and_nothing_planted_is_adopted(app: Flask, alice: User) -> None:
    """ASVS 7.2.3, 7.2.4 (1). 128 bits from the system's chance in a signed cookie; new at each sign-in and each proof."""
    with_password(alice)
    first, second = browser_of(app), browser_of(app)
    ids = {session_id(first), session_id(second)}
    assert len(ids) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)
    victim = app.test_client()
    planted = first.get_cookie("session")
    assert planted is not None
    victim.set_cookie("session", planted.value)
    victim.post("/logout")
    log_in(victim, EMAIL)
    assert session_id(victim) not in ids
    assert not is_signed_in(first)  # what was planted has ended with it
    thief = copy_of(app, second)
    grow_stale()
    second.post("/account/prove", data={"present": GOOD})
    assert is_signed_in(second)
    assert not is_signed_in(thief)
    for forged in ("x", planted.value[:-2] + "xx", planted.value.split(".")[0] + ".x.y", ""):
        hostile = app.test_client()
        hostile.set_cookie("session", forged)
        assert not is_signed_in(hostile)


def test_a_sign_in_ends_by_idleness_and_by_age(app: Flask, alice: User) -> None:
    """ASVS 7.3.1, 7.3.2 (2). 14 days without use; 30 days however much it is used."""
    with_password(alice)
    begun, idle, used = now(), browser_of(app), browser_of(app)
    for day in (7, 14, 21, 28):
        with time_machine.travel(begun + timedelta(days=day)):
            assert is_signed_in(used), day
    with time_machine.travel(begun + timedelta(days=14, hours=1)):
        assert not is_signed_in(idle)
    with time_machine.travel(begun + timedelta(days=30, minutes=1)):
        assert not is_signed_in(used)


def test_a_sign_in_is_ended_on_the_server(app: Flask, alice: User) -> None:
    """ASVS 7.4.1, 7.4.3, 7.5.2 (1, 2). Signing out, another password, and the list of sign-ins end copies of a cookie, too.

    Ending one from the list takes a fresh proof.
    """
    with_password(alice)
    out = browser_of(app)
    thief = copy_of(app, out)
    assert out.post("/logout").status_code == 303
    assert not is_signed_in(thief)
    here, elsewhere, lost = browser_of(app), browser_of(app), browser_of(app)
    listed = here.get("/account/sign-ins").text
    ends = re.findall(r'action="(/account/sign-ins/[0-9a-f-]{36}/end)"', listed)
    assert len(ends) == 2
    lost_one = [path for path in ends if path.split("/")[3].replace("-", "") == session_id(lost)]
    grow_stale()
    assert here.post(lost_one[0]).location == "/account/prove?next=/account/sign-ins"
    assert is_signed_in(lost)
    here.post("/account/prove", data={"present": GOOD})
    assert here.post(lost_one[0]).status_code == 303
    assert not is_signed_in(lost)
    assert is_signed_in(elsewhere)
    here.post("/change", data={"present": GOOD, "password": BETTER})
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_who_is_gone_or_suspended_is_out_at_once(app: Flask, alice: User) -> None:
    """ASVS 7.4.2 (1). An account that is switched off, or deleted, ends every session of it."""
    with_password(alice)
    one, other = browser_of(app), browser_of(app)
    alice.active = False
    db.session.commit()
    assert not is_signed_in(one)
    alice.active = True
    db.session.commit()
    assert one.post("/account/delete", data={"present": GOOD}).location == "/"
    assert not is_signed_in(one)
    assert not is_signed_in(other)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 0


def test_no_token_passes_for_another_or_lasts_for_ever(app: Flask, client: FlaskClient, alice: User, bob: User) -> None:
    """ASVS 9.2.1, 9.2.2, 9.2.3 (1, 2). One purpose each, each for its own time, and none after what it was for."""
    tokens = {
        "/reset/": security.reset_token(alice),
        "/confirm/": security.confirmation_token(alice),
        "/account/email/": security.new_email_token(alice, "new@example.org"),
        "/o/answer/": answer_token(alice.id),
        "/b/": token_of("appointment", alice.id),
        "/w/": token_of("waiting", alice.id),
    }
    for path in tokens:
        for other, token in tokens.items():
            if other != path:
                for asked in (client.get(path + token), client.post(path + token, data={"password": BETTER})):
                    assert asked.status_code in (404, 405, 410), (path, other)
    lasts = {"/reset/": timedelta(hours=4), "/confirm/": timedelta(days=7), "/account/email/": timedelta(hours=4)}
    for path, time in lasts.items():
        assert client.get(path + tokens[path]).status_code == 200, path
        with time_machine.travel(now() + time + timedelta(minutes=1)):
            assert client.get(path + tokens[path]).status_code == 410, path
    body, _, signature = tokens["/reset/"].rpartition(".")
    for changed in (body, body + ".", body + "." + signature[::-1], "." + signature, tokens["/reset/"] + "x"):
        assert client.get("/reset/" + changed).status_code in (404, 410)
    assert not is_signed_in(client)
