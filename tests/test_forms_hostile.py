"""Every form against missing, too long, wrong, hostile and double input: walks every POST address of the app.

A new address is covered from its first day; where it names something new, `Stage.values` has to learn it.
"""

from __future__ import annotations

import io
import threading
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import factories
from tests.accounts import owned as accounts
from tests.accounts.cast import GOOD, with_password
from tests.booking import owned as booking
from tests.cases import FULL
from tests.gallery import owned as albums
from tests.hostile import FEW, TYPED, VALUES, asked_by_name, bodies, encoded, forms_on
from tests.store.owned import named_by, order_of, token_of_new_order
from tests.test_access import domain_of, file_of, upload_of
from vcardapp.accounts import security
from vcardapp.accounts.models import Role, User
from vcardapp.cards import card_codes, pictures, service
from vcardapp.cards.models import Card, Report
from vcardapp.db import db, now
from vcardapp.editor.service import newest_version_number, save_draft
from vcardapp.mail import queue_mail

ON_BOTH = {"NUL", "too long", "not UTF-8", "huge number"}  # what databases differ about
HEAVY = {"a megabyte", "more than fits", "10,000 rows", "many parts"}
COSTLY = {"archive.export"}  # writes everything down, whatever is sent
NAME_IN_BODY = {"public.add_to_basket", "public.book_time", "public.move_appointment", "editor.start"}  # not there is a 404
KEEPS_DRAFTS = {"editor.save"}  # what is typed into a card is stored whatever its faults


Request = tuple[str, Callable[[], dict[str, Any]]]  # a name, and what makes it


def picture(size: int = 64) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (size, size), "teal").save(file, "PNG")
    return file.getvalue()


VCF = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nTEL:+442079460018\r\nEND:VCARD\r\n"


def is_owned(rule: Rule) -> bool:
    """True where a stranger is only asked to sign in."""
    return bool(rule.arguments & {"card_id", "domain_id", "file_id", "upload_id"}) or rule.endpoint.startswith("admin.")


