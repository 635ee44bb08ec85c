"""One ready page: its body in each content coding, how long it holds, and whether a client has it already."""

from __future__ import annotations

import gzip
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import brotli
from werkzeug.http import parse_date

WRONG_CLOCK = 60.0  # seconds that the clock may be set back before pages are drawn anew that tell the time
ENCODINGS = ("br", "gzip", "")
Answer = tuple["ReadyPage", list[tuple[str, str]], bytes, str]
Wish = tuple[str, str, str, str]


@dataclass(slots=True, eq=False)
class ReadyPage:
    """One answer in one language; it dies as a whole, and is then drawn anew."""

    key: tuple[str, str]
    rests_on: tuple[uuid.UUID, ...]  # a card and its owner, whose domain stands in its addresses: any change ends it
    until: float | None  # seconds since 1970
    headers: list[tuple[str, str]]
    etag: str
    body: bytes
    size: int = 0
    modified: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    wishes: list[Wish] = field(default_factory=list)
    drawn: float = field(default_factory=time.time)

    def holds(self) -> bool:
        return self.until is None or self.drawn - WRONG_CLOCK < time.time() < self.until

    def encoded(self, encoding: str) -> Answer:
        """Return headers, body and ETag in a content coding; each is made once."""
        if encoding not in self.answers:
            body, etag = self.body, self.etag
            headers = self.headers
            if encoding:
                body = brotli.compress(body, quality=9) if encoding == "br" else gzip.compress(body, 9, mtime=0)
                etag = f'{etag[:-1]}-{encoding}"'
                headers = [*headers, ("Content-Encoding", encoding)]
            headers = [*headers, ("ETag", etag), ("Content-Length", str(len(body)))]
            self.answers[encoding] = (self, headers, body, etag)
        return self.answers[encoding]


def encoding_of(accepted: str) -> str:
    """Return the content coding to answer with (RFC 9110 §12.5.3)."""
    wished = {}
    for part in accepted.lower().split(","):
        name, _, rest = part.strip().partition(";")
        wished[name.strip()] = rest.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in ENCODINGS if name == "" or wished.get(name, wished.get("*", False))), "")


def is_known(environ: dict[str, Any], etag: str, modified: str) -> bool:
    """True if the client has it already (RFC 9110 §13.1)."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return etag in tags or tags.strip() == "*"
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if not since or not modified:
        return False
    asked, known = parse_date(since), parse_date(modified)
    return asked is not None and known is not None and known <= asked
