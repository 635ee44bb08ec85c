"""What was typed for a network -> the stored handle -> its address; how the rows of networks.py are read.

Handles are stored, not addresses: a changed pattern repairs every card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

from vcardapp.cards.networks import AT_SERVER, DOMAIN, LABEL, NETWORKS, NOT_PEOPLE, PASTE, PHONE, Form, Network
from vcardapp.cards.phones import PhoneNumber, read_phone
from vcardapp.cards.uris import clean, host_of, safe_url, scheme_of

LIKE_PHONE = re.compile(r"[+＋(]*\d[\w\s().,/;=#+*‐–-]*")
_ENDING = r"(?:com|[a-z]{2}|com?\.[a-z]{2})"  # what * stands for in "amazon.*"
_WEB = ("http", "https")


class BadHandle(ValueError):
    """What was typed is no handle of this network; `expects` says what would be one."""

    def __init__(self, network: str, expects: str) -> None:
        super().__init__(expects)
        self.network = network
        self.expects = expects


@dataclass(frozen=True, slots=True)
class Handle:
    value: str
    is_doubtful: bool  # unusual for the network: worth a warning, never a refusal


class Found(NamedTuple):
    value: str
    is_doubtful: bool
    below: tuple[str, ...] = ()  # path segments of a pasted address behind the handle


def read_handle(network: str, typed: str, country: str) -> Handle:
    """Reduce an address, @handle or bare handle to what is stored; raise BadHandle. Phone numbers become +digits.

    `country` (alpha-2) is what national phone numbers are read by.
    """
    known = NETWORKS.get(network)
    found = find_handle(known, clean(typed), country) if known else None
    if found is None:
        raise BadHandle(network, known.expects if known else PASTE)
    return Handle(found.value, found.is_doubtful)


def address_of(network: str, handle: str) -> str | None:
    """Return the percent-encoded address for an href; None where there is none or the stored handle is not valid."""
    known = NETWORKS.get(network)
    if known is None:
        return None
    form, part = _form_of(known, handle)
    if form is not None:
        return _fill(form.address, quote(part, safe="@:/?=")) if form.address else None
    url = safe_url(handle)
    return url if url and any(_host_fits(bare_host(url), site) for site in known.sites) else None


def shown(network: str, handle: str) -> str:
    """Return what a visitor reads: "@ada", "+44 7911 123456", "linkedin.com/in/ada"."""
    known = NETWORKS.get(network)
    form, part = _form_of(known, handle) if known else (None, "")
    if form is not None and form.part == PHONE:
        phone = read_phone(f"+{part}", "")
        return phone.shown if phone else f"+{part}"
    if form is not None and form.shown:
        return form.shown.replace("{}", part)
    return re.sub(r"^https?://(www\.)?|/$", "", _fill(form.address, part) if form else clean(handle))


def find_handle(network: Network, text: str, country: str) -> Found | None:
    """Read cleaned text as a handle or address of this network; None if it is neither."""
    for form in network.forms:  # shapes that cannot be mistaken: in/ada, @ada:example.org, briar://…
        for shape in (form.handle, *form.typed):
            if shape != "{}" and form.part != PHONE and (part := _take(form, _slot(text, shape))):
                return _found(network, form, part)
    host = bare_host(text)
    is_handle_too = any(form.part == DOMAIN for form in network.forms) and not _is_at(network, host)
    if scheme_of(text) or (any(networks_at(host)) and not is_handle_too):
        return find_in_url(network, text)
    bare = text.removeprefix("@")
    for form in network.forms:
        if form.part == PHONE:
            phone = read_phone(text, country) if LIKE_PHONE.fullmatch(text) else None
            if phone:
                return _found_phone(phone)
        elif form.is_bare:
            grouped = re.sub(r"\s", "", bare) if re.fullmatch(r"[\d\s]+", bare) else bare
            if part := _take(form, grouped):
                return _found(network, form, part)
    return find_in_url(network, text)


def find_in_url(network: Network, text: str) -> Found | None:
    """Read an address of this network; None if it is none, or leads to no handle."""
    is_web = scheme_of(text) in ("", *_WEB)
    url = safe_url(text) if is_web else _in_parts(text)
    if url is None:
        return None
    for form in network.forms:
        for pattern in filter(None, (*form.also, form.address)):
            raw, below = _Pattern.of(pattern).match(url)
            if raw and form.part == PHONE and re.fullmatch(r"[\s\d+().-]+", raw):
                phone = read_phone("+" + re.sub(r"\D", "", raw), "")
                if phone:
                    return _found_phone(phone, below)
            elif raw and (part := _take(form, raw)):
                return _found(network, form, part, below)
    if is_web and any(_host_fits(bare_host(url), site) for site in network.sites):
        return Found(url if "*" in network.sites else re.sub("^http:", "https:", url), False)
    return None


def _in_parts(text: str) -> str | None:
    """Return an address that can be taken apart as it is, None for "tg://[" and the like."""
    try:
        urlsplit(text)
    except ValueError:
        return None
    return text


def networks_at(host: str) -> Iterator[Network]:
    """Yield the networks that have addresses at a host, popular ones first; those at any host are left out."""
    return (network for network in NETWORKS.values() if host and _is_at(network, host))


def bare_host(text: str) -> str:
    """Return the host of an address with or without scheme, without www. and m.; "" if it has none."""
    rest = text.partition(":")[2].removeprefix("//") if scheme_of(text) else text
    host = host_of(re.split(r"[/?#:\\]", rest)[0]) or ""
    short = re.sub(r"^(?:www|m|mobile)\.", "", host)
    return short if "." in short else host  # m.me


@dataclass(frozen=True, slots=True)
class _Pattern:
    """An address of the table, taken apart; {} is in one or more of its pieces."""

    scheme: str
    host: str
    segments: tuple[str, ...]
    key: str
    value: str
    fragment: str

    @classmethod
    @cache
    def of(cls, address: str) -> Self:
        parts = urlsplit(address if re.match(r"[a-z-]+:", address) else f"https://{address}")
        key, _, value = parts.query.rpartition("=")
        path = tuple(unquote(piece) for piece in parts.path.strip("/").split("/") if piece)
        return cls(parts.scheme, parts.netloc.removeprefix("www."), path, key, unquote(value), parts.fragment)

    def match(self, url: str) -> tuple[str | None, tuple[str, ...]]:
        """Return what stands at {} (None if the address is another), and the path segments behind."""
        have = urlsplit(url)
        host = bare_host(url) if have.scheme in _WEB else have.netloc
        if not _host_fits(host, self.host) or self.scheme != ("https" if have.scheme in _WEB else have.scheme):
            return None, ()
        path = [unquote(piece) for piece in have.path.strip("/").split("/") if piece]
        if len(path) < len(self.segments):
            return None, ()
        pairs = [(host, self.host), *zip(path, self.segments, strict=False)]
        if self.value:
            values = parse_qs(have.query).get(self.key, [""]) if self.key else [unquote(have.query)]
            pairs.append((values[0], self.value))
        if self.fragment:
            pairs.append((unquote(have.fragment.partition("?")[0]), self.fragment))
        slots = [_slot(piece, wanted) for piece, wanted in pairs if "*" not in wanted and wanted != "{server}"]
        taken = [slot for slot in slots if slot]
        is_at_root = self.host.startswith("{}") or self.segments[:1] == ("{}",)
        if None in slots or not taken or (is_at_root and taken[0].lower() in NOT_PEOPLE):
            return None, ()
        if self.host == "{server}" and "@" not in taken[0]:
            taken[0] += f"@{host}"
        return "/".join(taken), tuple(path[len(self.segments) :])


def _slot(text: str, template: str) -> str | None:
    """Return what stands at {} of the template; "" for a literal that is the same, None if it does not fit."""
    head, braces, tail = template.partition("{}")
    if not braces:
        return "" if text.lower() == head.lower() else None
    inner = text[len(head) : len(text) - len(tail)]
    same = (head + inner + tail).lower() == text.lower()
    return inner if same and inner else None


def _host_fits(host: str, wanted: str) -> bool:
    if wanted.endswith(".*"):
        return re.fullmatch(rf"(?:.+\.)?{re.escape(wanted[:-1])}{_ENDING}", host) is not None
    if wanted.startswith(("*.", "{}.")):
        parent = wanted.partition(".")[2]
        return host.endswith(f".{parent}") or (wanted[0] == "*" and host == parent)
    return bool(host) if wanted in ("*", "{server}", "{}") else host == wanted


def _is_at(network: Network, host: str) -> bool:
    return any(_host_fits(host, wanted) for wanted in _hosts_of(network.key))


@cache
def _hosts_of(key: str) -> tuple[str, ...]:
    network = NETWORKS[key]
    patterns = (address for form in network.forms for address in (form.address, *form.also) if address)
    hosts = [_Pattern.of(address).host for address in patterns if not re.match("(?!http)[a-z-]+:", address)]
    return tuple(wanted for wanted in (*hosts, *network.sites) if wanted not in ("*", "{server}"))


def _form_of(network: Network, handle: str) -> tuple[Form | None, str]:
    for form in sorted(network.forms, key=lambda form: form.handle == "{}"):
        part = _slot(handle, form.handle)
        if part and _take(form, part) == part:
            return form, part
    return None, ""


def _take(form: Form, raw: str | None) -> str | None:
    """Return the part as it is stored, or None if the form does not allow it."""
    part = clean(raw or "")
    if form.part == LABEL:
        part = part.lower()
    elif form.part in (DOMAIN, AT_SERVER):
        user, at, server = part.rpartition("@" if form.part == AT_SERVER else "\0")
        part = f"{user}{at}{host_of(server) or ''}"
    if not re.fullmatch(form.part, part):
        return None
    if form.part != DOMAIN and any(networks_at(bare_host(part))):  # "twitter.com" is nobody's name
        return None
    return None if form.handle == "{}" and scheme_of(part) else part


def _fill(address: str, part: str) -> str:
    if "{server}" in address:
        part, _, server = part.rpartition("@")
        address = address.replace("{server}", server)
    return address.replace("{}", part)


def _found(network: Network, form: Form, part: str, below: tuple[str, ...] = ()) -> Found:
    is_usual = re.fullmatch(form.usual, part) and (network.key != "orcid" or _orcid_adds_up(part))
    return Found(form.handle.replace("{}", part), not is_usual, below)


def _found_phone(phone: PhoneNumber, below: tuple[str, ...] = ()) -> Found:
    return Found(phone.e164, phone.is_doubtful or bool(phone.extension), below)


def _orcid_adds_up(orcid: str) -> bool:
    """Check the last character (ISO 7064 MOD 11-2)."""
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == orcid[-1]
