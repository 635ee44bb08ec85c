"""Rows looked at as a whole: what their values say of each other, by the checks of our own forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from vcardapp.cards import checks
from vcardapp.cards.uris import safe_url
from vcardapp.store import catalogue_checks, money
from vcardapp.store.delivery import KINDS, MOST_AREAS, MOST_WAYS, Area, Delivery


def _a_service(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: row[name] for name in catalogue_checks.SERVICE if name != "file_id"}
    return {**row, **catalogue_checks.service_values(kept)}


def _a_product(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: row[name] for name in catalogue_checks.PRODUCT if name != "category_id"}
    return {**row, **catalogue_checks.product_values(kept)}


def _a_shop(row: dict[str, Any]) -> dict[str, Any]:
    ways: tuple[Delivery, ...] = row["deliveries"]
    priced: list[Delivery | Area] = [*ways, *(area for way in ways for area in way.areas)]
    sums = [number for each in priced for number in (each.fee, each.free_from, each.minimum)]
    too_many = len(ways) > MOST_WAYS or any(len(way.areas) > MOST_AREAS or way.kind not in KINDS for way in ways)
    if too_many or any(number is not None and not 0 <= number <= money.MOST for number in sums):
        raise ValueError("deliveries")
    if not re.fullmatch(r"[0-9]{0,15}", row["whatsapp_digits"]):
        raise ValueError("whatsapp")
    return {**row, "order_email": _address(row["order_email"])}


def _a_type(row: dict[str, Any]) -> dict[str, Any]:
    if row["place_sort"] == "video" and row["place"] and safe_url(row["place"]) is None:
        raise ValueError("place")
    return row


def _a_host(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "email": _address(row["email"])}


def _an_appointment(row: dict[str, Any]) -> dict[str, Any]:
    in_order = row["blocked_from"] <= row["starts_at"] < row["ends_at"] <= row["blocked_until"]
    if not in_order or row["seat"] > row["seats"] or (row["blocked_until"] - row["blocked_from"]).days > 800:
        raise ValueError("appointment")
    return {**row, "email": _address(row["email"])}


def _an_order(row: dict[str, Any]) -> dict[str, Any]:
    right = row["total"] == row["subtotal"] + row["fee"] and row["exponent"] == money.exponent_of(row["currency"])
    if not right:
        raise ValueError("order")
    return {**row, "email": _address(row["email"])}


def _waiting(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "email": _address(row["email"])}


def _address(text: str) -> str:
    """Return an e-mail address to which mails may go one day, or nothing; raise ValueError."""
    if text and (re.search(r"[\s\x00-\x1f,;<>]", text) or text.count("@") != 1 or len(text) > checks.LONGEST_EMAIL):
        raise ValueError("e-mail")
    return text


WHOLE: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "services": _a_service,
    "products": _a_product,
    "shops": _a_shop,
    "appointment_types": _a_type,
    "booking_hosts": _a_host,
    "appointments": _an_appointment,
    "booking_waiting": _waiting,
    "orders": _an_order,
}
