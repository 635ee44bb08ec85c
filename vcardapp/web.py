"""What all pages share: language, headers, error pages, or_404."""

from __future__ import annotations

import hashlib
import re
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, TypeVar

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    has_request_context,
    jsonify,
    render_template,
    request,
)
from flask.globals import request_ctx
from flask_babel import Babel, get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from markupsafe import Markup
from sqlalchemy.exc import InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from vcardapp import cookie
from vcardapp.config import Settings
from vcardapp.i18n import LANGUAGES, direction
from vcardapp.icons import IconSheet
from vcardapp.seats import NO_SEAT, NoSeat, Seats
from vcardapp.storage import StorageAway, StorageFull
from vcardapp.unread import Unread

T = TypeVar("T")
HARMLESS = {  # what goes with answers that no template drew
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)  # as proxies send them
babel = Babel()
csrf = CSRFProtect()

LONGEST_AGAIN = 200_000  # characters of a form that a page offers to send once more
SECRETS = {"password", "present", "code"}  # fields in which people type what no page may hold
RETRY_AFTER = "30"  # seconds until a page that cannot be given now is worth asking for again

ERRORS = {
    400: (_l("That did not arrive as it should"), _l("Please go back, reload the page and try once more. Nothing was changed.")),
    403: (_l("This page is not for you"), _l("You may need to sign in with another account.")),
    404: (_l("There is nothing at this address"), _l("Perhaps a letter is missing, or the card was never here.")),
    405: (_l("This address does something else"), _l("Please go back and use the button on the page.")),
    410: (_l("This card is gone"), _l("Its owner took it away. Its address is not given to anybody else.")),
    413: (_l("That is too much at once"), _l("Please choose a smaller file. What you had saved before is kept.")),
    415: (_l("This kind of file does not fit here"), _l("Please choose another one.")),
    422: (_l("Something in it cannot be used"), _l("Please go back and look at what you typed.")),
    429: (_l("That was a little too fast"), _l("Please wait a minute, then try again.")),
    500: (_l("Something broke on our side"), _l("What you had saved before is kept. Please try again in a moment.")),
    503: (_l("We cannot save right now"), _l("What you had saved before is kept. Please try again in a minute.")),
}


class TypedForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form that reads what was typed and nothing else: Flask-WTF would take files, and JSON of any shape, for texts."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            return request.form if request.method == "POST" else None


def settings() -> Settings:
    """Return the settings of the running app."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def or_404(found: T | None) -> T:
    """Return what was found, or answer 404."""
    if found is None:
        abort(404)
    return found


def init_app(app: Flask) -> None:
    """Give every page its language, its headers, and every error a page."""
    babel.init_app(app, locale_selector=_choose_language)
    app.url_map.merge_slashes = app.url_map.strict_slashes = False  # such redirects would repeat the Host header
    app.before_request(_begin)  # first: the page that says that a token is missing has a nonce, too
    csrf.init_app(app)
    cookie.init_app(app)
    app.after_request(_finish)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StorageFull, _cannot_save)
    app.register_error_handler(StorageAway, _cannot_save)
    app.register_error_handler(NoSeat, _cannot_save)
    for away in (OperationalError, InterfaceError, PendingRollbackError, PoolTimeout):  # or it went away in between
        app.register_error_handler(away, _cannot_save)
    for deleted in (ObjectDeletedError, StaleDataError):  # by another request, while this one worked on it
        app.register_error_handler(deleted, lambda _: error_page(409))
    app.register_error_handler(Exception, _unexpected)
    app.context_processor(_for_templates)
    proxies = app.config["SETTINGS"].proxies
    app.wsgi_app = Seats(Unread(app.wsgi_app) if proxies else app.wsgi_app)  # type: ignore[method-assign]
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0)  # type: ignore[method-assign]


def refuse_unclear_requests(app: Flask) -> None:
    """Stand outside of everything else that answers."""
    app.wsgi_app = StrictRequests(app.wsgi_app)  # type: ignore[method-assign]


def absolute(path: str) -> str:
    """Return the absolute address of a path, by VCARDAPP_URL and never by the Host header."""
    return settings().url + path


def language_for(wished: str, accepted: LanguageAccept, default: str) -> str:
    """Return the language to speak: the one wished for, else the best of the accepted ones that we speak."""
    return wished if wished in LANGUAGES else accepted.best_match(LANGUAGES) or default


def _choose_language() -> str:
    if not has_request_context():  # a command or a job
        return settings().language
    wished = request.args.get("lang") or cookie.part("lang")
    return language_for(wished, request.accept_languages, settings().language)


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "") if settings().proxies else ""
    g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    g.nonce = secrets.token_urlsafe(16)
    if request.environ.get(NO_SEAT):
        raise NoSeat
    if "\0" in request.path:  # nothing has such a name, and PostgreSQL refuses to look for it
        abort(404)
    is_safe = request.method in ("GET", "HEAD", "OPTIONS", "TRACE")
    if not is_safe and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        abort(400)  # beside the token: browsers say themselves that another site has sent this (Fetch Metadata)
    if not is_safe and request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]  # Werkzeug bounds the parts of others only:
        if request.get_data().count(b"&") > current_app.config["MAX_FORM_PARTS"]:  # 20 MB of "a&" take 20 s and 800 MB
            abort(413)


def _for_templates() -> dict[str, Any]:
    if "icon" not in g:
        g.icon = IconSheet()
    language = str(get_locale() or "en").replace("_", "-")
    return {
        "nonce": g.get("nonce", ""),
        "own_style": own_style,
        "icon": g.icon,
        "language": language,
        "languages": LANGUAGES,
        "direction": direction(language),
        "settings": current_app.config["SETTINGS"],
    }


def own_style(text: str) -> Markup:
    """Return a style element that the page's policy knows by its hash: such a page may be stored, a nonce may not."""
    g.style_hash = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(f"<style>{text}</style>")  # noqa: S704 - our own style sheets


