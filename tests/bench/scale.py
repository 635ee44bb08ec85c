"""The ten most used pages among 1,000, 100,000 and 1,000,000 cards, on both databases: `make bench-scale`."""

from __future__ import annotations

import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import crowd
from tests.bench.nginx import rate
from tests.processes import Server, start_postgresql, start_server
from vcardapp import create_app
from vcardapp.accounts.models import User
from vcardapp.accounts.service import make_sign_in_link
from vcardapp.cards.models import Card
from vcardapp.config import Settings
from vcardapp.db import db
from vcardapp.upgrade import migrate

SIZES = tuple(int(size) for size in os.environ.get("SIZES", "1000 100000 1000000").split())
ROUNDS = 9  # by turns
LOOKS = 8  # at each page in a round
MOST = 1.20  # times as long among the many as among the few
REQUESTS = 100_000  # after which a worker may not have grown
WARM = 10_000
GROWTH = 1.05
Pages = dict[str, Callable[[int], str]]
VISITED: Pages = {
    "card": "/card-{}".format,
    "contact file": "/card-{}.vcf".format,
    "short address": lambda number: f"/u/{crowd.code_of(number)}",
    "code": "/card-{}/qr.svg".format,
    "shop": "/card-{}/store".format,
    "album": "/card-{}/gallery".format,
    "free times": "/card-{}/book".format,
}
OWNED: Pages = {"my cards": lambda _: "/cards", "editor": "/cards/{}/edit".format, "orders": "/cards/{}/store/orders".format}


def main() -> None:
    url, stop = start_postgresql()
    postgresql = url.replace("postgresql:", "postgresql+psycopg:")
    try:
        with tempfile.TemporaryDirectory() as folder:
            worst = compare("SQLite", [Site(Path(folder), f"sqlite:///{folder}/{size}.sqlite3", size) for size in SIZES])
            with sa.create_engine(postgresql + "postgres", isolation_level="AUTOCOMMIT").connect() as connection:
                for size in SIZES:
                    connection.exec_driver_sql(f"CREATE DATABASE many{size}")
            sites = [Site(Path(folder), f"{postgresql}many{size}", size) for size in SIZES]
            worst = max(worst, compare("PostgreSQL", sites))
            grown = under_load(sites[-1])
    finally:
        stop()
    if worst > MOST or grown > GROWTH:
        sys.exit(f"Worst page: {worst:.2f} times as long (at most {MOST}); a worker: {grown:.2f} times as large ({GROWTH}).")


class Site:
    """An installation with so many cards, which keeps no page ready."""

    def __init__(self, folder: Path, url: str, size: int) -> None:
        self.size, self.data, self.url = size, folder, url
        begun = time.perf_counter()
        migrate(url, "head")
        settings = Settings(
            data=folder, database_url=url, url="http://localhost", secret_key="-" * 40, jobs=False, ready_megabytes=0,
            rate_limits=False,
        )  # fmt: skip
        self.app = create_app(settings)
        with self.app.app_context():
            self.first = crowd.first_of_all().id
            crowd.copy_it(size)
        print(f"{size:,} cards with {size * crowd.LINKS:,} links in {time.perf_counter() - begun:.0f} s", file=sys.stderr)

    def busy(self, chance: random.Random) -> int:
        """Return the number of any card with a shop, an album and appointments."""
        return chance.randrange(crowd.BUSY, self.size, crowd.BUSY)

    def times(self, name: str, chance: random.Random) -> list[float]:
        """Return the milliseconds of some looks at a page, each at another card's."""
        return list(self._visited(name, chance) if name in VISITED else self._owned(name, chance))

    def _visited(self, name: str, chance: random.Random) -> Iterator[float]:
        client = self.app.test_client()
        for _ in range(LOOKS):
            yield timed(client, VISITED[name](self.busy(chance)))

    def _owned(self, name: str, chance: random.Random) -> Iterator[float]:
        for _ in range(LOOKS):
            number = self.busy(chance)
            client, card = signed_in(self.app, number)
            yield timed(client, OWNED[name](str(card)))


