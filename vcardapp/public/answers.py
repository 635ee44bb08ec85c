"""Answers without a cookie: what every visitor gets alike."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from http import HTTPStatus

from flask import Response, request

from vcardapp.public import ready

FOR_EVER = "public, max-age=31536000, immutable"
SMALL = 1000  # bytes below which nothing is gained


def page(html: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Answer with a page that holds no secret and may be compressed; browsers ask again each time."""
    data = html.encode()
    response = Response(data, status, content_type="text/html; charset=utf-8")
    if len(data) > SMALL and not ready.is_wanted() and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(data, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(["Accept-Encoding", "Accept-Language", "Cookie"])
    return response


def file(data: bytes, content_type: str, etag: str, cache: str = "no-cache") -> Response:
    """Answer with a file, or with 304 to those who have it."""
    response = Response(data, content_type=content_type)
    response.set_etag(etag)
    response.headers["Cache-Control"] = cache
    response.make_conditional(request)
    return response


def drawn(draw: Callable[[], bytes], content_type: str, etag: str, cache: str = "no-cache") -> Response:
    """Answer with a file that is drawn only for those who do not have it."""
    response = file(b"", content_type, etag, cache)
    if response.status_code != HTTPStatus.NOT_MODIFIED:
        response.set_data(draw())
    return response
