"""What the server says of itself: to strangers nothing, to its log enough and no secret; and faults (ASVS V13, V16)."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.accounts.cast import BETTER, GOOD, is_signed_in, log_in, turn_second_step_on, with_password
from tests.processes import free_port
from vcardapp.accounts import security
from vcardapp.db import db, engine_options
from vcardapp.operations.logs import Json, Lines

EMAIL = "alice@example.org"
INSIDE = ("/metrics", "/.git/config", "/.git/HEAD", "/.env", "/server-status", "/debug", "/console", "/vcardapp.sqlite3")


def test_nothing_of_the_inside_is_public(client: FlaskClient) -> None:
    """ASVS 13.4.1, 13.4.2, 13.4.5 (1, 2). No version control, no debugger, no metrics without their token, no versions."""
    for path in INSIDE:
        assert client.get(path).status_code == 404, path
    for path in ("/healthz", "/readyz", "/", "/nobody"):
        answer = client.get(path)
        assert not re.search(r"Werkzeug|Flask|Python/|granian|sqlite|postgres", answer.text + str(answer.headers), re.I), path
    assert not client.application.debug
    assert client.get("/?__debugger__=yes&cmd=resource&f=debugger.js").mimetype == "text/html"


def test_metrics_want_their_token(make_app: Callable[..., Flask]) -> None:
    """ASVS 13.4.5 (2)."""
    app = make_app(metrics_token="a token of tests")  # noqa: S106
    with app.app_context():
        browser = app.test_client()
        assert browser.get("/metrics").status_code in (401, 403, 404)
        for wrong in ("Bearer x", "Bearer ", "Basic YTpi", "Bearer a token of test"):
            assert browser.get("/metrics", headers={"Authorization": wrong}).status_code in (401, 403, 404)
        assert browser.get("/metrics", headers={"Authorization": "Bearer a token of tests"}).status_code == 200
        assert browser.get("/metrics?token=a+token+of+tests").status_code in (401, 403, 404)


def test_the_log_says_who_was_refused_and_holds_no_secret(
    make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture
) -> None:
    """ASVS 16.2.5, 16.3.1, 16.3.2, 16.4.1 (2). Right and wrong sign-ins, codes, resets; line breaks stay inside a line."""
    caplog.set_level(logging.DEBUG)
    app = make_app(smtp_url="smtp://127.0.0.1:9")  # without one, on a laptop, mails are read in the log
    with app.app_context():
        alice = with_password(factories.user(EMAIL))
        codes = turn_second_step_on(alice)
        browser, reset = app.test_client(), security.reset_token(alice)
        log_in(browser, EMAIL, "a wrong password\r\nINFO: alice signed in")
        log_in(browser, f"eve\r\nWARNING: forged {'x' * 20}@example.org", "x")
        log_in(browser, EMAIL)
        browser.post("/login/code", data={"code": "000000"})
        browser.post("/login/code", data={"code": codes[0]})
        assert is_signed_in(browser)
        browser.post("/logout")
        browser.post("/reset/" + reset, data={"password": BETTER})
        browser.get("/admin/")
        browser.get("/nobody\r\nforged")
        secrets = (GOOD, BETTER, "a wrong password", codes[0], codes[0].replace("-", ""), reset, alice.fs_uniquifier, EMAIL)
    records = [record for record in caplog.records if record.name.startswith("vcardapp")]
    for formatter in (Lines(), Json()):
        lines = [formatter.format(record) for record in records]
        assert not [line for line in lines if "\n" in line or "\r" in line]
        assert not [secret for secret in (*secrets, "$argon2") if secret in "\n".join(lines)]
    sign_ins = [record.getMessage() for record in records if record.name == "vcardapp.sign_in"]
    assert sum("refused" in one for one in sign_ins) >= 3
    assert "signed in" in sign_ins


def test_a_fault_of_the_database_tells_nothing_that_was_typed(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """ASVS 16.2.5 (2). SQLAlchemy would write the parameters of the statement into the log."""
    assert engine_options(app.config["SETTINGS"].database_url)["hide_parameters"]
    with pytest.raises(sa.exc.DBAPIError) as problem:
        db.session.execute(sa.text("SELECT :secret FROM nothing"), {"secret": "my password"})
    assert "my password" not in str(problem.value)
    db.session.rollback()


def test_a_fault_answers_with_a_kind_page_and_no_trace(
    make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS 16.5.1 (2). In HTML and JSON; the trace is in the log."""
    app = make_app()

    def broken() -> str:
        raise RuntimeError("the inside of it, /etc/passwd")

    monkeypatch.setitem(app.view_functions, "public.landing", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        for accept in ("text/html", "application/json"):
            answer = app.test_client().get("/", headers={"Accept": accept})
            assert answer.status_code == 500
            assert answer.mimetype == accept
            assert not re.search(r"inside of it|RuntimeError|Traceback|File |passwd", answer.text)
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Unexpected" in caplog.text


def test_without_its_database_nobody_is_let_in(make_app: Callable[..., Flask]) -> None:
    """ASVS 16.5.2, 16.5.3 (2). 503 and a kind page for whoever is signed in, signs in, or asks for somebody's things."""
    app = make_app()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        alice = with_password(factories.user(EMAIL))
        browser = app.test_client()
        log_in(browser, alice.email)
        engine = db.engine

        def away(*_anything: object) -> None:
            raise sa.exc.OperationalError("connect", {}, Exception("gone"))

        sa.event.listen(engine, "before_cursor_execute", away)
        try:
            for path in ("/account", "/cards", "/admin/", "/ada"):
                assert browser.get(path).status_code == 503, path
            assert log_in(app.test_client(), EMAIL).status_code == 503
            assert log_in(app.test_client(), EMAIL, "wrong").status_code == 503
        finally:
            sa.event.remove(engine, "before_cursor_execute", away)
        assert is_signed_in(browser)


def test_without_mail_or_store_of_counts_the_door_stays_as_it_is(make_app: Callable[..., Flask]) -> None:
    """ASVS 16.5.2, 16.5.3 (2). SMTP down: the mail waits. Valkey down: guesses are counted on, and nobody is let in for it."""
    nowhere = free_port()
    app = make_app(rate_limits=True, smtp_url=f"smtp://127.0.0.1:{nowhere}", redis_url=f"redis://127.0.0.1:{nowhere}/0")
    with app.app_context():
        with_password(factories.user(EMAIL))
        answers = [log_in(app.test_client(), EMAIL, "wrong").status_code for _try in range(12)]
        assert answers == [422] * 10 + [429] * 2
        assert log_in(app.test_client(), EMAIL).status_code == 429
        assert app.test_client().post("/reset", data={"email": EMAIL}).status_code == 303
