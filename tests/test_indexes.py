"""Pages grow with what they show and not with what there is: every query of the most used ones goes by an index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask

from tests import crowd
from tests.bench.scale import OWNED, VISITED, signed_in
from vcardapp.db import db

CARDS = 60
NUMBER = 3 * crowd.BUSY
SMALL = {"roles", "roles_users", "domains"}  # a handful of rows whatever happens, or read whole on purpose


@contextmanager
def queries(app: Flask) -> Iterator[dict[str, Any]]:
    """Gather the statements of what happens inside, each once, with its parameters."""
    seen: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")) and not many:
            seen[statement] = parameters

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def read_whole(connection: sa.Connection, statement: str, parameters: Any) -> set[str]:
    """Return the tables that the database would read from end to end for a statement."""
    if connection.dialect.name == "sqlite":
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        return {found[1] for line in plan if (found := re.match(r"SCAN (\w+)", line))}
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # so small, it would be read whole for its size alone
    plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
    return {found[1] for line in plan if (found := re.search(r"Seq Scan on (\w+)", line))}


def test_every_query_of_the_most_used_pages_goes_by_an_index(app: Flask) -> None:
    with app.app_context():
        crowd.first_of_all()
        crowd.copy_it(CARDS)
    owner, card = signed_in(app, NUMBER)
    stranger = app.test_client()
    with queries(app) as seen:
        for page in VISITED.values():
            assert stranger.get(page(NUMBER)).status_code == 200
        for page in OWNED.values():
            assert owner.get(page(str(card))).status_code == 200
    assert len(seen) > 20
    with app.app_context(), db.engine.connect() as connection:
        slow = {statement: tables for statement, parameters in seen.items()
                if (tables := read_whole(connection, statement, parameters) - SMALL)}  # fmt: skip
    assert not slow, "\n\n".join(f"{tables} whole: {statement}" for statement, tables in slow.items())


def test_the_check_sees_a_table_that_is_read_whole(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert read_whole(connection, "SELECT * FROM cards WHERE revision = 7", ()) == {"cards"}
        one = "SELECT * FROM cards WHERE uid = '00000000-0000-0000-0000-000000000000'"
        assert read_whole(connection, one, ()) == set()
