"""Secret links of visitors and calendars: made from the server's secret, so that every mail can name them; stored as hashes."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from base64 import urlsafe_b64encode

from vcardapp.web import settings

BYTES = 18  # 144 bits, 24 letters


def token_of(kind: str, row_id: uuid.UUID, number: int = 1, *, stored: str = "") -> str:
    """Return the token in the link of a row; another `number` makes another link.

    Of a row that is `stored` with this hash it is the token of then, though the secret key was changed since.
    """
    told = f"booking {kind} {row_id} {number}".encode()
    tokens = [
        urlsafe_b64encode(hmac.new(key.encode(), told, hashlib.sha256).digest()[:BYTES]).decode()
        for key in reversed(settings().signing_keys)
    ]
    return next((token for token in tokens if hash_of(token) == stored), tokens[0])


def hash_of(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
