"""Another secret key: what the old one signed or hashed is believed as long as the old one is named (ASVS 13.3.4)."""

from __future__ import annotations

import os
import stat
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.accounts.cast import GOOD, code_now, is_signed_in, log_in, turn_second_step_on, with_password
from tests.factories import published_card, user
from tests.processes import PROGRAM, environment
from tests.store.owned import order_of
from vcardapp import jobs
from vcardapp.accounts import second_factor, security, service
from vcardapp.accounts.models import User
from vcardapp.booking.links import hash_of, token_of
from vcardapp.config import BadSetting, read_settings
from vcardapp.db import db
from vcardapp.domains.service import proof_of
from vcardapp.store.answer_links import answer_token, read_answer
from vcardapp.store.models import Order
from vcardapp.store.ordering import token_for

OLD, NEW = "the first secret key", "the second secret key"
Make = Callable[..., Flask]


def rotated(make_app: Make) -> Flask:
    return make_app(secret_key=NEW, old_secret_keys=(OLD,))


def test_whoever_is_signed_in_stays_and_open_forms_work(make_app: Make) -> None:
    before = make_app(secret_key=OLD)
    before.config["WTF_CSRF_ENABLED"] = True
    with before.app_context():
        alice = with_password(user("alice@example.org"))
        browser = before.test_client()
        browser.get(service.make_sign_in_link(alice))
        page = browser.get("/account/sign-ins").text + browser.get("/account").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        cookie = browser.get_cookie("session")
    assert cookie is not None
    app, forgetful = rotated(make_app), make_app(secret_key=NEW)
    app.config["WTF_CSRF_ENABLED"] = True
    for one, stays in ((app, True), (forgetful, False)):
        with one.app_context():
            later = one.test_client()
            later.set_cookie("session", cookie.value)
            assert is_signed_in(later) == stays
    with app.app_context():
        later = app.test_client()
        later.set_cookie("session", cookie.value)
        assert later.post("/account/sign-ins/end-others", data={"csrf_token": token}).status_code == 303


def test_mailed_links_and_tokens_of_before_are_believed(make_app: Make) -> None:
    row, order = uuid.uuid4(), uuid.uuid4()
    with make_app(secret_key=OLD).app_context():
        alice = with_password(user("alice@example.org"))
        reset, confirm = security.reset_token(alice), security.confirmation_token(alice)
        new_email = security.new_email_token(alice, "new@example.org")
        visit, answer, proof = token_of("appointment", row), answer_token(order), proof_of(row, "x")
    with rotated(make_app).app_context():
        assert security.user_of_reset_token(reset) is not None
        assert security.user_of_confirmation_token(confirm) is not None
        assert security.user_of_new_email_token(new_email) is not None
        assert token_of("appointment", row, stored=hash_of(visit)) == visit
        assert token_of("appointment", uuid.uuid4()) != visit
        assert read_answer(answer) == order
        assert proof_of(row, "x", OLD) == proof != proof_of(row, "x")
    with make_app(secret_key=NEW).app_context():
        assert security.user_of_reset_token(reset) is None
        assert read_answer(answer) is None


def test_a_basket_finds_the_order_that_it_became_before(make_app: Make) -> None:
    with make_app(secret_key=OLD).app_context():
        order = db.session.get_one(Order, order_of(published_card(user("alice@example.org"), "ada")))
        shop_id, token = order.shop_id, token_for(order.shop_id, "key")
        order.token_hash = hash_of(token)
        db.session.commit()
    with rotated(make_app).app_context():
        assert token_for(shop_id, "key") == token
        assert token_for(shop_id, "another key") != token
    with make_app(secret_key=NEW).app_context():
        assert token_for(shop_id, "key") != token


@pytest.mark.usefixtures("costly_passwords")
def test_a_password_works_and_its_hash_is_made_anew(make_app: Make) -> None:
    with make_app(secret_key=OLD).app_context():
        old_hash = with_password(user("alice@example.org")).password
    with rotated(make_app).app_context():
        assert service.check_password("alice@example.org", "wrong") is None
        alice = service.check_password("alice@example.org", GOOD)
        assert alice is not None
        assert alice.password != old_hash
    with make_app(secret_key=NEW).app_context():
        assert service.check_password("alice@example.org", GOOD) is not None


def test_a_second_factor_works_and_is_encrypted_anew(make_app: Make) -> None:
    with make_app(secret_key=OLD).app_context():
        alice = with_password(user("alice@example.org"))
        codes = turn_second_step_on(alice)
        before, known = alice.totp_secret, alice.id
        code = code_now(alice, later=30)
    with rotated(make_app).app_context():
        alice = db.session.get_one(User, known)
        assert second_factor.takes_code(alice, code)
        assert alice.totp_secret != before
        assert second_factor.takes_code(alice, codes[0])
        again = code_now(alice, later=60)
    app = make_app(secret_key=NEW)
    with app.app_context():
        browser = app.test_client()
        assert log_in(browser, "alice@example.org").status_code == 422  # nobody has used the password in between
        assert second_factor.OnceTotp().verify_totp(again, db.session.get_one(User, known).totp_secret or "",
                                                    db.session.get_one(User, known), window=60)  # fmt: skip


def test_messages_that_wait_in_the_queue_are_believed_and_those_of_others_are_not(make_app: Make) -> None:
    before, after = make_app(secret_key=OLD), rotated(make_app)
    signed = [jobs.signer_of(app.config["SETTINGS"]).serialize("now") for app in (before, after)]
    reader = jobs.signer_of(after.config["SETTINGS"])
    assert [reader.deserialize(message) for message in signed] == ["now", "now"]
    with pytest.raises(ValueError, match="mismatch"):
        reader.deserialize(jobs.signer_of(make_app(secret_key="x" * 40).config["SETTINGS"]).serialize("now"))


def test_the_command_puts_a_new_key_first(tmp_path: Path) -> None:
    first = read_settings({"VCARDAPP_DATA": str(tmp_path)})
    path = tmp_path / "secret"
    path.chmod(0o644)
    env = environment(tmp_path, 0)
    said = subprocess.run([PROGRAM, "secret", "rotate"], env=env, capture_output=True, text=True, timeout=60, check=True)
    later = read_settings({"VCARDAPP_DATA": str(tmp_path), "VCARDAPP_OLD_SECRET_KEYS": "older oldest"})
    assert later.secret_key != first.secret_key
    assert later.secret_key not in said.stdout
    assert later.old_secret_keys == (first.secret_key, "older", "oldest")
    assert later.signing_keys == ["oldest", "older", first.secret_key, later.secret_key]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["secret"]
    env = environment(tmp_path, 0, VCARDAPP_SECRET_KEY="given " * 9)
    refused = subprocess.run([PROGRAM, "secret", "rotate"], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 1
    assert "VCARDAPP_OLD_SECRET_KEYS" in refused.stderr


def test_a_kept_secret_is_for_its_owner_only(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x" * 40)
    (tmp_path / "secret").chmod(0o644)
    assert read_settings({"VCARDAPP_DATA": str(tmp_path)}).secret_key == "x" * 40
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    (tmp_path / "secret").write_text("\n")
    with pytest.raises(BadSetting, match="holds no key"):
        read_settings({"VCARDAPP_DATA": str(tmp_path)})
