"""Counts who opens /u/<CODE>, before anything else answers: pages that are ready never reach Flask."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from vcardapp.cards.codes import read_code
from vcardapp.cards.scans import Scans, is_person

OPENED = ("200", "304")


class ScanCounter:
    """WSGI middleware around the app."""

    def __init__(self, app: Callable[..., Iterable[bytes]], scans: Scans) -> None:
        self.app = app
        self.scans = scans

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path[:3].lower() != "/u/" or environ["REQUEST_METHOD"] != "GET":
            return self.app(environ, start_response)
        code = read_code(path[3:])
        if code is None or not is_person(environ):
            return self.app(environ, start_response)

        def begin(status: str, *more: Any) -> Any:
            if status.startswith(OPENED):
                self.scans.count(code)
            return start_response(status, *more)

        return self.app(environ, begin)
