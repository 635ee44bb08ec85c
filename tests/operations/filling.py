"""Rows of made-up values in every table, whatever its columns are, and all rows as the database itself holds them."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from vcardapp.db import engine_options
from vcardapp.operations import rows

ROWS = 3
BEGIN = datetime(2031, 3, 29, 23, 30, 0, 123456, UTC)
TEXT = "é\u0301 \U0001f469\U0001f3fd‍\U0001f680 سلام 'a' \"b\" \\N \\ \t | ,;\r\nnull\u2028\x7f"
JSON: list[Any] = [{"a": [1, 2.5, None, "é\\u0000 \n"], "b": {}}, [], sa.JSON.NULL]  # JSON.NULL: the word null, not NULL


def engine_of(url: str) -> sa.Engine:
    return sa.create_engine(**engine_options(url), poolclass=sa.NullPool)


def fill_every_table(url: str) -> set[str]:
    """Put rows into every table and return the tables' names."""
    with engine_of(url).begin() as connection:
        tables = rows.reflect(connection)
        for table in tables.values():
            connection.execute(sa.insert(table), [row_of(table, number) for number in range(ROWS)])
    return set(tables)


def row_of(table: sa.Table, number: int) -> dict[str, Any]:
    """Return a row: everything in it differs from row to row, and it refers to rows of the same number."""
    return {column.name: value_of(column, number) for column in table.columns}


def value_of(column: sa.Column[Any], number: int) -> Any:
    for key in column.foreign_keys:
        if key.column.table is not column.table:
            return value_of(key.column, number)
    if column.nullable and number == ROWS - 1:
        return None
    kind = rows.kind_of(column.type)
    if kind == "text":
        length = getattr(column.type, "length", None) or 400
        return f"{number}{TEXT}"[:length]
    if kind == "id":
        made = uuid.uuid5(uuid.NAMESPACE_URL, f"{column.name if not column.primary_key else 'id'} {number}")
        return made if isinstance(column.type, sa.Uuid) else made.hex
    return {
        "json": JSON[number],
        "truth": number % 2 == 0,
        "whole": 7 + number if isinstance(column.type, sa.BigInteger) is False else 2**53 + number,
        "real": 0.1 + number,
        "moment": BEGIN + timedelta(days=number, hours="ends" in column.name or "until" in column.name),
        "day": date(2031, 12, 1) + timedelta(days=number),
        "bytes": bytes(range(256)) * (number + 1),
    }[kind]


def everything_in(url: str) -> dict[str, list[Any]]:
    """Return all rows as the database itself writes them, without any type of ours."""
    found: dict[str, list[Any]] = {}
    with engine_of(url).connect() as connection:
        for name in rows.kept(rows.reflect(connection)):
            if url.startswith("sqlite"):
                query = f'SELECT * FROM "{name}" ORDER BY 1, 2'
            else:
                query = f'SELECT t::text FROM "{name}" t ORDER BY 1'
            found[name] = [tuple(row) for row in connection.exec_driver_sql(query)]
    return found
