"""What people type is text wherever it shows, and never an address, a query, a template or a line of its own (ASVS V1)."""

from __future__ import annotations

import ast
import csv
import io
import json
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from huey.serializer import SignedSerializer

from tests import factories
from tests.cases import each
from tests.processes import free_port
from tests.security.marking import MARK, Alive, faults_of, mark
from tests.test_access import full_card
from tests.test_forms_hostile import Stage
from tests.test_mail import PostOffice, running
from vcardapp.accounts.models import User
from vcardapp.cards import service
from vcardapp.cards.content import Link, Website
from vcardapp.cards.uris import safe_url
from vcardapp.config import read_settings
from vcardapp.db import db
from vcardapp.jobs import signer_of
from vcardapp.mail import Mail, send_waiting
from vcardapp.markdown import to_html

SOURCE = Path(__file__).parents[2] / "vcardapp"
SCHEMES = {"", "http", "https", "mailto", "tel", "sms", "geo", "xmpp", "matrix", "facetime", "facetime-audio", "viber"}
HOSTILE_LINKS = (
    "javascript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "java\tscript:alert(1)", "JaVaScRiPt:alert(1)",
    "\x01javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)", "file:///etc/passwd",
    "ftp://example.org/", "blob:https://example.org/1", "view-source:https://example.org/", "//evil.example/x\r\nX: y",
    "https://good.example@evil.example/", "https://exa mple.org/", "intent://scan/#Intent;scheme=zxing;end", "weixin:pay",
)  # fmt: skip
ENDS = ("logout", "delete", "remove", "retire", "pause", "admin.", "cancel", "answer", "sign_in", "passkey", "second", "archive")
MARKDOWN = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "[a](JaVa&#83;cript:alert(1))",
    "[a](data:text/html,x)", "![a](https://evil.example/p.png)", "[a](//evil.example)", "<https://e.example/\" onload=a>",
    "[a](https://e.example 'x\" onclick=alert(1) y=\"')", "<svg/onload=alert(1)>", "<a href='vbscript:x'>", "`<b onclick=a>`",
    "<iframe srcdoc='<script>'>", "<style>*{display:none}</style>", "<math><mtext></p><style><img src onerror=alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]", "<!--\n--><script>", "&lt;script&gt;alert(1)", "<form action=//e><input>", "# <b id=x>",
)  # fmt: skip


@cache
def sources() -> list[tuple[Path, ast.AST]]:
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(SOURCE.rglob("*.py"))]


@pytest.fixture
def stage(make_app: Callable[..., Flask], sign_in_to: Callable[[Flask, User], FlaskClient]) -> Iterator[Stage]:
    app = make_app(smtp_url="smtp://127.0.0.1:9", mail_from="cards@example.org")
    with app.app_context():
        yield Stage(app, partial(sign_in_to, app))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # how text is drawn is no matter of the database
def test_a_mark_in_every_field_is_text_wherever_it_shows(stage: Stage) -> None:
    """ASVS 1.2.1 (1). Page, title, meta, alt, JSON-LD, mail, manifest, calendar, contact and tables."""
    stage.card = stage.public
    marked = sum(mark(stage, rule) for rule in stage.rules() if not any(word in rule.endpoint for word in ENDS))
    assert marked > 60
    db.session.expire_all()
    service.publish_card(stage.card, frozenset())
    stage.cookie = ""
    stage.come_back()
    faults, places, kinds, tables = [], set(), set(), []
    for rule in stage.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        try:
            path = stage.path(rule)
        except KeyError:  # a file, whose address no form learns
            continue
        answer = stage.owner.get(path)
        faults += [f"{path}: {fault}" for fault in faults_of(answer)]
        if answer.mimetype == "text/html":
            places |= Alive(answer.text).places
            blocks = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', answer.text, re.S)
            assert all(json.loads(block) for block in blocks)
        elif b"svg onload" in answer.data:
            kinds.add(answer.mimetype)
        if answer.mimetype == "text/csv":
            tables.append(answer.text)
    assert not faults, "\n".join(faults)
    assert places >= {"title", "meta", "bdi", "h1", "option", "textarea", "input value", "script", "button aria-label"}
    assert kinds >= {"text/csv", "text/vcard", "application/vcard+json", "application/manifest+json", "text/calendar"}
    assert all(cell[:1] not in tuple("=+-@\t\r") for table in tables for row in csv.reader(io.StringIO(table)) for cell in row)
    mails = list(db.session.scalars(sa.select(Mail).where(sa.or_(Mail.subject.contains(MARK), Mail.text.contains(MARK)))))
    assert mails, "mails are plain text: the mark stands in them as it is"


