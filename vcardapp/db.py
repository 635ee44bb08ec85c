"""Engine, session, Base, column types: the only file that knows which database it is."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

GONE_AFTER = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2, "tcp_user_timeout": 10_000}  # libpq's


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """A moment, always aware and in UTC; SQLite alone would give it back naive."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UTCDateTime()}  # noqa: RUF012


db = SQLAlchemy(require_default_engine=False)


def init_app(app: Flask) -> None:
    """Give the app its engine and sessions; closing async ones, of which there are none, would cost 2 ms a request."""
    db.init_app(app)
    app.teardown_appcontext_funcs = [
        _even_if_gone(close) for close in app.teardown_appcontext_funcs if not inspect.iscoroutinefunction(close)
    ]


def _even_if_gone(close: Callable[..., Any]) -> Callable[..., None]:
    """Let a database that went away while a request ended take no answer with it; the pool throws the connection away."""

    def closing(problem: BaseException | None) -> None:
        with suppress(OperationalError, InterfaceError):
            close(problem)

    return closing


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def engine_options(url: str) -> dict[str, Any]:
    """Return what create_engine needs for this database address."""
    options: dict[str, Any] = {"url": url, "hide_parameters": True}  # else logs of faults would hold what people typed
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": 15}
    else:
        options["pool_pre_ping"] = True
        options["connect_args"] = {"connect_timeout": 5, **GONE_AFTER}
    return options


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()


def forget_freed() -> None:
    """Have SQLite empty its log, in which what was deleted may still stand; its free pages are empty already."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def take_turn(row: sa.Select[Any]) -> None:
    """Begin a transaction anew in which nobody else writes (SQLite), or nobody else who takes turns at this row (PostgreSQL)."""
    db.session.rollback()
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.execute(sa.text("BEGIN IMMEDIATE"))
    else:
        db.session.execute(row.with_for_update(key_share=True))


def insert_if_absent(model: type[Base], **values: Any) -> bool:
    """Insert a row unless its primary key is taken; True if it was inserted. All its columns are named."""
    dialect = db.session.get_bind().dialect.name
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = make(model).values(**values).on_conflict_do_nothing().returning(sa.literal(1))
    return db.session.execute(statement).first() is not None
