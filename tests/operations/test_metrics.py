"""What Prometheus is told: only with the token, added up over all workers, and nothing about anybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask, Response
from flask.testing import FlaskClient

TOKEN = "a-token-of-tests"
READER = {"Authorization": f"bearer {TOKEN}"}  # in small letters, too: RFC 9110 §11.1


def figures(text: str) -> dict[str, float]:
    """Return each figure by its name and labels; the whole must be what Prometheus reads."""
    from prometheus_client.parser import text_string_to_metric_families

    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_the_setting_there_is_no_such_page(app: Flask) -> None:
    assert FlaskClient(app, Response).get("/metrics", headers=READER).status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("shown", [None, "", TOKEN, "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer é"])
def test_without_the_token_nothing_is_said(make_app: Callable[..., Flask], shown: str | None) -> None:
    app = make_app(metrics_token=TOKEN)
    with app.app_context():
        answer = FlaskClient(app, Response).get("/metrics", headers={} if shown is None else {"Authorization": shown})
        assert (answer.status_code, answer.text) == (401, "")
        assert FlaskClient(app, Response).get("/metrics", headers=READER).status_code == 200


def test_ready_pages_errors_and_what_is_stored_are_counted(make_app: Callable[..., Flask], alice: object) -> None:
    from tests import factories
    from vcardapp.db import db
    from vcardapp.mail import queue_mail

    app = make_app(metrics_token=TOKEN, ready_megabytes=8)
    with app.app_context():
        factories.published_card(alice, "ada")  # type: ignore[arg-type]
        queue_mail("zoe@example.org", "Subject", "Text")
        db.session.commit()
        browser = FlaskClient(app, Response)
        for _ in range(5):
            assert browser.get("/ada").status_code == 200
        app.config["PROPAGATE_EXCEPTIONS"] = False
        app.view_functions["public.robots"] = lambda: db.session.execute(sa.text("SELECT nothing FROM nowhere"))
        assert browser.get("/robots.txt").status_code in (500, 503)
        db.session.rollback()
        found = figures(browser.get("/metrics", headers=READER).text)
    assert found["vcardapp_ready_pages_given_total"] == 4
    assert found["vcardapp_ready_pages_missed_total"] == 1
    assert found["vcardapp_ready_pages"] == 1
    assert found["vcardapp_ready_pages_bytes"] > 1000
    assert found["vcardapp_mails{state=waiting}"] == 1
    assert found["vcardapp_media_waiting"] == 0
    assert found["vcardapp_requests_total{endpoint=public.card,method=GET,status=2xx}"] == 1
    assert sum(value for name, value in found.items() if name.startswith("vcardapp_database_errors_total")) == 1
    assert found["vcardapp_memory_bytes"] > 10_000_000
