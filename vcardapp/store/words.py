"""What the store says to buyers and sellers in a sentence: changes to an order, ways of delivery, states."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask_babel import gettext as _
from flask_babel import ngettext

from vcardapp.store import money
from vcardapp.store.delivery import Delivery
from vcardapp.store.messages import sums_of
from vcardapp.store.models import Shop
from vcardapp.store.options import BadOptions
from vcardapp.store.pricing import Change


def of_change(change: Change, shop: Shop, language: str, zone: ZoneInfo | None = None) -> str:
    """Say why an order cannot be placed as it was seen."""
    return str(_of_line(change, shop, language) or _of_order(change, shop, language, zone))


def of_bad_options(bad: BadOptions) -> str:
    """Say which choice is missing or not possible."""
    sentences = {
        "required": _("Please choose: %(group)s.", group=bad.group),
        "too many": _("That are too many choices: %(group)s.", group=bad.group),
        "sold out": _("This choice is sold out: %(group)s.", group=bad.group),
    }
    return str(sentences.get(bad.fault) or _("This choice is not offered any more. Please choose again."))


def of_delivery(way: Delivery) -> str:
    """Return the name of a way of delivery: its own, or the word for its kind."""
    return way.name or of_kind(way.kind)


def of_kind(kind: str) -> str:
    """Return the word for a kind of delivery."""
    return str({"pick-up": _("Pick-up"), "delivery": _("Delivery"), "table": _("At the table")}.get(kind, ""))


def _of_line(change: Change, shop: Shop, language: str) -> Any:
    before, after = _sums(change, shop, language)
    left = change.after or 0
    match change.sort:
        case "price":
            return _("%(name)s now costs %(after)s instead of %(before)s.", name=change.name, before=before, after=after)
        case "gone":
            return _("One of the products is not offered any more.")
        case "sold out":
            return _("%(name)s is sold out.", name=change.name)
        case "too few":
            return ngettext(
                "Only one piece of %(name)s is left.", "Only %(num)d pieces of %(name)s are left.", left, name=change.name
            )
        case "too many":
            return ngettext(
                "One order can hold one piece of %(name)s.", "One order can hold %(num)d pieces of %(name)s.", left,
                name=change.name,
            )  # fmt: skip
        case "options":
            return _("What you chose for %(name)s is not offered like this any more. Please choose again.", name=change.name)
    return None


def _of_order(change: Change, shop: Shop, language: str, zone: ZoneInfo | None) -> Any:
    before, after = _sums(change, shop, language)
    match change.sort:
        case "fee":
            return _("Delivery now costs %(after)s instead of %(before)s.", before=before, after=after)
        case "below minimum":
            return _("For this way of delivery the goods have to cost %(after)s or more; now it is %(before)s.",
                     before=before, after=after)  # fmt: skip
        case "closed":
            return _("The shop is closed and takes no orders now.")
        case "hours":
            return _("The shop is closed now. The order would be for %(moment)s.", moment=_moment(change, language, zone))
        case "no delivery":
            return _("Please choose how you want to get your order.")
        case "no area":
            return _("Please choose where your order goes.")
        case "basket":
            return _("Your basket has changed in another window. Please look at it once more.")
        case "another":
            return _("You have begun a new basket since. Please look at it once more.")
    return _("Your basket is empty.")


def _sums(change: Change, shop: Shop, language: str) -> tuple[str, str]:
    return sums_of(shop, change.before or 0, language), sums_of(shop, change.after or 0, language)


def _moment(change: Change, language: str, zone: ZoneInfo | None) -> str:
    if change.opens_at is None:
        return ""
    return format_datetime(
        change.opens_at, "EEEE d MMMM, HH:mm", tzinfo=zone or ZoneInfo("UTC"), locale=money.locale_of(language)
    )
