"""Whose a domain is, as its DNS says: the only door to dnspython. Asks name servers and nobody else."""

from __future__ import annotations

from vcardapp.domains.names import RECORD

PATIENCE = 5.0  # seconds for one answer, all name servers together


class NoAnswer(Exception):
    """No name server has answered: nothing is known, and nothing changes."""


def records_of(name: str, servers: tuple[tuple[str, int], ...] = (), patience: float = PATIENCE) -> frozenset[str]:
    """Return the texts at `_vcardapp.<name>`, none where the DNS says that there are none; raise NoAnswer.

    `servers` are addresses and ports to ask instead of the system's own.
    """
    import dns.exception  # takes its time
    import dns.nameserver
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver(configure=not servers)
        if servers:
            resolver.nameservers = [dns.nameserver.Do53Nameserver(address, port) for address, port in servers]
        resolver.cache = None
        found = resolver.resolve(f"{RECORD}.{name}.", "TXT", search=False, lifetime=patience)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return frozenset()
    except (dns.exception.DNSException, OSError) as problem:
        raise NoAnswer(str(problem)) from problem
    return frozenset(b"".join(record.strings).decode("ascii", "replace").strip() for record in found)
