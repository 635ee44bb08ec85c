"""Paying an order by scanning: which codes a shop offers for it, and what is wrong with the accounts that its owner set.

Shop.pay holds {"epc": {"name", "iban", "bic"}, "upi": {"vpa", "name"}, "pix": {"key", "name", "city"},
"promptpay": {"target"}, "text": {"text"}}; what is not used is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vcardapp.i18n import N_
from vcardapp.store import money, paycodes
from vcardapp.store.models import Order, Shop

FIELDS = {
    "epc": ("name", "iban", "bic"), "upi": ("vpa", "name"), "pix": ("key", "name", "city"), "promptpay": ("target",),
    "text": ("text",),
}  # fmt: skip
TITLES = {"epc": N_("Bank transfer (SEPA)"), "upi": "UPI", "pix": "Pix", "promptpay": "PromptPay"}
MOST = 99_999_999_999  # minor units: EPC069-12 ends at 999999999.99, EMV codes have thirteen places
_EXAMPLE = ("1.00", "M7K-2Q4")
_MAKE: dict[str, Callable[[dict[str, str], str, str], str]] = {
    "epc": lambda pay, amount, number: paycodes.epc(pay["name"], pay["iban"], amount, number, pay.get("bic", "")),
    "upi": lambda pay, amount, number: paycodes.upi(pay["vpa"], pay["name"], amount, number),
    "pix": lambda pay, amount, number: paycodes.pix(pay["key"], pay["name"], pay["city"], amount, number),
    "promptpay": lambda pay, amount, number: paycodes.promptpay(pay["target"], amount, number),
}


@dataclass(frozen=True, slots=True)
class PayCode:
    """A code to pay an order with; `payload` is the text of its QR code, to be drawn with correction level M."""

    kind: str  # epc, upi, pix, promptpay
    title: str  # an English word for the catalogue
    payload: str

    @property
    def link(self) -> str:
        """An address that opens the app on the same phone, where there is one."""
        return self.payload if self.kind == "upi" else ""

    @property
    def can_be_copied(self) -> bool:
        """True where banking apps take the text of the code itself ("Pix copia e cola")."""
        return self.kind == "pix"


def fault_of(kind: str, account: dict[str, str]) -> str:
    """Return the field of an account that cannot be used, "" if all is well; an empty account is well."""
    if kind not in _MAKE or not any(account.values()):
        return ""
    try:
        _MAKE[kind]({field: account.get(field, "") for field in FIELDS[kind]}, *_EXAMPLE)
    except paycodes.BadAccount as bad:
        return bad.field
    return ""


def kinds_for(currency: str) -> tuple[str, ...]:
    """Return the codes that carry a currency."""
    return tuple(kind for kind, carried in paycodes.CURRENCY_OF.items() if carried == currency)


def codes_for(order: Order) -> list[PayCode]:
    """Return the codes that an order can be paid with now: none once it is paid, is over without being had, or is huge."""
    if order.paid_at or order.state in ("declined", "cancelled", "lapsed") or not 0 < order.total <= MOST:
        return []
    amount, found = money.plain(order.total, order.exponent), []
    for kind in kinds_for(order.currency):
        account = order.shop.pay.get(kind, {})
        if any(account.values()) and not fault_of(kind, account):
            fields = {field: account.get(field, "") for field in FIELDS[kind]}
            found.append(PayCode(kind, TITLES[kind], _MAKE[kind](fields, amount, order.number)))
    return found


def instructions_of(shop: Shop) -> str:
    """Return what the owner wrote about paying, "" if nothing."""
    return shop.pay.get("text", {}).get("text", "")
