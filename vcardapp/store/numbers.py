"""The shop's WhatsApp number: what was typed, the digits that wa.me wants, and what to ask the owner about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vcardapp.cards.phones import read_phone
from vcardapp.i18n import N_

MOBILE = N_("This looks like a landline in Argentina. If it is a mobile phone, use %(other)s.")
AREA_CODE = N_("The area code is missing: write the number with it, as from abroad.")
MEXICO = N_("WhatsApp once wanted the 1 after 52 in Mexico. If “Try it” does not find you, use %(other)s.")
BRAZIL = N_("This number has eight digits. If “Try it” does not find you, use %(other)s.")
EXTENSION = N_("WhatsApp knows no extensions: it is left out.")
UNUSUAL = N_("This number is unusual. Please check it with “Try it”.")


@dataclass(frozen=True, slots=True)
class ShopNumber:
    """Digits for wa.me, with what is doubtful (an English sentence for the catalogue) and the other form it may have."""

    digits: str
    shown: str
    doubt: str = ""
    other: str = ""  # as +digits

    @property
    def try_it(self) -> str:
        """Where the owner sees whether WhatsApp knows the number."""
        return f"https://wa.me/{self.digits}"


def read_shop_number(typed: str, country: str) -> ShopNumber | None:
    """Read a number as typed, national ones by `country`; None where it has fewer than 7 or more than 15 digits."""
    phone = read_phone(typed, country)
    if phone is None:
        return None
    doubt, other = _doubt(phone.digits, phone.is_doubtful, bool(phone.extension))
    return ShopNumber(phone.digits, phone.shown, doubt, f"+{other}" if other else "")


def _doubt(digits: str, is_doubtful: bool, has_extension: bool) -> tuple[str, str]:
    if re.fullmatch(r"5415\d{8}", digits) and is_doubtful:
        return AREA_CODE, ""
    if re.fullmatch(r"54[1-8]\d{9}", digits):
        return MOBILE, f"549{digits[2:]}"
    if re.fullmatch(r"521\d{10}", digits):
        return MEXICO, f"52{digits[3:]}"
    if re.fullmatch(r"55\d{2}[6-9]\d{7}", digits):
        return BRAZIL, f"{digits[:4]}9{digits[4:]}"
    if has_extension:
        return EXTENSION, ""
    return (UNUSUAL, "") if is_doubtful else ("", "")
