"""Killed at any moment while eight clients book: what a client knows to be booked is stored once, its mails waiting."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from tests.booking.cast import first_host, kind_of, practice
from tests.booking.racing import MANY
from tests.booking.test_races import begin, overlaps
from tests.cases import FULL
from vcardapp.accounts.models import User
from vcardapp.booking import week
from vcardapp.booking.models import Appointment, AppointmentMail
from vcardapp.db import db
from vcardapp.mail import Mail

SECONDS = 180 if FULL else 1


def test_every_confirmed_booking_is_stored_once(app: Flask, alice: User, database_url: str, tmp_path: Path) -> None:
    card = practice(alice)
    week.set_week(card, first_host(card), [[(0, 1440)]] * 7)
    kind = kind_of(card, minutes=30)
    command = [sys.executable, "-m", "tests.booking.racing", database_url, "book", str(tmp_path), str(kind.id)]
    command.append(begin().isoformat())
    db.session.commit()
    until, killed = time.monotonic() + SECONDS, 0
    while time.monotonic() < until or killed < 2:
        kill_while_booking(command, tmp_path)
        killed += 1
    db.session.rollback()
    known = known_in(tmp_path)
    assert [line for line in known if line[1] != "done"] == []
    stored = {str(one.id): one for one in db.session.scalars(sa.select(Appointment).where(Appointment.card_id == card.id))}
    for token, _done, appointment_id in known:
        assert stored[appointment_id].form_token == token
    assert len({line[0] for line in known}) == len(known) > 0
    assert len(known) <= len(stored) <= len(known) + MANY  # what was stored and not yet told, the client asks for again
    assert not overlaps(since=begin() - timedelta(days=3))
    mails = Counter(db.session.scalars(sa.select(AppointmentMail.appointment_id)))
    assert mails == {one.id: 2 for one in stored.values()}
    recipients = Counter(db.session.scalars(sa.select(Mail.recipient).where(Mail.sent_at.is_(None))))
    assert all(recipients[one.email] == 1 for one in stored.values())
    assert recipients["alice@example.org"] == len(stored)
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"


def known_in(folder: Path) -> list[list[str]]:
    """Return what the clients know: whole lines only."""
    return [line.split() for path in sorted(folder.glob("known-*")) for line in path.read_text().split("\n")[:-1]]


def kill_while_booking(command: list[str], folder: Path) -> None:
    root, before, until = Path(__file__).parents[2], len(known_in(folder)), time.monotonic() + 60
    with subprocess.Popen(command, cwd=root, start_new_session=True) as process:
        while len(known_in(folder)) == before and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(random.uniform(0, 0.8))
        os.killpg(process.pid, signal.SIGKILL)
