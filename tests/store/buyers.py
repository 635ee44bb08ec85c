"""Buyers in processes of their own, who press "order" at the same moment."""

from __future__ import annotations

import gc
import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flask import Flask

from tests.cases import FULL

BUYERS = 8
PATIENCE = 60  # seconds
ROUNDS = 200 if FULL else 3


@dataclass(frozen=True)
class Visit:
    """What a browser posts: everything that place_order takes."""

    shop_id: Any
    token: str
    key: str
    details: Any
    seen: str


class Buyers:
    """All of them order together, and each says what came of it."""

    def __init__(self, pipes: Sequence[Connection]) -> None:
        self.pipes = pipes

    def order(self, visits: Sequence[Visit]) -> list[str]:
        """Return, for each buyer, the id of the order or why there is none."""
        for pipe, visit in zip(self.pipes, visits, strict=True):
            pipe.send(visit)
        answers = []
        for pipe in self.pipes:
            assert pipe.poll(PATIENCE), "a buyer did not come back"
            answers.append(pipe.recv())
        return answers


@contextmanager
def buyers(app: Flask) -> Iterator[Buyers]:
    """Start them, with the app's own database."""
    context = multiprocessing.get_context("forkserver")
    known = [name for name in sys.modules if name.split(".")[0] in ("vcardapp", "psycopg")]
    context.set_forkserver_preload(["tests.store.buyers", *known])  # imported once
    settings = app.config["SETTINGS"]
    ends = [context.Pipe() for _ in range(BUYERS)]
    pipes, theirs = [here for here, _ in ends], [there for _, there in ends]
    process = context.Process(target=_come, args=(settings.database_url, settings.data, settings.secret_key, theirs))
    process.start()
    for there in theirs:
        there.close()
    try:
        yield Buyers(pipes)
    finally:
        for pipe in pipes:
            pipe.send(None)
        process.join(PATIENCE)
        assert process.exitcode == 0
        process.close()
        for pipe in pipes:
            pipe.close()


def _come(url: str, data: Path, secret: str, pipes: Sequence[Connection]) -> None:
    """Make one app, which has opened no connection yet, and part."""
    from sqlalchemy.orm import configure_mappers

    from vcardapp import create_app
    from vcardapp.config import Settings

    app = create_app(
        Settings(data=data, database_url=url, url="http://localhost", secret_key=secret, jobs=False, ready_megabytes=0)
    )
    configure_mappers()
    gc.freeze()
    fork = multiprocessing.get_context("fork")
    start = fork.Barrier(BUYERS)
    processes = [fork.Process(target=_buy, args=(app, start, pipe)) for pipe in pipes]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    sys.exit(any(process.exitcode for process in processes))


def _buy(app: Flask, start: Any, pipe: Connection) -> None:
    while (visit := pipe.recv()) is not None:
        start.wait(PATIENCE)
        pipe.send(_outcome(app, visit))


def _outcome(app: Flask, visit: Visit) -> str:
    from vcardapp.db import db
    from vcardapp.store.models import Shop
    from vcardapp.store.ordering import OrderChanged, place_order

    with app.app_context():
        shop = db.session.get_one(Shop, visit.shop_id)
        try:
            return str(place_order(shop, visit.token, visit.key, visit.details, visit.seen).order.id)
        except OrderChanged as changed:
            return ", ".join(change.sort for change in changed.changes)
