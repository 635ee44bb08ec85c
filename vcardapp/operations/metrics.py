"""What the server counts, for Prometheus: the only door to prometheus-client. Without a token nothing is counted."""

from __future__ import annotations

import hmac
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, abort, current_app, g, has_app_context, request
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from vcardapp.accounts.signals import arriving
from vcardapp.booking.models import Appointment
from vcardapp.db import db
from vcardapp.mail import Mail
from vcardapp.media.models import WAITING, MediaFile
from vcardapp.operations.health import bp
from vcardapp.operations.logs import REFUSED, SIGN_IN, endpoint
from vcardapp.store.models import Order
from vcardapp.turns import Turn, rounds
from vcardapp.web import settings

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # where the workers of one server keep their figures; prometheus-client names it so
FLUSH_EVERY = 2.0  # seconds
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
MADE = "made"  # what a session has stored and not yet committed
COUNTED: dict[type, str] = {Order: "orders", Appointment: "bookings"}


def init_app(app: Flask) -> None:
    if app.config["SETTINGS"].metrics_token:
        figures = app.extensions["figures"] = Figures(app)
        app.before_request_funcs.setdefault(None, []).insert(0, _begin)
        app.after_request_funcs.setdefault(None, []).insert(0, figures.note)
        arriving.connect(figures.note_arrival, app)


def start(app: Flask) -> None:
    """Have the figures of this process kept up to date, also while others are asked."""
    if "figures" in app.extensions:
        threading.Thread(target=app.extensions["figures"].keep_up, name="figures", daemon=True).start()


@bp.get("/metrics")
def metrics() -> Response:
    token = settings().metrics_token
    if not token:
        abort(404)
    private = {"Cache-Control": "no-store"}
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), token.encode()):  # RFC 9110 §11.1: in any case
        return Response("", 401, headers={"WWW-Authenticate": "Bearer", **private})
    text, kind = current_app.extensions["figures"].written()
    return Response(text, content_type=kind, headers=private)


class Figures:
    """The figures of one process, and how to add them up over all workers of a server."""

    def __init__(self, app: Flask) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.app = app
        self.own = CollectorRegistry()

        def counter(name: str, text: str, *labels: str) -> Any:
            return Counter(f"vcardapp_{name}", text, labels, registry=self.own)

        def gauge(name: str, text: str) -> Any:
            return Gauge(f"vcardapp_{name}", text, registry=self.own, multiprocess_mode="livesum")

        self.requests = counter("requests", "Requests answered, but for ready pages", "endpoint", "method", "status")
        seconds = "vcardapp_request_seconds"
        self.seconds = Histogram(seconds, "How long they took", ["endpoint"], registry=self.own, buckets=BUCKETS)
        self.refused = counter("limited_requests", "Requests refused because there were too many", "endpoint")
        self.sign_ins = counter("sign_ins", "Sign-ins, and tries that failed", "result")
        self.made = counter("made", "Orders and bookings made", "what")
        self.database_errors = counter("database_errors", "Errors of the database", "error")
        self.given = counter("ready_pages_given", "Answers from ready pages")
        self.missed = counter("ready_pages_missed", "Pages that may be ready and had to be drawn")
        self.cpu = counter("cpu_seconds", "Processor time of all workers")
        self.memory = gauge("memory_bytes", "Memory of all workers")
        self.pages = gauge("ready_pages", "Ready pages in memory")
        self.page_bytes = gauge("ready_pages_bytes", "Memory for ready pages")
        self.rounds = counter("job_rounds", "Rounds of jobs that have ended", "job", "result")
        self.told: dict[object, float] = {}
        self.lock = threading.Lock()

    def note(self, response: Response) -> Response:
        name, status = endpoint(), response.status_code
        method = request.method if request.method in METHODS else "other"
        self.requests.labels(name, method, f"{status // 100}xx").inc()
        if "began_at" in g:
            self.seconds.labels(name).observe(time.perf_counter() - g.began_at)
        if status == 429:
            self.refused.labels(name).inc()
        if name in SIGN_IN and status in REFUSED and method == "POST":
            self.sign_ins.labels("failed").inc()
        return response

    def note_arrival(self, _app: Flask, **_known: Any) -> None:
        self.sign_ins.labels("made").inc()

    def keep_up(self) -> None:
        while True:
            self.flush()
            time.sleep(FLUSH_EVERY)

    def flush(self) -> None:
        """Bring what is counted elsewhere, by plain numbers, to where the other workers see it."""
        pages = self.app.extensions.get("ready_pages")
        with self.lock:
            self._add("cpu", self.cpu, time.process_time())
            self.memory.set(_memory())
            for (job, failed), count in list(rounds.items()):
                self._add((job, failed), self.rounds.labels(job, "failed" if failed else "well"), count)
            if pages:
                self._add("given", self.given, pages.given)
                self._add("missed", self.missed, pages.missed)
                self.pages.set(len(pages.pages))
                self.page_bytes.set(pages.size)

    def _add(self, name: object, to: Any, now: float) -> None:
        to.inc(max(0.0, now - self.told.get(name, 0.0)))
        self.told[name] = now

    def written(self) -> tuple[bytes, str]:
        """Return all figures as Prometheus reads them, and the type of that."""
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        self.flush()
        shared, stored = CollectorRegistry(), CollectorRegistry()
        if FOLDER in os.environ:
            _forget_the_dead(Path(os.environ[FOLDER]))
            MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        stored.register(Stored())
        return generate_latest(shared if FOLDER in os.environ else self.own) + generate_latest(stored), CONTENT_TYPE_LATEST


