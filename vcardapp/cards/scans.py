"""How often codes are scanned: counted in the process, written every few seconds; nothing of the visitor is kept."""

from __future__ import annotations

import logging
import re
import threading
import weakref
from collections import Counter
from collections.abc import Mapping
from multiprocessing.util import Finalize

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from vcardapp.cards.models import CardCode
from vcardapp.db import db

WRITE_AFTER = 5.0  # seconds
MACHINES = re.compile(
    "|".join(
        (
            "(?<!cu)bot", "crawl", "spider", "slurp", "preview", "fetch", "externalhit", "facebookcatalog", "^whatsapp/",
            "embedly", "iframely", "vkshare", "flipboardproxy", "imageproxy", "validator", "lighthouse", "pagespeed",
            "phantomjs", "curl/", "wget", "httpie", "libwww", "python", "urllib", "aiohttp", "scrapy", "go-http", "java/",
            "okhttp", "dalvik", "apache-http", "axios", "node.js", "undici", "guzzle", "ruby", "perl", "php/", "cfnetwork",
            "dataprovider", "monitor", "pingdom", "uptime", "mediapartners", "feedly", "google-", "zgrab", "nmap",
        )
    )
)  # fmt: skip
SOON = re.compile("prefetch|preview|prerender")  # the browser looks ahead, nobody has opened the page

logger = logging.getLogger(__name__)


def is_person(environ: Mapping[str, str]) -> bool:
    """True for a request that a browser makes for somebody: no bot, no link preview, no look ahead (WSGI names)."""
    agent = environ.get("HTTP_USER_AGENT", "").lower()
    purposes = (environ.get(f"HTTP_{name}", "") for name in ("SEC_PURPOSE", "PURPOSE", "X_PURPOSE", "X_MOZ"))
    return bool(agent) and not MACHINES.search(agent) and not any(map(SOON.search, map(str.lower, purposes)))


class Scans:
    """The scans of one process that are not yet written."""

    def __init__(self, app: Flask, *, at_once: bool) -> None:
        self.app = app
        self.at_once = at_once  # without a thread: where the app runs no jobs
        self.waiting: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.timer: threading.Timer | None = None

    def count(self, code: str) -> None:
        """Count one scan of a code; it is written within WRITE_AFTER seconds, or when the process ends."""
        with self.lock:
            self.waiting[code] += 1
            if self.timer is None and not self.at_once:
                self.timer = threading.Timer(WRITE_AFTER, self.write)
                self.timer.daemon = True
                self.timer.start()
        if self.at_once:
            self.write()

    def write(self) -> None:
        """Write what has been counted; where the database cannot, it is kept for the next time."""
        with self.lock:
            taken, self.waiting, self.timer = self.waiting, Counter(), None
        if not taken:
            return
        in_order = sorted(taken.items())  # two processes cannot wait for each other
        adding = [{"one": code, "number": number} for code, number in in_order]
        statement = sa.update(CardCode).where(CardCode.code == sa.bindparam("one"))
        try:
            with self.app.app_context(), db.engine.begin() as connection:
                connection.execute(statement.values(scans=CardCode.scans + sa.bindparam("number")), adding)
        except SQLAlchemyError as problem:
            logger.warning("Scans cannot be written now: %s", type(problem).__name__)
            with self.lock:
                self.waiting.update(taken)


def init_app(app: Flask) -> Scans:
    """Give the app its count of scans; what waits is written when the process ends."""
    scans = app.extensions["scans"] = Scans(app, at_once=not app.config["SETTINGS"].jobs)
    Finalize(None, _write_last, (weakref.ref(scans),), exitpriority=0)  # workers of granian run no atexit
    return scans


def _write_last(scans: weakref.ref[Scans]) -> None:
    if known := scans():
        known.write()