def signed_in(app: Flask, number: int) -> tuple[FlaskClient, uuid.UUID]:
    """Return the browser of a card's owner, and the card's id."""
    with app.app_context():
        person = db.session.scalars(sa.select(User).where(User.email == f"u{number}@example.org")).one()
        link = make_sign_in_link(person)
        card = db.session.scalars(sa.select(Card.id).where(Card.slug == f"card-{number}")).one()
    client = app.test_client()
    assert client.get(link).status_code == 303
    return client, card


def timed(client: FlaskClient, path: str) -> float:
    begun = time.perf_counter()
    assert client.get(path).status_code == 200, path
    return (time.perf_counter() - begun) * 1000


def compare(name: str, sites: list[Site]) -> float:
    """Print the median milliseconds of each page in each installation; return the worst ratio of the largest to the smallest."""
    print(f"\n{name + ', cards (ms, median)':24}" + "".join(f"{size:>12,}" for size in SIZES) + f"{'ratio':>8}")
    worst = 0.0
    for page in (*VISITED, *OWNED):
        for site in sites:
            site.times(page, random.Random(-1))
        rounds = [[statistics.median(site.times(page, random.Random(turn))) for site in sites] for turn in range(ROUNDS)]
        ratio = statistics.median(row[-1] / row[0] for row in rounds)
        worst = max(worst, ratio)
        times = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"{page:24}" + "".join(f"{moment:>12.2f}" for moment in times) + f"{ratio:>8.2f}")
    return worst


def under_load(site: Site) -> float:
    """Print requests a second by workers, ready and drawn anew, and how much a worker grew in 100,000 requests; return that."""
    print(f"\n{'requests a second':24}{'workers':>10}{'ready page':>12}{'drawn anew':>12}")
    for workers in (1, 2, 4)[: 2 + ((os.cpu_count() or 1) >= 4)]:
        with running(site, workers, "64") as server, running(site, workers, "0") as anew:
            print(f"{'':24}{workers:>10}{rate(server.url + '/card-0'):>12.0f}{rate(anew.url + '/card-0'):>12.0f}")
    with running(site, 1, "8") as server:
        sizes = [after(server, site, count) for count in (WARM, REQUESTS)]
    ratio = sizes[1] / sizes[0]
    grown = f"{sizes[0]:>10.0f} MB after {WARM:,}, {sizes[1]:.0f} MB after {REQUESTS:,} requests: {ratio:.2f}"
    print(f"\n{'memory of a worker':24}{grown}")
    return ratio


@contextmanager
def running(site: Site, workers: int, ready: str) -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as data:
        quiet = {"VCARDAPP_RATE_LIMITS": "0", "VCARDAPP_JOBS": "0", "VCARDAPP_READY_MB": ready}
        options = {"VCARDAPP_DATABASE_URL": site.url, **quiet}
        with start_server(Path(data), "--workers", str(workers), output=subprocess.DEVNULL, **options) as server:
            yield server


def after(server: Server, site: Site, count: int) -> float:
    """Ask so often, at most for cards all over the place, and return the megabytes of the worker."""
    script = Path(server.env["VCARDAPP_DATA"]) / "load.lua"
    paths = [page(site.busy(random.Random(turn))) for turn in range(2_000) for page in VISITED.values()]
    listed = ",".join(f"'{path}'" for path in paths)
    script.write_text(
        f"local paths = {{{listed}}}\nlocal i = 0\n"
        "request = function() i = i % #paths + 1; return wrk.format('GET', paths[i]) end\n"
    )
    asked = 0
    while asked < count:
        command = ["wrk", "-t1", "-c8", "-d5s", "-s", str(script), server.url]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert "Non-2xx" not in said, said
        asked += int(re.search(r"(\d+) requests in", said)[1])  # type: ignore[index]
    (worker,) = psutil.Process(server.process.pid).children()
    return float(worker.memory_info().rss / 1e6)


if __name__ == "__main__":
    main()