class Stage:
    """Somebody with everything: cards, a picture, versions, mails, reports, links; an admin as well."""

    def __init__(self, app: Flask, browser_of: Callable[[User], FlaskClient]) -> None:
        self.app = app
        self.browser_of = browser_of
        self.number = 0
        self.person = with_password(factories.alice(roles=[Role(name="admin")], fs_uniquifier="alice"))
        self.person_id, self.password = self.person.id, self.person.password
        self.owner, self.cookie = browser_of(self.person), ""
        self.card = self.make_card()
        self.public = factories.published_card(self.person, "ada")
        self.badge = card_codes.add_code(self.public, "Badge", base_url="http://localhost").code
        self.mail = queue_mail("carol@example.org", "Subject", "Text")
        self.judged = factories.published_card(self.person, "judged")  # and taken down, on its way
        self.report = Report(card_id=self.judged.id, reason="spam")
        db.session.add(self.report)
        db.session.commit()
        order_of(self.public)  # it sells
        self.pages = self.fields()
        self.writes = Writes(db.engine)
        self.endpoints = sorted({rule.endpoint for rule in self.rules()})

    def make_card(self) -> Card:
        card = factories.draft_card(self.person, display_name="Before")
        square = io.BytesIO(picture())
        self.picture = pictures.store_picture(card, "photo", square.getvalue()).id
        return save_draft(card, factories.content(), "", card.revision, reason="save")

    def rules(self) -> list[Rule]:
        return [rule for rule in self.app.url_map.iter_rules() if "POST" in (rule.methods or ())]

    def tries(self, rule: Rule, who: str, place: int, name: str) -> bool:
        """True where an address gets this request: all of them in full rounds.

        Else by turns: of those that databases differ about a sixth, of the others a twelfth, of the heavy ones some; some as
        well from whom the form is not for: an owner at the public page, a stranger at the editor. Each goes to many addresses.
        """
        turn = self.endpoints.index(rule.endpoint) + place
        is_not_for = who == ("owner" if rule.endpoint.startswith("public.") else "stranger")
        if name in HEAVY or rule.endpoint in COSTLY or (is_not_for and not rule.endpoint.startswith("accounts.")):
            return FULL or turn % 24 == 0
        return FULL or turn % (6 if name in ON_BOTH else 12) == 0

    def token(self, endpoint: str) -> str:
        self.number += 1
        if endpoint.startswith("public."):
            return booking.token_for(endpoint, self.public) or token_of_new_order(self.public)
        carol = factories.user(f"carol{self.number}@example.org", confirmed_at=None)
        makers = {
            "accounts.reset_by_link": security.reset_token,
            "accounts.confirm": security.confirmation_token,
            "accounts.new_email_by_link": lambda user: security.new_email_token(user, f"new-{user.email}"),
            "accounts.prove_by_link": lambda _user: "none",  # only a browser's own counts
        }
        return str(makers[endpoint](carol))

    def somebody(self) -> uuid.UUID:
        self.number += 1
        return factories.user(f"carol{self.number}@example.org").id

    def values(self, rule: Rule, card: Card) -> dict[str, Any]:
        """Return what an address needs; the things are there."""
        known = {
            "card_id": lambda: self.public.id if "code" in rule.arguments else card.id,
            "code": lambda: self.badge,
            "picture_id": lambda: self.picture,
            "number": lambda: newest_version_number(card) or 1,
            "mail_id": lambda: self.mail.id,
            "report_id": lambda: self.report.id,
            "person_id": self.somebody,
            "shown_id": lambda: self.judged.id,
            "work_id": lambda: file_of(self.public).id,
            "slug": lambda: "ada",
            "domain_id": lambda: domain_of(self.public).id,
            "file_id": lambda: file_of(self.public).id,
            "upload_id": lambda: upload_of(self.public).id,
            "token": lambda: self.token(rule.endpoint),
            **named_by(self.public if "slug" in rule.arguments else card),
            **albums.named_by(self.public if "slug" in rule.arguments else card),
            **booking.named_by(self.public if "slug" in rule.arguments else card),
            **accounts.named_by(self.person_id),
        }
        return {name: known[name]() for name in rule.arguments}

    def path(self, rule: Rule, card: Card | None = None) -> str:
        card = card or self.card
        if rule.endpoint.endswith("delete"):
            self.set_deleted(card, rule.endpoint == "editor.undelete")
        with self.app.test_request_context():
            return str(rule.build(self.values(rule, card))[1])  # type: ignore[index]

    def set_deleted(self, card: Card, is_deleted: bool) -> None:
        moment = now() if is_deleted else None
        db.session.execute(sa.update(Card).where(Card.id == card.id).values(deleted_at=moment))
        db.session.commit()

    def actors(self, rule: Rule) -> Iterator[tuple[str, FlaskClient, Card]]:
        """Yield who may send this form: the owner, a stranger where no owned thing is named, a guest who publishes."""
        self.set_deleted(self.card, False)
        if not is_owned(rule):
            yield "stranger", self.app.test_client(), self.card
        if rule.endpoint == "editor.publish_as":
            yield "guest", *self.guest()
        if rule.endpoint == "accounts.delete":
            yield "leaver", self.browser_of(db.session.get_one(User, self.somebody())), self.card
        elif rule.endpoint != "accounts.logout":
            self.come_back()
            yield "owner", self.owner, self.card

    def come_back(self) -> None:
        """Sign the owner in again where a form has signed them out, or in as somebody else."""
        cookie = self.owner.get_cookie("session")
        if cookie is None or cookie.value != self.cookie:
            values = {"password": self.password, "fs_uniquifier": "alice"}
            db.session.execute(sa.update(User).where(User.id == self.person_id).values(values))
            db.session.commit()
            self.owner = self.browser_of(self.person)
            self.cookie = self.owner.get_cookie("session").value  # type: ignore[union-attr]

    def guest(self) -> tuple[FlaskClient, Card]:
        browser = self.app.test_client()
        path = browser.post("/new").location
        card = db.session.get_one(Card, uuid.UUID(path.split("/")[2]))
        browser.post(path.replace("/edit", "/draft"), data={"display_name": "Guest", "revision": "1"})
        return browser, card

    def fields(self) -> dict[str, dict[str, tuple[str, str]]]:
        """Return the fields of all forms by endpoint, as the pages show them."""
        adapter = self.app.url_map.bind("localhost")
        found: dict[str, dict[str, tuple[str, str]]] = {}
        for rule in self.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()):
                continue
            try:
                path = self.path(rule)
            except KeyError:  # the address of something that is only shown
                continue
            pages = [] if rule.endpoint.startswith("public.") and not FULL else [(self.owner, path)]  # the same for everybody
            pages += [] if is_owned(rule) else [(self.app.test_client(), path)]
            if rule.endpoint == "editor.publish":
                guest, card = self.guest()
                pages.append((guest, self.path(rule, card)))
            for browser, path in pages:
                for action, fields in forms_on(browser, path).items():
                    endpoint, _ = adapter.match(action, "POST")
                    found.setdefault(endpoint, {}).update(fields)
        return found

    def names(self, endpoint: str) -> list[str]:
        fields = dict(self.pages.get(endpoint) or {})
        if endpoint.startswith("editor."):  # script sends the whole form to other addresses of the editor, too
            fields |= self.pages["editor.save"] if endpoint == "editor.autosave" else {}
            fields |= dict.fromkeys(asked_by_name(), ("text", ""))
        return sorted(fields) or ["anything"]

    def right(self, endpoint: str) -> dict[str, Any]:
        """Return what a person would send."""
        self.number += 1
        good: dict[str, Any] = {
            "email": f"person{self.number}@example.org", "password": GOOD + "!", "present": GOOD, "reason": "spam",
            "start": "person", "title": "Fair", "sort": "photo", "paste": "+44 20 7946 0018", "revision": str(self.card.revision),
        }  # fmt: skip
        fields = {name: value for name, (sort, value) in (self.pages.get(endpoint) or {}).items() if sort != "file"}
        fields.pop("action", None)
        sent = {name: good.get(name) or fields.get(name, "") for name in self.names(endpoint) if "_file" not in name}
        sent.pop("homepage", None)
        if endpoint == "accounts.login":
            sent |= {"email": self.person.email, "password": GOOD}
        if endpoint == "editor.upload":
            sent["file"] = (io.BytesIO(picture()), "a.png")
        if endpoint == "editor.read_file":
            sent["file"] = (io.BytesIO(VCF), "a.vcf")
        if endpoint == "editor.take":
            page = self.owner.post(f"/cards/{self.card.id}/import", data=self.right("editor.read_file"))
            sent["packed"] = page.text.split('name="packed" value="')[1].split('"')[0]
        return sent


