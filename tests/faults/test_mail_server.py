"""A mail server that refuses, says nothing, or closes in the middle: mails stay, are tried again, and arrive once."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask

from tests.processes import free_port
from tests.test_jobs import eventually
from vcardapp import jobs, mail
from vcardapp.db import db, now
from vcardapp.mail import Mail, queue_mail, send_waiting

TIMEOUT = 0.3  # seconds, instead of what people's servers get


class Inbox:
    """Takes every mail."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802 - aiosmtpd's name
        text = envelope.content.decode()  # type: ignore[attr-defined]
        self.ids += [line for line in text.splitlines() if line.lower().startswith("message-id:")]
        return "250 OK"


class Bad(threading.Thread):
    """Listens like a mail server and behaves as told: silent, closing at once, or closing after the text has begun."""

    def __init__(self, manner: str) -> None:
        super().__init__(daemon=True)
        self.manner = manner
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.server.getsockname()[1]
        self.came = 0

    def run(self) -> None:
        held = []
        while True:
            try:
                one, _ = self.server.accept()
            except OSError:
                for each in held:
                    each.close()
                return
            self.came += 1
            if self.manner == "silent":
                held.append(one)
                continue
            with one, one.makefile("rb") as said:
                if self.manner == "closing":
                    continue
                one.sendall(b"220 bad\r\n")
                while line := said.readline():
                    if line.upper().startswith(b"DATA"):
                        one.sendall(b"354 go\r\n")
                        said.readline()
                        break
                    one.sendall(b"250 OK\r\n")

    def stop(self) -> None:
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    found = Inbox()
    controller = Controller(found, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield found, controller.port
    controller.stop()


@pytest.mark.parametrize("manner", ["refusing", "silent", "closing", "in the middle"])
def test_mails_wait_and_arrive_once(
    make_app: Callable[..., Flask], inbox: tuple[Inbox, int], monkeypatch: pytest.MonkeyPatch, manner: str
) -> None:
    monkeypatch.setattr(mail, "TIMEOUT", TIMEOUT)
    bad = Bad(manner)
    bad.start()
    if manner == "refusing":
        bad.stop()
        bad.join(5)
    with make_app(smtp_url=f"smtp://127.0.0.1:{bad.port}").app_context():
        for number in range(3):
            queue_mail(f"zoe{number}@example.org", "Subject", "Text")
        db.session.commit()
        assert send_waiting() == 0
        assert states() == ["waiting"] * 3
    if manner != "refusing":
        assert bad.came == 1, "the others need not find out one by one"
        bad.stop()
        bad.join(5)
    taken, port = inbox
    later = time_machine.travel(now() + timedelta(minutes=2), tick=False)
    with make_app(smtp_url=f"smtp://127.0.0.1:{port}").app_context(), later:
        assert send_waiting() == 3
        assert send_waiting() == 0
        assert states() == ["sent"] * 3
    assert len(taken.ids) == len(set(taken.ids)) == 3


def states() -> list[str]:
    db.session.rollback()
    return [one.state for one in db.session.scalars(sa.select(Mail))]


def test_a_mail_under_way_is_handed_back_at_the_stop(make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "STOP_WITHIN", 0.3)
    monkeypatch.setattr(mail, "TIMEOUT", 30)
    bad = Bad("silent")
    bad.start()
    app = make_app(jobs=True, smtp_url=f"smtp://127.0.0.1:{bad.port}")
    with app.app_context():
        queue_mail("zoe@example.org", "Subject", "Text")
        db.session.commit()
        jobs.start(app)
        eventually(lambda: bad.came)
        jobs.stop(app)
        db.session.rollback()
        waiting = db.session.scalars(sa.select(Mail)).one()
        assert waiting.attempts == 0
        assert waiting.next_try_at is not None
        assert waiting.next_try_at <= now() + mail.HANDED_BACK_FOR
        bad.stop()
        bad.join(5)
        eventually(lambda: not mail.under_way)
