"""S3 is stopped, or says nothing: uploads wait for it and lose nothing, pages come without it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.accounts.cast import with_password
from tests.media.makers import picture
from tests.media.test_views import DATA, begin, send, shown
from tests.s3.conftest import make_bucket, moto, s3_server, swift_server  # noqa: F401
from vcardapp import storage_s3
from vcardapp.accounts.models import User
from vcardapp.db import db, now
from vcardapp.media import service, work
from vcardapp.media.models import MediaFile
from vcardapp.storage import storage

PATIENCE = 0.5  # seconds, instead of what people's servers get
LIMIT = 2 * 4 * PATIENCE + 5  # two tries, what lies between them, and a busy machine


class Line(threading.Thread):
    """Stands between the app and S3: passes everything on, says nothing, or hangs up."""

    def __init__(self, endpoint: str) -> None:
        super().__init__(daemon=True)
        self.to = (urlsplit(endpoint).hostname, urlsplit(endpoint).port)
        self.manner = "well"
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}"

    def run(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.server.accept()
                far = socket.create_connection(self.to)
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with one, other, suppress(OSError):
            while data := one.recv(65536):
                while self.manner == "silent":
                    time.sleep(0.02)
                if self.manner == "closing":
                    break
                other.sendall(data)
            other.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        self.manner = "closing"
        self.server.close()


@pytest.fixture
def line(s3_server: str) -> Iterator[Line]:  # noqa: F811
    found = Line(s3_server)
    found.start()
    yield found
    found.stop()


@pytest.fixture
def app(
    make_app: Callable[..., Flask],
    make_bucket: Callable[[str], str],  # noqa: F811
    s3_server: str,  # noqa: F811
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Flask]:
    bucket = make_bucket(s3_server)
    monkeypatch.setattr(storage_s3, "PATIENCE", PATIENCE)
    made = make_app(storage=bucket.replace(s3_server, line.url), ready_megabytes=8)
    with made.app_context():
        yield made


@pytest.fixture
def alice(app: Flask) -> User:
    return with_password(factories.user("alice@example.org"))


@pytest.mark.parametrize("manner", ["silent", "closing"])
def test_an_upload_goes_on_where_it_stood(
    app: Flask, line: Line, alice: User, sign_in: Callable[[User], FlaskClient], manner: str
) -> None:
    browser, half = sign_in(alice), len(DATA) // 2
    shown(alice, service.add_file(factories.owner(alice), BytesIO(picture(300, 200)), "b.png"))
    begun = begin(browser).json
    assert send(browser, begun["url"], 0, DATA[:half]).json["offset"] == half
    assert app.test_client().get("/ada").status_code == 200
    line.manner = manner
    began = time.monotonic()
    assert send(browser, begun["url"], half, DATA[half:]).status_code == 503
    assert time.monotonic() - began < LIMIT
    assert browser.get(begun["url"]).json["offset"] == half, "what has arrived is not lost"
    for path in ("/ada", "/ada/qr.svg", "/", "/cards"):
        assert browser.get(path).status_code == 200, path
    assert work.work_on_waiting() == 0
    assert states() == [("waiting", 0)], "the job has not given it up"
    line.manner = "well"
    sent = send(browser, begun["url"], half, DATA[half:])
    assert sent.status_code == 200
    assert storage().open(db.session.get_one(MediaFile, sent.json["file"]["id"]).upload) == DATA
    with time_machine.travel(now() + timedelta(minutes=2)):
        assert work.work_on_waiting() == 2
    assert {state for state, _ in states()} == {"ready"}


def states() -> list[tuple[str, int]]:
    db.session.rollback()
    return [(file.state, file.attempts) for file in db.session.query(MediaFile)]
