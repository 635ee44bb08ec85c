"""Web addresses, profiles and messengers of a read .vcf file -> websites and links of a card."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from vcardapp.cards.content import Link, Website
from vcardapp.cards.file_text import label_of, url_of
from vcardapp.cards.links import NETWORKS, BadHandle, Pasted, address_of, read_handle, recognise
from vcardapp.cards.vcard_values import Property, unescaped
from vcardapp.i18n import N_

LONGEST_URL = 2_000
NO_LINK = N_("We cannot make a link of this.")
NO_MESSENGER = N_("There is no link to this messenger.")

# Properties that name their messenger, and the scheme by which the paste box knows it.
MESSENGERS = {
    "X-AIM": "aim",
    "X-ICQ": "icq",
    "X-JABBER": "xmpp",
    "X-GOOGLE-TALK": "xmpp",
    "X-SKYPE": "skype",
    "X-SKYPE-USERNAME": "skype",
    "X-MS-IMADDRESS": "msnim",
}
LINK_NAMES = {"URL", "X-SOCIALPROFILE", "SOCIALPROFILE", "IMPP", *MESSENGERS}

_OTHER_NAMES = {"twitter": "x", "sinaweibo": "weibo", "jabber": "xmpp"}
_PLACES = {"work", "home", "pref", "internet", "homepage", "profile", "other", "default"}


def link_of(property: Property, country: str) -> Link | Website | Pasted:
    """Find out what a property points to; a Pasted if it is refused, or belongs elsewhere."""
    text = unescaped(property.value).strip()
    if not text or len(text) > LONGEST_URL:
        return Pasted("unknown", reason=NO_LINK)
    if property.name in MESSENGERS:
        text = text if ":" in text else f"{MESSENGERS[property.name]}:{text}"
    label = _label(property)
    services = (*property.params.get("SERVICE-TYPE", ()), *property.params.get("X-SERVICE-TYPE", ()), label)
    network = next((key for name in services if (key := _networks().get(label_of(name).lower()))), "")
    users = property.params.get("X-USER", ()) + property.params.get("USERNAME", ())
    scheme, _, rest = text.partition(":")
    if network and scheme.lower() in ("x-apple", "x-user"):
        users, text = (rest,), ""
    pasted = recognise(text, country) if text else Pasted("unknown", reason=NO_LINK)
    if pasted.sort == "link":
        return Link(pasted.network, pasted.value, _own_words(label, pasted.network))
    if network and property.name != "URL":
        for typed in (text, *users, rest):
            if handle := _handle(network, typed, country):
                return Link(network, handle)
    if property.name in MESSENGERS and pasted.network == "" and MESSENGERS[property.name] != "skype":
        return Pasted("unknown", reason=NO_MESSENGER)
    if pasted.sort == "website":
        return Website(pasted.value, "home" if "home" in property.types else "work", _own_words(label, network))
    return pasted


def own_links(properties: Sequence[Property]) -> tuple[list[Website], list[Link]]:
    """Divide the addresses of our own file into what they were: websites first, then links that give the same address.

    A link to a page of its own on any server is known by its label only; behind an address that is no web page it can
    be no website.
    """
    links = [_own_link(_own_label(property), property.value) for property in properties]
    is_web = [property.value.startswith(("http:", "https:")) for property in properties]
    start = len(links)
    while start and links[start - 1]:
        start -= 1
    start = min(start, [*is_web, False].index(False))
    websites = []
    for property in properties[:start]:
        label = _own_label(property)
        kind = "home" if label == "HOME" else "work"
        websites.append(Website(property.value, kind, "" if label in ("WORK", "HOME") else label))
    rest = zip(properties[start:], links[start:], strict=True)
    return websites, [link or Link("blog", property.value, _own_label(property)) for property, link in rest]


def _own_label(property: Property) -> str:
    return "".join(property.params.get("TYPE", ())[:1])


def _own_link(label: str, url: str) -> Link | None:
    if label in ("WORK", "HOME"):
        return None
    if (network := _networks().get(label.lower())) and (handle := _handle(network, url, "")):
        link = Link(network, handle)
    else:
        pasted = recognise(url, "")
        link = Link(pasted.network, pasted.value, label)
    is_same = link.network and url_of(address_of(link.network, link.handle) or "") == url
    return link if is_same and label == label_of(link.label or NETWORKS[link.network].name) else None


def _handle(network: str, typed: str, country: str) -> str:
    try:
        return read_handle(network, typed, country).value if typed else ""
    except BadHandle:
        return ""


def _label(property: Property) -> str:
    words = [property.label, *property.params.get("TYPE", ())]
    return next((word for word in words if word and word.lower() not in _PLACES), "")


def _own_words(label: str, network: str) -> str:
    """Return a label unless it only says the network's name."""
    return "" if network and _networks().get(label_of(label).lower()) == network else label


@cache
def _networks() -> dict[str, str]:
    names = {label_of(network.name).lower(): key for key, network in NETWORKS.items()}
    return names | {key: key for key in NETWORKS} | _OTHER_NAMES
