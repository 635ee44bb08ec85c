"""The short-cut: pages that were drawn once, compressed, and are answered before Flask is reached."""

from __future__ import annotations

import hashlib
import logging
import re
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request

from vcardapp.cards.models import Card
from vcardapp.cookie import language_in
from vcardapp.db import db
from vcardapp.domains.sites import SITE
from vcardapp.i18n import LANGUAGES
from vcardapp.public.changes import ChangeReader
from vcardapp.public.ready_page import Answer, ReadyPage, Wish, encoding_of, is_known
from vcardapp.public.visitor import spoken_by

Environ = dict[str, Any]
# Paths of what may be ready.
PATHS = re.compile(r"/(?:[uU]/[^/]+|[^/]+(?:/(?:qr\.svg|embed|store(?:/[^/]{36})?|gallery(?:/[^/]+){0,2}))?)")
MARK = "vcardapp.ready"  # set by a view: (what it rests on, until when)
WANTED = "vcardapp.wants_ready"
LOOK_EVERY = 0.25  # seconds between two looks for changes
PATIENCE = 0.5  # seconds to wait for the database to tell
BLIND = 60.0  # seconds for which pages are still given while the database cannot be asked
UNCLEAR = frozenset({"HTTP_TRANSFER_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"})
WISHES = 10_000  # combinations of request headers whose answer is remembered
LONGEST_WISH = 400  # characters
App = Callable[..., Iterable[bytes]]
NOT_KEPT = ("content-length", "etag", "x-request-id")
NO_BODY = ("content-length", "content-type", "content-encoding")
log = logging.getLogger(__name__)


def offer(response: Response, card: Card, until: datetime | None = None) -> Response:
    """Let the short-cut give this answer from now on, until then or until the card changes."""
    rests_on = (card.id, card.owner_id) if card.owner_id else (card.id,)
    request.environ[MARK] = (rests_on, until.timestamp() if until else None)
    return response


def is_wanted() -> bool:
    """True if the answer will be kept, and is to be left uncompressed."""
    return WANTED in request.environ


