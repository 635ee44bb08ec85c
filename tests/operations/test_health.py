"""Whether the server can be sent visitors: each part missing is named, nothing hangs, and little is asked."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, Response
from flask.testing import FlaskClient

from tests.processes import free_port
from vcardapp.db import db
from vcardapp.operations.health import Part
from vcardapp.storage import storage


@pytest.fixture
def app(app: Flask) -> Flask:
    """An app that has spoken with its storage: the first word to a server of S3 may take a busy machine a second."""
    storage().exists("begun")
    return app


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def said(app: Flask) -> tuple[int, str, float]:
    """Ask anew and return status, text and seconds."""
    app.extensions["readiness"].until = 0.0
    began = time.monotonic()
    answer = FlaskClient(app, Response).get("/readyz")
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.text.strip(), time.monotonic() - began


def test_all_is_there(app: Flask) -> None:
    assert said(app)[:2] == (200, "ok")
    assert FlaskClient(app, Response).get("/healthz").text == "ok\n"


def test_a_missing_migration_is_a_missing_database_and_one_more_is_none(app: Flask) -> None:
    with db.engine.begin() as connection:
        known = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    for stored, status in (("0001", 503), ("9999", 200), (known, 200)):
        with db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :stored"), {"stored": stored})
        assert said(app)[0] == status, stored


@pytest.mark.parametrize(
    ("setting", "missing"),
    [
        ({"database_url": "postgresql+psycopg://nobody:secret@127.0.0.1:{port}/x"}, "database"),
        ({"redis_url": "redis://127.0.0.1:{port}/0"}, "valkey"),
        ({"storage": "s3://bucket?endpoint=http://127.0.0.1:{port}"}, "storage"),
        ({"storage": "file:///proc/nothing/here"}, "storage"),
    ],
)
@pytest.mark.parametrize("refuses", [True, False])
def test_a_part_that_is_away_is_named_and_nothing_else_is_said(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch,
    setting: dict[str, str], missing: str, refuses: bool, silent: int,
) -> None:  # fmt: skip
    port = free_port() if refuses else silent
    app = make_app(**{name: value.format(port=port) for name, value in setting.items()})
    if missing == "storage":
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        getattr(app.extensions["storage"], "client", None)  # to load what speaks S3 takes longer than the parts are given
    else:
        app.extensions["storage"].exists("begun")
    status, text, seconds = said(app)
    assert (status, text) == (503, f"missing: {missing}")
    assert seconds < 10  # sockets without a limit wait for minutes
    assert FlaskClient(app, Response).get("/healthz").status_code == 200


def test_what_was_found_is_said_again_for_a_second(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(app)[0] == 200
    app.extensions["readiness"].parts["storage"].ask = lambda: 1 / 0
    assert FlaskClient(app, Response).get("/readyz").status_code == 200
    time.sleep(1)
    assert FlaskClient(app, Response).get("/readyz").status_code == 503


def test_while_it_stops_it_wants_no_visitors(app: Flask) -> None:
    app.extensions["readiness"].is_stopping = lambda: True
    assert said(app)[:2] == (503, "stopping")


def test_while_one_question_hangs_no_second_one_is_asked() -> None:
    asked, go_on = [], threading.Event()

    def ask() -> None:
        asked.append(1)
        go_on.wait(20)

    part = Part(ask)
    for _ in range(3):
        part.begin()
        assert not part.has_answered(time.monotonic() + 0.05)
    go_on.set()
    assert part.has_answered(time.monotonic() + 5)
    assert len(asked) == 1


def test_a_folder_that_cannot_be_written_is_missing(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    app = make_app()
    assert said(app)[0] == 200
    (tmp_path / "a file").touch()
    app.extensions["storage"].folder = tmp_path / "a file" / "media"
    assert said(app)[:2] == (503, "missing: storage")
