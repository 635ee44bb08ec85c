"""Fetches a file from an address that somebody typed: https only, public addresses only, little, and not for long."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from vcardapp.i18n import N_

MOST_BYTES = 2_000_000
PATIENCE = 10.0  # seconds for each answer
MOST_REDIRECTS = 3
SAFE = "/?&=%:@!$'()*+,;~-._[]"
STRANGE = {*map(chr, range(33)), "\x7f", *"/?#@\\"}  # in the name of a host
NAT64 = ipaddress.ip_network("64:ff9b::/96")


REASONS = {
    "address": N_("This is no https address."),
    "private": N_("This address does not lead to a public server."),
    "large": N_("The file at this address is too large."),
    "slow": N_("There was no answer from this address in time."),
    "certificate": N_("The certificate of this address is not valid."),
    "status": N_("The server at this address answered that the file is not there."),
    "redirect": N_("This address leads on and on, or elsewhere."),
}
NO_ANSWER = N_("There was no answer from this address.")


class NotFetched(Exception):
    """It was not fetched; `problem` is one of address, private, unreachable, certificate, redirect, large, slow, status 404."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    @property
    def reason(self) -> str:
        """Return it as an English sentence for the catalogue."""
        return REASONS.get(self.problem.partition(" ")[0], NO_ANSWER)


@dataclass(frozen=True, slots=True)
class Fetched:
    data: bytes | None  # None: it is as it was
    etag: str


def _resolve(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _connect(address: str, port: int, timeout: float) -> socket.socket:
    return socket.create_connection((address, port), timeout)


@dataclass(frozen=True, slots=True)
class Network:
    """How names become addresses, how addresses are reached, and whose certificates count."""

    resolve: Callable[[str, int], list[str]] = _resolve
    connect: Callable[[str, int, float], socket.socket] = _connect
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    patience: float = PATIENCE


INTERNET = Network()


def clean_address(text: str) -> str:
    """Return an address as it is fetched, webcal:// as https://; raise NotFetched("address")."""
    address = text.strip()
    if address.lower().startswith("webcal"):
        address = "https" + address[address.find(":") :] if ":" in address else address
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise NotFetched("address") from None
    is_strange = any(ord(letter) <= 32 or ord(letter) == 127 for letter in address) or parts.username is not None
    if parts.scheme != "https" or not host or is_strange or port == 0 or len(address) > 2000:
        raise NotFetched("address")
    try:
        name = host.encode("idna").decode()
    except UnicodeError:
        raise NotFetched("address") from None
    if set(name) & STRANGE:  # wide blanks and signs have become plain ones
        raise NotFetched("address")
    return address


def fetch(
    address: str, etag: str = "", network: Network = INTERNET, *, most_bytes: int = MOST_BYTES, may_lead_elsewhere: bool = False
) -> Fetched:
    """Return the file at an https address, or that it has not changed since `etag`; raise NotFetched.

    Redirects are followed on the same host only, unless they may lead elsewhere; each is looked at as the first was.
    """
    address = clean_address(address)
    for _ in range(MOST_REDIRECTS + 1):
        answer = _ask(address, etag, network, most_bytes)
        if isinstance(answer, Fetched):
            return answer
        target = _led_to(address, answer)
        if not may_lead_elsewhere and urlsplit(target).netloc.lower() != urlsplit(address).netloc.lower():
            raise NotFetched("redirect")
        address = target
    raise NotFetched("redirect")


def _led_to(address: str, location: str) -> str:
    try:
        return clean_address(urljoin(address, location))
    except ValueError:
        raise NotFetched("redirect") from None


def is_public(address: str) -> bool:
    """True for an address of the open Internet, also inside an IPv6 address that only wraps an IPv4 one."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else None)
        if inner:
            return is_public(str(inner))
        if ip.is_site_local:  # fec0::/10, which Python calls global
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _ask(address: str, etag: str, network: Network, most_bytes: int) -> Fetched | str:
    """Return what was fetched, or where it redirects to."""
    parts = urlsplit(address)
    host, port = (parts.hostname or "").encode("idna").decode(), parts.port or 443
    connection = _Pinned(host, port, network)
    too_slow = threading.Event()

    def give_up() -> None:
        too_slow.set()
        connection.hang_up()

    watch = threading.Timer(network.patience, give_up)
    watch.daemon = True
    watch.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "vcardapp"}
        connection.request("GET", quote(path, safe=SAFE), headers=headers | ({"If-None-Match": etag} if etag else {}))
        with connection.getresponse() as response:
            return _read(response, etag, most_bytes)
    except NotFetched:
        raise
    except ssl.SSLCertVerificationError:
        raise NotFetched("certificate") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise NotFetched("slow" if too_slow.is_set() else "unreachable") from None
    finally:
        watch.cancel()
        connection.close()


def _read(response: http.client.HTTPResponse, etag: str, most_bytes: int) -> Fetched | str:
    if response.status in (301, 302, 303, 307, 308):
        return response.headers.get("Location", "")
    if response.status == 304 and etag:
        return Fetched(None, etag)
    if response.status != 200 or response.headers.get("Content-Encoding", "identity") != "identity":
        raise NotFetched(f"status {response.status}")
    data = response.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise NotFetched("large")
    if response.length:
        raise ConnectionError  # cut off: what came may hold half of the busy times
    return Fetched(data, (response.headers.get("ETag") or "")[:255])


class _Pinned(http.client.HTTPSConnection):
    """Connects to the very address that was looked at: a name that changes its mind in between gains nothing."""

    def __init__(self, host: str, port: int, network: Network) -> None:
        self.network, self.pinned_context = network, network.context()
        super().__init__(host, port, timeout=network.patience, context=self.pinned_context)
        self.line: socket.socket | None = None  # http.client forgets its own while the answer is read

    def connect(self) -> None:
        try:
            addresses = self.network.resolve(self.host, self.port)
        except OSError:
            raise NotFetched("unreachable") from None
        if not addresses or not all(is_public(address) for address in addresses):
            raise NotFetched("private" if addresses else "unreachable")
        self.line = self.network.connect(addresses[0], self.port, self.network.patience)
        self.line = self.sock = self.pinned_context.wrap_socket(self.line, server_hostname=self.host)

    def hang_up(self) -> None:
        """Let whoever waits on the line go on at once, with an error."""
        if self.line:
            with contextlib.suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)
