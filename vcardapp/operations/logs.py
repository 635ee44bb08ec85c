"""What the server says of itself: one line an event, in words or in JSON, and nothing that tells who somebody is."""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask, Response

SIGN_IN = {"accounts.login", "accounts.second_step", "accounts.sign_in_by_passkey", "accounts.prove", "accounts.prove_by_passkey"}
REFUSED = {400, 401, 403, 422, 429}
FACTS = ("request", "endpoint", "method", "status", "ms", "account")
PRIVATE = re.compile(
    r"(?P<quoted>'[^']*'|\"[^\"]*\")"
    r"|[^\s<>()]+@[^\s<>()]+"  # e-mail addresses
    r"|\b\w+://[^\s<>]+"  # addresses of pages, which may hold tokens
    r"|(?:\d{1,3}\.){3}\d{1,3}|\b[0-9a-fA-F]{0,4}:[0-9a-fA-F:]*:[0-9a-fA-F:.]*"  # IP addresses
    r"|\+?\d[\d ()/-]{5,}\d"  # telephone numbers
    r"|[A-Za-z0-9_-]{24,}(?:\.[A-Za-z0-9_-]+)*"  # tokens
)
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
requests = logging.getLogger("vcardapp.requests")
sign_ins = logging.getLogger("vcardapp.sign_in")


class Lines(logging.Formatter):
    """One line an event, for people; what a line would break is written as it is in Python."""

    def format(self, record: logging.LogRecord) -> str:
        if getattr(record, "as_it_is", False):  # a mail, on the screen of whoever tries the program
            return record.getMessage()
        said = [record.getMessage()]
        known = {name: getattr(record, name) for name in FACTS if hasattr(record, name)}
        if record.name != requests.name:
            said.insert(0, f"{record.levelname.capitalize()}:")
        said += [f"{name}={value}" for name, value in known.items()]
        trace = trace_of(record)
        return "\n".join([one_line(" ".join(said)), *trace])


class Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": one_line(record.getMessage()),
        }
        event.update((name, getattr(record, name)) for name in FACTS if hasattr(record, name))
        trace = trace_of(record)
        if trace:
            event["trace"] = trace
        return json.dumps(event, ensure_ascii=False)


def one_line(text: str) -> str:
    """Return a text without anything that ends a line or moves a cursor."""
    return CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def trace_of(record: logging.LogRecord) -> list[str]:
    """Return where an exception came from, oldest call first, and what it said, without what somebody typed."""
    problem = record.exc_info[1] if record.exc_info else None
    lines: list[str] = []
    while problem is not None and len(lines) < 200:
        frames = traceback.extract_tb(problem.__traceback__)
        lines[:0] = [*(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames), said_by(problem)]
        problem = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    return lines


def said_by(problem: BaseException) -> str:
    """Return an exception's name and first line; what may be private in it is left out."""
    first = str(getattr(problem, "orig", problem)).partition("\n")[0]  # a database says what was stored on the next ones
    return f"{type(problem).__name__}: {one_line(PRIVATE.sub('…', first))[:300]}"


def configure(log_format: str) -> None:
    """Have everything said on stderr in this format: what the app does, and what goes wrong elsewhere."""
    handler = logging.StreamHandler()
    handler.setFormatter(Json() if log_format == "json" else Lines())
    handler.addFilter(note_request)
    logging.basicConfig(handlers=[handler], force=True)
    logging.getLogger("vcardapp").setLevel(logging.INFO)


def configuration(log_format: str) -> dict[str, Any]:
    """Return the same for the server around the app, as logging.config takes it."""
    kind = Json if log_format == "json" else Lines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{__name__}.{kind.__name__}"}},
        "handlers": {"line": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {"_granian": {"handlers": ["line"], "level": "ERROR", "propagate": False}},
    }


def init_app(app: Flask) -> None:
    """Write down each request when it is answered, and who signs in."""
    from vcardapp.accounts.signals import arriving

    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request_funcs.setdefault(None, []).insert(0, _note)  # the last one to be called
    arriving.connect(_note_arrival, app)


def _begin() -> None:
    from flask import g

    g.began = time.perf_counter()


def _note(response: Response) -> Response:
    from flask import g, request

    ms = round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None
    level = logging.WARNING if response.status_code >= 500 else logging.INFO
    facts: dict[str, Any] = {"endpoint": endpoint(), "method": request.method, "status": response.status_code, "ms": ms}
    if level != logging.INFO or not facts["endpoint"].startswith("operations."):  # balancers ask every second
        requests.log(level, "answered", extra=facts)
    if request.method == "POST" and facts["endpoint"] in SIGN_IN and response.status_code in REFUSED:
        sign_ins.warning("refused", extra={"status": response.status_code})
    return response


def endpoint() -> str:
    """Return the name of the page that is asked for; addresses hold names and tokens."""
    from flask import request

    return request.endpoint or "none"


def _note_arrival(_app: Flask, **known: Any) -> None:
    sign_ins.info("signed in", extra={"account": str(known["user"].id)})


def note_request(record: logging.LogRecord) -> bool:
    """Add which request it was that something is said about."""
    from flask import g, has_request_context

    if has_request_context() and "request_id" in g:
        record.request = g.request_id
        if not hasattr(record, "endpoint"):
            record.endpoint = endpoint()
    return True