@pytest.fixture
def stage(make_app: Callable[..., Flask], sign_in_to: Callable[[Flask, User], FlaskClient]) -> Iterator[Stage]:
    app = make_app(smtp_url="smtp://127.0.0.1:9")
    with app.app_context():
        yield Stage(app, partial(sign_in_to, app))


class Writes:
    """What is written to a database, noted when it is committed."""

    def __init__(self, engine: sa.Engine) -> None:
        self.noted: list[str] = []
        sa.event.listen(engine, "before_cursor_execute", self.see)
        sa.event.listen(engine, "commit", self.note)
        sa.event.listen(engine, "rollback", lambda connection: connection.info.pop("written", None))

    def see(self, connection: sa.Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("SELECT", "PRAGMA")):
            connection.info.setdefault("written", []).append(statement[:60])

    def note(self, connection: sa.Connection) -> None:
        self.noted += connection.info.pop("written", [])


def send(browser: FlaskClient, path: str, **request: Any) -> TestResponse | str:
    """Return the answer, or what was raised: on a server it would be an error 500."""
    try:
        return browser.post(path, **request)
    except Exception as problem:
        return f"raised {type(problem).__name__}: {str(problem)[:200]}"


def fault(answer: TestResponse | str) -> str:
    """Return what is wrong with an answer to hostile input, whatever it says."""
    if isinstance(answer, str):
        return answer
    if answer.status_code >= 500:
        return answer.status
    text = answer.text if answer.mimetype == "text/html" else ""
    for sign in ("Traceback", "<svg onload", "<script>alert", 'href="javascript', 'href=" java', str(77777 * 99991)):
        if sign in text:
            return f"{answer.status} and {sign} in the page"
    if "Bcc" in answer.headers or any(cookie.startswith("c=") for cookie in answer.headers.getlist("Set-Cookie")):
        return "a header was injected"
    return ""


