"""What the server writes down: enough to find a fault, and nothing about anybody."""

from __future__ import annotations

import json
import logging
import re
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError, OperationalError

from tests.accounts.cast import GOOD
from tests.faults.town import OWNER, Visitor, make_town
from tests.operations.test_metrics import READER, TOKEN, figures
from tests.processes import start_server
from tests.test_run import done_here
from vcardapp.operations.logs import Json, Lines, note_request

SECRET = "Planted-Secret"
Events = list[dict[str, object]]


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], Events]]:
    """Return what reads the events so far as JSON."""
    caplog.handler.addFilter(note_request)
    with caplog.at_level(logging.INFO):
        yield lambda: [json.loads(Json().format(record)) for record in caplog.records]
    caplog.handler.removeFilter(note_request)


def record(
    problem: BaseException | None = None, message: str = "It is %s", *values: object, **extra: object
) -> logging.LogRecord:
    exc_info = (type(problem), problem, problem.__traceback__) if problem else None
    made = logging.LogRecord("vcardapp.x", logging.ERROR, __file__, 1, message, values or ("so",), exc_info)
    made.__dict__.update(extra)
    return made


def test_an_event_is_one_line_of_json() -> None:
    facts = {"request": "0123456789abcdef", "endpoint": "public.card", "ms": 3.5}
    line = Json().format(record(None, "a\r\nb\u2028%s\x1b[2J", "c\nd", **facts))
    assert "\n" not in line
    event = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event.pop("time"))
    assert event == {
        "level": "error", "logger": "vcardapp.x", "message": "a\\r\\nb\\u2028c\\nd\\x1b[2J", **facts,
    }  # fmt: skip


def test_for_people_it_is_a_short_line() -> None:
    line = Lines().format(record(None, "It is %s", "so\nEVIL", request="ab", endpoint="public.card"))
    assert line == "Error: It is so\\nEVIL request=ab endpoint=public.card"


@pytest.mark.parametrize(
    "problem",
    [
        ValueError(f"invalid literal: '{SECRET}'"),
        KeyError(SECRET),
        RuntimeError("mail to planted@example.org failed"),
        OSError(f"https://127.0.0.1/reset/{SECRET}?x=1"),
        RuntimeError("from 192.0.2.77 and 2001:db8::77 with +49 151 2345 6789 and abcdefghijklmnopqrstuvwxyz0123"),
        IntegrityError("INSERT", {"email": SECRET}, Exception(f"duplicate key\nDETAIL: Key (email)=({SECRET})")),
    ],
)
def test_an_exception_tells_where_and_nothing_that_was_typed(problem: Exception) -> None:
    try:
        planted = SECRET
        raise problem
    except type(problem) as caught:
        event = json.loads(Json().format(record(caught)))
    del planted
    text = json.dumps(event["trace"])
    assert type(problem).__name__ in text
    assert "test_logs.py" in text
    for word in (SECRET, "planted@", "127.0.0.1", "192.0.2.77", "2001:db8", "2345", "abcdefghijklm"):
        assert word not in text, word


def test_what_led_to_it_is_told_as_well() -> None:
    try:
        try:
            raise OSError("no room")
        except OSError as cause:
            raise ValueError("not stored") from cause
    except ValueError as caught:
        trace = json.loads(Json().format(record(caught)))["trace"]
    assert [line for line in trace if not line.startswith(" ")] == ["OSError: no room", "ValueError: not stored"]


def test_each_request_has_an_id_that_is_sent_back_and_shown_where_it_fails(
    app: Flask, said: Callable[[], Events]
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answers = [app.test_client().get(path) for path in ("/", "/nobody-here")]
    ids = [answer.headers["X-Request-ID"] for answer in answers]
    assert len(set(ids)) == 2
    assert all(re.fullmatch(r"[0-9a-f]{16}", one) for one in ids)
    events = {event["request"]: event for event in said() if event["logger"] == "vcardapp.requests"}
    assert (events[ids[0]]["endpoint"], events[ids[0]]["status"], events[ids[0]]["method"]) == ("public.landing", 200, "GET")
    assert events[ids[1]]["endpoint"] == "public.card"
    assert ids[1] not in answers[1].text
    app.view_functions["public.privacy"] = lambda: 1 / 0
    app.view_functions["public.robots"] = unreachable
    for path, status in (("/privacy", 500), ("/robots.txt", 503)):
        answer = app.test_client().get(path)
        assert answer.status_code == status
        assert answer.headers["X-Request-ID"] in answer.text
        in_json = app.test_client().get(path, headers={"Accept": "application/json"})
        assert in_json.get_json()["reference"] == in_json.headers["X-Request-ID"]
        assert in_json.headers["X-Request-ID"] in {event["request"] for event in said() if "trace" in event}
    assert answer.headers["Retry-After"] == "30"


def unreachable() -> Response:
    raise OperationalError("SELECT", {}, Exception("server closed the connection"))


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [(1, "abc-DEF-0123", True), (0, "abc-DEF-0123", False), (1, "short", False), (1, "a" * 65, False), (1, "has space", False),
     (1, "line\u2028break", False)],
)  # fmt: skip
def test_a_proxys_id_is_taken_where_there_is_a_proxy(
    make_app: Callable[..., Flask], proxies: int, given: str, is_taken: bool
) -> None:
    app = make_app(proxies=proxies)
    with app.app_context():
        answer = FlaskClient(app, Response).get("/healthz", headers={"X-Request-ID": given.encode().decode("latin-1")})
    assert (answer.headers["X-Request-ID"] == given) is is_taken


