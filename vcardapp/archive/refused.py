"""Why an archive is not taken."""

from __future__ import annotations


class ArchiveRefused(Exception):
    """An archive that is not taken, and of which nothing was; reason is an English sentence for the catalogue."""

    def __init__(self, reason: str, **details: str) -> None:
        super().__init__(reason % details if details else reason)
        self.reason, self.details = reason, details