def probe(stage: Stage, rule: Rule, requests: Callable[[list[str]], Iterator[Request]]) -> list[str]:
    """Send these requests to an address and return what went wrong; whatever was refused has stored nothing."""
    faults = []
    for who, browser, card in stage.actors(rule):
        statuses: set[int] = set()
        for place, (name, request) in enumerate(requests(stage.names(rule.endpoint))):
            if not stage.tries(rule, who, place, name):
                continue
            path = stage.path(rule, card)
            if who == "stranger":
                browser = stage.app.test_client()
            elif who == "owner" and rule.endpoint.startswith("accounts."):
                stage.come_back()
                browser = stage.owner
            stage.writes.noted.clear()
            answer = send(browser, path, **request())
            statuses.add(getattr(answer, "status_code", 500))
            if wrong := fault(answer):
                faults.append(f"{rule.endpoint}, {who}, {name}: {wrong}")
            refused = isinstance(answer, TestResponse) and answer.status_code >= 400
            if refused and rule.endpoint not in KEEPS_DRAFTS and stage.writes.noted:
                faults.append(f"{rule.endpoint}, {who}, {name}: {answer.status}, yet {stage.writes.noted}")  # type: ignore[union-attr]
        if statuses and statuses <= {403, 404} and rule.endpoint not in NAME_IN_BODY:
            faults.append(f"{rule.endpoint}, {who}: never reached")
    return faults


def hostile_text(names: list[str]) -> Iterator[Request]:
    for name, value in VALUES.items():
        yield name, partial(encoded, [(field.encode(), value) for field in names])


def one_hostile_field(stage: Stage, endpoint: str, names: list[str]) -> Iterator[Request]:
    right = {name: text for name, text in stage.right(endpoint).items() if isinstance(text, str)}
    for field in names:
        for name in ("NUL", "too long"):
            fields = [(key.encode(), text.encode()) for key, text in right.items() if key != field]
            yield f"{name} in {field}", partial(encoded, [*fields, (field.encode(), VALUES[name])])


def probes(stage: Stage) -> list[str]:
    """Try hostile text, one hostile field among right ones, requests that no page sends."""
    faults = []
    for rule in stage.rules():

        def requests(names: list[str], rule: Rule = rule) -> Iterator[Request]:
            yield from hostile_text(names)
            if 0 < len(stage.pages.get(rule.endpoint, ())) <= FEW:
                yield from one_hostile_field(stage, rule.endpoint, names)
            yield from bodies(names)

        faults += probe(stage, rule, requests)
    return faults


def forgotten(stage: Stage) -> list[str]:
    """Return what was typed and does not stand in the form that comes back."""
    covered, lost = set(), []
    for rule in stage.rules():
        fields = stage.pages.get(rule.endpoint, {})
        typed = {name: f"kept {name}" for name, (sort, _) in fields.items() if sort in TYPED and name != "homepage"}
        hidden = {name: value for name, (sort, value) in fields.items() if sort == "hidden"}
        for _, browser, card in stage.actors(rule):
            answer = browser.post(stage.path(rule, card), data=hidden | typed) if typed else None
            if answer is not None and answer.status_code == 422:
                covered.add(rule.endpoint)
                lost += [f"{rule.endpoint}: {name}" for name, text in typed.items() if text[:10] not in answer.text]
    assert covered >= {"accounts.login", "accounts.register", "editor.publish_as", "editor.save", "public.report"}
    return lost


