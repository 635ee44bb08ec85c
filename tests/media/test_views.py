"""Uploading by script and without it, and who gets what was made of a file: everybody while a card shows it, else its owner."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests import factories
from tests.dns_server import NameServer
from tests.domains.cast import verified, visit
from tests.media.makers import paper, picture, ready
from vcardapp.accounts.models import User
from vcardapp.cards import service as cards
from vcardapp.db import db
from vcardapp.media import addresses, service, work
from vcardapp.media.models import MediaFile
from vcardapp.storage import storage
from vcardapp.store.models import Service

DATA = picture(700, 500, "PNG")
SANDBOX = "sandbox; default-src 'none'"


@pytest.fixture
def browser(alice: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(alice)


def shown(person: User, file: MediaFile, slug: str = "ada") -> Service:
    """A published card that shows a file."""
    row = Service(card_id=factories.published_card(person, slug).id, name="Boats", position=0, file_id=file.id)
    row.price_kind, row.action = "on request", "none"
    db.session.add(row)
    db.session.commit()
    return row


def begin(browser: FlaskClient, data: bytes = DATA, **more: Any) -> Any:
    return browser.post("/media/uploads", data={"size": str(len(data)), "name": "boat.png", **more})


def send(browser: FlaskClient, url: str, offset: int, data: bytes) -> Any:
    return browser.patch(url, data=data, headers={"Upload-Offset": str(offset)}, content_type="application/octet-stream")


def test_a_script_sends_parts_and_asks_how_far_it_is(app: Flask, browser: FlaskClient, alice: User) -> None:
    begun = begin(browser)
    assert begun.status_code == 201
    assert begun.json["offset"] == 0
    url = begun.json["url"]
    assert send(browser, url, 0, DATA[:900]).json == {"offset": 900, "size": len(DATA), "file": None}
    wrong = send(browser, url, 400, DATA[400:])
    assert (wrong.status_code, wrong.json) == (409, {"offset": 900})
    assert browser.get(url).json["offset"] == 900
    done = send(browser, url, 900, DATA[900:]).json["file"]
    assert (done["state"], done["urls"], done["name"]) == ("waiting", {}, "boat.png")
    assert browser.get(url).json["file"] == done
    work.work_on_waiting()
    answer = browser.get("/media/files/status", query_string={"id": [done["id"], "x", "0" * 32, "\0"]}).json
    assert [file["state"] for file in answer["files"]] == ["ready"]
    assert list(answer["files"][0]["urls"]) == ["320", "640", "700"]
    assert answer["files"][0]["placeholder"].startswith("data:image/webp")
    assert answer["room"]["used"] == answer["files"][0]["bytes"]
    assert browser.get(answer["files"][0]["urls"]["320"]).status_code == 200
    again = begin(browser, sha256=hashlib.sha256(DATA).hexdigest())
    assert (again.status_code, again.json["file"]["id"]) == (200, done["id"])


def test_an_upload_is_cancelled(app: Flask, browser: FlaskClient) -> None:
    url = begin(browser).json["url"]
    send(browser, url, 0, DATA[:900])
    assert browser.delete(url).status_code == 204
    assert browser.get(url).status_code == 404
    assert list(storage().names()) == []


@pytest.mark.parametrize(
    "more", [*({"size": size} for size in ("", "-1", "0", "1e9", "999999999999", "²")), {"wanted": "x"}]
)
def test_what_makes_no_sense_is_said(app: Flask, browser: FlaskClient, more: dict[str, str]) -> None:
    answer = begin(browser, **more)
    assert answer.status_code == 422
    assert answer.json["error"].endswith(".")


def test_faults_are_told_in_sentences(app: Flask, browser: FlaskClient, alice: User) -> None:
    url = begin(browser, b"x" * 500).json["url"]
    refused = send(browser, url, 0, b"x" * 500)
    assert refused.status_code == 422
    assert "neither a picture nor a PDF" in refused.json["error"]
    url = begin(browser).json["url"]
    assert send(browser, url, 0, b"").status_code == 200
    assert browser.patch(url, data=DATA).status_code == 400
    assert send(browser, url, 0, bytes(8_000_001)).status_code == 413
    room = service.room_of(factories.owner(alice))
    db.session.add(MediaFile(owner_id=alice.id, sha256="0" * 64, kind="picture", bytes=room.left))
    db.session.commit()
    full = begin(browser)
    assert full.status_code == 409
    assert "no room left" in full.json["error"]


def test_scripts_without_a_token_change_nothing(
    make_app: Callable[..., Flask], sign_in_to: Callable[[Flask, User], FlaskClient]
) -> None:
    app = make_app()
    with app.app_context():
        browser = sign_in_to(app, factories.alice())
        app.config["WTF_CSRF_ENABLED"] = True
        token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/media/files").text)[0]
        headers = {"X-CSRFToken": token}
        assert begin(browser).status_code == 400
        begun = browser.post("/media/uploads", data={"size": str(len(DATA)), "name": "a"}, headers=headers)
        url = begun.json["url"]
        assert send(browser, url, 0, DATA).status_code == 400
        assert browser.delete(url).status_code == 400
        sent = browser.patch(url, data=DATA, headers={**headers, "Upload-Offset": "0"})
        assert sent.json["file"]["state"] == "waiting"
        assert browser.delete(url, headers=headers).status_code == 204


def test_without_script_files_come_in_whole_and_their_page_tells_how_far_they_are(
    app: Flask, browser: FlaskClient, alice: User
) -> None:
    assert "Nothing here yet" in browser.get("/media/files").text
    sent = [(io.BytesIO(DATA), "boat.png"), (io.BytesIO(paper()), "menu.pdf"), (io.BytesIO(b"hello"), "note.txt")]
    assert browser.post("/media/files", data={"file": sent}).location == "/media/files"
    answer = browser.get("/media/files")
    assert "note.txt: This file is neither a picture nor a PDF" in answer.text
    assert answer.text.count("In work") == 2
    files = {file.name: file for file in service.files_of(factories.owner(alice))}
    assert "Its sizes are being made" in browser.get(f"/media/files/{files['menu.pdf'].id}").text
    work.work_on_waiting()
    listed = browser.get("/media/files").text
    assert "2 pages" in listed
    assert "500.0 MB used" in listed
    page = browser.get(f"/media/files/{files['boat.png'].id}").text
    assert "700 × 500" in page
    for address in re.findall(r'(?:src|srcset|href)="(/media/[0-9a-f]{32}/[^" ]+)', page):
        assert browser.get(address).status_code == 200, address
    as_json = browser.get(f"/media/files/{files['menu.pdf'].id}", headers={"Accept": "application/json"})
    assert as_json.json["pages"] == 2


def test_a_form_may_bring_more_than_others_from_people_who_are_signed_in(
    app: Flask, browser: FlaskClient, client: FlaskClient, alice: User
) -> None:
    large = DATA + bytes(21_000_000)  # what lies behind the end of a picture does not harm it
    boundary, body = encode_multipart(
        {"file": [FileStorage(io.BytesIO(large), "a.png"), FileStorage(io.BytesIO(picture()), "b.jpg")]}
    )
    kind = f"multipart/form-data; boundary={boundary}"  # the client itself would leave a file open
    assert browser.post("/media/files", data=body, content_type=kind).status_code == 303
    assert sorted(file.name for file in service.files_of(factories.owner(alice))) == ["a.png", "b.jpg"]
    assert client.post("/media/files", data=body, content_type=kind).location.startswith("/login")
    assert browser.post("/domains", data=body, content_type=kind).status_code == 413


def test_a_file_is_seen_while_a_public_card_shows_it_and_else_by_its_owner(
    app: Flask, browser: FlaskClient, client: FlaskClient, alice: User, bob: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    file = ready(alice)
    url = addresses.url_of(file, 320)
    bobs = sign_in(bob)

    def seen() -> list[int]:
        return [visitor.get(url).status_code for visitor in (client, bobs, browser)]

    assert seen() == [404, 404, 200]
    assert "private" in browser.get(url).headers["Cache-Control"]
    row = shown(alice, file)
    card = cards.find_card(factories.owner(alice), row.card_id)
    assert card
    assert seen() == [200, 200, 200]
    cards.pause_card(card)
    assert seen() == [404, 404, 200]
    cards.resume_card(card)
    row.hidden = True
    db.session.commit()
    assert seen() == [404, 404, 200]
    row.hidden = False
    db.session.commit()
    cards.delete_card(card)
    assert seen() == [404, 404, 200]


def test_what_is_public_is_kept_for_ever_guarded_and_has_no_cookie(
    app: Flask, client: FlaskClient, browser: FlaskClient, alice: User
) -> None:
    file = ready(alice)
    shown(alice, file)
    for form, kind in addresses.FORMS.items():
        for visitor in (client, browser):
            answer = visitor.get(addresses.url_of(file, 400, form))
            assert answer.content_type == kind
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.headers["Content-Security-Policy"].startswith(SANDBOX)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Accept-Ranges"] == "bytes"
            assert not {"Set-Cookie", "Vary"} & set(answer.headers.keys())
            again = visitor.get(addresses.url_of(file, 400, form), headers={"If-None-Match": answer.headers["ETag"]})
            assert (again.status_code, again.data) == (304, b"")


def test_a_part_is_given_to_who_asks_for_one(app: Flask, client: FlaskClient, alice: User) -> None:
    file = ready(alice, paper(), "menu.pdf")
    shown(alice, file)
    for wanted, status, part in (
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=0-999999", 206, slice(0, None)),
        ("bytes=-9999999", 200, slice(0, None)),
        ("bytes=9999999-", 416, None),
        ("bytes=5-1", 200, slice(0, None)),
        ("lines=1-2", 200, slice(0, None)),
        ("bytes=0-1,4-5", 200, slice(0, None)),
    ):
        answer = client.get(addresses.paper_url(file), headers={"Range": wanted})
        assert answer.status_code == status, wanted
        if part is None:
            assert answer.headers["Content-Range"] == f"bytes */{len(paper())}"
            continue
        assert answer.data == paper()[part], wanted
        assert answer.headers["Content-Length"] == str(len(answer.data))
        if status == 206:
            first, _, last = part.indices(len(paper()))[0], 0, len(answer.data)
            assert answer.headers["Content-Range"] == f"bytes {first}-{first + last - 1}/{len(paper())}"


@pytest.mark.parametrize("path", [f"/media/{'%00' * 32}/x/320.jpg", "/media/files/%00", "/media/uploads/%00", "/ada/book/%00"])
def test_names_that_no_database_takes_are_nobodys(browser: FlaskClient, alice: User, path: str) -> None:
    factories.published_card(alice)
    assert browser.get(path).status_code == 404


def test_a_paper_is_an_attachment_in_a_sandbox(app: Flask, client: FlaskClient, alice: User) -> None:
    file = ready(alice, paper(), 'Menü "heute"\u202e\r\n.pdf')
    shown(alice, file)
    answer = client.get(addresses.paper_url(file))
    assert (answer.status_code, answer.content_type, answer.data) == (200, "application/pdf", paper())
    assert answer.headers["Content-Security-Policy"].startswith(SANDBOX)
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=\"paper.pdf\"; filename*=UTF-8''Men%C3%BC")
    assert "\u202e" not in disposition
    assert "E2%80%AE" not in disposition
    assert client.get(addresses.paper_url(file), method="HEAD").headers["Content-Length"] == str(len(paper()))


def test_nothing_else_of_a_file_is_served(app: Flask, browser: FlaskClient, alice: User) -> None:
    file = ready(alice)
    names = ("320.png", "321.webp", "0320.webp", "upload", "animation.webp", "paper.pdf", "..", "320.webp.jpg", "²20.webp")
    for name in names:
        assert browser.get(f"/media/{file.id}/{file.mark}/{name}").status_code == 404, name
    assert browser.get(f"/media/{file.id}/{'0' * 16}/320.webp").status_code == 404
    assert browser.get(f"/media/{file.id.upper()}/{file.mark}/320.webp").status_code == 404


def test_at_somebodys_domain_only_their_cards_files_are_seen(
    app: Flask, name_server: NameServer, alice: User, bob: User
) -> None:
    hers, his = ready(alice), ready(bob, picture(400, 301))
    shown(alice, hers)
    shown(bob, his, "bob")
    verified(name_server, alice)
    assert visit(app, addresses.url_of(hers, 320)).status_code == 200
    assert visit(app, addresses.url_of(his, 320)).status_code == 404
    assert visit(app, addresses.url_of(his, 320), "localhost").status_code == 200
    db.session.execute(sa.delete(Service))
    db.session.commit()
    assert visit(app, addresses.url_of(hers, 320)).status_code == 404
