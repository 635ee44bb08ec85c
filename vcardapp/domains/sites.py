"""Whose domain a request came to, as found among the verified ones: nothing else is ever read from the Host header."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import cast

from flask import has_request_context, request

SITE = "vcardapp.site"  # in the WSGI environment; headers of a request are all named HTTP_…


@dataclass(frozen=True, slots=True)
class Site:
    id: uuid.UUID  # of the Domain
    name: str
    owner_id: uuid.UUID
    card_id: uuid.UUID | None  # None: all the owner's cards
    key: str  # tells its pages from those of every other domain

    @property
    def url(self) -> str:
        return f"https://{self.name}"


def current_site() -> Site | None:
    """Return the domain that this request came to, None at VCARDAPP_URL and at hosts that nobody has proved."""
    return cast("Site | None", request.environ.get(SITE)) if has_request_context() else None


def is_shown_here(owner_id: uuid.UUID | None) -> bool:
    """True if a person's cards may be seen at the host of this request."""
    site = current_site()
    return site is None or site.owner_id == owner_id