def test_a_ready_page_carries_nobodys_id(make_app: Callable[..., Flask], alice: object) -> None:
    from tests import factories

    app = make_app(ready_megabytes=8)
    with app.app_context():
        factories.published_card(alice, "ada")  # type: ignore[arg-type]
        answers = [FlaskClient(app, Response).get("/ada") for _ in range(3)]
        assert app.extensions["ready_pages"].pages
    assert [answer.headers.get("X-Request-ID") for answer in answers[1:]] == [None, None]


def test_a_day_is_written_down_and_counted_without_naming_anybody(tmp_path: Path) -> None:
    """A whole day of a small shop, then its log is searched for everything that anybody typed."""
    town = make_town(tmp_path)
    log = tmp_path / "log"
    typed = {
        "sign up": f"{SECRET}.new@example.org", "password": f"{SECRET} and long", "wrong": f"{SECRET} wrong",
        "name": f"{SECRET} Vogel", "phone": "0151 70605040", "email": f"{SECRET}.zoe@example.org",
        "report": f"{SECRET} is bad", "nobody": f"{SECRET}@example.org", "query": f"{SECRET}-query",
    }  # fmt: skip
    more = {"VCARDAPP_LOG_FORMAT": "json", "VCARDAPP_PROXIES": "1", "VCARDAPP_METRICS_TOKEN": TOKEN, "TMPDIR": str(tmp_path)}
    tokens: list[str] = []
    with log.open("w") as output, start_server(tmp_path, "--workers", "2", output=output, **more) as server:
        def come() -> Visitor:
            return Visitor(server.url, **{"X-Forwarded-For": "198.51.100.77"})

        one = come()
        assert one.send("/register", email=typed["sign up"], password=typed["password"]) == 200
        assert one.sign_in(typed["nobody"], typed["wrong"]) == 422
        assert one.sign_in(OWNER, typed["wrong"]) == 422
        assert one.sign_in() == 200
        assert one.at == "/cards"
        buyer = come()
        assert buyer.order(town, name=typed["name"], phone=typed["phone"]) == 200
        tokens.append(buyer.at)
        guest = come()
        assert guest.book(town.first_time(), name=typed["name"], email=typed["email"]) == 200
        tokens.append(guest.at)
        assert guest.report(typed["report"]) == 200
        assert guest.send("/reset", email=OWNER) == 200
        link = done_here(server.env, "admin", "reset-link", OWNER).removeprefix(server.url)
        assert come().open(link)[0] == 200
        tokens.append(link)
        assert come().open(f"/{typed['query']}?q={typed['query']}")[0] == 404
        for _ in range(30):
            assert come().open("/privacy")[0] == 200
        told = [Visitor(server.url, **READER).open("/metrics")[1] for _ in range(2)]
        assert list(tmp_path.glob("vcardapp-figures-*/counter_*.db"))
        cookies = [cookie.value for visitor in (one, buyer, guest) for cookie in visitor.jar]
    text = log.read_text()
    lines = [line for line in text.splitlines() if line.startswith("{")]
    events = [json.loads(line) for line in lines]
    said = {(event["logger"], event["message"]) for event in events}
    assert {("vcardapp.requests", "answered"), ("vcardapp.sign_in", "signed in"), ("vcardapp.sign_in", "refused")} <= said
    places = {event["endpoint"] for event in events}
    assert places >= {"accounts.register", "public.place_order", "public.book_time", "public.report"}
    assert "Traceback" not in text
    assert next(event for event in events if event["message"] == "signed in")["account"]
    secret = [SECRET, urllib.parse.quote(SECRET), GOOD, OWNER, "@example.org", "70605040", "7060 5040", "198.51.100.77"]
    secret += [cookie for cookie in cookies if len(cookie) > 8] + [path.rpartition("/")[2] for path in tokens]
    secret += [(tmp_path / "secret").read_text()]
    assert len(secret) > 12
    for word in secret:
        assert word.lower() not in text.lower(), word
    for one_of_two_workers in told:
        _are_added_up(figures(one_of_two_workers))
        for word in [*secret, "alice", "Zoë", "Mara", "127.0.0.1"]:
            assert word.lower() not in one_of_two_workers.lower(), word
    assert not list(tmp_path.glob("vcardapp-figures-*"))


def _are_added_up(found: dict[str, float]) -> None:
    """Look whether a worker tells what all have done."""
    assert found["vcardapp_requests_total{endpoint=public.privacy,method=GET,status=2xx}"] == 30
    assert found["vcardapp_request_seconds_count{endpoint=public.privacy}"] == 30
    assert found["vcardapp_made_total{what=orders}"] == 1
    assert found["vcardapp_made_total{what=bookings}"] == 1
    assert found["vcardapp_sign_ins_total{result=failed}"] == 2
    assert found["vcardapp_sign_ins_total{result=made}"] in (1, 2)
    assert found["vcardapp_job_rounds_total{job=mail,result=well}"] >= 1
    assert found["vcardapp_memory_bytes"] > 60_000_000
    assert found["vcardapp_cpu_seconds_total"] > 0
    assert not [name for name in found if "pid=" in name]
