"""A cold page among 1,000 and among 100,000 published cards, on SQLite and on PostgreSQL: `make bench-growth`."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.processes import start_postgresql
from vcardapp import create_app
from vcardapp.cards.codes import ALPHABET, LENGTH
from vcardapp.cards.models import Card, CardAddress, CardCode
from vcardapp.config import Settings
from vcardapp.db import db, now
from vcardapp.upgrade import migrate

SIZES = (1_000, 100_000)
AT_ONCE = 5_000  # rows a statement
PAGES = 100  # looked at in a round
ROUNDS = 7  # by turns
MOST = 1.20  # times as long among the many as among the few


def main() -> None:
    url, stop = start_postgresql()
    postgresql = url.replace("postgresql:", "postgresql+psycopg:")
    try:
        with tempfile.TemporaryDirectory() as folder:
            found = {"SQLite": compare([filled(Path(folder), f"sqlite:///{folder}/{size}.sqlite3", size) for size in SIZES])}
            with sa.create_engine(postgresql + "postgres", isolation_level="AUTOCOMMIT").connect() as connection:
                for size in SIZES:
                    connection.exec_driver_sql(f"CREATE DATABASE many{size}")
            found["PostgreSQL"] = compare([filled(Path(folder), f"{postgresql}many{size}", size) for size in SIZES])
    finally:
        stop()
    print(f"{'a cold page, milliseconds (median)':36}" + "".join(f"{size:>12,}" for size in SIZES) + f"{'ratio':>8}")
    for name, (times, ratio) in found.items():
        print(f"{name:36}" + "".join(f"{moment:>12.2f}" for moment in times) + f"{ratio:>8.2f}")
    sys.exit(max(ratio for _, ratio in found.values()) > MOST)


def filled(folder: Path, url: str, size: int) -> tuple[Flask, int]:
    """Return an app on a new database with so many published cards, which keeps no page ready."""
    migrate(url, "head")
    settings = Settings(data=folder, database_url=url, url="http://localhost", secret_key="-", jobs=False, ready_megabytes=0)
    app = create_app(settings)
    with app.app_context():
        for rows in batches(range(size)):
            for model, values in rows.items():
                db.session.execute(sa.insert(model), values)
            db.session.commit()
        db.session.execute(sa.text("ANALYZE"))
        db.session.commit()
    return app, size


def compare(sites: list[tuple[Flask, int]]) -> tuple[list[float], float]:
    """Return the median milliseconds of a page in each, and the median of the rounds' ratios of the last to the first."""
    rounds = [[timed(app, size, turn) for app, size in sites] for turn in range(ROUNDS)]
    times = [statistics.median(column) for column in zip(*rounds, strict=True)]
    return times, statistics.median(row[-1] / row[0] for row in rounds)


def batches(numbers: range) -> Iterator[dict[Any, list[dict[str, Any]]]]:
    """Yield the rows of published cards."""
    content = factories.content()
    for start in range(numbers.start, numbers.stop, AT_ONCE):
        rows: dict[Any, list[dict[str, Any]]] = {Card: [], CardAddress: [], CardCode: []}
        for number in range(start, min(start + AT_ONCE, numbers.stop)):
            card, code, slug = uuid.uuid4(), code_of(number), f"card-{number}"
            common = {"id": card, "uid": uuid.uuid4(), "draft": content, "live": content, "slug": slug, "code": code}
            rows[Card].append({**common, "draft_slug": slug, "published_at": now()})
            rows[CardAddress].append({"key": slug, "slug": slug, "card_id": card})
            rows[CardCode].append({"code": code, "card_id": card})
        yield rows


def code_of(number: int) -> str:
    """Return a short code that no other number has."""
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def timed(app: Flask, size: int, turn: int) -> float:
    """Return the median milliseconds of pages that were not looked at before."""
    client, times = app.test_client(), []
    client.get("/card-0")
    for number in random.Random(turn).sample(range(size), PAGES):
        begun = time.perf_counter()
        assert client.get(f"/card-{number}").status_code == 200
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
