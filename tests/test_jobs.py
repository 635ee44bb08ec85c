"""Jobs run on threads of the web process, and only there."""

from __future__ import annotations

import pickle
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.accounts.cast import GOOD
from tests.processes import free_port
from tests.test_mail import PostOffice, running
from vcardapp import jobs
from vcardapp.mail import queue_mail


def eventually(happens: Callable[[], object], seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def office() -> Iterator[tuple[PostOffice, int]]:
    port, office = free_port(), PostOffice()
    with running(office, port):
        yield office, port


@pytest.fixture
def app(make_app: Callable[..., Flask], office: tuple[PostOffice, int]) -> Iterator[Flask]:
    app = make_app(jobs=True, smtp_url=f"smtp://127.0.0.1:{office[1]}", mail_from="cards@example.org")
    with app.app_context():
        yield app
        jobs.stop(app)


def test_a_mail_goes_out_right_after_the_answer(app: Flask, office: tuple[PostOffice, int]) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    jobs.start(app)
    jobs.start(app)  # a second time does nothing
    eventually(lambda: app.extensions["jobs"].consumer)
    time.sleep(0.3)  # the first look of the minute is over
    assert app.test_client().post("/register", data={"email": "zoe@example.org", "password": GOOD}).status_code == 303
    eventually(lambda: office[0].received)
    assert office[0].received[0].rcpt_tos == ["zoe@example.org"]
    assert {number: signal.getsignal(number) for number in before} == before
    begin = time.monotonic()
    jobs.stop(app)
    assert time.monotonic() - begin < 5
    jobs.stop(app)


def test_what_waited_while_nothing_ran_goes_out_at_the_start(app: Flask, office: tuple[PostOffice, int]) -> None:
    from vcardapp.db import db

    queue_mail("zoe@example.org", "Hello", "text")
    db.session.commit()
    jobs.start(app)
    eventually(lambda: office[0].received)


def test_switched_off_is_off(make_app: Callable[..., Flask]) -> None:
    app = make_app(jobs=False)
    jobs.start(app)
    assert "jobs" not in app.extensions
    jobs.stop(app)


def test_everything_is_swept(app: Flask) -> None:
    jobs.Jobs(app)._sweep()


def test_a_row_that_somebody_put_into_the_queue_is_not_unpickled(app: Flask, tmp_path: Path) -> None:
    """ASVS 1.5.2."""
    jobs.start(app)
    eventually(lambda: app.extensions["jobs"].consumer)
    queue = app.extensions["jobs"].consumer.huey
    with pytest.raises(ValueError, match=r"[Ss]eparator|mismatch"):
        queue.serializer.deserialize(pickle.dumps(print))
    with pytest.raises(ValueError, match="mismatch"):
        queue.serializer.deserialize(pickle.dumps(print) + b":" + b"0" * 40)
    jobs.stop(app)
    with sqlite3.connect(tmp_path / "data" / "jobs.sqlite3") as connection:
        rows = connection.execute("SELECT data FROM schedule").fetchall()
    connection.close()
    assert len(rows) == 1  # the first sweep, in two minutes
    assert queue.serializer.deserialize(rows[0][0]).args == ()  # what is to do stands in our own tables


def test_only_jobs_import_the_queue_and_start_threads_and_their_process_ends_quickly_and_quietly(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys, threading, time, vcardapp\n"
        "from vcardapp.config import Settings\n"
        f"data = pathlib.Path({str(tmp_path)!r})\n"
        "app = vcardapp.create_app(Settings(data, f'sqlite:///{data}/x.sqlite3', 'http://localhost', 'secret'))\n"
        "assert 'huey' not in sys.modules and 'smtplib' in sys.modules\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
        "from vcardapp import jobs\n"
        "from vcardapp.upgrade import migrate\n"
        "migrate(f'sqlite:///{data}/x.sqlite3', 'head')\n"
        "jobs.start(app)\n"
        "while not app.extensions['jobs'].consumer: time.sleep(0.01)\n"
        "time.sleep(0.2)\n"
    )
    begin = time.monotonic()
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.monotonic() - begin < 30
