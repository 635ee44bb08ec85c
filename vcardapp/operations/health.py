"""Whether the process lives, and whether it can be sent visitors."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from functools import partial

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, current_app

from vcardapp.db import db
from vcardapp.storage import LocalStorage, storage
from vcardapp.upgrade import QUESTION, newest_revision
from vcardapp.web import settings

WITHIN = 1.0  # seconds in which all parts have to answer
FIRST_WITHIN = 5.0  # seconds that a starting server gives them: what speaks S3 takes a busy machine that long to load
KEPT = 1.0  # seconds for which what was found is said again
PROBE = "readyz"  # the name of no file
PLAIN = "text/plain; charset=utf-8"
bp = Blueprint("operations", __name__)


def init_app(app: Flask) -> None:
    parts: dict[str, Callable[[], None]] = {"database": partial(_ask_database, newest_revision()), "storage": _ask_storage}
    if app.config["SETTINGS"].redis_url:
        parts["valkey"] = _ask_valkey
    app.extensions["readiness"] = Readiness({name: partial(_inside, app, ask) for name, ask in parts.items()})
    app.register_blueprint(bp)


@bp.get("/healthz")
def alive() -> Response:
    return _plain("ok", 200)


@bp.get("/readyz")
def ready() -> Response:
    readiness: Readiness = current_app.extensions["readiness"]
    if readiness.is_stopping():
        return _plain("stopping", 503)
    missing = readiness.missing()
    return _plain(f"missing: {', '.join(missing)}", 503) if missing else _plain("ok", 200)


def _plain(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, content_type=PLAIN, headers={"Cache-Control": "no-store"})


class Readiness:
    """What the app needs to answer visitors."""

    def __init__(self, parts: dict[str, Callable[[], None]]) -> None:
        self.parts = {name: Part(ask) for name, ask in parts.items()}
        self.is_stopping: Callable[[], bool] = bool  # the server says so; else never
        self.found: list[str] = []
        self.until = 0.0
        self.lock = threading.Lock()

    def missing(self, within: float = WITHIN) -> list[str]:
        """Return the names of the parts that do not answer."""
        with self.lock:
            if time.monotonic() >= self.until:
                for part in self.parts.values():
                    part.begin()
                until = time.monotonic() + within
                self.found = [name for name, part in self.parts.items() if not part.has_answered(until)]
                self.until = time.monotonic() + KEPT
            return self.found


class Part:
    """One of them, asked on a thread of its own; while one question hangs no second one is asked."""

    def __init__(self, ask: Callable[[], None]) -> None:
        self.ask = ask
        self.is_well = False
        self.asking: threading.Thread | None = None

    def begin(self) -> None:
        if self.asking is None or not self.asking.is_alive():
            self.is_well = False
            self.asking = threading.Thread(target=self._ask, name="readiness", daemon=True)
            self.asking.start()

    def has_answered(self, until: float) -> bool:
        if self.asking:
            self.asking.join(max(0.0, until - time.monotonic()))
        return self.is_well

    def _ask(self) -> None:
        try:
            self.ask()
        except Exception:
            self.is_well = False  # why is in the log of the requests that needed it
        else:
            self.is_well = True


def _inside(app: Flask, ask: Callable[[], None]) -> None:
    with app.app_context():
        ask()


def _ask_database(needed: str) -> None:
    """Raise if there is no answer, or a migration that this release needs is missing; newer ones only add."""
    with db.engine.connect() as connection:
        stored = connection.scalar(sa.text(QUESTION)) or ""
    if stored < needed:
        raise LookupError(stored)


def _ask_storage() -> None:
    kept = storage()
    kept.exists(PROBE)
    if isinstance(kept, LocalStorage):
        folder = kept.folder if kept.folder.exists() else kept.folder.parent
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError


def _ask_valkey() -> None:
    from redis import Redis

    with Redis.from_url(settings().redis_url, socket_connect_timeout=WITHIN, socket_timeout=WITHIN) as valkey:
        valkey.ping()
