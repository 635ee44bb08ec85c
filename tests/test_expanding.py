"""The version before goes on serving beside the new one: what it knows of each table works in the newest database.

Migrations only add, within a hundred: tables, columns that may be empty or have a default of the server's.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cases import FULL
from vcardapp.db import engine_options
from vcardapp.upgrade import MIGRATIONS, migrate

SINCE = "0003"  # older ones refuse to serve beside newer ones
REVISIONS = [name for name in sorted(path.name[:4] for path in MIGRATIONS.glob("versions/[0-9]*_*.py")) if name >= SINCE]
STEPS = list(zip(REVISIONS, REVISIONS[1:], strict=False))
MOMENT = datetime(2030, 5, 6, 12, tzinfo=UTC)
EARLIER = MOMENT - timedelta(hours=1)
FITTING = {"starts_at": EARLIER, "blocked_from": EARLIER, "seat": 1, "seats": 1}  # checks want them like that


def engine(url: str) -> sa.Engine:
    return sa.create_engine(**engine_options(url), poolclass=sa.NullPool)


def known_at(url: str) -> sa.MetaData:
    """Return the tables as the version of this database knows them."""
    known = sa.MetaData()
    known.reflect(engine(url))
    known.remove(known.tables["alembic_version"])
    return known


def value_for(column: sa.Column[Any], number: int) -> Any:
    """Return a value that fits a column; other numbers give other values."""
    if column.name in FITTING:
        return FITTING[column.name]
    kind = column.type
    if isinstance(kind, sa.Uuid):
        return uuid.UUID(int=number)
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.String):
        is_uuid = kind.length == 32 and not isinstance(kind, sa.Text)  # as SQLite says it
        return f"{number:032x}" if is_uuid else f"{number:x}"[: kind.length or 9]
    if isinstance(kind, sa.LargeBinary):
        return b"x"
    if isinstance(kind, sa.JSON):
        return []
    if isinstance(kind, sa.DateTime):
        return MOMENT + timedelta(seconds=number)
    for sort, value in ((sa.Date, date(2030, 5, 6)), (sa.Time, time(12)), (sa.Numeric, number), (sa.Integer, number)):
        if isinstance(kind, sort):
            return value
    raise AssertionError(f"{column} is of a type that this test does not know: {kind!r}")


def work_with(url: str, known: sa.MetaData) -> None:
    """Do with each table what a version that knows these columns does: write, read, change, remove."""
    rows: dict[str, dict[str, Any]] = {}
    with engine(url).begin() as connection:
        for number, table in enumerate(known.sorted_tables, 1):
            row = {column.name: value_for(column, number) for column in table.columns}
            for key in table.foreign_keys:
                target = key.column.table.name
                same = target == table.name or target not in rows
                row[key.parent.name] = None if same else rows[target][key.column.name]
            rows[table.name] = row
            connection.execute(table.insert().values(row))
        for table in reversed(known.sorted_tables):
            here = sa.and_(*(column == rows[table.name][column.name] for column in table.primary_key))
            assert connection.execute(sa.select(*table.columns).where(here)).one()
            rest = {name: value for name, value in rows[table.name].items() if name not in table.primary_key.columns}
            if rest:
                assert connection.execute(table.update().where(here).values(rest)).rowcount == 1
            assert connection.execute(table.delete().where(here)).rowcount == 1


@pytest.mark.parametrize(("before", "after"), STEPS if FULL else STEPS[-2:])
def test_the_version_before_works_in_the_database_of_the_next(fresh_url: str, before: str, after: str) -> None:
    migrate(fresh_url, before)
    known = known_at(fresh_url)
    migrate(fresh_url, after)
    work_with(fresh_url, known)


def test_the_oldest_of_this_hundred_works_in_the_newest_database(fresh_url: str) -> None:
    """As long as nothing is taken away, several versions may be skipped."""
    migrate(fresh_url, next(revision for revision in REVISIONS if revision[:2] == REVISIONS[-1][:2]))
    known = known_at(fresh_url)
    migrate(fresh_url, "head")
    work_with(fresh_url, known)


@pytest.mark.parametrize(
    "taking",
    ["ALTER TABLE roles ADD COLUMN must INTEGER NOT NULL", "ALTER TABLE roles DROP COLUMN description"],
)
def test_a_migration_that_takes_away_would_be_noticed(fresh_url: str, taking: str) -> None:
    migrate(fresh_url, "head")
    known = known_at(fresh_url)
    with engine(fresh_url).begin() as connection:
        on_sqlite = connection.dialect.name == "sqlite" and "NOT NULL" in taking
        connection.exec_driver_sql(taking + (" DEFAULT 1 CHECK (must > 1)" if on_sqlite else ""))
    with pytest.raises(sa.exc.DBAPIError):
        work_with(fresh_url, known)
