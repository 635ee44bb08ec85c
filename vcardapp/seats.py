"""How many requests the app works on at once, so that there is always a thread for what needs no database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

SEATS = 8  # requests that the app works on at once, in each process
STILL_FOR = 3.0  # seconds without any seat taken or left, after which nobody waits for one any more
NO_SEAT = "vcardapp.no_seat"
SEATLESS = ("/healthz", "/readyz")


class NoSeat(Exception):
    """As many requests as may wait for the database, or for something else that hangs, wait already."""


class Seats:
    """Let only so many requests in at once: were all threads to wait for a database that hangs, none could give ready pages."""

    def __init__(self, app: Callable[..., Iterable[bytes]], seats: int = SEATS) -> None:
        self.app = app
        self.seats = threading.Semaphore(seats)
        self.moved = time.monotonic()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] in SEATLESS:
            return self.app(environ, start_response)
        if not self._is_let_in():
            environ[NO_SEAT] = True  # so that it is refused with a page that keeps what was typed
            return self.app(environ, start_response)
        self.moved = time.monotonic()
        try:
            return self.app(environ, start_response)
        finally:
            self.moved = time.monotonic()
            self.seats.release()

    def _is_let_in(self) -> bool:
        if self.seats.acquire(blocking=False):
            return True
        wait = self.moved + STILL_FOR - time.monotonic()
        return wait > 0 and self.seats.acquire(timeout=wait)
