"""What the app does by itself: the only door to huey. Jobs run on threads of the web process."""

from __future__ import annotations

import atexit
import hashlib
import logging
import sqlite3
import threading
from typing import Any

from flask import Flask, Response, g

logger = logging.getLogger(__name__)
START_SWEEP_AFTER = 120  # seconds, so that a computer that is never on for long sweeps too
STOP_WITHIN = 10  # seconds


def init_app(app: Flask) -> None:
    """Have mail that a request put into the outbox sent as soon as the request is answered."""
    app.after_request(_send_soon)


def start(app: Flask) -> None:
    """Start the jobs of this process, once, unless they are switched off; huey is imported on their own thread."""
    if app.config["SETTINGS"].jobs and "jobs" not in app.extensions:
        app.extensions["jobs"] = running = Jobs(app)
        running.start()
        atexit.register(running.stop)


def stop(app: Flask) -> None:
    """Stop the jobs of this process and wait for what is under way."""
    running = app.extensions.pop("jobs", None)
    if running:
        atexit.unregister(running.stop)
        running.stop()


class Jobs:
    """The queue of one app, and the threads that work on it. The queue only says "now": what is to do stands in the database."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.starting = threading.Thread(target=self._start, name="jobs-start", daemon=True)
        self.send_mail: Any = None
        self.consumer: Any = None

    def start(self) -> None:
        self.starting.start()

    def send_soon(self) -> None:
        """Have waiting mail sent now; where the queue cannot be written it goes out within a minute."""
        try:
            if self.send_mail:
                self.send_mail()
        except sqlite3.Error as problem:
            logger.warning("The queue of jobs cannot be written: %s", problem)

    def stop(self) -> None:
        self.starting.join(STOP_WITHIN)
        if self.consumer:
            self.consumer.stop(graceful=True)
            self.consumer.huey.storage.close()

    def _start(self) -> None:
        from huey import SqliteHuey, crontab
        from huey.consumer import Consumer
        from huey.serializer import SignedSerializer

        class QuietConsumer(Consumer):  # type: ignore[misc]  # huey has no types
            def _set_signal_handlers(self) -> None:
                """Leave the signals to the web server."""

        logging.getLogger("huey").setLevel(logging.WARNING)
        settings = self.app.config["SETTINGS"]
        secret = hashlib.sha256(f"jobs {settings.secret_key}".encode()).hexdigest()
        queue = SqliteHuey(
            "vcardapp",
            filename=str(settings.data / "jobs.sqlite3"),
            serializer=SignedSerializer(secret=secret),
            results=False,
        )
        self.send_mail = queue.task()(self._send_mail)
        queue.periodic_task(crontab(minute="*"))(self._send_mail_each_minute)
        sweep = queue.periodic_task(crontab(minute="17"))(self._sweep)
        self.consumer = QuietConsumer(queue, workers=1, max_delay=2.0, shutdown_timeout=STOP_WITHIN)
        if not queue.scheduled_count():  # one of the last start may still wait
            sweep.schedule(delay=START_SWEEP_AFTER)
        self.consumer.start()

    def _send_mail(self) -> None:
        from vcardapp import mail

        with self.app.app_context():
            mail.send_waiting()

    def _send_mail_each_minute(self) -> None:
        self._send_mail()

    def _sweep(self) -> None:
        from vcardapp import mail
        from vcardapp.accounts import service as accounts
        from vcardapp.cards import importing
        from vcardapp.cards import service as cards
        from vcardapp.domains import service as domains
        from vcardapp.public import changes

        for sweep in (cards.sweep, importing.sweep, accounts.sweep, mail.sweep, changes.sweep, domains.sweep):
            with self.app.app_context():
                sweep()


def _send_soon(response: Response) -> Response:
    from flask import current_app

    running = current_app.extensions.get("jobs")
    if g.pop("mail_is_waiting", False) and running:
        running.send_soon()
    return response
