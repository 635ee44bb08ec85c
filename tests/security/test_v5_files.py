"""Files that people send and take: how large, what they are whatever they say, and what they are called (ASVS V5)."""

from __future__ import annotations

import contextlib
import gc
import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.test_access import full_card
from tests.test_images import marked, png_of_size
from vcardapp.accounts.models import User
from vcardapp.cards import service
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.media import service as media

SignIn = Callable[[User], FlaskClient]
RFC_6266 = re.compile(r'(attachment|inline)(; filename="?[\w. -]+"?)?(; filename\*=UTF-8\'\'[\w.%!#$&+^`|~-]+)?')
NAME = '\u202ecod.a"; filename="evil.html"\r\nX-Evil: 1\r\n\r\n<script>../../etc/passwd\\\0 \u0627' + "ß" * 300


class Endless(io.RawIOBase):
    """A body that counts what is read of it."""

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.given += len(buffer)
        buffer[:] = b"x" * len(buffer)
        return len(buffer)


@pytest.fixture
def card(app: Flask, alice: User) -> Card:
    return service.publish_card(full_card(alice, "ada"), frozenset())


def upload(browser: FlaskClient, card: Card, data: bytes, name: str = "a.jpg", kind: str = "image/jpeg") -> Any:
    return browser.post(f"/cards/{card.id}/pictures", data={"sort": "photo", "file": (io.BytesIO(data), name, kind)})


def stored(app: Flask) -> dict[str, bytes]:
    """Return what lies in the folder of uploads, and what is kept elsewhere."""
    place, kept = Path(app.config["SETTINGS"].media), app.extensions["storage"]
    here = {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}
    return here | {name: kept.open(name) or b"" for name in kept.names()}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # half a file stays open until it is collected
def test_what_is_too_large_is_refused_before_it_is_read(card: Card, alice: User, client: FlaskClient, sign_in: SignIn) -> None:
    """ASVS 5.2.1 (1). By what the request claims, in how many parts, and in fields that are no files."""
    owner = sign_in(alice)
    for browser, path in ((owner, f"/cards/{card.id}/pictures"), (owner, f"/cards/{card.id}/import"), (client, "/login")):
        body = Endless()
        claim = {"CONTENT_LENGTH": "30000000", "wsgi.input": body}
        answer = browser.post(path, content_type="multipart/form-data; boundary=x", environ_overrides=claim)
        assert answer.status_code == 413, path
        assert body.given < 200_000, path
    part = b'--z\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    many = client.post("/login", data=part * 3001 + b"--z--\r\n", content_type="multipart/form-data; boundary=z")
    assert many.status_code == 413
    assert client.post("/login", data={"email": "x" * 2_000_001}).status_code == 413
    begin = time.process_time()
    assert client.post("/login", data=b"a&" * 900_000, content_type="application/x-www-form-urlencoded").status_code == 413
    assert time.process_time() - begin < 1
    big = b'--z\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"x" * 2_000_001 + b"\r\n--z--\r\n"
    assert client.post("/login", data=big, content_type="multipart/form-data; boundary=z").status_code == 413
    gc.collect()


def test_an_account_has_a_quota(make_app: Callable[..., Flask]) -> None:
    """ASVS 5.2.1 (1). However the bytes come: whole, in parts, or as many small files."""
    app = make_app(account_megabytes=1)
    with app.app_context():
        owner = factories.owner(factories.alice())
        files = [png_of_size(300 + number, 300) + bytes([number]) * 100_000 for number in range(12)]
        taken = 0
        with contextlib.suppress(media.AccountFull):
            for data in files:
                media.add_file(owner, io.BytesIO(data), "a.png")
                taken += 1
        assert 1 <= taken < len(files)
        assert media.room_of(owner).used <= 1_000_000


