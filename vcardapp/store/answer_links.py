"""Links in the seller's mails: each lets its reader answer one order, and nothing else."""

from __future__ import annotations

import uuid

from itsdangerous import BadSignature, URLSafeTimedSerializer

from vcardapp.web import settings

GOOD_FOR = 30 * 24 * 3600  # seconds


def answer_token(order_id: uuid.UUID) -> str:
    """Return what stands in a link to /o/answer/…"""
    return str(_signer().dumps(order_id.hex))


def read_answer(token: str) -> uuid.UUID | None:
    """Return the id of the order that a link is about; None for a forged one, or one older than GOOD_FOR."""
    try:
        return uuid.UUID(_signer().loads(token, max_age=GOOD_FOR))
    except (BadSignature, ValueError, TypeError):
        return None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().signing_keys, salt="answer an order")
