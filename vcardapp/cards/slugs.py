"""The address of a card: which texts may be one, and how two are compared."""

from __future__ import annotations

import hashlib
import unicodedata
from itertools import dropwhile

from vcardapp.cards.uris import INVISIBLE
from vcardapp.i18n import N_

LONGEST = 60
_APOSTROPHES = dict.fromkeys(map(ord, "'’ʼ`´"), None)


class BadSlug(ValueError):
    """An address that cannot be used; `reason` is a sentence for its owner."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def key_of(slug: str) -> str:
    """Return the form in which two addresses are compared: case-folded, in NFC."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", slug).casefold())


def is_reserved(slug: str, reserved: frozenset[str]) -> bool:
    """True for one of the site's own words, and for what only looks like it: wide, round or joined letters (NFKC)."""
    return key_of(slug) in reserved or key_of(unicodedata.normalize("NFKC", slug)) in reserved


def gone_key(slug: str) -> str:
    """Return what is kept of the address of an erased card: enough to know it again, without the name in it."""
    return "#" + hashlib.sha256(key_of(slug).encode()).hexdigest()


def propose_slug(name: str, longest: int = LONGEST) -> str:
    """Return an address made from a name, of at most `longest` letters: those of every script are kept; may be empty."""
    words = _words(key_of(name).translate(_APOSTROPHES))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > longest:
            break
        slug = longer
    return unicodedata.normalize("NFC", slug or "".join(words)[:longest])


def read_slug(typed: str, reserved: frozenset[str]) -> str:
    """Return the address as it will be shown; raise BadSlug. `reserved` holds the keys of the app's own routes."""
    slug = unicodedata.normalize("NFC", typed.strip().strip("/"))
    if not slug:
        raise BadSlug(N_("Please type an address, for example your name."))
    if len(slug) > LONGEST:
        raise BadSlug(N_("An address has at most 60 characters."))
    if not all(_is_kept(letter) or letter in "-_" for letter in slug) or _category(slug[0]) not in "LN":
        raise BadSlug(N_("Only letters, digits, - and _ can stand in an address, and it begins with a letter or digit."))
    if is_reserved(slug, reserved):
        raise BadSlug(N_("This address is used by the site itself. Please choose another one."))
    return slug


def _is_kept(letter: str) -> bool:
    seen = unicodedata.category(letter) in {"Ll", "Lu", "Lt", "Lo", "Lm", "Mn", "Mc", "Nd", "Nl"}
    return seen and not INVISIBLE.match(letter)


def _category(letter: str) -> str:
    return unicodedata.category(letter)[0]


def _words(text: str) -> list[str]:
    """Return the runs of letters and digits; scripts whose vowels are combining marks keep them."""
    spaced = "".join(letter if _is_kept(letter) else " " for letter in text)
    words = ("".join(dropwhile(lambda letter: _category(letter) not in "LN", word)) for word in spaced.split())
    return [word for word in words if word]
