"""A contact as jCard, vCard 4.0 in JSON (RFC 7095)."""

from __future__ import annotations

import json

from vcardapp.cards.contact import Contact
from vcardapp.cards.vcard4 import properties


def write_jcard(contact: Contact) -> bytes:
    """Return the JSON in UTF-8 (RFC 7095 §3.2). ValueError without a name or an own address."""
    rows = [[name, params, kind, *values] for name, params, kind, values in properties(contact)]
    return json.dumps(["vcard", rows], ensure_ascii=False, separators=(",", ":")).encode()
