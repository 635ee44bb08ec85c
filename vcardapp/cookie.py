"""The one cookie of this site: language, basket, key of bookings and the signed session, side by side in one value.

A visitor who only looks has none. Each part is set by what needs it; with nothing but a session the value is the session's.
"""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, Request, Response, current_app, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature
from werkzeug.sansio.http import parse_cookie

PARTS = ("lang", "basket", "booking", "session")
MONTH, YEAR = 30 * 86400, 365 * 86400  # seconds
LONGEST = 200  # characters of a part, but for the session, which is signed


def parts_of(value: str) -> dict[str, str]:
    """Return the parts of the cookie's value."""
    if "=" not in value:
        return {"session": value} if value else {}
    found = dict(part.partition("=")[::2] for part in value.split("&"))
    return {name: text for name in PARTS if (text := found.get(name, "")) and (name == "session" or len(text) <= LONGEST)}


def language_in(header: str, name: str) -> str:
    """Return the language that the visitor chose, "" if none, by the header `Cookie` and the name of our cookie."""
    return parts_of(parse_cookie(header).get(name, "")).get("lang", "") if header else ""


def part(name: str) -> str:
    """Return a part of this visitor's cookie, "" while there is none."""
    return parts_of(request.cookies.get(current_app.config["SESSION_COOKIE_NAME"], "")).get(name, "")


def keep(name: str, value: str) -> None:
    """Let this visitor's cookie have a part; it goes out with the answer, which nobody may store."""
    g.setdefault("cookie_parts", {})[name] = value


class OneCookie(SecureCookieSessionInterface):
    """Keeps the session as one part among the others."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        signed = parts_of(request.cookies.get(self.get_cookie_name(app), "")).get("session")
        serializer = self.get_signing_serializer(app)
        if not signed or serializer is None:
            return self.session_class()
        try:  # without max_age, which refuses what was signed while the clock was ahead
            found, signed_at = serializer.loads(signed, return_timestamp=True)
        except BadSignature:
            return self.session_class()
        return self.session_class(found if signed_at.timestamp() > time.time() - MONTH else None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.accessed:
            response.vary.add("Cookie")
        name = self.get_cookie_name(app)
        before = parts_of(request.cookies.get(name, ""))
        parts = {**before, **g.get("cookie_parts", {})}
        if session and self.should_set_cookie(app, session):
            parts["session"] = self.get_signing_serializer(app).dumps(dict(session))  # type: ignore[union-attr]
        elif not session and session.modified:
            parts.pop("session", None)
        if parts == before:
            return
        about: dict[str, Any] = {
            "secure": self.get_cookie_secure(app), "httponly": True, "samesite": self.get_cookie_samesite(app), "path": "/",
        }  # fmt: skip
        response.vary.add("Cookie")
        response.headers["Cache-Control"] = "no-store"  # also on files: the session goes out with whatever part is new
        if not parts:
            response.delete_cookie(name, **about)
            return
        joined = "&".join(f"{one}={parts[one]}" for one in PARTS if one in parts)
        value = parts["session"] if parts.keys() == {"session"} else joined
        response.set_cookie(name, value, max_age=_lasts(parts, session), **about)


def _lasts(parts: dict[str, str], session: SessionMixin) -> int | None:
    """Return for how many seconds a browser keeps it, None until it is closed."""
    if "lang" in parts:
        return YEAR
    return MONTH if "basket" in parts or ("session" in parts and (session.permanent or not session)) else None


def init_app(app: Flask) -> None:
    app.session_interface = OneCookie()