def _finish(response: Response) -> Response:
    own = f"'sha256-{g.style_hash}'" if "style_hash" in g else f"'nonce-{g.get('nonce', '')}'"
    scripts = "" if "style_hash" in g else f" {own}"
    connects = " ".join(["'self'", *g.get("connects", ())])
    plays, frames_of = (" ".join(["'self'", *g.get(name, ())]) for name in ("media_hosts", "frame_hosts"))
    frames = "'self'" if g.get("may_be_framed") else "'none'"
    headers = response.headers
    headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; script-src 'self'{scripts}; style-src 'self' {own}; "
        f"img-src 'self' data: blob:; connect-src {connects}; font-src 'self'; manifest-src 'self'; media-src {plays}; "
        f"frame-src {frames_of}; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors {frames}",
    )
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), camera=(), payment=()")
    if "request_id" in g:
        headers["X-Request-ID"] = g.request_id
    if settings().is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request_ctx._session is not None and request_ctx._session.accessed:  # the proxy itself would count as a look
        headers.setdefault("Cache-Control", "no-store")
    wished = request.args.get("lang")
    if wished in LANGUAGES and cookie.part("lang") != wished and "sets_no_cookie" not in g:
        cookie.keep("lang", wished)
    return response


def _http_error(error: HTTPException) -> Any:
    if error.response is not None:
        return error.response
    code = error.code or 500
    if code < HTTPStatus.BAD_REQUEST:
        return error
    response = error_page(code)
    for name, value in error.get_headers():
        if name in ("Retry-After", "Allow", "Content-Range"):
            response.headers[name] = value
    return response


def _cannot_save(error: Exception) -> Response:
    current_app.logger.error("Storage or database refused: %s", type(error).__name__, exc_info=error)
    if "_login_user" not in g:  # else the page would ask the database once more who is signed in, and break as well
        current_app.login_manager._update_request_context_with_user()  # type: ignore[attr-defined]
    return error_page(503)


def _unexpected(error: Exception) -> Response:
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    current_app.logger.error("Unexpected", exc_info=error)
    return error_page(500)


def error_page(code: int) -> Response:
    """Answer with a kind page, or with JSON where the caller asked for that."""
    title, text = ERRORS.get(code, ERRORS[500 if code >= HTTPStatus.INTERNAL_SERVER_ERROR else 400])
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    reference = g.get("request_id", "") if code >= HTTPStatus.INTERNAL_SERVER_ERROR else ""
    if best == "application/json":
        response = jsonify(error=str(title), text=str(text), **({"reference": reference} if reference else {}))
    else:
        again = _typed() if code == HTTPStatus.SERVICE_UNAVAILABLE else []
        page = render_template("errors/error.html", code=code, title=title, text=text, reference=reference, again=again)
        response = Response(page)
    response.status_code = code
    if code == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def _typed() -> list[tuple[str, str]]:
    """Return what a form sent, so that it can be sent once more; no files, and nothing of a form with a secret in it."""
    if request.method != "POST" or request.mimetype != "application/x-www-form-urlencoded":
        return []
    sent = list(request.form.items(multi=True))
    is_fit = sum(len(value) for _, value in sent) <= LONGEST_AGAIN and not SECRETS & request.form.keys()
    return sent if is_fit else []


class StrictRequests:
    """Refuse what servers in a chain may read differently: Transfer-Encoding, no Host, two Hosts (RFC 9112 §3.2, §6.1)."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        if "HTTP_TRANSFER_ENCODING" in environ or not host or "," in host:
            plain = [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")]
            start_response("400 Bad Request", [*plain, *HARMLESS.items()])
            return [b"Bad request.\n"]
        return self.app(environ, start_response)
