"""What the app leaves unread of a request: a form that is too large, one of whoever is not signed in any more."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from vcardapp.seats import NO_SEAT

PART = 65_536  # bytes
WITHIN = 5.0  # seconds; a proxy in the same house needs far less for the largest form


class Unread:
    """Read on to the end before the answer goes out, where a proxy sends: it has collected the whole form before.

    A connection that ends while a proxy still sends on it is a broken server to the proxy: in place of our answer nginx
    gives its own 502 (RFC 9112 §9.6 says how an answer is lost so).
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = self.app(environ, start_response)
        if environ.get("CONTENT_LENGTH", "0") not in ("", "0") and not environ.get(NO_SEAT):  # threads without one stay free
            until = time.monotonic() + WITHIN
            while environ["wsgi.input"].read(PART) and time.monotonic() < until:
                pass
        return answer