HTML = b"<!doctype html><script>alert(1)</script>"
POLYGLOTS: dict[str, tuple[bytes, bool]] = {  # what is sent, and whether a picture may come of it
    "HTML": (HTML, False),
    "GIF that is script": (b"GIF89a/*<svg/onload=alert(1)>*/=alert(1);", False),
    "PDF": (b"%PDF-1.7\n" + HTML, False),
    "EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n", False),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", False),
    "bomb": (b"", False),
    "picture and HTML": (b"", True),
    "picture and zip": (b"", True),
    "picture with scripts in its texts": (b"", True),
}


def polyglots() -> dict[str, tuple[bytes, bool]]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.html", HTML)
    made = {
        "bomb": png_of_size(30_000, 30_000), "picture and HTML": png_of_size(200, 200) + HTML,
        "picture and zip": png_of_size(200, 200) + archive.getvalue(), "picture with scripts in its texts": marked("JPEG"),
    }  # fmt: skip
    return {name: (made.get(name, data), may_come) for name, (data, may_come) in POLYGLOTS.items()}


def test_the_bytes_of_a_file_say_what_it_is(app: Flask, card: Card, alice: User, sign_in: SignIn) -> None:
    """ASVS 5.2.2, 5.2.3 (1, 2). No name, no type that a browser claims; nothing is kept as it came but its pixels."""
    owner = sign_in(alice)
    before = set(stored(app))
    for name, (data, may_come) in polyglots().items():
        begin = time.process_time()
        answer = upload(owner, card, data, "a.png", "image/png")
        assert answer.status_code == (200 if may_come else 422), name
        assert time.process_time() - begin < 5, name
    after = stored(app)
    assert len(after) > len(before)
    for path in set(after) - before:
        data = after[path]
        assert not any(sign in data for sign in (b"<script", b"MARKER", b"PK\x03\x04", b"<svg", b"index.html")), path
    assert upload(owner, card, png_of_size(200, 200), "a.jpg", "text/html").status_code == 200


def test_stored_names_are_drawn_by_lot(app: Flask, card: Card, alice: User, sign_in: SignIn) -> None:
    """ASVS 5.3.2 (1). Nothing of the name that was sent, and no counter, stands in a path or an address."""
    owner, before = sign_in(alice), set(stored(app))
    for name in ("../../evil.php", "..\\evil.php", "evil\0.php", "/etc/evil.php", "CON.evil.php", "\u202egpj.evil.php"):
        answer = upload(owner, card, png_of_size(200, 210), name)
        assert answer.status_code == 200, name
        assert re.search(r"/media/[0-9a-f]{32}/", answer.json["url"])
    made = set(stored(app)) - before
    assert made
    assert not any("evil" in path or ".." in path or ".php" in path for path in made)
    assert all(re.search(r"[0-9a-f]{32}", path) for path in made)


def test_names_of_downloads_are_names(app: Flask, card: Card, alice: User, sign_in: SignIn) -> None:
    """ASVS 5.4.1, 5.4.2 (2). RFC 6266 with quotes, line breaks, a turn of direction, a path and 300 letters in it."""
    owner = sign_in(alice)
    owner.post(f"/cards/{card.id}/draft", data={"display_name": NAME[:150], "company": NAME[:100], "force": "1"})
    db.session.refresh(card)
    service.publish_card(card, frozenset())
    asked = ["/ada.vcf", "/ada/qr.svg", "/ada/qr.png", "/ada/qr.pdf", f"/cards/{card.id}/print.pdf"]
    asked += [f"/cards/{card.id}/store/orders.csv", f"/cards/{card.id}/store/products.csv"]
    asked += [f"/cards/{card.id}/booking/appointments.csv", f"/cards/{card.id}/codes/{card.code}/file"]
    named = 0
    for path in asked:
        answer = owner.get(path)
        if answer.status_code != 200:
            continue
        assert "X-Evil" not in answer.headers, path
        said = answer.headers.get("Content-Disposition")
        if said is None:
            continue
        named += 1
        assert RFC_6266.fullmatch(said), said
        for wide in re.findall(r"filename\*=UTF-8''(\S+)", said):
            assert not re.search("[\"\r\n/\\\\\0\u202e<>]", unquote(wide)), said
        assert len(said) < 700, path
    assert named >= 5