def test_a_mail_is_plain_text_or_escaped(make_app: Callable[..., Flask]) -> None:
    """ASVS 1.2.1, 1.3.7 (1, 2). What stands in a name is neither markup nor a template in the mail that arrives."""
    port, office = free_port(), PostOffice()
    name = f"Ada {MARK} {{{{ 77777 * 99991 }}}} {{% for a in b %}}"
    app = make_app(smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Cards <cards@example.org>")
    with app.app_context(), running(office, port):
        factories.published_card(factories.alice(), "ada", display_name=name)
        assert app.test_client().post("/ada/send", data={"email": "zoe@example.org"}).status_code == 200
        assert send_waiting() == 1
    [message] = office.messages
    assert "{{ 77777 * 99991 }}" in message.get_body(("plain",)).get_content() + str(message["Subject"])
    for part in message.walk():
        if part.get_content_type() == "text/html":
            assert not Alive(part.get_content()).faults
            assert "<svg" not in part.get_content()
    assert str(77777 * 99991) not in message.as_string()


def test_only_addresses_that_do_no_harm_stand_on_a_card(app: Flask, alice: User) -> None:
    """ASVS 1.2.2 (1). None of these is an address, and even in the database it is no link on the page."""
    assert [address for address in HOSTILE_LINKS if safe_url(address)] == []
    for number, address in enumerate(HOSTILE_LINKS):
        links = (Link("website", address), Link("mastodon", address), Link("paypal", address))
        card = factories.published_card(alice, f"ada{number}", websites=(Website(address),), links=links)
        page = app.test_client().get(f"/{card.slug}")
        assert page.status_code == 200
        for _, value in re.findall(r'(href|src|action)="([^"]*)"', page.text):
            clean = re.sub(r"[\t\r\n]", "", value.replace("&#34;", '"')).strip("\0\x01 ")
            assert urlsplit(clean).scheme.lower() in SCHEMES, (address, value)
            assert "evil.example" not in (urlsplit(clean).hostname or ""), (address, value)


def test_json_in_a_page_cannot_leave_its_element(app: Flask, alice: User) -> None:
    """ASVS 1.2.3 (1). `</script>`, `<!--`, and the line ends that old scripts stumble over."""
    name = "A</script><!--<script>&\u2028\u2029 Z"
    factories.published_card(alice, "ada", display_name=name, company=name, title=name)
    page = app.test_client().get("/ada").text
    [block] = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.S)
    assert not re.search("[<>&\u2028\u2029]", block)
    assert "<!--<script>&" in json.dumps(json.loads(block), ensure_ascii=False)


def test_no_query_is_made_of_strings() -> None:
    """ASVS 1.2.4 (1). The rules of ruff that look for it find nothing."""
    rules = "S102,S103,S105,S106,S107,S301,S302,S306,S307,S311,S323,S324,S501,S506,S602,S604,S605,S608,S609,S701,S704"
    command = [Path(sys.executable).with_name("ruff"), "check", "--isolated", "--select", rules, SOURCE]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # it takes less for a text than SQLite