class Stored:
    """Figures that are counted in the database when they are asked for, the same in every worker; none while it is away."""

    def collect(self) -> Iterator[Any]:
        try:
            yield from list(self._read())
        except SQLAlchemyError:
            db.session.rollback()

    def _read(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        mails = GaugeMetricFamily("vcardapp_mails", "Mails in the outbox, those sent of the last 30 days", labels=["state"])
        waiting, failed = Mail.next_try_at.is_not(None), Mail.next_try_at.is_(None)
        states = {"waiting": sa.and_(Mail.sent_at.is_(None), waiting), "failed": sa.and_(Mail.sent_at.is_(None), failed)}
        for state, which in {**states, "sent": Mail.sent_at.is_not(None)}.items():
            mails.add_metric([state], _count(Mail.id, which))
        yield mails
        media = GaugeMetricFamily("vcardapp_media_waiting", "Pictures and papers whose sizes are not made yet")
        media.add_metric([], _count(MediaFile.id, MediaFile.state == WAITING))
        yield media
        took = GaugeMetricFamily("vcardapp_job_seconds", "How long the last round of a job took", labels=["job"])
        ended = GaugeMetricFamily("vcardapp_job_ended", "When it ended, in seconds since 1970", labels=["job"])
        broken = GaugeMetricFamily("vcardapp_job_failed", "1 where something failed in it", labels=["job"])
        for turn in db.session.scalars(sa.select(Turn)):
            took.add_metric([turn.job], (turn.milliseconds or 0) / 1000)
            ended.add_metric([turn.job], turn.ended_at.timestamp() if turn.ended_at else 0)
            broken.add_metric([turn.job], 1 if turn.error else 0)
        yield from (took, ended, broken)


def _count(column: Any, which: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count(column)).where(which)) or 0


def _begin() -> None:
    g.began_at = time.perf_counter()


def _memory() -> int:
    """Return the memory of this process in bytes, 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _forget_the_dead(folder: Path) -> None:
    """Let workers that are gone take no more part in sums of what is there now."""
    from prometheus_client.multiprocess import mark_process_dead

    for file in folder.glob("gauge_live*_*.db"):
        pid = int(file.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            mark_process_dead(pid)  # type: ignore[no-untyped-call]


def _figures() -> Figures | None:
    return current_app.extensions.get("figures") if has_app_context() else None


@event.listens_for(Engine, "handle_error")
def _note_error(context: Any) -> None:
    figures = _figures()
    if figures:
        figures.database_errors.labels(type(context.sqlalchemy_exception or context.original_exception).__name__).inc()


@event.listens_for(Session, "after_flush")
def _note_made(session: Session, _context: Any) -> None:
    found = [COUNTED[type(row)] for row in session.new if type(row) in COUNTED]
    if found:
        session.info.setdefault(MADE, []).extend(found)


@event.listens_for(Session, "after_commit")
def _count_made(session: Session) -> None:
    made, figures = session.info.pop(MADE, ()), _figures()
    if figures:
        for what in made:
            figures.made.labels(what).inc()


@event.listens_for(Session, "after_soft_rollback")
def _forget_made(session: Session, _previous: Any) -> None:
    session.info.pop(MADE, None)
