"""Forms that need no token: pages which are kept ready hold none, and buying sets no session.

Browsers say themselves where a form was sent from (Fetch Metadata; Origin, RFC 6454 §7); the only cookie is SameSite=Lax,
and what could cost anybody anything is asked for by a secret besides.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import abort, request

from vcardapp.web import csrf, settings

View = TypeVar("View", bound=Callable[..., Any])


def without_token(view: View) -> View:
    """Let a view be asked without a token, since its address is a secret already."""
    csrf.exempt(view)
    return view


def from_this_site(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a view be asked without a token by pages of this very host; others get 400."""

    @wraps(view)
    def checked(*args: Any, **values: Any) -> Any:
        if request.method not in ("GET", "HEAD") and not is_from_this_site():
            abort(HTTPStatus.BAD_REQUEST)
        return view(*args, **values)

    return without_token(checked)


def is_from_this_site() -> bool:
    """True unless the browser says that another site has sent this."""
    headers = request.headers
    site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin") or headers.get("Referer")  # old browsers send one of them
    if site is not None:
        return site in ("same-origin", "none")
    return not origin or origin.split("/")[2:3] in ([request.host], [urlsplit(settings().url).netloc])
