"""What the doctor finds in the database: is it whole, can it be written, what it says about files, jobs and mails."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from vcardapp.config import Settings
from vcardapp.db import engine_options
from vcardapp.operations import rows
from vcardapp.operations.finding import OK, WRONG, Finding, first_line
from vcardapp.operations.references import named_files
from vcardapp.storage import make_storage
from vcardapp.upgrade import DatabaseUnusable, newest_revision, stored_revision

OLDEST_POSTGRESQL = 130_000
LARGEST_DRIFT = 5  # seconds between the clocks of this computer and of the database
EACH_HOUR, EACH_MINUTE = timedelta(hours=3), timedelta(minutes=10)  # after which jobs are late
MAIL_WITHIN = timedelta(hours=1)
LISTED = 5


@contextlib.contextmanager
def _connected(settings: Settings) -> Iterator[sa.Connection]:
    engine = sa.create_engine(**engine_options(settings.database_url), poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


def look_at_database(settings: Settings) -> Iterator[Finding]:
    try:
        revision = stored_revision(settings.database_url)
    except DatabaseUnusable as problem:
        is_file = settings.database_url.startswith("sqlite")
        do = "Restore the last backup, or look at the rights of the file" if is_file else "Start it"
        yield Finding("database", WRONG, str(problem), f"{do}, or correct VCARDAPP_DATABASE_URL.")
        return
    if revision != newest_revision():
        known = f"is at {revision}" if revision else "is empty"
        do = "Install the newer vcardapp again." if revision > newest_revision() else "Run: vcardapp upgrade"
        yield Finding("database", WRONG, f"It {known}; this release needs {newest_revision()}.", do)
        if not revision:
            return
    with _connected(settings) as connection:
        yield from (_sqlite if rows.is_sqlite(connection.engine) else _postgresql)(connection)


def _sqlite(connection: sa.Connection) -> Iterator[Finding]:
    found = [row[0] for row in connection.exec_driver_sql(f"PRAGMA quick_check({LISTED})")]
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(LISTED)
    version = connection.exec_driver_sql("SELECT sqlite_version()").scalar()
    if found != ["ok"]:
        yield Finding(
            "database",
            WRONG,
            f"SQLite finds it damaged: {first_line(ValueError(found[0]))}.",
            "Restore the last backup.",
        )
    elif lost:
        tables = ", ".join(sorted({str(row[0]) for row in lost}))
        yield Finding(
            "database", WRONG, f"Rows of {tables} refer to nothing.", "Restore the last backup, or report it."
        )
    else:
        yield Finding("database", OK, f"SQLite {version} finds it whole.")
    try:
        connection.rollback()
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql("CREATE TABLE doctor (probe INTEGER)")
        connection.rollback()
    except sa.exc.DBAPIError as problem:
        yield Finding(
            "database", WRONG, f"It cannot be written: {problem.orig}.", "Look at the rights of its file and folder."
        )


def _postgresql(connection: sa.Connection) -> Iterator[Finding]:
    number = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    version = connection.exec_driver_sql("SHOW server_version").scalar()
    old = number < OLDEST_POSTGRESQL
    yield Finding(
        "database", WRONG if old else OK, f"PostgreSQL {version} answers.",
        f"Upgrade to {OLDEST_POSTGRESQL // 10_000} or newer." if old else "",
    )  # fmt: skip
    before = datetime.now(UTC)
    there = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    drift = abs((there - before - (datetime.now(UTC) - before) / 2).total_seconds())
    if drift > LARGEST_DRIFT:
        yield Finding(
            "clock",
            WRONG,
            f"The clocks here and at the database are {drift:.0f} seconds apart.",
            "Have both set by NTP.",
        )
    else:
        yield Finding("clock", OK, f"The clocks here and at the database are {drift:.1f} seconds apart.")
    try:
        connection.rollback()
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
        connection.rollback()
    except sa.exc.DBAPIError as problem:
        yield Finding(
            "database",
            WRONG,
            f"It cannot be written: {first_line(problem.orig or problem)}.",
            "Name the primary server, and a user who may write.",
        )


def look_at_files(settings: Settings) -> Iterator[Finding]:
    if stored_revision(settings.database_url) == "":
        return
    with rows.snapshot(settings.database_url) as connection:
        named = set(named_files(connection, rows.reflect(connection)))
    missing = named - set(make_storage(settings.storage, settings.media).names())
    if missing:
        some = ", ".join(islice(sorted(missing), LISTED))
        yield Finding(
            "files", WRONG, f"{len(missing):,} of {len(named):,} pictures and papers are missing in the storage: {some}.",
            "Is VCARDAPP_STORAGE the right one? Else bring them back from a backup.",
        )  # fmt: skip
    else:
        yield Finding("files", OK, f"All {len(named):,} files that pages show are there.")


def _read(settings: Settings, query: Any) -> list[Any]:
    with _connected(settings) as connection:
        return list(connection.execute(query))


def look_at_jobs(settings: Settings) -> Iterator[Finding]:
    from vcardapp.turns import Turn

    turns = _read(settings, sa.select(Turn.job, Turn.ended_well_at, Turn.error))
    late = [
        turn.job for turn in turns
        if not turn.ended_well_at or datetime.now(UTC) - turn.ended_well_at > (EACH_HOUR if turn.job == "sweep" else EACH_MINUTE)
    ]  # fmt: skip
    if not turns:
        yield Finding(
            "jobs",
            WRONG,
            "None has ever run: mails are not sent, pictures not made.",
            "Is the server running, with VCARDAPP_JOBS at 1?",
        )
    elif late:
        errors = "; ".join(f"{turn.job}: {turn.error}" for turn in turns if turn.error)
        yield Finding(
            "jobs", WRONG, f"These have not ended well lately: {', '.join(late)}{f' ({errors})' if errors else ''}.",
            "Is a server running, with VCARDAPP_JOBS at 1? Its log says more.",
        )  # fmt: skip
    else:
        yield Finding("jobs", OK, f"All {len(turns)} have run lately.")


def look_at_mails(settings: Settings) -> Iterator[Finding]:
    from vcardapp.mail import Mail

    count = sa.select(sa.func.count()).select_from(Mail).where(Mail.sent_at.is_(None))
    [(failed,)] = _read(settings, count.where(Mail.next_try_at.is_(None)))
    [(late,)] = _read(
        settings, count.where(Mail.created_at < datetime.now(UTC) - MAIL_WITHIN, Mail.next_try_at.is_not(None))
    )
    if failed:
        yield Finding(
            "mails",
            WRONG,
            f"{failed:,} could not be sent and were given up.",
            "Admins see why, and send them again, in the outbox.",
        )
    if late and settings.smtp_url:
        yield Finding(
            "mails",
            WRONG,
            f"{late:,} have waited for more than an hour.",
            "Look at the mail server; they are tried again.",
        )
    if not failed and not (late and settings.smtp_url):
        yield Finding("mails", OK, "None was given up.")
