"""A month of free slots with 1,000 appointments and two imported calendars: beside reading those rows, and a plain loop."""

from __future__ import annotations

import random
import statistics
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.bench.load import rate
from tests.booking.cast import kind_of, practice, second_host, zoe
from tests.processes import start_server
from vcardapp import create_app
from vcardapp.accounts.service import ensure_user
from vcardapp.booking.free import free_times
from vcardapp.booking.models import Appointment, BusyTime
from vcardapp.booking.rules import Booking, Busy, Hours, Rules, Slot
from vcardapp.booking.service import book
from vcardapp.booking.slots import free_slots
from vcardapp.db import db, now
from vcardapp.upgrade import migrate

ROUNDS = 15
MOST = 10.0  # times as long as reading
SECONDS = 2.0  # of load a round
ZONE = "Europe/Vienna"
START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
NOW = START - timedelta(days=1)
MINUTE = timedelta(minutes=1)
RULES = Rules(
    duration=15, interval=5, before=5, after=10, notice=120, window_days=60, limit_per_day=60,
    hours=tuple(Hours(day, 0, 1440) for day in range(7)),
)  # fmt: skip


def show() -> None:
    (reading, ours), (fast, loop) = measure()
    print(f"\n{'a month of free slots, ms':34}{'slots':>10}{'beside':>10}{'ratio':>8}")
    print(f"{'reading the 2,000 rows':34}{ours:>10.2f}{reading:>10.2f}{ours / reading:>8.2f}")
    print(f"{'a loop over slots and rows':34}{fast:>10.2f}{loop:>10.2f}{fast / loop:>8.2f}")
    print(f"\n{'pages of free times, a second':34}{'measured':>10}")
    for path, found in pages().items():
        print(f"{'GET ' + path:34}{found:>10.0f}")
    assert ours <= MOST * reading, f"free slots take more than {MOST:.0f} times as long as reading what they go by"


def pages() -> dict[str, float]:
    """Return how often a second one process draws the days and times of one person, and of whoever is free of three."""
    quiet = {"VCARDAPP_RATE_LIMITS": "0", "VCARDAPP_JOBS": "0"}
    with tempfile.TemporaryDirectory() as folder, start_server(Path(folder), output=subprocess.DEVNULL, **quiet) as server:
        with create_app(server.settings).app_context():
            for slug, others in (("one", 0), ("three", 2)):
                card = practice(ensure_user(f"{slug}@example.org"), ZONE, slug)
                for number in range(others):
                    second_host(card, f"Person {number}")
                kind = kind_of(card, minutes=30)
                for free in free_times(card, kind, now(), now() + timedelta(days=30))[::2]:
                    book(card, kind, free.start, zoe(email=""))
            db.engine.dispose()
        port = int(server.env["PORT"])
        return {path: statistics.median(rate(port, path, SECONDS) for _ in range(3)) for path in ("/one/book", "/three/book")}


def measure() -> tuple[tuple[float, float], tuple[float, float]]:
    """Return milliseconds of reading and of the slots of what was read, then of the slots and of the loop."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'rows.sqlite3'}"
        migrate(url, "head")
        engine = sa.create_engine(url)
        fill(engine)
        with Session(engine) as session:
            bookings, busy = read(session)
            assert [one.start for one in slots(bookings, busy)] == plain_loop(bookings, busy) != []
            pairs = [(timed(lambda: read(session)), timed(lambda: slots(bookings, busy))) for _ in range(ROUNDS)]
            few = [(timed(lambda: slots(bookings, busy)), timed(lambda: plain_loop(bookings, busy))) for _ in range(5)]
        engine.dispose()
    (a, b), (c, d) = ([statistics.median(times) for times in zip(*found, strict=True)] for found in (pairs, few))
    return (a, b), (c, d)


def fill(engine: sa.Engine) -> None:
    """Store 1,000 appointments, each with its half hour, and 500 events of each of two calendars, all over a month."""
    dice = random.Random(8)
    card = host = kind = uuid.uuid4()
    with engine.connect() as connection, Session(connection) as session:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # the rows need no card for once
        connection.commit()
        for start in (START + cell * 30 * MINUTE for cell in dice.sample(range(31 * 48), 1000)):
            session.add(
                Appointment(
                    card_id=card, host_id=host, type_id=kind, starts_at=start + 5 * MINUTE, ends_at=start + 20 * MINUTE,
                    blocked_from=start, blocked_until=start + 30 * MINUTE, zone=ZONE, group_key=uuid.uuid4(),
                    state="confirmed", token_hash=uuid.uuid4().hex, name="Ada Lovelace",
                )
            )  # fmt: skip
        for calendar in (uuid.uuid4(), uuid.uuid4()):
            for start in (START + dice.randrange(31 * 1440) * MINUTE for _ in range(500)):
                end = start + dice.choice([10, 15, 30]) * MINUTE
                session.add(BusyTime(calendar_id=calendar, starts_at=start, ends_at=end))
        session.commit()


def read(session: Session) -> tuple[list[Booking], list[Busy]]:
    """Merely read the rows, columns and no objects."""
    own, imported = sa.select(Appointment.starts_at, Appointment.ends_at), sa.select(BusyTime.starts_at, BusyTime.ends_at)
    bookings = [Booking(start, end, 5, 10) for start, end in session.execute(own)]
    return bookings, [Busy(*row) for row in session.execute(imported)]


def slots(bookings: list[Booking], busy: list[Busy]) -> list[Slot]:
    return free_slots(RULES, ZONE, START, END, bookings, busy, NOW)


def plain_loop(bookings: list[Booking], busy: list[Busy]) -> list[datetime]:
    """Look at every booking and every busy time for every slot, as one would write it first."""
    offered = free_slots(RULES, ZONE, START, END, [], [], NOW)
    free = []
    for slot in offered:
        low, high = slot.start - RULES.before * MINUTE, slot.end + RULES.after * MINUTE
        if any(one.start - one.before * MINUTE < high and low < one.end + one.after * MINUTE for one in bookings):
            continue
        if not any(one.start < high and low < one.end for one in busy):
            free.append(slot.start)
    return free


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    show()
