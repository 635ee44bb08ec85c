"""Killed again and again while four people write: what a person was told to be stored is stored, once and whole."""

from __future__ import annotations

import hashlib
import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.cases import FULL
from tests.faults.database import Database
from tests.faults.town import Visitor, make_town
from tests.faults.writers import LONG, Known, Writers
from tests.processes import Server, start_server
from vcardapp.booking.models import Appointment, AppointmentMail
from vcardapp.cards.content import Content
from vcardapp.cards.models import Card
from vcardapp.config import Settings
from vcardapp.db import engine_options
from vcardapp.media.models import MediaFile, MediaUpload
from vcardapp.storage import Storage, make_storage
from vcardapp.store.models import Order, OrderLine

ROUNDS = 100 if FULL else 2  # in every second one the database is killed as well
QUIET = {"VCARDAPP_JOBS": "0", "VCARDAPP_RATE_LIMITS": "0"}


@contextmanager
def one_to_kill(sort: str) -> Iterator[Database | None]:
    """A PostgreSQL that answers once it is on the disk, as it does unless told otherwise."""
    if sort == "sqlite":
        yield None
        return
    database = Database()
    try:
        with psycopg.connect(database.url + "postgres", autocommit=True) as connection:
            connection.execute("ALTER DATABASE postgres SET synchronous_commit = on")
        yield database
    finally:
        database.close()


@pytest.mark.parametrize("sort", ["sqlite", "postgresql"])
def test_what_was_answered_is_stored(tmp_path: Path, sort: str) -> None:
    with one_to_kill(sort) as database:
        more = {**QUIET, "VCARDAPP_DATABASE_URL": database.url + "postgres"} if database else QUIET
        town = make_town(tmp_path, **more)
        server = start_server(tmp_path, **more)
        try:
            writers, settings = Writers(town, server.url), server.settings
            engine = sa.create_engine(**engine_options(settings.database_url), poolclass=sa.NullPool)
            for number in range(ROUNDS):
                kill_while_writing(server, writers, database if number % 2 else None)
                server = start_server(tmp_path, **more)
                with Session(engine) as session:
                    check(session, writers, settings)
            known, visitor = writers.known, Visitor(server.url)
            for page in [*list(known.ordered.values())[-3:], *list(known.booked.values())[-3:]]:
                assert visitor.open(page)[0] == 200
            assert server.stop() == 0
        finally:
            kill(server)
        assert known.has_all()
        print(f"{sort}: killed {ROUNDS} times, {known.answered} writes answered, none lost: card {known.stored} times, "
              f"{len(known.ordered)} orders, {len(known.booked)} bookings, {len(known.files)} files")  # fmt: skip


def kill_while_writing(server: Server, writers: Writers, database: Database | None) -> None:
    """Let everybody write for a moment, then kill the server, and with it perhaps the database."""
    before, until = writers.known.answered, time.monotonic() + 60
    threads = writers.begin(server.url)
    while (writers.known.answered < before + 4 or not writers.known.has_all()) and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(random.uniform(0, 0.8))
    if database:
        database.kill()
    kill(server)
    for thread in threads:
        thread.join(90)
    assert not writers.problems
    if database:
        database.start()


def kill(server: Server) -> None:
    """Kill all its processes, if it runs."""
    if server.process.poll() is None:
        main = psutil.Process(server.process.pid)
        all_of_it = [main, *main.children(recursive=True)]
        for process in all_of_it:
            process.kill()
        server.process.wait(20)
        psutil.wait_procs(all_of_it, timeout=20)


def check(session: Session, writers: Writers, settings: Settings) -> None:
    known = writers.known
    if session.get_bind().dialect.name == "sqlite":
        assert session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
        assert not session.execute(sa.text("PRAGMA foreign_key_check")).all()
    card = session.get_one(Card, uuid.UUID(writers.card))
    assert known.stored <= number_of(card.draft) <= known.typed
    assert card.live is None or known.published <= number_of(card.live) <= known.typed
    assert bool(card.live) or not known.published
    check_rows(known, known.ordered, session.scalars(sa.select(Order.name)))
    assert set(Counter(session.scalars(sa.select(OrderLine.order_id))).values()) <= {1}
    lines = session.scalar(sa.select(sa.func.count()).select_from(OrderLine))
    assert lines == session.scalar(sa.select(sa.func.count()).select_from(Order))
    check_rows(known, known.booked, session.scalars(sa.select(Appointment.email)))
    mails = Counter(session.scalars(sa.select(AppointmentMail.appointment_id)))
    assert mails == dict.fromkeys(session.scalars(sa.select(Appointment.id)), 2)  # the visitor's and the host's
    check_files(session, known, make_storage(settings.storage, settings.media))


def number_of(content: Content) -> int:
    """Return which state a card is in, having looked that it is in no two."""
    word, number = content.display_name.split()
    assert content.title == content.display_name
    assert content.note.split("\n") == [f"{word} {number}"] * (LONG // 12)
    return int(number)


def check_rows(known: Known, answered: dict[str, str], stored: sa.ScalarResult[str]) -> None:
    rows = Counter(stored)
    assert answered.keys() <= rows.keys(), "lost"
    assert rows.keys() <= known.sent
    assert set(rows.values()) <= {1}, "stored twice"


def check_files(session: Session, known: Known, storage: Storage) -> None:
    files = {file.id: file for file in session.scalars(sa.select(MediaFile))}
    for file_id, digest in known.files.items():
        stored = storage.open(files[file_id].upload)
        assert stored is not None
        assert hashlib.sha256(stored).hexdigest() == digest
    uploads = {upload.id: upload for upload in session.scalars(sa.select(MediaUpload))}
    assert all(uploads[one].received >= arrived for one, arrived in known.arrived.items())
    for upload in uploads.values():
        assert upload.file_id or sum(storage.size(name) or 0 for name in upload.parts) == upload.received
