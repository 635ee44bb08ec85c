"""Files with which this installation runs for real: what a unit of systemd, a site of nginx and a compose file share."""

from __future__ import annotations

import os
from collections.abc import Mapping

from vcardapp.config import Settings
from vcardapp.operations.shown import secrets_of, shown
from vcardapp.server import PATIENCE

MOST_WORKERS = 8
STOP_WITHIN = PATIENCE + 10  # seconds


class CannotBeWritten(Exception):
    """A value that has no place in such a file; the message is one sentence."""


def workers_here() -> int:
    """Return how many processes fit this machine."""
    return min(os.cpu_count() or 1, MOST_WORKERS)


def environment(settings: Settings, env: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return what is set and may be seen, and the names of what is secret."""
    hidden = [name for name in secrets_of(settings) if name in env]
    open_ = {name: value for name, value in shown(settings).items() if name in env and name not in hidden}
    return {**open_, "VCARDAPP_DATA": str(settings.data), "VCARDAPP_URL": settings.url, "VCARDAPP_PROXIES": "1"}, hidden
