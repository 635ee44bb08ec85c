"""Brings the database to the newest migration; imports alembic only where there is something to do."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from vcardapp.config import Settings

MIGRATIONS = Path(__file__).parent / "migrations"
LONGEST_MIGRATION = 3_600_000  # milliseconds that another start waits for it on SQLite; PostgreSQL waits by itself
LOCK = 6_138_270_951  # any number: PostgreSQL's advisory lock while a migration runs
QUESTION = "SELECT version_num FROM alembic_version"


class DatabaseUnusable(Exception):
    """The database cannot be reached or read; the message is one sentence."""


def newest_revision() -> str:
    """Return the revision of the newest migration, read from the files' names."""
    return max(path.name.partition("_")[0] for path in MIGRATIONS.glob("versions/[0-9]*_*.py"))


def is_current(settings: Settings) -> bool:
    """True if the database has every migration, and perhaps newer ones that only added; raise DatabaseUnusable.

    So a server of the version before goes on, and starts again, beside new ones. Migrations of one hundred (0001 to 0099)
    only add: tables, columns that may be empty or have a default of the server's. What takes away begins the next hundred.
    """
    stored, newest = stored_revision(settings.database_url), newest_revision()
    if stored[:-2] > newest[:-2]:
        raise DatabaseUnusable("The database was last used by a newer vcardapp; please install that one.")
    return stored >= newest


def stored_revision(url: str) -> str:
    """Return the database's revision, "" for an empty one; raise DatabaseUnusable."""
    return _sqlite_revision(url) if url.startswith("sqlite") else _postgresql_revision(url)


def _sqlite_path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///").partition("?")[0])


def _sqlite_revision(url: str) -> str:
    path = _sqlite_path(url)
    if not path.exists():
        if not path.parent.is_dir():
            raise DatabaseUnusable(f"There is no folder {path.parent} for the database: correct VCARDAPP_DATABASE_URL.")
        return ""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=15)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchall()
            rows = connection.execute(QUESTION).fetchall() if tables else []
    except sqlite3.Error as problem:
        raise DatabaseUnusable(f"The database {path} cannot be read: {problem}.") from problem
    return cast(str, rows[0][0]) if rows else ""


def _postgresql_revision(url: str) -> str:
    import psycopg

    try:
        with psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=15) as connection:
            known = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
            row = connection.execute(QUESTION).fetchone() if known and known[0] else None
    except psycopg.Error as problem:
        said = " ".join(str(problem).split()).partition(" Is the server running")[0]
        raise DatabaseUnusable(f"The database cannot be reached: {said}.") from problem
    return cast(str, row[0]) if row else ""


def upgrade(settings: Settings) -> None:
    """Run the migrations that the database lacks, in one transaction; two starts at once take turns."""
    if not is_current(settings):
        migrate(settings.database_url, "head")


def migrate(url: str, revision: str) -> None:
    """Bring the database up or down to a revision ("head", "base", "0001"), whole or not at all."""
    import sqlalchemy as sa
    from alembic import command
    from alembic.config import Config

    from vcardapp.db import engine_options

    if url.startswith("sqlite"):  # made for its owner only, whatever the rights of the folder are
        os.close(os.open(_sqlite_path(url), os.O_RDWR | os.O_CREAT, 0o600))
    config = Config(attributes={})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = sa.create_engine(**engine_options(url), poolclass=sa.NullPool)
    with engine.connect() as connection:
        _take_turn(connection)
        config.attributes["connection"] = connection
        down = revision == "base" or revision.isdecimal() and revision < _revision(connection)
        (command.downgrade if down else command.upgrade)(config, revision)
        if engine.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
            raise DatabaseUnusable("The migration would have left rows that refer to nothing, and was undone.")
        connection.commit()


def _take_turn(connection: Connection) -> None:
    """Begin the one transaction of a migration and wait until no other start is at it."""
    if connection.dialect.name == "sqlite":
        # With foreign keys on, rebuilding a table would delete what refers to it; inside a transaction it is too late.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql(f"PRAGMA busy_timeout={LONGEST_MIGRATION}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")


def _revision(connection: Connection) -> str:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision() or ""
