"""How the doctor finds out whether VCARDAPP_URL leads here, and how visitors look to the server behind its proxies."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, jsonify, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from vcardapp.operations.finding import NOTE, OK, WRONG, Finding, first_line
from vcardapp.web import settings

if TYPE_CHECKING:
    from vcardapp.config import Settings

VALID = 60  # seconds
TIMEOUT = 10
FORGED = "192.0.2.1"  # RFC 5737: belongs to nobody
bp = Blueprint("doctor", __name__)


def _signer(keys: list[str]) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys, salt="doctor")


@bp.get("/readyz/seen")
def seen() -> Response:
    """Tell who shows a token of this installation how the request arrived; to all others there is nothing here."""
    try:
        _signer(settings().signing_keys).loads(request.headers.get("Authorization", ""), max_age=VALID)
    except BadSignature:
        abort(404)
    forwarded = ",".join(request.headers.getlist("X-Forwarded-For"))
    response = jsonify(
        address=request.remote_addr,
        forwarded=len([one for one in forwarded.split(",") if one.strip()]),
        proxies=settings().proxies,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def look_at_address(with_settings: Settings) -> Iterator[Finding]:
    """Ask VCARDAPP_URL as a visitor would, once honestly and once with a forged address."""
    url = with_settings.url
    if with_settings.is_local_only:
        yield Finding("address", NOTE, f"{url} works on this computer only.", "Set VCARDAPP_URL to the public address.")
    elif not with_settings.is_secure:
        yield Finding(
            "address",
            WRONG,
            f"{url} is not encrypted.",
            "Put a proxy with a certificate in front, and set VCARDAPP_URL to https://…",
        )
    token = str(_signer(with_settings.signing_keys).dumps(1))
    try:
        honest, forged = _ask(url, token), _ask(url, token, FORGED)
    except urllib.error.HTTPError as problem:
        yield Finding(
            "address", WRONG, f"{url} answers with {problem.code}: it is not this installation, or has another secret key.",
            "Look where its name and its proxy lead, and restart the server after changing settings.",
        )  # fmt: skip
        return
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "reason", problem)
        what = "has no certificate that browsers believe" if isinstance(reason, ssl.SSLError) else "does not answer"
        yield Finding(
            "address",
            WRONG,
            f"{url} {what}: {first_line(reason)}.",
            "Is the server running, and does its proxy lead to it?",
        )
        return
    yield Finding("address", OK, f"{url} leads to this installation.")
    if honest["proxies"] != with_settings.proxies:
        yield Finding(
            "proxies",
            WRONG,
            "The running server has other settings than this command.",
            "Give both the same environment.",
        )
    elif forged["address"] == FORGED:
        yield Finding(
            "proxies", WRONG, "Visitors can pretend to have any address: what they send as X-Forwarded-For is believed.",
            "Have the proxy set X-Forwarded-For and not only pass it on, or set VCARDAPP_PROXIES to the number of your proxies.",
        )  # fmt: skip
    elif honest["forwarded"] != with_settings.proxies:
        yield Finding(
            "proxies", WRONG,
            f"VCARDAPP_PROXIES is {with_settings.proxies}, but requests arrive with {honest['forwarded']} forwarded addresses.",
            f"If your own proxies add them all, set it to {honest['forwarded']}; else limits count the proxy and not visitors.",
        )  # fmt: skip
    else:
        yield Finding(
            "proxies", OK, f"Visitors are known by their own addresses (VCARDAPP_PROXIES is {with_settings.proxies})."
        )


def _ask(url: str, token: str, forwarded: str = "") -> dict[str, Any]:
    headers = {"Authorization": token, **({"X-Forwarded-For": forwarded} if forwarded else {})}
    asked = urllib.request.Request(f"{url}/readyz/seen", headers=headers)  # noqa: S310 - VCARDAPP_URL is http or https
    with urllib.request.urlopen(asked, timeout=TIMEOUT) as answer:  # noqa: S310
        found: dict[str, Any] = json.loads(answer.read(10_000))
    if not {"address", "forwarded", "proxies"} <= set(found):
        raise ValueError("what answers is not vcardapp")
    return found
