"""Links on a card: the paste box that takes any address, handle or number; the door to networks and handles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from vcardapp.cards.handles import (
    LIKE_PHONE,
    BadHandle,
    Handle,
    address_of,
    bare_host,
    find_handle,
    find_in_url,
    networks_at,
    read_handle,
    shown,
)
from vcardapp.cards.networks import CATEGORIES, EMAIL, NETWORKS, TABS, Network
from vcardapp.cards.phones import read_phone
from vcardapp.cards.uris import clean, directions, mail_uri, safe_url, scheme_of
from vcardapp.i18n import N_

__all__ = [
    "CATEGORIES", "NETWORKS", "BadHandle", "Handle", "Network", "Pasted", "address_of", "directions", "mail_uri",
    "read_handle", "recognise", "safe_url", "shown",
]  # fmt: skip

# Schemes that are read when pasted; what is written instead stands in networks.py.
_NETWORK_SCHEMES = (
    "whatsapp", "weixin", "viber", "xmpp", "matrix", "facetime", "facetime-audio", "nostr", "briar", "spotify",
)  # fmt: skip
# Words that only one network has.
_SIGNS = {
    "mastodon": r"@[^@:]+@.+",
    "matrix": r"@[^@:]+:.+",
    "bluesky": r"@[\w.-]+\.bsky\.social",
    "cashapp": r"\$[A-Za-z]\w*",
    "nostr": r"npub1\w{58}",
    "orcid": r"(?:\d{4}-){3}\d{3}[\dX]",
}
_LETTERS_IN_A_NUMBER = 6  # "ext. ", "0xx11"

_SKYPE = N_("Skype was closed in May 2025, so a link to it would lead nowhere.")
_HARMFUL = N_("Addresses of this kind may not stand on a card, because they can do harm.")
_INCOMPLETE = N_("This address is not complete.")
_WHICH = N_("Which network is this name from? Choose it, or paste the whole address.")
_UNKNOWN = N_("We do not know this one. Choose the network, or paste the whole address.")


@dataclass(frozen=True, slots=True)
class Pasted:
    """What the paste box made of a text; `reason` says why it is refused or unknown."""

    sort: Literal["link", "phone", "email", "website", "refused", "unknown"]
    network: str = ""
    value: str = ""
    reason: str = ""


def recognise(typed: str, country: str) -> Pasted:
    """Find out what a pasted address, handle or number is; national numbers are read by `country` (alpha-2)."""
    text = clean(typed)
    inside = re.search(r"\s(https?://\S+)", text, re.I)  # "My profile: https://…", as apps share it
    scheme = scheme_of(text)
    if scheme in ("skype", "live") or re.fullmatch(r"(?:.+\.)?skype\.com", bare_host(text)):
        return Pasted("refused", reason=_SKYPE)
    if scheme in ("mailto", "tel", "sms", "geo"):
        return _of_scheme(scheme, text, country)
    if scheme in _NETWORK_SCHEMES:
        for network in NETWORKS.values():
            if found := find_handle(network, text, country):
                return Pasted("link", network.key, found.value)
    if scheme not in ("", "http", "https") and not (inside and re.match(r"\w+:\s", text)):
        return Pasted("refused", reason=_HARMFUL)
    if not scheme and (pasted := _of_words(text, country)):
        return pasted
    return _of_url(inside.group(1) if inside else text)


def _of_scheme(scheme: str, text: str, country: str) -> Pasted:
    rest = unquote(text.partition(":")[2])
    address = clean(rest.partition("?")[0])
    number = clean(re.sub(r"(?:;ext=|,+)(\d+).*", r" ext. \1", address).partition(";")[0])
    place = re.match(r"(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)", address)
    if scheme == "mailto" and re.fullmatch(EMAIL, address):
        return Pasted("email", value=address)
    if scheme in ("tel", "sms") and read_phone(number, country):
        return Pasted("phone", value=" ".join(number.split()))
    if scheme == "geo" and place:
        return Pasted("website", value=directions("", float(place[1]), float(place[2]))[-1][1])
    return Pasted("unknown", reason=_INCOMPLETE)


def _of_words(text: str, country: str) -> Pasted | None:
    """Recognise what is no web address; None if it may be one."""
    if re.fullmatch(EMAIL, text):
        return Pasted("email", value=text)
    for key, sign in _SIGNS.items():
        if re.fullmatch(sign, text) and (found := find_handle(NETWORKS[key], text, country)):
            return Pasted("link", key, found.value)
    is_number = LIKE_PHONE.fullmatch(text) and sum(map(str.isalpha, text)) <= _LETTERS_IN_A_NUMBER
    if is_number and read_phone(text, country):
        return Pasted("phone", value=" ".join(text.split()))
    return Pasted("unknown", reason=_WHICH) if re.fullmatch(r"@\S+", text) else None


def _of_url(text: str) -> Pasted:
    url = safe_url(text)
    if url is None:
        return Pasted("unknown", reason=_UNKNOWN)
    host = bare_host(url)
    if host.endswith(".bsky.social"):
        return Pasted("link", "bluesky", host)
    known = list(networks_at(host))
    for network in known:
        found = find_in_url(network, url)
        # Below the person's page stands one post, song or repository: that address is kept whole.
        if found and (not found.below or (len(found.below) == 1 and found.below[0].lower() in TABS)):
            return Pasted("link", network.key, found.value)
    profile = None if known or "?" in url else find_in_url(NETWORKS["mastodon"], url)
    if profile and not profile.below:
        return Pasted("link", "mastodon", profile.value)
    return Pasted("website", value=url)
