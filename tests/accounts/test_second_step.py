"""The second step of signing in: codes of an app and recovery codes (ASVS 6.4.3, 6.5.1, 6.6.3)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
import time_machine
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests.accounts.cast import (
    BETTER,
    GOOD,
    code_now,
    grow_stale,
    is_signed_in,
    log_in,
    mails_to,
    turn_second_step_on,
    with_password,
)
from tests.factories import user
from vcardapp.accounts import second_factor, security, service
from vcardapp.accounts.models import RecoveryCode, User
from vcardapp.db import db, now

EMAIL = "alice@example.org"


def half_way(app: Flask, target: str = "") -> FlaskClient:
    """A browser in which Alice's password was right."""
    browser = app.test_client()
    answer = log_in(browser, EMAIL, to="/login" + target)
    assert answer.location.startswith("/login/code?next=")
    return browser


def send(browser: FlaskClient, code: str, to: str = "/login/code") -> int:
    return browser.post(to, data={"code": code}).status_code


def test_it_is_set_up_by_a_code_on_the_screen_and_one_from_the_app(client: FlaskClient, alice: User) -> None:
    with_password(alice)
    log_in(client, EMAIL)
    page = client.get("/account/second-step/set-up").text
    uri = read_code(page)
    assert uri == html.unescape(re.search(r'href="(otpauth:[^"]+)"', page)[1])  # type: ignore[index]
    key = re.search(r"secret=([A-Z2-7]+)", uri)[1]  # type: ignore[index]
    shown = re.search(r'class="set-up-key"[^>]*>([^<]+)<', page)[1]  # type: ignore[index]
    assert shown.replace("-", "") == key
    assert send(client, "000000", "/account/second-step/set-up") == 422
    db.session.refresh(alice)
    assert not alice.has_second_factor
    code = second_factor.OnceTotp()._totp(key=key, format="base32").generate().token
    done = client.post("/account/second-step/set-up", data={"code": f" {code[:3]} {code[3:]} "})
    codes = re.findall(r"<code[^>]*>([0-9a-z-]{14})</code>", done.text)
    assert len(set(codes)) == 10
    assert key not in str(alice.totp_secret)
    assert "takes two steps" in mails_to(EMAIL)[-1].subject
    hashes = list(db.session.scalars(sa.select(RecoveryCode.code_hash)))
    assert len(hashes) == 10
    assert all(one.startswith("$argon2id$") for one in hashes)
    assert codes[0] not in client.get("/account/second-step").text
    assert client.get("/account/second-step/set-up").location == "/account/second-step"


def read_code(page: str) -> str:
    """Read the code that is drawn on a page."""
    drawn = re.search(r'viewBox="0 0 (\d+) \1" role="img".*?d="([^"]+)"', page, re.S)
    assert drawn
    image = Image.new("L", (int(drawn[1]), int(drawn[1])), 255)
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawn[2]):
        image.putpixel((int(x), int(y)), 0)
    found = zxingcpp.read_barcodes(image.resize((image.width * 4, image.height * 4), Image.Resampling.NEAREST))
    return str(found[0].text)


def test_after_the_password_nobody_is_in_before_the_code(app: Flask, alice: User) -> None:
    turn_second_step_on(with_password(alice))
    browser = half_way(app, "?next=/account/email")
    assert not is_signed_in(browser)
    assert browser.get("/account").location.startswith("/login?")
    assert send(browser, "12 34 56") == 422
    answer = browser.post("/login/code?next=/account/email", data={"code": code_now(alice)})
    assert answer.location == "/account/email"
    assert is_signed_in(browser)


def test_one_code_lets_in_once(app: Flask, alice: User) -> None:
    """ASVS 6.5.1: flask-security alone would take it twice."""
    turn_second_step_on(with_password(alice))
    first, second = half_way(app), half_way(app)
    code = code_now(alice)
    assert send(first, code) == 303
    assert send(second, code) == 422
    assert not is_signed_in(second)
    assert send(second, code_now(alice, later=30)) == 303


