"""How often somebody may knock: the only door to flask-limiter. Counts live in each process, and together in Valkey.

Whom a count is about is never stored, only a hash with a key that is another one each day.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from flask_limiter import Limiter
from limits.storage import MemoryStorage, RedisStorage, Storage

from vcardapp.accounts.security import name_of_account
from vcardapp.config import Settings
from vcardapp.web import settings

if TYPE_CHECKING:
    from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
DAY = 86_400  # seconds: no limit may be for longer, so that nothing is kept for longer
TIMEOUT = 0.5  # seconds that Valkey may take to answer
PAUSE = 5  # seconds until Valkey is asked again after it failed


def visitor() -> str:
    """Return whom to count, hashed: the address of the connection, for IPv6 its network of one household."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return hashed("visitor", "unknown")
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    household = address if address.version == 4 else ipaddress.ip_network((address, 64), strict=False)
    return hashed("visitor", str(household))


def account() -> str:
    """Return which account is knocked at, hashed: the typed e-mail address, known or not."""
    return hashed("account", name_of_account(request.form.get("email", "")))


def hashed(kind: str, whom: str) -> str:
    """Return a name for somebody that holds for one day (UTC) and tells nothing to who does not know the secret."""
    today = _hmac(settings().secret_key.encode(), f"limits {int(time.time()) // DAY}")
    return _hmac(today, f"{kind}:{whom}").hex()[:32]


def failed(response: Response) -> bool:
    """True for an answer that says the form was wrong: right ones are not counted."""
    return response.status_code == 422


def mailed(response: Response) -> bool:
    """True for an answer after which a mail may have gone to the typed address."""
    return response.status_code == 303


limiter = Limiter(key_func=visitor)


@limiter.request_filter
def _switched_off() -> bool:
    return not settings().rate_limits


def init_app(app: Flask) -> None:
    url = app.config["SETTINGS"].redis_url
    app.config["RATELIMIT_STORAGE_URI"] = f"together+{url}" if url else "memory://"
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {"key_prefix": _prefix(app.config["SETTINGS"])}
    limiter.init_app(app)


def _prefix(with_settings: Settings) -> str:
    """Return what sets our counts apart from those of another installation in the same Valkey."""
    return "vcardapp:" + _hmac(with_settings.secret_key.encode(), "limits").hex()[:12]


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(errors="replace"), hashlib.sha256)


class CountedTogether(Storage):
    """Counts that all servers share in Valkey or Redis; this process counts as well, and alone while that is away."""

    STORAGE_SCHEME = ["together+redis", "together+rediss"]  # noqa: RUF012

    def __init__(self, uri: str, wrap_exceptions: bool = False, *, key_prefix: str) -> None:
        from redis.backoff import NoBackoff
        from redis.exceptions import RedisError
        from redis.retry import Retry

        super().__init__(uri, wrap_exceptions)
        self.problems: type[RedisError] = RedisError
        self.near = MemoryStorage()
        patience = {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT, "retry": Retry(NoBackoff(), 1)}
        self.far = RedisStorage(uri.removeprefix("together+"), key_prefix=key_prefix, **patience)  # type: ignore[arg-type]
        self.away_until = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        return self.problems

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        near = self.near.incr(key, expiry, amount)
        return int(max(near, self._ask(lambda: self.far.incr(key, expiry, amount))))

    def get(self, key: str) -> int:
        return int(max(self.near.get(key), self._ask(lambda: self.far.get(key))))

    def get_expiry(self, key: str) -> float:
        return max(self.near.get_expiry(key), self._ask(lambda: self.far.get_expiry(key)))

    def clear(self, key: str) -> None:
        self.near.clear(key)
        with suppress(self.problems, OSError):
            self.far.clear(key)

    def reset(self) -> int | None:
        self.near.reset()
        return int(self._ask(lambda: self.far.reset() or 0))

    def check(self) -> bool:
        return self.far.check()

    def _ask(self, question: Callable[[], float]) -> float:
        """Return Valkey's answer, 0 while it is away."""
        if time.monotonic() < self.away_until:
            return 0
        try:
            return question()
        except (self.problems, OSError) as problem:
            self.away_until = time.monotonic() + PAUSE
            logger.warning("Valkey cannot be asked, so each process counts for itself: %s", type(problem).__name__)
            return 0