def show_hostile_cards(stage: Stage) -> None:
    """Whatever stands in every field: editor, preview, versions, page, code, contact, report, admin."""
    stage.card.draft = factories.content(display_name="x")
    db.session.commit()
    names = [name for name in stage.names("editor.autosave") if name not in ("country", "language", "time_zone", "slug")]
    for place, name in enumerate(("markup", "marks", "new lines", "script", "not UTF-8", "other digits")):
        fields = [(field.encode(), VALUES[name]) for field in names] + [(b"force", b"1")]
        assert stage.owner.post(f"/cards/{stage.card.id}/draft", **encoded(fields)).status_code == 200
        db.session.refresh(stage.card)
        service.publish_card(stage.card, frozenset())
        slug = stage.card.slug
        pages = ("edit", "preview", "versions", "versions/1", "published", "delete")
        own = [f"/cards/{stage.card.id}/{page}" for page in pages]
        shown = [f"/{slug}{page}" for page in ("", ".vcf", "/qr", "/qr.svg", "/report")]
        paths = (*own, *shown, "/cards", "/admin/reports")
        for path in paths if FULL else paths[place % 2 :: 2]:
            answer = stage.owner.get(path)
            assert answer.status_code == 200, path
            assert not fault(answer), path
            if path.endswith(".vcf"):
                assert answer.text.count("BEGIN:VCARD") == answer.text.count("END:VCARD") == 1
                assert "\nBcc:" not in answer.text


def at_once(app: Flask, browser: FlaskClient, path: str, sent: dict[str, Any]) -> list[TestResponse | str]:
    """Send the same from two copies of a browser at the same moment."""
    together, answers = threading.Barrier(2), []
    cookie = browser.get_cookie("session")

    def run() -> None:
        with app.app_context():
            copy = app.test_client()
            if cookie:
                copy.set_cookie("session", cookie.value)
            together.wait(20)
            answers.append(send(copy, path, data=fresh(sent)))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def fresh(sent: dict[str, Any]) -> dict[str, Any]:
    """Return the same fields with files that were not read yet."""
    return {
        name: (io.BytesIO(value[0].getvalue()), value[1]) if isinstance(value, tuple) else value
        for name, value in sent.items()
    }


def send_twice(stage: Stage) -> list[str]:
    """Both at once, and then once more: a double click, a second tap on a slow phone."""
    faults = []
    for rule in stage.rules():
        if not FULL and stage.endpoints.index(rule.endpoint) % 3 != (db.engine.dialect.name == "sqlite"):
            continue
        stage.cookie = ""  # the copies may have signed it out, or changed its password
        for who, browser, card in stage.actors(rule):
            path, sent = stage.path(rule, card), stage.right(rule.endpoint)
            answers = at_once(stage.app, browser, path, sent)
            faults += [] if len(answers) == 2 else [f"{rule.endpoint}, {who}: no answer"]
            answers.append(send(browser, path, data=fresh(sent)))
            faults += [f"{rule.endpoint}, {who}: {wrong}" for answer in answers if (wrong := fault(answer))]
    emails = list(db.session.scalars(sa.select(User.email)))
    assert len(emails) == len(set(emails))
    return faults


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # half a file stays open until it is collected
def test_every_form_stands_what_people_send(stage: Stage, subtests: pytest.Subtests) -> None:
    """One stage for all: to set it, every page is gone through for its forms."""
    with subtests.test("what was typed stands in the form that comes back"):
        assert not forgotten(stage)
    with subtests.test("hostile text on a card harms nobody"):
        show_hostile_cards(stage)
    with subtests.test("no form breaks"):
        faults = probes(stage)
        assert not faults, "\n".join(faults)
    with subtests.test("every form can be sent twice"):
        faults = send_twice(stage)
        assert not faults, "\n".join(faults)