def test_of_two_browsers_at_once_one_gets_in_with_the_same_code(app: Flask, alice: User) -> None:
    """The app's code and a recovery code, each tried by two at the same moment."""
    alice_id, codes = alice.id, turn_second_step_on(alice)

    def take(code: str, both: Barrier) -> bool:
        with app.app_context():
            person = db.session.get_one(User, alice_id)
            both.wait(20)
            return second_factor.takes_code(person, code)

    for code in (code_now(alice, 30), codes[0]):
        both = Barrier(2)
        with ThreadPoolExecutor(2) as browsers:
            taken = [browsers.submit(take, code, both) for _browser in range(2)]
            assert sorted(one.result(20) for one in taken) == [False, True]


def test_digits_of_other_scripts_are_digits(app: Flask, alice: User) -> None:
    turn_second_step_on(with_password(alice))
    assert send(half_way(app), code_now(alice).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == 303


def test_the_second_step_waits_for_ten_minutes_and_for_the_password(app: Flask, client: FlaskClient, alice: User) -> None:
    turn_second_step_on(with_password(alice))
    assert client.get("/login/code?next=/account").location == "/login?next=/account"
    browser = half_way(app)
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert browser.get("/login/code").location.startswith("/login?")
    browser = half_way(app)
    service.change_password(alice, BETTER)
    assert browser.get("/login/code").location.startswith("/login?")


def test_a_recovery_code_lets_in_once_and_its_owner_hears_of_it(app: Flask, alice: User) -> None:
    codes = turn_second_step_on(with_password(alice))
    assert send(half_way(app), codes[3].upper().replace("-", " ")) == 303
    assert send(half_way(app), codes[3]) == 422
    assert "9 codes are left" in mails_to(EMAIL)[-1].text
    browser = half_way(app)
    assert send(browser, codes[4]) == 303
    renewed = re.findall(r"<code[^>]*>([0-9a-z-]{14})</code>", browser.post("/account/second-step/codes").text)
    assert len(renewed) == 10
    assert send(half_way(app), codes[5]) == 422
    assert send(half_way(app), renewed[5]) == 303


def test_a_new_password_by_mail_does_not_switch_it_off(client: FlaskClient, alice: User) -> None:
    """ASVS 6.4.3."""
    turn_second_step_on(with_password(alice))
    answer = client.post("/reset/" + security.reset_token(alice), data={"password": BETTER})
    assert answer.location == "/login/code?next=/cards"
    assert not is_signed_in(client)
    assert send(client, code_now(alice)) == 303
    assert is_signed_in(client)


def test_switching_it_off_asks_who_one_is_and_tells_by_mail(app: Flask, alice: User) -> None:
    turn_second_step_on(with_password(alice))
    browser = half_way(app)
    send(browser, code_now(alice))
    grow_stale()
    assert browser.post("/account/second-step/off").location == "/account/prove?next=/account"
    db.session.refresh(alice)
    assert alice.has_second_factor
    browser.post("/account/prove", data={"present": GOOD})
    assert browser.post("/account/second-step/off").location == "/account"
    assert "one step again" in mails_to(EMAIL)[-1].subject
    assert log_in(app.test_client(), EMAIL).location == "/cards"
    assert db.session.scalar(sa.select(RecoveryCode.id)) is None


@pytest.mark.parametrize("code", ["", "0", "x" * 12, "１２３４５６７", "²²²²²²", "\0" * 6, "9" * 500, "𝟙" * 6])
def test_strange_codes_are_wrong_and_nothing_else(app: Flask, alice: User, code: str) -> None:
    turn_second_step_on(with_password(alice))
    assert send(half_way(app), code) == 422


def test_codes_are_throttled(make_app: Callable[..., Flask]) -> None:
    """ASVS 6.6.3: per account, in however many browsers."""
    app = make_app(rate_limits=True)
    with app.app_context():
        alice = with_password(user(EMAIL))
        turn_second_step_on(alice)
        answers = [send(half_way(app), "000000") for _time in range(10)]
        assert answers == [422] * 10
        assert send(half_way(app), code_now(alice)) == 429
        with time_machine.travel(now() + timedelta(minutes=16)):
            assert send(half_way(app), code_now(alice)) == 303
