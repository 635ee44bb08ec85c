"""Finds whose domain a request came to, before anything else answers; in memory, since every stranger can name a host."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from vcardapp.db import db
from vcardapp.domains import service
from vcardapp.domains.names import bare_host
from vcardapp.domains.sites import SITE, Site
from vcardapp.public.changes import ChangeReader

LOOK_EVERY = 0.25  # seconds between two looks for changes
PATIENCE = 0.5  # seconds to wait for the database to tell
FIRST_PATIENCE = 2.0  # while no domain is known yet
FEW = 400  # changes to look up one by one
log = logging.getLogger(__name__)


class Hosts:
    """WSGI middleware; hosts that nobody has proved are left as they are, and all share VCARDAPP_URL's pages."""

    def __init__(self, flask: Flask, app: Callable[..., Iterable[bytes]]) -> None:
        self.flask = flask
        self.app = app
        self.own = urlsplit(flask.config["SETTINGS"].url).netloc
        self.sites: dict[str, Site] = {}
        self.names: dict[uuid.UUID, str] = {}
        self.reader: ChangeReader | None = None
        self.next_look = 0.0
        self.lock = threading.Lock()
        self.reading = threading.Thread()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        if host != self.own:
            site = self.find(host)
            if site is not None:
                environ[SITE] = site
        return self.app(environ, start_response)

    def find(self, host: str) -> Site | None:
        """Return the verified domain behind a Host header."""
        moment = time.monotonic()
        if moment >= self.next_look:
            self._look(moment)
        return self.sites.get(bare_host(host))

    def look_soon(self) -> None:
        """Look for changes before the next request is answered."""
        self.next_look = 0.0

    def _look(self, moment: float) -> None:
        with self.lock:
            if moment < self.next_look:
                return  # another thread has just looked
            self.next_look = moment + LOOK_EVERY
            if not self.reading.is_alive():
                self.reading = threading.Thread(target=self._try_to_read, args=(moment,), name="domains", daemon=True)
                self.reading.start()
            self.reading.join(PATIENCE if self.reader else FIRST_PATIENCE)
            if self.reading.is_alive():  # since the database hangs: those known go on
                self.next_look = time.monotonic() + 1.0

    def _try_to_read(self, moment: float) -> None:
        """Read on a thread of its own: a database that hangs keeps nobody from what needs none."""
        try:
            with self.flask.app_context():
                self._read(moment)
        except Exception:
            log.exception("Domains cannot be read")  # those known go on
            self.next_look = moment + 1.0

    def _read(self, moment: float) -> None:
        is_first = self.reader is None
        reader = self.reader or ChangeReader(db.engine)
        changed = reader.read(moment)  # first: what changes while all are read is read once more
        if is_first or len(changed) > FEW:
            self._note(service.verified_sites(), gone=set(self.names))
        elif changed:
            self._note(service.verified_sites(changed), gone=changed)
        self.reader = reader

    def _note(self, found: list[Site], gone: set[uuid.UUID]) -> None:
        for site in found:
            self.sites[site.name] = site
            self.names[site.id] = site.name
        for each in gone - {site.id for site in found}:
            name = self.names.pop(each, "")
            if name in self.sites and self.sites[name].id == each:  # it may be another one's by now
                del self.sites[name]
