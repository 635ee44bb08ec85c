"""Where one is signed in: listed by plain names, ended one by one (ASVS 7.5.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.cast import GOOD, grow_stale, is_signed_in, log_in, mails_to, with_password
from tests.accounts.owned import sign_in_of
from vcardapp.accounts.browsers import name_of
from vcardapp.accounts.models import SignIn, User
from vcardapp.db import db, now

EMAIL = "alice@example.org"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (ANDROID, "Chrome on Android"),
        (IPHONE, "Safari on iPhone"),
        (WINDOWS, "Firefox on Windows"),
        (WINDOWS + " Edg/126.0", "Edge on Windows"),
        (ANDROID.replace("Chrome", "SamsungBrowser/25 Chrome"), "Samsung Internet on Android"),
        (IPHONE.replace("Version/17.5", "CriOS/126.0"), "Chrome on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/17 Safari/605", "Safari on macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/127.0", "Firefox on Linux"),
        ("curl/8.5", "Other on Other"),
        ("", "Other on Other"),
        ("<script>\0" * 500, "Other on Other"),
    ],
)
def test_browsers_have_plain_names(user_agent: str, name: str) -> None:
    assert name_of(user_agent) == name


def browser_with(app: Flask, user_agent: str) -> FlaskClient:
    browser = app.test_client()
    browser.environ_base["HTTP_USER_AGENT"] = user_agent
    assert log_in(browser, EMAIL).location == "/cards"
    return browser


def ends_of(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('action="')[1:] if "/end" in part.split('"')[0]]


def test_each_is_listed_and_can_be_ended(app: Flask, alice: User, bob: User) -> None:
    with_password(alice)
    phone, laptop, tablet = (browser_with(app, one) for one in (ANDROID, WINDOWS, IPHONE))
    theirs = sign_in_of(bob.id, "Opera on Linux")
    page = laptop.get("/account/sign-ins").text
    assert page.index("Firefox on Windows") < page.index("This one") < page.index("Safari on iPhone")
    assert page.count("This one") == 1
    assert "Chrome on Android" in page
    assert "Opera" not in page
    row = db.session.scalar(sa.select(SignIn).where(SignIn.browser == "Chrome on Android"))
    assert laptop.post(f"/account/sign-ins/{theirs.id}/end").status_code == 404
    assert laptop.post(f"/account/sign-ins/{row.id}/end").location == "/account/sign-ins"
    assert not is_signed_in(phone)
    assert is_signed_in(tablet)
    assert laptop.post(f"/account/sign-ins/{row.id}/end").status_code == 404
    assert len(ends_of(laptop.get("/account/sign-ins").text)) == 2
    laptop.post("/account/sign-ins/end-others")
    assert not is_signed_in(tablet)
    assert is_signed_in(laptop)
    assert ends_of(laptop.get("/account/sign-ins").text) == []
    db.session.refresh(theirs)
    assert theirs.ended_at is None


def test_ending_needs_a_fresh_proof_and_looking_does_not(app: Flask, alice: User) -> None:
    with_password(alice)
    laptop, phone = browser_with(app, WINDOWS), browser_with(app, ANDROID)
    grow_stale()
    page = laptop.get("/account/sign-ins").text
    ends = [*ends_of(page), "/account/sign-ins/end-others"]
    assert len(ends) == 3, ends
    for path in ends:
        assert laptop.post(path).location == "/account/prove?next=/account/sign-ins"
    assert is_signed_in(phone)
    assert "Nothing was done yet." in laptop.get("/account/prove").text
    assert laptop.post("/account/prove?next=/account/sign-ins", data={"present": GOOD}).location == "/account/sign-ins"
    assert laptop.post(ends[0]).location == "/account/sign-ins"
    assert not is_signed_in(phone)


def test_neither_the_whole_name_of_a_browser_nor_its_address_is_kept(app: Flask, alice: User) -> None:
    with_password(alice)
    browser_with(app, ANDROID)
    kept = " ".join(map(str, db.session.execute(sa.select(SignIn.__table__)).one()))
    assert "Chrome on Android" in kept
    assert "Pixel" not in kept
    assert "127.0.0.1" not in kept


def test_when_it_was_seen_is_noted_once_an_hour(app: Flask, alice: User) -> None:
    with_password(alice)
    browser = browser_with(app, ANDROID)
    begun, noted = now(), []
    for minutes in (1, 61, 90, 130):
        with time_machine.travel(begun + timedelta(minutes=minutes)):
            assert is_signed_in(browser)
            db.session.rollback()
            noted.append(db.session.scalar(sa.select(SignIn.seen_at)))
    assert noted[0] is None
    assert noted[1] == noted[2] != noted[3]


def test_a_new_kind_of_browser_is_told_by_mail_and_a_known_one_is_not(app: Flask, alice: User) -> None:
    with_password(alice)
    for one in (ANDROID, ANDROID, WINDOWS, ANDROID, WINDOWS):
        browser_with(app, one)
    mails = mails_to(EMAIL)
    assert len(mails) == 1
    assert "Firefox on Windows" in mails[0].text
    assert "http://localhost/account/sign-ins" in mails[0].text


def test_who_signed_in_before_names_were_kept_is_not_frightened(app: Flask, alice: User) -> None:
    with_password(alice)
    sign_in_of(alice.id, "")
    browser_with(app, ANDROID)
    assert mails_to(EMAIL) == []


def test_names_are_shown_in_the_readers_language(app: Flask, alice: User, sign_in: Callable[[User], FlaskClient]) -> None:
    sign_in_of(alice.id, "Other on Linux")
    assert "Another browser on Linux" in sign_in(alice).get("/account/sign-ins").text
