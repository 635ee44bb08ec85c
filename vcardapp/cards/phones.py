"""Reading phone numbers: the only door to phonenumberslite."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

_WHATSAPP = re.compile(
    r"^(?:(?:https?://)?(?:www\.)?(?:wa\.me/|(?:api\.|web\.)?whatsapp\.com/send/?\?(?:.*&)?phone=)"
    r"|whatsapp:/{0,2}send/?\?(?:.*&)?phone=)(?:\+|%2B|%20| )?(\d+)",
    re.I,
)
_PAUSE = re.compile(r"(?<=\d)\s*[pw]+\s*(?=\d+#?$)", re.I | re.A)  # as phones keep an extension
_FULL = re.compile(r"\+[\s(]*[1-9][\s\d().-]+")


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number that was understood. `e164` begins with +; `extension` is digits or empty."""

    e164: str
    extension: str
    shown: str  # grouped as in its country, international form
    country: str  # ISO 3166 alpha-2, or empty
    is_doubtful: bool

    @property
    def digits(self) -> str:
        """The full international number without +, as wa.me wants it."""
        return self.e164[1:]

    @property
    def uri(self) -> str:
        """RFC 3966, with a comma before the extension, which phones dial more dependably than ;ext=."""
        return f"tel:{self.e164},{self.extension}" if self.extension else f"tel:{self.e164}"


def read_phone(typed: str, country: str) -> PhoneNumber | None:
    """Read a number as typed, national numbers by `country` (alpha-2); None if it is none (7 to 15 digits, E.164).

    The digits of a pasted WhatsApp address are taken as they are: the library would put `country` in front.
    """
    link = _WHATSAPP.match(typed.strip())
    text = f"+{link.group(1)}" if link else _PAUSE.sub(" ext. ", typed.strip())
    if country == "MX":
        text = re.sub(r"^04[45]", "", text)
    try:
        number = phonenumbers.parse(text, country or None)
    except NumberParseException as problem:
        is_new = problem.error_type == NumberParseException.INVALID_COUNTRY_CODE and _FULL.fullmatch(text)
        return _of_unknown_country(text) if is_new else None
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if not 7 <= len(e164) - 1 <= 15:
        return None
    is_valid = phonenumbers.is_valid_number(number)
    if not is_valid and text != e164 and not number.extension:
        return read_phone(e164, "")  # a second zero would be dropped on the next reading: be stable at once
    bare = phonenumbers.PhoneNumber()
    bare.merge_from(number)
    bare.extension = None
    return PhoneNumber(
        e164=e164,
        extension=number.extension or "",
        shown=phonenumbers.format_number(bare, PhoneNumberFormat.INTERNATIONAL),
        country=phonenumbers.region_code_for_number(number) or "",
        is_doubtful=not is_valid,
    )


def _of_unknown_country(text: str) -> PhoneNumber | None:
    e164 = "+" + "".join(str(int(character)) for character in text if character.isdecimal())
    return PhoneNumber(e164, "", e164, "", is_doubtful=True) if 7 <= len(e164) - 1 <= 15 else None
