"""States of an order: which there are, which arrows lead from one to another, and who may take them."""

from __future__ import annotations

from vcardapp.i18n import N_

ARROWS: dict[str, tuple[str, ...]] = {
    "prepared": ("accepted", "declined", "cancelled", "lapsed"),
    "accepted": ("ready", "completed", "cancelled"),
    "ready": ("completed", "cancelled"),
    "lapsed": ("accepted",),
    "declined": (),
    "completed": (),
    "cancelled": (),
}
BUYER, SELLER, SERVER = "buyer", "seller", "server"
GIVES_BACK = {"declined", "cancelled", "lapsed"}  # the stock that the order held
WORDS = {
    "prepared": N_("New"),
    "accepted": N_("Accepted"),
    "ready": N_("Ready or on its way"),
    "completed": N_("Completed"),
    "declined": N_("Declined"),
    "cancelled": N_("Cancelled"),
    "lapsed": N_("Not answered in time"),
}
TAKEN_BY: dict[str, frozenset[tuple[str, str]]] = {
    BUYER: frozenset({("prepared", "cancelled")}),
    SERVER: frozenset({("prepared", "lapsed")}),
    SELLER: frozenset(
        (old, new) for old, news in ARROWS.items() for new in news if new != "lapsed" and (old, new) != ("prepared", "cancelled")
    ),
}  # fmt: skip


def may(old: str, new: str, by: str) -> bool:
    """True if somebody (BUYER, SELLER, SERVER) may take an order from one state to another."""
    return (old, new) in TAKEN_BY.get(by, frozenset())


def next_states(old: str, by: str) -> tuple[str, ...]:
    """Return the states that somebody may take an order to now, the likely one first."""
    return tuple(new for new in ARROWS.get(old, ()) if may(old, new, by))
