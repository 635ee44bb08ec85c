"""How a card's owner dresses it: one frozen value of checked tokens, stored with the card's content as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

HEADERS = ("centred", "banner", "split", "minimal")
PHOTOS = ("square", "rounded", "circle", "arch")
BUTTONS = ("square", "rounded", "pill", "outline")
TYPES = ("sans", "serif", "rounded", "mono")
SECTIONS = ("contact", "booking", "services", "shop", "albums", "links", "about", "hours", "more")
PICTURES = ("backdrop", "favicon")  # fields that hold ids of stored pictures
MOST_SECTIONS = 30
DOWN = 180  # degrees, as CSS counts them
_PATTERNS = {
    "theme": r"[a-z]{1,20}",
    "accent": r"#[0-9a-f]{6}",
    "background": r"#[0-9a-f]{6}",
    "gradient": r"#[0-9a-f]{6}",
    "text": r"#[0-9a-f]{6}",
    "backdrop": r"[0-9a-f]{32}",
    "favicon": r"[0-9a-f]{32}",
    "header": "|".join(HEADERS),
    "photo": "|".join(PHOTOS),
    "button": "|".join(BUTTONS),
    "type": "|".join(TYPES),
}
_SECTION = re.compile(r"[a-z]{1,20}")


@dataclass(frozen=True, slots=True)
class Design:
    """What the owner chose; "" leaves it to the theme."""

    theme: str = ""  # a key of THEMES; "" and unknown ones: today's look, "paper"
    accent: str = ""  # colours as #rrggbb, in small letters
    background: str = ""
    text: str = ""
    gradient: str = ""  # where the background's colour leads to
    angle: int = DOWN  # of the gradient
    backdrop: str = ""  # id of a stored picture behind the card
    header: str = ""  # one of HEADERS
    photo: str = ""  # one of PHOTOS
    button: str = ""  # one of BUTTONS
    type: str = ""  # one of TYPES
    order: tuple[str, ...] = ()  # of the sections, by their keys
    favicon: str = ""  # id of a stored picture

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """Read what was stored or sent, whatever it is; a value that is none of ours is left to the theme."""
        if not isinstance(data, dict):
            return cls()
        texts: dict[str, Any] = {name: _token(name, data.get(name)) for name in _PATTERNS}
        return cls(**texts, angle=_angle(data.get("angle")), order=_order(data.get("order")))

    def sections(self, present: Iterable[str] = SECTIONS) -> tuple[str, ...]:
        """Return the sections in the owner's order; those it does not name follow in the given one."""
        known = tuple(present)
        return (*(key for key in self.order if key in known), *(key for key in known if key not in self.order))

    @property
    def pictures(self) -> tuple[str, ...]:
        """The ids of the pictures that the design shows."""
        return tuple(filter(None, (getattr(self, name) for name in PICTURES)))


def _token(name: str, value: Any) -> str:
    text = value.strip().lower() if isinstance(value, str) else ""
    return text if re.fullmatch(_PATTERNS[name], text, re.ASCII) else ""


def _angle(value: Any) -> int:
    number = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(number) if re.fullmatch(r"\d{1,3}", number, re.ASCII) and int(number) < 360 else DOWN


def _order(value: Any) -> tuple[str, ...]:
    keys = value if isinstance(value, list | tuple) else ()
    right = (key for key in keys if isinstance(key, str) and _SECTION.fullmatch(key))
    return tuple(dict.fromkeys(right))[:MOST_SECTIONS]
