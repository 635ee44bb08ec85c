"""What a buyer may send: quantities, choices, details of an order. Whatever is posted, prices are the shop's own."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from vcardapp.store.models import Shop
from vcardapp.store.ordering import LONGEST, Details
from vcardapp.store.pricing import MOST_PIECES

MOST_FIELDS = 200
MOST_CHOICES = 400
SEEN = 10_000  # characters


def asked_quantities(form: Mapping[str, str]) -> dict[str, int]:
    """Return by its name each whole number from 0 to MOST_PIECES that was typed, in the digits of any script."""
    found = {}
    for name, typed in list(form.items())[:MOST_FIELDS]:
        digits = typed.strip()
        if digits.isdecimal() and len(digits) < 7:
            found[name] = min(int(digits), MOST_PIECES)
    return found


def asked_choices(form: MultiDict[str, str]) -> tuple[str, ...]:
    """Return the ids of the choices that were taken; each question has a field of its own."""
    given = (value for name, value in form.items(multi=True) if name.startswith("choice") and value)
    return tuple(dict.fromkeys(value[:16] for value in given))[:MOST_CHOICES]


def asked_details(form: Mapping[str, str], shop: Shop, language: str) -> Details:
    """Return what a buyer says; each way of delivery has fields of its own, of which those of the chosen one count."""
    way = _chosen(form.get("delivery", ""))
    if not way and len(shop.offered_deliveries) == 1:
        way = shop.offered_deliveries[0].id
    texts = {name: _text(form.get(name, ""), LONGEST[name]) for name in ("name", "phone", "email", "note")}
    for name in ("address", "table"):
        texts[name] = _text(form.get(f"{name}-{way}", ""), LONGEST[name])
    return Details(delivery_id=way, area_id=_chosen(form.get(f"area-{way}", "")), language=language, **texts)


def asked_seen(form: Mapping[str, str], details: Details) -> str:
    """Return which prices the page showed: those of the lines, and the fee that stood beside the way that was chosen."""
    ways = form.get(f"area-{details.delivery_id}", ""), form.get("delivery", "")
    fee = next((way.rpartition(":")[2] for way in ways if way.rpartition(":")[2].isdecimal()), "0")
    return f"{form.get('seen', '')[:SEEN]} fee:{fee[:18]}"


def _chosen(value: str) -> str:
    """Return the id of a way or an area, behind which its fee stands as it was shown."""
    return value.rpartition(":")[0][:64] if ":" in value else value[:64]


def _text(typed: str, longest: int) -> str:
    return typed.replace("\0", "")[: longest + 1]
