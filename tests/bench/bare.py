"""The least that could answer: a WSGI function with ready bytes, on the same server as the app."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from vcardapp.server import make_server


def load(path: str) -> Callable[..., Iterable[bytes]]:
    answers: dict[str, tuple[str, list[tuple[str, str]], bytes]] = pickle.loads(Path(path).read_bytes())

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        status, headers, body = answers.get(environ["PATH_INFO"], ("404 Not Found", [], b""))
        start_response(status, headers)
        return [body]

    return app


if __name__ == "__main__":
    port, answers, workers = sys.argv[1:]
    make_server("127.0.0.1", int(port), int(workers)).serve(target_loader=partial(load, answers), wrap_loader=False)