class ReadyPages:
    """WSGI middleware around the app; whatever goes wrong in it, the app answers instead."""

    def __init__(self, flask: Flask, app: App, limit: int) -> None:
        self.flask = flask
        self.app = app
        self.limit = limit  # bytes
        self.language: str = flask.config["SETTINGS"].language
        self.cookie: str = flask.config["SESSION_COOKIE_NAME"]
        self.own_host = urlsplit(flask.config["SETTINGS"].url).netloc
        self.pages: OrderedDict[tuple[str, str], ReadyPage] = OrderedDict()
        self.resting_on: dict[uuid.UUID, set[tuple[str, str]]] = {}
        self.changed: dict[uuid.UUID, float] = {}  # when a change was read, of late
        self.size = 0
        self.hot: dict[Wish, Answer] = {}
        self.lock = threading.Lock()
        self.looking = threading.Lock()
        self.reading = threading.Thread()
        self.reader: ChangeReader | None = None
        self.next_look = 0.0
        self.last_look = 0.0
        self.given = self.missed = 0  # plain numbers: a few more or less under load are no matter

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if environ.get("QUERY_STRING") or (method != "GET" and method != "HEAD"):
            return self.app(environ, start_response)
        try:
            answer = self._find(environ)
        except Exception:
            log.exception("The short-cut failed")
            return self.app(environ, start_response)
        if answer is None:
            return self._draw(environ, start_response) if method == "GET" else self.app(environ, start_response)
        self.given += 1
        return self._give(answer, environ, start_response)

    def stand_before(self, others: App) -> App:
        """Return the app with the commonest answer of all given before the other middleware is asked."""

        def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
            try:
                known = self._just_given(environ)
            except Exception:
                log.exception("The short-cut failed")
                known = None
            if known is None:
                return others(environ, start_response)
            self.given += 1
            start_response("200 OK", known[1])
            return [known[2]]

        return answer

    def _just_given(self, environ: Environ) -> Answer | None:
        """Return what the same headers got before, at our own address and to a whole, clear GET; codes are left to be counted."""
        get = environ.get
        path = environ["PATH_INFO"]
        answer = self.hot.get((path, get("HTTP_ACCEPT_ENCODING", ""), get("HTTP_ACCEPT_LANGUAGE", ""), get("HTTP_COOKIE", "")))
        if (
            answer is None
            or get("HTTP_HOST") != self.own_host
            or environ["REQUEST_METHOD"] != "GET"
            or get("QUERY_STRING")
            or path[2:3] == "/"
            or not environ.keys().isdisjoint(UNCLEAR)
            or time.monotonic() >= self.next_look
            or not answer[0].holds()
        ):
            return None
        return answer

    def look_soon(self) -> None:
        """Look for changes before the next page is given."""
        self.next_look = 0.0

    def _find(self, environ: Environ) -> Answer | None:
        moment = time.monotonic()
        if moment >= self.next_look and not self._look(moment):
            return None
        get = environ.get
        wish = (
            _place(environ),
            get("HTTP_ACCEPT_ENCODING", ""),
            get("HTTP_ACCEPT_LANGUAGE", ""),
            get("HTTP_COOKIE", ""),
        )
        answer = self.hot.get(wish) or self._match(wish)
        if answer is None:
            return None
        page = answer[0]
        if page.holds():
            return answer
        with self.lock:
            self._remove(page)
        return None

    def _match(self, wish: Wish) -> Answer | None:
        """Return the answer to a combination of headers that was not seen before, and remember it."""
        path, encodings, languages, cookies = wish
        with self.lock:
            page = self.pages.get((path, self._spoken(languages, cookies)))
            if page is None:
                return None
            self.pages.move_to_end(page.key)
            answer = page.encoded(encoding_of(encodings))
            if sum(map(len, wish)) <= LONGEST_WISH:
                if len(self.hot) >= WISHES:
                    self._forget_wishes()
                self.hot[wish] = answer
                page.wishes.append(wish)
            return answer

    def _forget_wishes(self) -> None:
        self.hot.clear()
        for page in self.pages.values():
            page.wishes.clear()

    def _spoken(self, languages: str, cookies: str) -> str:
        wished = language_in(cookies, self.cookie)  # by this name alone, as the app does: else one language is kept as another
        return spoken_by(languages, wished if wished in LANGUAGES else "", self.language)

    def _give(self, answer: Answer, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        page, headers, body, etag = answer
        if is_known(environ, etag, page.modified):
            start_response("304 Not Modified", [pair for pair in headers if pair[0].lower() not in NO_BODY])
            return []
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _draw(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Have the app answer, and keep what it offers."""
        if not _may_be_ready(environ):
            return self.app(environ, start_response)
        began = time.monotonic()
        asked: Environ = {name: environ.pop(name) for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE") if name in environ}
        environ[WANTED] = True
        kept: list[Any] = []

        def begin(status: str, headers: list[tuple[str, str]], problem: Any = None) -> Callable[[bytes], Any]:
            kept[:] = status, headers
            return lambda _: None

        parts = self.app(environ, begin)
        status, headers = kept
        has_cookie = any(name.lower() == "set-cookie" for name, _ in headers)
        if MARK not in environ or not status.startswith("200") or has_cookie:
            start_response(status, headers)
            return parts
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        environ.update(asked)
        self.missed += 1
        page = self._page(environ, headers, body)
        self._keep(page, began)
        encoding = encoding_of(environ.get("HTTP_ACCEPT_ENCODING", ""))
        return self._give(page.encoded(encoding), environ, start_response)

    def _page(self, environ: Environ, headers: list[tuple[str, str]], body: bytes) -> ReadyPage:
        rests_on, until = environ[MARK]
        spoken = self._spoken(environ.get("HTTP_ACCEPT_LANGUAGE", ""), environ.get("HTTP_COOKIE", ""))
        by_name = {name.lower(): value for name, value in headers}
        own = [pair for pair in headers if pair[0].lower() not in NOT_KEPT]
        etag = by_name.get("etag") or f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        key = (_place(environ), spoken)
        return ReadyPage(key, rests_on, until, own, etag, body, modified=by_name.get("last-modified", ""))

    def _keep(self, page: ReadyPage, began: float) -> None:
        page.size = 3 * len(page.body)  # with its compressed forms and headers, rounded up
        with self.lock:
            if any(self.changed.get(each, 0.0) >= began for each in page.rests_on) or page.size > self.limit:
                return  # it may show what was there before the change
            self._remove(self.pages.get(page.key))
            self.pages[page.key] = page
            for each in page.rests_on:
                self.resting_on.setdefault(each, set()).add(page.key)
            self.size += page.size
            while self.size > self.limit:
                self._remove(next(iter(self.pages.values())))

    def _remove(self, page: ReadyPage | None) -> None:
        if page is None or self.pages.get(page.key) is not page:
            return
        for wish in page.wishes:
            self.hot.pop(wish, None)
        del self.pages[page.key]
        self.size -= page.size
        for each in page.rests_on:
            keys = self.resting_on[each]
            keys.discard(page.key)
            if not keys:
                del self.resting_on[each]

    def _look(self, moment: float) -> bool:
        """Read which cards changed; False where that has failed for too long."""
        with self.looking:
            if moment < self.next_look:
                return True  # another thread has just looked
            self.next_look = moment + LOOK_EVERY
            if self.reading.is_alive():  # since the database hung
                self.reading.join(PATIENCE)
            if not self.reading.is_alive():
                self.reading = threading.Thread(target=self._read, args=(moment,), name="changes", daemon=True)
                self.reading.start()
                self.reading.join(PATIENCE)
            if self.last_look < moment:
                self.next_look = time.monotonic() + 1.0
            return moment - self.last_look < BLIND

    def _read(self, moment: float) -> None:
        """Read on a thread of its own: a database that hangs keeps nobody from the pages that are there."""
        try:
            if self.reader is None:
                with self.flask.app_context():
                    self.reader = ChangeReader(db.engine)
            self._take_away(self.reader.read(moment))
        except Exception:
            log.exception("Changes cannot be read")
        else:
            self.last_look = moment

    def _take_away(self, changed: set[uuid.UUID]) -> None:
        """Forget what changed, before another thread may think that it was looked for."""
        with self.lock:
            read = time.monotonic()
            self.changed = {each: when for each, when in self.changed.items() if read - when < BLIND}
            for each in changed:
                self.changed[each] = read
                for key in list(self.resting_on.get(each, ())):
                    self._remove(self.pages[key])


def _place(environ: Environ) -> str:
    """Return the path, behind the key of somebody's domain if the request came to one; a path begins with a slash."""
    site = environ.get(SITE)
    path: str = environ["PATH_INFO"]
    return path if site is None else f"{site.key}{path}"


def _may_be_ready(environ: Environ) -> bool:
    path, site = environ["PATH_INFO"], environ.get(SITE)
    if path == "/":
        return site is not None and site.card_id is not None  # which card is the first of all may change with each of them
    return PATHS.fullmatch(path) is not None
