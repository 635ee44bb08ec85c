"""Reports about a card, and the operator's own pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from vcardapp.cards.models import Card, Report
from vcardapp.db import db


def reports() -> list[Report]:
    return list(db.session.scalars(sa.select(Report)))


def test_a_report_reaches_the_admin(client: FlaskClient, ada: Card) -> None:
    sent = {"reason": "fraud", "text": "This is not Ada. 🙃", "email": "eve@example.org"}
    answer = client.post("/ada/report", data=sent)
    assert "has arrived" in answer.text
    (report,) = reports()
    assert (report.card_id, report.reason, report.text, report.email) == (ada.id, *sent.values())


@pytest.mark.parametrize(
    "sent",
    [{}, {"reason": "nonsense"}, {"reason": "spam", "text": "x" * 2001}, {"reason": "spam", "email": "no address"},
     {"reason": "spam", "email": "a@b.example\r\nBcc: x@y.example"}, {"reason": "spam", "email": "x" * 300}],
)  # fmt: skip
def test_a_faulty_report_comes_back_with_what_is_wrong(client: FlaskClient, ada: Card, sent: dict[str, str]) -> None:
    answer = client.post("/ada/report", data=sent)
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    assert 'aria-invalid="true"' in answer.text or 'aria-describedby="reason-error"' in answer.text
    assert not reports()


def test_machines_that_fill_in_everything_are_thanked_and_forgotten(client: FlaskClient, ada: Card) -> None:
    answer = client.post("/ada/report", data={"reason": "spam", "homepage": "https://buy.example"})
    assert answer.status_code == 200
    assert not reports()


def test_a_report_with_a_nul_is_kept_without_it(client: FlaskClient, ada: Card) -> None:
    client.post("/ada/report", data={"reason": "spam", "text": "a\x00b"})
    assert reports()[0].text == "ab"


def page_of(app: Flask, path: str, base_url: str = "http://localhost") -> TestResponse:
    with app.app_context():
        return app.test_client().get(path, base_url=base_url)


def test_the_imprint_is_the_operators(make_app: Callable[..., Flask]) -> None:
    assert page_of(make_app(), "/imprint").status_code == 404
    text = "**Us**, 1 Road\n\n<script>x</script> [mail](mailto:us@example.org)"
    page = page_of(make_app(imprint=text), "/imprint").text
    assert "<strong>Us</strong>" in page
    assert "<script>x" not in page
    elsewhere = page_of(make_app(imprint="https://us.example.org/imprint"), "/imprint")
    assert elsewhere.headers["Location"] == "https://us.example.org/imprint"


def test_the_operator_can_add_to_the_privacy_page(make_app: Callable[..., Flask]) -> None:
    page = page_of(make_app(privacy="We keep *logs*.", operator="Ann & Co"), "/privacy").text
    assert "<em>logs</em>" in page
    assert "Ann &amp; Co" in page


def test_the_first_page_says_when_its_address_works_here_only(make_app: Callable[..., Flask]) -> None:
    assert "HOST=0.0.0.0 make run" in page_of(make_app(), "/").text
    public = page_of(make_app(url="https://cards.example"), "/", "https://cards.example")
    assert "HOST=0.0.0.0" not in public.text