def test_an_apostrophe_in_every_parameter_breaks_nothing(
    app: Flask, alice: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    """ASVS 1.2.4 (1). In every part of every address, and in everything a page reads from its query."""
    card = service.publish_card(full_card(alice, "ada"), frozenset())
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    names = set(re.findall(r"""request\.args(?:\.get(?:list)?\(|\[)\"(\w+)\"""", text)) | {"q", "sort", "state", "from", "to"}
    assert {"page", "next", "day", "size"} <= names
    owner, wrong = sign_in(alice), []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            plain = {"card_id": card.id, "slug": "ada", "number": 1, "size": "m", "form": "webp", "kind": "192"}
            path = rule.rule
            for name in rule.arguments:
                is_uuid = f"<uuid:{name}>" in rule.rule
                value = plain.get(name, "00000000-0000-4000-8000-000000000000" if is_uuid else "' OR '1'='1")
                path = re.sub(rf"<(?:[^<>]*:)?{name}>", str(value), path)
            for value in ("' OR '1'='1' --\\", "9" * 30):
                answer = owner.get(path, query_string=dict.fromkeys(names, value))
                if answer.status_code >= 500 and answer.status_code != 501:
                    wrong.append(f"{path} with {value}: {answer.status}")
    assert not wrong, "\n".join(wrong)


@each("text", MARKDOWN)
def test_markdown_gives_harmless_html(text: str) -> None:
    """ASVS 1.3.1 (1). Raw HTML, other schemes, pictures, and names of our own that scripts would find."""
    html = to_html(text)
    assert not Alive(html).faults
    assert not re.search(r"<(script|img|svg|iframe|style|form|input|math|object|embed|base|link|meta)\b", html, re.I)
    assert not re.search(r"<[^>]+\s(?:id|class|style|name|target|srcdoc)=", html)
    for address in re.findall(r'href="([^"]*)"', html):
        assert urlsplit(address).scheme in {"http", "https", "mailto", "tel"}, html


@pytest.mark.parametrize("value", ["red;}*{display:none", "url(//evil.example)", "#fff</style><script>", "expression(alert(1))"])
def test_nobody_brings_a_style_sheet(app: Flask, alice: User, sign_in: Callable[[User], FlaskClient], value: str) -> None:
    """ASVS 1.3.5 (2). Colours are read and written anew, everything else is chosen from a list."""
    card, owner = service.publish_card(full_card(alice, "ada"), frozenset()), sign_in(alice)
    names = ("accent", "background", "gradient", "text", "angle", "header", "photo", "button", "type", "theme", "order-0", "css")
    sent = {f"{before}{name}": value for name in names for before in ("", "design-")}
    owner.post(f"/cards/{card.id}/draft", data={"display_name": "Ada", "force": "1", **sent})
    db.session.refresh(card)
    service.publish_card(card, frozenset())
    for path in ("/ada", "/ada/embed", f"/cards/{card.id}/preview"):
        styles = "".join(re.findall(r"<style[^>]*>(.*?)</style>", owner.get(path).text, re.S))
        assert styles
        assert value not in styles
        assert "evil.example" not in styles
        assert "expression(" not in styles


def test_pictures_in_svg_are_refused_and_ours_hold_no_markup(
    app: Flask, alice: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    """ASVS 1.3.4 (2)."""
    drawn = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
    card, owner = service.publish_card(full_card(alice, "ada"), frozenset()), sign_in(alice)
    for name in ("a.svg", "a.png"):
        sent = {"sort": "photo", "file": (io.BytesIO(drawn), name, "image/svg+xml")}
        assert owner.post(f"/cards/{card.id}/pictures", data=sent).status_code == 422
        whole = owner.post("/media/files", data={"files": (io.BytesIO(drawn), name)}, headers={"Accept": "application/json"})
        assert whole.status_code in (303, 422)
        assert b"svg" not in whole.data.replace(b"a.svg", b"")
    sent = {"display_name": f"Ada {MARK}", "force": "1"}
    owner.post(f"/cards/{card.id}/draft", data=sent)
    db.session.refresh(card)
    service.publish_card(card, frozenset())
    for path in ("/ada/qr.svg", "/ada/qr-contact.svg", f"/u/{card.code}/qr.svg"):
        answer = owner.get(path)
        assert answer.mimetype == "image/svg+xml"
        assert not re.search(r"onload|<script|<foreignObject|href=", answer.text)


def test_no_template_is_made_of_text() -> None:
    """ASVS 1.3.7 (2). Templates are files; nothing renders a string."""
    forbidden = {"render_template_string", "from_string", "Template", "eval", "exec", "format_map", "__import__"}
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                assert name not in forbidden, f"{path.name}:{node.lineno} calls {name}"


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x85", "%0d%0a"])
def test_no_line_break_in_a_form_adds_a_header_or_a_recipient(make_app: Callable[..., Flask], break_: str) -> None:
    """ASVS 1.3.11 (2). By every public form that ends in a mail, to a real mail server."""
    port, office = free_port(), PostOffice()
    evil = f"{break_}Bcc: eve@example.org{break_}X-Evil: 1{break_}{break_}body"
    app = make_app(smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Cards <cards@example.org>")
    with app.app_context(), running(office, port):
        factories.published_card(factories.alice(), "ada", display_name=f"Ada{evil}", company=f"X{evil}")
        browser = app.test_client()
        assert browser.post("/ada/send", data={"email": "zoe@example.org"}).status_code == 200
        for email in (f"zoe@example.org{evil}", f"zoe{evil}@example.org", "zoe@example.org,eve@example.org"):
            browser.post("/ada/send", data={"email": email})
            browser.post("/reset", data={"email": email})
            browser.post("/register", data={"email": email, "password": "a lamp in the window"})
        send_waiting()
    assert office.received
    for message, envelope in zip(office.messages, office.received, strict=True):
        assert [one for one in envelope.rcpt_tos if "eve@" in one and "%0d" not in one] == []
        assert len(envelope.rcpt_tos) == 1
        assert "Bcc" not in message
        assert "X-Evil" not in message


def test_what_waits_to_be_done_is_signed_and_nothing_is_unpickled(tmp_path: Path) -> None:
    """ASVS 1.5.2 (2). Every queue has the serializer that refuses what it has not signed; what is to do stands in tables."""
    queues = 0
    for path, tree in sources():
        for node in ast.walk(tree):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {"pickle", "marshal", "shelve", "dill", "yaml", "jsonpickle"} & {one.split(".")[0] for one in names}, path
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("Huey"):
                queues += 1
                [given] = [word.value for word in node.keywords if word.arg == "serializer"]
                assert ast.unparse(given) == "signer", path
    assert queues
    signed = signer_of(read_settings({"VCARDAPP_DATA": str(tmp_path), "VCARDAPP_SECRET_KEY": "one"}))
    theirs = SignedSerializer(secret="another").serialize(print)
    assert signed.deserialize(signed.serialize(["id"])) == ["id"]
    for row in (pickle.dumps(print), theirs, signed.serialize(["id"])[:-1] + b"0"):
        with pytest.raises(ValueError, match=r"[Ss]eparator|mismatch"):
            signed.deserialize(row)
