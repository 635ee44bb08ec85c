"""The six characters of a short address: made once for each card, printed, never changed (Crockford base32)."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6
LOOKALIKES = str.maketrans("ILO", "110")


def new_code() -> str:
    """Return a random code of 30 bits; that no other card has it is for the caller to make sure."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(text: str) -> str | None:
    """Return the code that a person meant, in capitals, or None: any case, I and L are 1, O is 0, U is none."""
    if not text.isascii():
        return None
    code = text.upper().translate(LOOKALIKES)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
