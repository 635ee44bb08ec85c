"""Which server does a job of this minute or hour: one takes its turn, the others leave it, and how it went is kept."""

from __future__ import annotations

import os
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from vcardapp.db import Base, db, now

AHEAD = 3  # periods: a turn taken further in the future was taken by a clock that was wrong


rounds: Counter[tuple[str, bool]] = Counter()  # how many this process has ended, by job and whether something failed


class Turn(Base):
    """The last turn that a server took at a job."""

    __tablename__ = "turns"

    job: Mapped[str] = mapped_column(sa.String(40), primary_key=True)  # mail, media, booking, sweep
    period: Mapped[datetime]  # the begin of the minute or hour whose turn it was
    server: Mapped[str] = mapped_column(sa.String(255))  # host and process that took it
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # None while it is at it, or where it was killed
    milliseconds: Mapped[int | None]  # how long it took
    error: Mapped[str] = mapped_column(sa.String(255), default="")  # what failed, without anybody's data
    ended_well_at: Mapped[datetime | None]  # the last time that nothing failed


class Broken(Exception):
    """A part of a job failed and was logged; the message names the part."""


@contextmanager
def turn(job: str, every: timedelta) -> Iterator[bool]:
    """Take the turn of this period, and keep how it went; False where another server has it.

    A server that is killed keeps nobody from the next period. What fails is kept as the name of its exception, and raised.
    """
    period = _begin_of(every)
    if not _take(job, period, every):
        yield False
        return
    began, error = time.monotonic(), ""
    try:
        yield True
    except Broken as problem:
        error = str(problem)
    except BaseException as problem:
        error = type(problem).__name__
        raise
    finally:
        rounds[job, bool(error)] += 1
        db.session.rollback()
        _end(job, period, time.monotonic() - began, error)


def last_turns() -> list[Turn]:
    """Return the last turn of each job."""
    return list(db.session.scalars(sa.select(Turn).order_by(Turn.job)))


def _begin_of(every: timedelta) -> datetime:
    length = int(every.total_seconds())
    return datetime.fromtimestamp(int(time.time()) // length * length, UTC)


def _take(job: str, period: datetime, every: timedelta) -> bool:
    """Insert or update the row: of all that do, the database lets only one."""
    make = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values: dict[str, Any] = {"period": period, "server": _this_server(), "began_at": now()}
    values |= {"ended_at": None, "milliseconds": None}
    statement = make(Turn).values(job=job, error="", **values)
    is_free = sa.or_(Turn.period < period, Turn.period > period + AHEAD * every)
    taking = statement.on_conflict_do_update(index_elements=[Turn.job], set_=values, where=is_free)
    taken = db.session.execute(taking.returning(Turn.job)).first() is not None
    db.session.commit()
    return taken


def _end(job: str, period: datetime, seconds: float, error: str) -> None:
    values: dict[str, Any] = {"ended_at": now(), "milliseconds": round(1000 * seconds), "error": error[:255]}
    if not error:
        values["ended_well_at"] = values["ended_at"]
    mine = sa.update(Turn).where(Turn.job == job, Turn.period == period, Turn.server == _this_server())
    db.session.execute(mine.values(values).execution_options(synchronize_session=False))
    db.session.commit()


def _this_server() -> str:
    return f"{socket.gethostname()[:200]} {os.getpid()}"
