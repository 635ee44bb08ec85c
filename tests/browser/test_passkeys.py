"""Passkeys in a real browser, with an authenticator that Chromium pretends to have (ASVS 6.3.3, 6.7)."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page, expect
from werkzeug.serving import make_server

from tests.accounts.cast import GOOD, turn_second_step_on, with_password
from tests.factories import user
from tests.processes import Server, free_port
from vcardapp import create_app
from vcardapp.accounts import service
from vcardapp.accounts.models import Passkey, SignIn, UsedChallenge
from vcardapp.db import db
from vcardapp.mail import Mail

PHONE = {"width": 390, "height": 844}


@contextmanager
def serving(app: Flask, port: int) -> Iterator[None]:
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(20)
        server.server_close()


@pytest.fixture(scope="module")
def here(live_server: Server) -> Iterator[Flask]:
    """The live server's app at an address with a name, as passkeys need one: its person, its pages."""
    port = free_port()
    app = create_app(replace(live_server.settings, url=f"http://localhost:{port}", jobs=False))
    with serving(app, port):
        yield app


@pytest.fixture
def visit(browser: Browser, here: Flask) -> Iterator[tuple[Page, CDPSession]]:
    context = browser.new_context(viewport=PHONE, base_url=here.config["SETTINGS"].url, locale="en-GB")
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    yield page, device
    context.close()


def add_authenticator(device: CDPSession, **over: Any) -> str:
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True, **over,
    }  # fmt: skip
    return str(device.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"])


def sign_in_by_link(page: Page, app: Flask, email: str) -> None:
    with app.app_context():
        page.goto(service.make_sign_in_link(service.ensure_user(email)))


def test_register_sign_out_sign_in_prove_remove(here: Flask, visit: tuple[Page, CDPSession]) -> None:
    page, device = visit
    email = "passkeys@example.org"
    with here.app_context():
        person = with_password(user(email))
        turn_second_step_on(person)
        person_id = person.id
    authenticator = add_authenticator(device)
    sign_in_by_link(page, here, email)

    page.goto("/account")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("My <phone>")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Your passkey is ready")).to_be_visible()
    expect(page.get_by_text("My <phone>", exact=True)).to_be_visible()
    expect(page.get_by_text("Not used yet")).to_be_visible()
    kept = device.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    assert [one["isResidentCredential"] for one in kept] == [True]
    assert kept[0]["rpId"] == "localhost"

    page.get_by_label("Name").fill("Once more")  # the same device again
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Perhaps this device has one of yours already")).to_be_visible()

    page.goto("/account")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/login?next=/account/passkeys")
    page.get_by_role("button", name="Sign in with a passkey").click()  # no e-mail typed, and no code asked for
    expect(page.get_by_role("heading", name="Passkeys")).to_be_visible()
    expect(page.get_by_text(re.compile("^Used: "))).to_be_visible()
    with here.app_context():
        assert db.session.scalar(sa.select(Passkey.sign_count).where(Passkey.user_id == person_id)) == 2
        db.session.execute(sa.update(SignIn).where(SignIn.user_id == person_id).values(proven_at=None))
        db.session.commit()

    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    page.goto("/account/passkeys")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("That passkey is removed")).to_be_visible()
    with here.app_context():
        assert db.session.scalar(sa.select(Passkey.id).where(Passkey.user_id == person_id)) is None
        subjects = list(db.session.scalars(sa.select(Mail.subject).where(Mail.recipient == email).order_by(Mail.created_at)))
    assert subjects[-2:] == ["Your account has a new passkey", "A passkey was removed from your account"]

    page.goto("/account")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/login")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That did not work with this passkey")).to_be_visible()


def test_an_answer_counts_once_and_only_from_a_device_that_knows_its_person(
    here: Flask, visit: tuple[Page, CDPSession]
) -> None:
    page, device = visit
    email = "replay@example.org"
    authenticator = add_authenticator(device)
    sign_in_by_link(page, here, email)
    page.goto("/account/passkeys")
    page.get_by_label("Name").fill("Phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Your passkey is ready")).to_be_visible()
    page.goto("/account")
    page.get_by_role("button", name="Sign out").click()

    def wait_for_answer() -> tuple[dict[str, str], str]:
        """Press the button, and return what was sent with the session it was sent in."""
        page.goto("/login")
        with page.expect_request(re.compile("/login/passkey\\?")) as asked:
            page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_load_state()
        form = asked.value.post_data_json
        return form, asked.value.all_headers()["cookie"]

    form, cookie = wait_for_answer()
    expect(page.get_by_role("link", name="Your account").or_(page.get_by_role("heading")).first).to_be_visible()
    with here.app_context():  # so that its counter alone would not give the copy away
        db.session.execute(sa.update(Passkey).values(sign_count=0))
        db.session.commit()
    thief = here.test_client()
    thief.set_cookie("session", dict(part.split("=", 1) for part in cookie.split("; "))["session"])
    again = thief.post("/login/passkey", data=form)
    assert again.location.startswith("/login?")  # the same session, the same answer
    assert thief.get("/account").status_code == 303
    with here.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(UsedChallenge)) >= 2

    page.goto("/account")
    page.get_by_role("button", name="Sign out").click()
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.goto("/login")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey was used")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    with here.app_context():  # as if a copy of the device had been used elsewhere
        db.session.execute(sa.update(Passkey).values(sign_count=1000))
        db.session.commit()
    page.goto("/login")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That did not work with this passkey")).to_be_visible()


def test_without_scripts_the_page_says_so_and_the_password_works(browser: Browser, here: Flask) -> None:
    with here.app_context():
        with_password(user("plain@example.org"))
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, base_url=here.config["SETTINGS"].url)
    page = context.new_page()
    page.goto("/login?next=/account/passkeys")
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    page.get_by_label("E-mail").fill("plain@example.org")
    page.get_by_label("Password").fill(GOOD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Passkeys")).to_be_visible()
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    context.close()
