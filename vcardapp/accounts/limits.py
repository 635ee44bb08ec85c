"""How often somebody may knock: the only door to flask-limiter. Counts live in this process."""

from __future__ import annotations

import hashlib
import ipaddress

from flask import Flask, Response, request
from flask_limiter import Limiter

from vcardapp.web import settings


def visitor() -> str:
    """Return whom to count: the address of the connection, for IPv6 its network of one household."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


def account() -> str:
    """Return which account is knocked at: the typed e-mail address, known or not, hashed."""
    email = request.form.get("email", "").strip().lower()
    return "account:" + hashlib.sha256(email.encode()).hexdigest()


def failed(response: Response) -> bool:
    """True for an answer that says the form was wrong: right ones are not counted."""
    return response.status_code == 422


limiter = Limiter(key_func=visitor, storage_uri="memory://")


@limiter.request_filter
def _switched_off() -> bool:
    return not settings().rate_limits


def init_app(app: Flask) -> None:
    limiter.init_app(app)
