"""The outbox, against a real SMTP server in the test process."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from flask import Flask

from tests.processes import free_port
from vcardapp import mail
from vcardapp.db import db, now
from vcardapp.mail import Mail, queue_mail, send_waiting


@dataclass
class PostOffice:
    """Takes mails, unless told to refuse them."""

    received: list[Envelope] = field(default_factory=list)
    answer: str = "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.received.append(envelope)
        return self.answer

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(one.content, policy=default) for one in self.received]  # type: ignore[arg-type]


@contextmanager
def running(office: PostOffice, port: int, **options: Any) -> Iterator[None]:
    controller = Controller(office, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


@dataclass
class Post:
    office: PostOffice
    port: int


@pytest.fixture
def post(make_app: Callable[..., Flask]) -> Iterator[Post]:
    """An app whose mails go to a server that is not started yet."""
    port = free_port()
    with make_app(smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Cards <cards@example.org>").app_context():
        yield Post(PostOffice(), port)


def write(recipient: str = "zoe@example.org", subject: str = "Hello", text: str = "Good day,\n\nall is well.") -> Mail:
    written = queue_mail(recipient, subject, text)
    db.session.commit()
    return written


def test_a_mail_arrives_as_it_was_written(post: Post) -> None:
    written = write(subject="مرحبا – Grüße 👋", text="Hola,\n\n.\nRead on: https://example.org/ü?a=b\nسلام\n")
    with running(post.office, post.port):
        assert send_waiting() == 1
        assert send_waiting() == 0
    [message], [envelope] = post.office.messages, post.office.received
    assert envelope.rcpt_tos == ["zoe@example.org"]
    assert envelope.mail_from == "cards@example.org"
    assert message["Subject"] == "مرحبا – Grüße 👋"
    assert message["From"] == "Cards <cards@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert str(written.id) in message["Message-ID"]
    assert message.get_content_type() == "text/plain"
    assert message.get_content().replace("\r\n", "\n") == "Hola,\n\n.\nRead on: https://example.org/ü?a=b\nسلام\n"
    assert (written.state, written.attempts, written.error) == ("sent", 1, "")


def test_an_international_domain_is_written_in_ascii(post: Post) -> None:
    write("zoe@bücher.example")
    with running(post.office, post.port):
        send_waiting()
    assert post.office.received[0].rcpt_tos == ["zoe@xn--bcher-kva.example"]


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r"])
def test_no_line_break_adds_a_header_or_a_recipient(post: Post, break_: str) -> None:
    """ASVS 1.3.11."""
    evil = f"{break_}Bcc: eve@example.org{break_}X-Evil: 1"
    with pytest.raises(ValueError, match="one address"):
        queue_mail("zoe@example.org" + evil, "Hello", "text")
    write(subject="Hello" + evil, text="text" + evil)
    with running(post.office, post.port):
        assert send_waiting() == 1
    [message], [envelope] = post.office.messages, post.office.received
    assert envelope.rcpt_tos == ["zoe@example.org"]
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding",
        "MIME-Version", "Content-Language",
    } | ({"X-Peer", "X-MailFrom", "X-RcptTo"} & set(message.keys()))  # fmt: skip


@pytest.mark.parametrize(
    "recipient", ["zoe@example.org, eve@example.org", "zoe@example.org;eve@example.org", "Zoe <z@x.org>"]
)
def test_a_recipient_is_one_bare_address(post: Post, recipient: str) -> None:
    with pytest.raises(ValueError, match="one address"):
        queue_mail(recipient, "Hello", "text")


def test_while_the_server_is_away_a_mail_waits_longer_each_time(post: Post) -> None:
    written = write()
    waits = []
    for attempt in range(1, 9):
        with time_machine.travel(written.next_try_at or now(), tick=False):
            at = now()
            assert send_waiting() == 0
            assert written.attempts == attempt
            if written.next_try_at:
                waits.append((written.next_try_at - at) // timedelta(minutes=1))
    assert waits == [1, 5, 30, 120, 360, 720, 1440]
    assert written.state == "failed"
    assert "ConnectionRefusedError" in written.error


def test_while_the_server_is_away_not_every_mail_has_to_find_out(post: Post) -> None:
    written = [write(), write("bob@example.org")]
    assert send_waiting() == 0
    assert sorted(one.attempts for one in written) == [0, 1]


def test_it_arrives_once_the_server_is_back(post: Post) -> None:
    written = write()
    send_waiting()
    with running(post.office, post.port):
        assert send_waiting() == 0  # not yet
        with time_machine.travel(now() + timedelta(minutes=2)):
            assert send_waiting() == 1
    assert (written.attempts, written.error, len(post.office.received)) == (2, "", 1)


def test_one_refused_mail_does_not_hold_up_the_others(post: Post) -> None:
    refused, fine = write("refused@example.org"), write("fine@example.org")
    post.office.answer = "550 No"
    with running(post.office, post.port):
        send_waiting()
        assert (refused.attempts, fine.attempts) == (1, 1)
        assert "550" in refused.error
        post.office.answer = "250 OK"
        mail.send_again(refused)
        assert send_waiting() == 1


def test_two_workers_do_not_send_a_mail_twice(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    written = write()
    waiting = mail._waiting

    def seen_by_both() -> list[uuid.UUID]:
        found = waiting()
        monkeypatch.setattr(mail, "_waiting", waiting)
        assert send_waiting() == 1  # the other worker, between our look and our claim
        return found

    with running(post.office, post.port):
        monkeypatch.setattr(mail, "_waiting", seen_by_both)
        assert send_waiting() == 0
        assert mail._claim(written.id) is None
    assert len(post.office.received) == 1


def test_two_workers_with_the_same_list_send_each_mail_once(
    post: Post, monkeypatch: pytest.MonkeyPatch, make_app: Callable[..., Flask]
) -> None:
    """What another worker has taken meanwhile is not due any more, however old the list of this one is."""
    for number in range(6):
        write(f"zoe{number}@example.org")
    other = make_app(smtp_url=f"smtp://127.0.0.1:{post.port}")
    waiting = mail._waiting

    def seen_by_both() -> Iterator[uuid.UUID]:
        found = waiting()
        monkeypatch.setattr(mail, "_waiting", lambda: found)
        for number, one in enumerate(found):
            if number == 3:
                with other.app_context():
                    assert send_waiting() == 3
            yield one

    with running(post.office, post.port):
        monkeypatch.setattr(mail, "_waiting", seen_by_both)
        assert send_waiting() == 3
    assert sorted(one.rcpt_tos[0] for one in post.office.received) == [f"zoe{number}@example.org" for number in range(6)]


def test_a_worker_that_died_leaves_its_mail_to_the_next(post: Post) -> None:
    written = write()
    assert mail._claim(written.id)
    with running(post.office, post.port):
        assert send_waiting() == 0
        with time_machine.travel(now() + timedelta(minutes=11)):
            assert send_waiting() == 1


def test_the_server_is_told_name_and_password(make_app: Callable[..., Flask]) -> None:
    told: list[Any] = []

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        told.append((data.login, data.password))
        return AuthResult(success=True)

    port, office = free_port(), PostOffice()
    with make_app(smtp_url=f"smtp://me%40example.org:p%3A%2Fw@127.0.0.1:{port}").app_context():
        write()
        with running(office, port, authenticator=check, auth_require_tls=False):
            assert send_waiting() == 1
    assert told == [(b"me@example.org", b"p:/w")]


def test_a_password_is_not_told_to_a_server_elsewhere_without_encryption(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "LOOPBACK", {"localhost"})  # 127.0.0.1 plays a server elsewhere
    port, office = free_port(), PostOffice()
    with make_app(smtp_url=f"smtp://me:secret@127.0.0.1:{port}").app_context():
        written = write()
        with running(office, port, auth_require_tls=False):
            assert send_waiting() == 0
        assert "Unencrypted" in written.error
        assert "secret" not in written.error


def test_without_a_mail_server_nothing_is_tried_and_the_link_is_logged(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "vcardapp.mail"):
        written = write(text="Open http://localhost/confirm/abc")
    assert send_waiting() == 0
    assert (written.attempts, written.state) == (0, "waiting")
    assert "http://localhost/confirm/abc" in caplog.text


@pytest.mark.parametrize("over", [{"url": "https://cards.example.org"}, {"smtp_url": "smtp://127.0.0.1:1"}])
def test_links_are_not_logged_on_a_public_server(
    make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture, over: dict[str, str]
) -> None:
    """ASVS 16.2.5."""
    with make_app(**over).app_context(), caplog.at_level(logging.DEBUG):
        write(text="Open https://example.org/confirm/abc")
        send_waiting()
        assert "confirm/abc" not in caplog.text
        assert "zoe@example.org" not in caplog.text


def test_a_mail_of_a_transaction_that_failed_is_not_written(app: Flask) -> None:
    queue_mail("zoe@example.org", "Hello", "text")
    db.session.rollback()
    assert db.session.scalar(sa.select(Mail.id)) is None


def test_sent_mails_are_swept_away_after_30_days(post: Post) -> None:
    write()
    with running(post.office, post.port):
        send_waiting()
    write("bob@example.org")
    with time_machine.travel(now() + timedelta(days=31)):
        mail.sweep()
    assert db.session.scalars(sa.select(Mail.recipient)).all() == ["bob@example.org"]
