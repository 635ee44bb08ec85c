"""The contact by mail, against a real SMTP server in the test process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from urllib.parse import quote

import pytest
import sqlalchemy as sa
import time_machine
import vobject
from flask import Flask, current_app
from flask.testing import FlaskClient

from tests import factories
from tests.hostile import VALUES, bodies, encoded
from tests.processes import free_port
from tests.test_mail import Post, PostOffice, running
from vcardapp import mail
from vcardapp.cards import events
from vcardapp.cards.models import Card
from vcardapp.db import db, now
from vcardapp.mail import Mail


@pytest.fixture
def post(make_app: Callable[..., Flask]) -> Iterator[Post]:
    """An app with a mail server that is not started yet."""
    port = free_port()
    app = make_app(smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Cards <cards@example.org>")
    with app.app_context():
        yield Post(PostOffice(), port)


@pytest.fixture
def visitor(post: Post) -> FlaskClient:
    return current_app.test_client()


@pytest.fixture
def zoe(post: Post) -> Card:
    return factories.published_card(factories.alice(), "zoë", display_name="Zoë O'Neill; 李", note="Ring twice.")


def mails() -> list[Mail]:
    return list(db.session.scalars(sa.select(Mail)))


def test_one_mail_brings_the_contact_file(post: Post, visitor: FlaskClient, zoe: Card) -> None:
    page = visitor.get("/zoë").text
    assert 'href="/zo%C3%AB/send"' in page
    assert "mailto:?subject" not in page
    assert 'type="email"' in visitor.get("/zoë/send").text
    answer = visitor.post("/zoë/send", data={"email": "bob@example.org"})
    assert "on its way" in answer.text
    with running(post.office, post.port):
        assert mail.send_waiting() == 1
    [message], [envelope] = post.office.messages, post.office.received
    assert envelope.rcpt_tos == ["bob@example.org"]
    assert message["Subject"] == "Zoë O'Neill, 李"
    body = message.get_body()
    assert body is not None
    assert "http://localhost/zo%C3%AB" in body.get_content()
    [file] = message.iter_attachments()
    assert file.get_content_type() == "text/vcard"
    assert file.get_content_charset() == "utf-8"
    assert file.get_content_disposition() == "attachment"
    assert file.get_filename() == "Zoë O'Neill, 李.vcf"
    data = file.get_payload(decode=True)
    assert data == visitor.get("/zoë.vcf").data
    contact = vobject.readOne(data.decode())  # type: ignore[union-attr]
    assert contact.fn.value == "Zoë O'Neill, 李"
    assert contact.note.value == "Ring twice."


def test_an_event_travels_with_it(post: Post, visitor: FlaskClient, zoe: Card) -> None:
    events.add_event(zoe, "Expo", "Berlin", date(2026, 6, 3))
    assert 'href="/zo%C3%AB/send?e=expo"' in visitor.get("/zoë?e=expo").text
    page = visitor.post("/zoë/send?e=expo", data={"email": "bob@example.org"}).text
    assert 'href="/zo%C3%AB?e=expo"' in page
    [waiting] = mails()
    assert b"NOTE:Met: Expo\\, Berlin\\, 2026-06-03\\nRing twice." in (waiting.attachment or b"")


@pytest.mark.parametrize(
    "email",
    ["", "no address", "a@example.org\r\nBcc: eve@example.org", "a@example.org, eve@example.org", "a@example.org\x00",
     "Zoe <a@example.org>", "x" * 300 + "@example.org", "ü@example.org", '"a b"@example.org', "a@example.org\u2028b"],
)  # fmt: skip
def test_what_is_no_address_gets_no_mail(visitor: FlaskClient, zoe: Card, email: str) -> None:
    answer = visitor.post("/zoë/send", data={"email": email})
    [*waiting] = mails()
    if waiting:  # a NUL is dropped before anything else
        assert [one.recipient for one in waiting] == ["a@example.org"]
        return
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_machines_get_the_same_answer_and_send_nothing(visitor: FlaskClient, zoe: Card) -> None:
    real = visitor.post("/zoë/send", data={"email": "bob@example.org"})
    machine = visitor.post("/zoë/send", data={"email": "bob@example.org", "homepage": "https://buy.example"})
    assert (machine.status_code, machine.text.split("<main")[1]) == (real.status_code, real.text.split("<main")[1])
    assert len(mails()) == 1


def test_one_address_is_not_flooded(make_app: Callable[..., Flask]) -> None:
    app = make_app(smtp_url="smtp://127.0.0.1:1", rate_limits=True)
    with app.app_context():
        factories.published_card(factories.alice(), "ada")
        visitors = [app.test_client() for _ in range(5)]
        codes = [
            browser.post("/ada/send", data={"email": "Bob@example.org"}, environ_base={"REMOTE_ADDR": f"192.0.2.{n}"})
            for n, browser in enumerate(visitors)
        ]
        assert [answer.status_code for answer in codes] == [200, 200, 200, 429, 429]
        flood = [
            visitors[0].post("/ada/send", data={"email": f"b{n}@example.org"}, environ_base={"REMOTE_ADDR": "192.0.2.9"})
            for n in range(22)
        ]
        assert [answer.status_code for answer in flood] == [200] * 20 + [429] * 2


def test_without_a_mail_server_the_visitors_own_mail_app_is_offered(app: Flask, client: FlaskClient) -> None:
    factories.published_card(factories.alice(), "ada")
    assert "mailto:?subject" in client.get("/ada").text
    assert client.get("/ada/send").status_code == client.post("/ada/send", data={"email": "b@c.org"}).status_code == 404
    assert mails() == []


def test_addresses_and_files_are_forgotten_after_30_days_sent_or_not(post: Post, visitor: FlaskClient, zoe: Card) -> None:
    visitor.post("/zoë/send", data={"email": "bob@example.org"})
    with running(post.office, post.port):
        mail.send_waiting()
    visitor.post("/zoë/send", data={"email": "carol@example.org"})
    mail.queue_mail("alice@example.org", "Confirm", "A letter that still waits")
    db.session.commit()
    with time_machine.travel(now() + timedelta(days=29)):
        mail.sweep()
    assert len(mails()) == 3
    with time_machine.travel(now() + timedelta(days=31)):
        mail.sweep()
    assert [one.recipient for one in mails()] == ["alice@example.org"]


@pytest.mark.parametrize("name", VALUES)
def test_hostile_input_sends_nothing(visitor: FlaskClient, zoe: Card, name: str) -> None:
    for field in (b"email", b"homepage", b"csrf_token"):
        answer = visitor.post(f"/zoë/send?e={quote(VALUES[name][:3000])}", **encoded([(field, VALUES[name])]))
        assert answer.status_code == 422
        assert "<svg onload" not in answer.text
    assert mails() == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # half a file stays open until it is collected
def test_requests_that_no_page_sends_are_answered(visitor: FlaskClient, zoe: Card) -> None:
    for name, request in bodies(["email", "homepage"]):
        assert visitor.post("/zoë/send", **request()).status_code in (400, 413, 415, 422), name
    assert mails() == []


def test_hidden_cards_are_not_sent(post: Post, visitor: FlaskClient, zoe: Card) -> None:
    zoe.paused_at = now()
    db.session.commit()
    assert visitor.post("/zoë/send", data={"email": "bob@example.org"}).status_code == 404
    assert mails() == []
