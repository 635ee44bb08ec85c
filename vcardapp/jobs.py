"""What the app does by itself: the only door to huey. Jobs run on threads of the web process."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from multiprocessing.util import Finalize
from typing import Any

from flask import Flask, Response, g

from vcardapp.config import Settings

logger = logging.getLogger(__name__)
START_SWEEP_AFTER = 120  # seconds, so that a computer that is never on for long sweeps too
STOP_WITHIN = 10  # seconds
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def init_app(app: Flask) -> None:
    """Have what a request left to do begin as soon as the request is answered: mail to send, pictures to make."""
    app.after_request(_begin_soon)


def start(app: Flask) -> None:
    """Start the jobs of this process, once, unless they are switched off; huey is imported on their own thread."""
    if app.config["SETTINGS"].jobs and "jobs" not in app.extensions:
        app.extensions["jobs"] = running = Jobs(app)
        running.start()
        running.at_exit = Finalize(None, running.stop, exitpriority=1)  # workers of granian run no atexit


def stop(app: Flask) -> None:
    """Stop the jobs of this process and wait for what is under way."""
    running = app.extensions.pop("jobs", None)
    if running:
        running.at_exit.cancel()
        running.stop()


def signer_of(settings: Settings) -> Any:
    """Return what signs messages with the present key and believes those of before it was rotated."""
    from huey.serializer import SignedSerializer

    def with_key(key: str) -> dict[str, str]:
        return {"secret": hashlib.sha256(f"jobs {key}".encode()).hexdigest()}

    before = [SignedSerializer(**with_key(key)) for key in settings.old_secret_keys]

    class Signer(SignedSerializer):  # type: ignore[misc]  # huey has no types
        def _deserialize(self, data: bytes) -> Any:
            for earlier in before:
                with suppress(ValueError):
                    return earlier._deserialize(data)
            return super()._deserialize(data)

    return Signer(**with_key(settings.secret_key))


class Jobs:
    """The queue of one app, and the threads that work on it. The queue only says "now": what is to do stands in the database."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.starting = threading.Thread(target=self._start, name="jobs-start", daemon=True)
        self.send_mail: Any = None
        self.make_media: Any = None
        self.consumer: Any = None
        self.media_consumer: Any = None  # of its own: pictures take long, and mail must not wait for them
        self.booking_consumer: Any = None  # of its own: other people's calendars may be slow
        self.stopping = threading.Event()
        self.at_exit: Any = None

    def start(self) -> None:
        self.starting.start()

    def begin_soon(self, task: Any) -> None:
        """Have what waits done now; where the queue cannot be written it is done within a minute."""
        try:
            if task:
                task()
        except sqlite3.Error as problem:
            logger.warning("The queue of jobs cannot be written: %s", problem)

    def stop(self) -> None:
        self.stopping.set()
        self.starting.join(STOP_WITHIN)
        for consumer in filter(None, (self.booking_consumer, self.media_consumer, self.consumer)):
            consumer.stop(graceful=True)
            consumer.huey.storage.close()
        self._hand_back()

    def _hand_back(self) -> None:
        from vcardapp import mail

        if mail.under_way:
            with self.app.app_context(), suppress(Exception):  # the database may be away as well: then they come back later
                mail.hand_back()

    def _start(self) -> None:
        from huey import SqliteHuey, crontab
        from huey.consumer import Consumer

        class QuietConsumer(Consumer):  # type: ignore[misc]  # huey has no types
            def _set_signal_handlers(self) -> None:
                """Leave the signals to the web server."""

        logging.getLogger("huey").setLevel(logging.WARNING)
        settings = self.app.config["SETTINGS"]
        signer = signer_of(settings)

        def queue_of(name: str) -> Any:
            return SqliteHuey(
                name,
                filename=str(settings.data / "jobs.sqlite3"),
                serializer=signer,
                results=False,
            )

        def consumer_of(queue: Any) -> Any:
            return QuietConsumer(queue, workers=1, max_delay=2.0, shutdown_timeout=STOP_WITHIN)

        queue, media, booking = queue_of("vcardapp"), queue_of("vcardapp-media"), queue_of("vcardapp-booking")
        self.send_mail = queue.task()(self._send_mail)
        self.make_media = media.task()(self._make_media)
        queue.periodic_task(crontab(minute="*"))(self._send_mail_each_minute)
        media.periodic_task(crontab(minute="*"))(self._make_media_each_minute)
        booking.periodic_task(crontab(minute="*"))(self._booking_each_minute)
        sweep = queue.periodic_task(crontab(minute="17"))(self._sweep_each_hour)
        self.media_consumer, self.consumer = consumer_of(media), consumer_of(queue)
        self.booking_consumer = consumer_of(booking)
        if not queue.scheduled_count():  # one of the last start may still wait
            sweep.schedule(delay=START_SWEEP_AFTER)
        self.media_consumer.start()
        self.begin_soon(self.make_media)  # what the last start left, or the demo brought
        self.booking_consumer.start()
        self.consumer.start()

    def _send_mail(self) -> None:
        from vcardapp import mail

        with self.app.app_context():
            mail.send_waiting(self.stopping)

    def _send_mail_each_minute(self) -> None:
        with self._turn("mail", MINUTE) as mine:
            if mine:
                self._send_mail()

    def _make_media(self) -> None:
        from vcardapp.media import work

        with self.app.app_context():
            work.work_on_waiting(self.stopping)

    def _make_media_each_minute(self) -> None:
        with self._turn("media", MINUTE) as mine:
            if mine:
                self._make_media()

    def _booking_each_minute(self) -> None:
        from vcardapp.booking import rounds

        with self._turn("booking", MINUTE) as mine:
            if mine:
                self._each_apart(rounds.each_minute())
                self.begin_soon(self.send_mail)  # what was just written

    def _sweep_each_hour(self) -> None:
        with self._turn("sweep", HOUR) as mine:
            if mine:
                self._sweep()

    def _sweep(self) -> None:
        from vcardapp import mail
        from vcardapp.accounts import service as accounts
        from vcardapp.admin import audit
        from vcardapp.archive import arrived
        from vcardapp.booking import rounds as booking
        from vcardapp.cards import importing
        from vcardapp.cards import service as cards
        from vcardapp.domains import service as domains
        from vcardapp.gallery import service as gallery
        from vcardapp.media import removing, uploads, work
        from vcardapp.public import changes
        from vcardapp.store import sweeps as store

        sweeps = [cards.sweep, importing.sweep, accounts.sweep, mail.sweep, changes.sweep, domains.sweep, store.sweep]
        sweeps += [booking.sweep, audit.sweep]
        sweeps += [gallery.sweep, uploads.sweep, work.sweep, removing.sweep]  # last: what others remove is used no more
        sweeps += [arrived.sweep]  # empties what is free by now
        self._each_apart(sweeps)

    @contextmanager
    def _turn(self, job: str, every: timedelta) -> Iterator[bool]:
        """Have a job done once in each period, by one of all workers of all servers."""
        from vcardapp.turns import turn

        with self.app.app_context(), turn(job, every) as mine:
            yield mine

    def _each_apart(self, parts: Sequence[Callable[[], object]]) -> None:
        """Do each part, whatever becomes of the others; raise Broken with the names of those that failed."""
        from vcardapp.turns import Broken

        failed = []
        for part in parts:
            try:
                with self.app.app_context():
                    part()
            except Exception as problem:
                name = f"{part.__module__.removeprefix('vcardapp.')}.{part.__name__}"
                logger.exception("A job failed: %s", name)
                failed.append(f"{name} ({type(problem).__name__})")
        if failed:
            raise Broken(", ".join(failed))


def _begin_soon(response: Response) -> Response:
    from flask import current_app

    running = current_app.extensions.get("jobs")
    if g.pop("mail_is_waiting", False) and running:
        running.begin_soon(running.send_mail)
    if g.pop("media_is_waiting", False) and running:
        running.begin_soon(running.make_media)
    return response
