"""Works with the live server's database as if in the server: what a browser test needs need not be clicked together."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from playwright.sync_api import Browser, Cookie

from tests.processes import Server
from vcardapp import create_app
from vcardapp.db import db

T = TypeVar("T")
app_beside = cache(create_app)  # one for all tests of a run


def beside(server: Server, work: Callable[[], T]) -> T:
    """Do it in a thread, as Playwright has an event loop in this one; no connection is kept."""

    def run() -> T:
        with app_beside(server.settings).app_context():
            try:
                return work()
            finally:
                db.session.close()
                db.engine.dispose()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run).result()


def cookies_of(browser: Browser, link: str) -> list[Cookie]:
    """Return the cookies of whom a link signs in."""
    context = browser.new_context()
    context.request.get(link)
    cookies = context.cookies()
    context.close()
    return cookies
