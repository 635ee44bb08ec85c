"""The rows of a database as lines that any database can take: read in one snapshot, loaded in one transaction."""

from __future__ import annotations

import base64
import json
import math
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from vcardapp.db import engine_options

AT_ONCE = 500  # rows that are read and written together
NOT_OURS = re.compile(r"alembic_version|huey_.*|sqlite_.*")
OF_THIS_SERVER = {"turns"}  # what the running servers agreed upon is worth nothing elsewhere
SERIAL = 'SELECT setval(pg_get_serial_sequence(\'"{table}"\', \'{column}\'), (SELECT max("{column}") FROM "{table}"))'


class DoesNotFit(Exception):
    """A row that this database cannot take; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: str  # text, json, whole, real, truth, moment, day, bytes, id


def reflect(connection: sa.Connection) -> dict[str, sa.Table]:
    """Return our tables as they are in this database, those first that others refer to."""
    found = sa.MetaData()
    found.reflect(connection)
    return {table.name: table for table in found.sorted_tables if not NOT_OURS.fullmatch(table.name)}


def kept(tables: dict[str, sa.Table]) -> dict[str, sa.Table]:
    """Return the tables that belong in a backup."""
    return {name: table for name, table in tables.items() if name not in OF_THIS_SERVER}


def columns_of(table: sa.Table) -> list[Column]:
    return [Column(column.name, kind_of(column.type)) for column in table.columns]


def kind_of(stored: sa.types.TypeEngine[Any]) -> str:
    """Return what sort of value a column holds, the same word for all databases."""
    if isinstance(stored, sa.Uuid) or (isinstance(stored, sa.CHAR) and stored.length == 32):
        return "id"
    kinds: list[tuple[type, str]] = [
        (sa.JSON, "json"), (sa.Boolean, "truth"), (sa.Integer, "whole"), (sa.DateTime, "moment"), (sa.Date, "day"),
        (sa.LargeBinary, "bytes"), (sa.Numeric, "real"), (sa.Float, "real"), (sa.String, "text"),
    ]  # fmt: skip
    for sort, word in kinds:
        if isinstance(stored, sort):
            return word
    raise DoesNotFit(f"Values of the type {stored} cannot be written into a backup.")


@contextmanager
def snapshot(url: str) -> Iterator[sa.Connection]:
    """Open the database as it is at this moment, whatever is written meanwhile."""
    engine = sa.create_engine(**engine_options(url), poolclass=sa.NullPool)
    isolation = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if not is_sqlite(engine) else {}
    with engine.connect().execution_options(**isolation) as connection:
        if is_sqlite(engine):
            connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SELECT version_num FROM alembic_version")  # the first look is what is kept
        yield connection
        connection.rollback()


def is_sqlite(engine: sa.Engine) -> bool:
    return engine.dialect.name == "sqlite"


def lines_of(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    """Yield the rows of a table as JSON lists, in constant memory."""
    columns = columns_of(table)
    query = sa.select(*(_as_stored(connection, table.c[column.name], column.kind) for column in columns))
    result = connection.execution_options(stream_results=True).execute(query)
    for row in result.yield_per(AT_ONCE):
        values = [_written(column.kind, value) for column, value in zip(columns, row, strict=True)]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _as_stored(connection: sa.Connection, column: sa.Column[Any], kind: str) -> sa.ColumnElement[Any]:
    """Read JSON as the text that it is: it comes back byte for byte, null in it included."""
    if kind != "json":
        return column
    return sa.type_coerce(column, sa.Text) if is_sqlite(connection.engine) else sa.cast(column, sa.Text)


def _written(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "moment":
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware.isoformat()
    if kind == "day":
        return value.isoformat()
    if kind == "bytes":
        return base64.b64encode(value).decode()
    if kind == "id":
        return uuid.UUID(str(value)).hex
    return float(value) if kind == "real" else value


def read_line(line: bytes, columns: list[Column], table: str) -> list[Any]:
    """Return the values of one line; raise DoesNotFit where it is not what was written."""
    try:
        values = json.loads(line)
        if not isinstance(values, list):
            raise ValueError
        return [_read(column.kind, value) for column, value in zip(columns, values, strict=True)]
    except (ValueError, TypeError, RecursionError):
        raise DoesNotFit(f"The backup holds a row of {table} that cannot be read.") from None


def _read(kind: str, value: Any) -> Any:
    """Return a value; raise ValueError where it is not one of its kind."""
    if value is None:
        return None
    expected = {"whole": int, "real": (int, float), "truth": bool}.get(kind, str)
    if not isinstance(value, expected) or (isinstance(value, bool) and kind != "truth"):  # type: ignore[arg-type]
        raise ValueError(kind)
    if kind == "moment":
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(kind)
        return moment.astimezone(UTC)
    if kind == "day":
        return date.fromisoformat(value)
    if kind == "bytes":
        return base64.b64decode(value, validate=True)
    if kind == "json":
        json.loads(value)
    if kind == "id":
        return uuid.UUID(value).hex
    if kind == "real" and not math.isfinite(value):
        raise ValueError(kind)
    return value


def count_rows(connection: sa.Connection) -> dict[str, int]:
    """Return how many rows each table has that belongs in a backup, those without any left out."""
    tables = kept(reflect(connection))
    counts = {name: connection.scalar(sa.select(sa.func.count()).select_from(table)) for name, table in tables.items()}
    return {name: count for name, count in counts.items() if count}


def load(connection: sa.Connection, table: sa.Table, columns: list[Column], rows: Iterable[list[Any]]) -> int:
    """Write rows into an empty table and return how many they were; raise DoesNotFit."""
    try:
        if is_sqlite(connection.engine):
            return _insert(connection, table, columns, rows)
        count = _copy(connection, table, columns, rows)
        _go_on_counting(connection, table, count)
        return count
    except sa.exc.DBAPIError as problem:
        raise DoesNotFit(_sentence(table.name, problem.orig)) from None


def _insert(connection: sa.Connection, table: sa.Table, columns: list[Column], rows: Iterable[list[Any]]) -> int:
    marks = ", ".join(f":{number}" for number in range(len(columns)))
    names = ", ".join(f'"{column.name}"' for column in columns)
    types = [sa.Text() if column.kind == "json" else table.c[column.name].type for column in columns]
    insert = sa.text(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})').bindparams(  # noqa: S608 - reflected names
        *(sa.bindparam(str(number), type_=stored) for number, stored in enumerate(types))
    )
    count, waiting = 0, []
    for row in rows:
        waiting.append({str(number): _naive(value) for number, value in enumerate(row)})
        count += 1
        if len(waiting) == AT_ONCE:
            connection.execute(insert, waiting)
            waiting = []
    if waiting:
        connection.execute(insert, waiting)
    return count


def _naive(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _copy(connection: sa.Connection, table: sa.Table, columns: list[Column], rows: Iterable[list[Any]]) -> int:
    import psycopg

    driver: Any = connection.connection.driver_connection
    names = ", ".join(f'"{column.name}"' for column in columns)
    count = 0
    try:
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
    except (psycopg.Error, ValueError) as problem:
        raise DoesNotFit(_sentence(table.name, problem)) from None
    return count


def _go_on_counting(connection: sa.Connection, table: sa.Table, count: int) -> None:
    """Have PostgreSQL give the next row a number that no loaded one has."""
    for column in table.primary_key.columns:
        asked = "SELECT pg_get_serial_sequence(:table, :column)"
        known = sa.text(asked).bindparams(table=f'"{table.name}"', column=column.name)
        if count and isinstance(column.type, sa.Integer) and connection.scalar(known):
            connection.exec_driver_sql(SERIAL.format(table=table.name, column=column.name))


def _sentence(table: str, problem: BaseException | None) -> str:
    """Name the table and the reason, without the row itself."""
    diagnosis = getattr(problem, "diag", None)
    reason = (diagnosis.message_primary if diagnosis else None) or str(problem).split("\n")[0]
    return f"A row of {table} cannot be stored here: {reason}."
