"""Visitors who look at a card and report it, all the time, through nginx; what they were answered is kept."""

from __future__ import annotations

import http.client
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.scale.browser import Browser
from tests.scale.conftest import Installation

READERS, WRITERS = 3, 2
PAUSE, LONG_PAUSE = 0.04, 0.3  # seconds between the requests of one visitor
REPORTS = 15  # of one address, which may send 20 in an hour
SOURCES = itertools.count(1)


@dataclass
class Load:
    installation: Installation
    slug: str
    pause: float = PAUSE
    looks: int = 0
    failed_looks: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    failed_reports: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        threads = [threading.Thread(target=self.look) for _ in range(READERS)]
        threads += [threading.Thread(target=self.report, args=(number,)) for number in range(WRITERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopping.set()
            for thread in threads:
                thread.join()

    @contextmanager
    def lighter(self) -> Iterator[None]:
        """Have visitors come less often for what takes long by itself, and longer on a busy machine."""
        self.pause = LONG_PAUSE
        try:
            yield
        finally:
            self.pause = PAUSE

    def breathe(self) -> None:
        """Wait until visitors have looked and reported for a while, however slow the machine is."""
        looks, reports, until = self.looks + 20, len(self.acknowledged) + 6, time.monotonic() + 60
        while self.looks < looks or len(self.acknowledged) < reports:
            assert time.monotonic() < until, self.failed_looks or self.failed_reports
            time.sleep(0.02)

    def look(self) -> None:
        browser = self.installation.browser()
        while not self.stopping.is_set():
            for path in (f"/{self.slug}", f"/{self.slug}.vcf", f"/{self.slug}/report"):
                self.failed_looks += failure(browser, "GET", path)
                self.looks += 1
                time.sleep(self.pause)

    def report(self, number: int) -> None:
        browser = self.installation.browser()
        for count in range(1_000_000):
            if self.stopping.is_set():
                return
            if count % REPORTS == 0:
                browser = self.installation.browser(source=f"127.1.{next(SOURCES)}.{number + 1}")
                self.failed_looks += failure(browser, "GET", f"/{self.slug}/report")
            text = f"load {id(self)} {number} {count}"
            wrong = failure(browser, "POST", f"/{self.slug}/report", reason="spam", text=text)
            (self.failed_reports if wrong else self.acknowledged).extend(wrong or [text])
            time.sleep(self.pause)


def failure(browser: Browser, method: str, path: str, **form: str) -> list[str]:
    """Send a request and return what was wrong with its answer, if anything."""
    try:
        answer = browser.post(path, **form) if method == "POST" else browser.get(path)
    except (OSError, http.client.HTTPException) as problem:
        return [f"{method} {path}: {problem!r}"]
    return [] if answer.status == 200 else [f"{method} {path}: {answer.status} {answer.text[:200]}"]
