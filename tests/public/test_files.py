"""The files of a card: their headers, their bytes, and asking for them twice."""

from __future__ import annotations

import io
import re

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image

from tests import factories
from vcardapp import images
from vcardapp.accounts.models import User
from vcardapp.cards import pictures, service
from vcardapp.cards.content import Email, Link, Phone
from vcardapp.cards.models import Card
from vcardapp.db import db


def drawn_picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (900, 900), "teal").save(file, "PNG")
    return file.getvalue()


def test_the_contact_comes_as_phones_want_it(client: FlaskClient, ada: Card) -> None:
    answer = client.get("/ada.vcf")
    headers = answer.headers
    assert answer.status_code == 200
    assert headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert headers["Content-Disposition"] == "inline; filename=\"ada.vcf\"; filename*=UTF-8''Ada%20Lovelace.vcf"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Last-Modified"]
    assert "Set-Cookie" not in headers
    assert answer.data.startswith(b"BEGIN:VCARD\r\nVERSION:3.0\r\n")


def test_the_strict_contact_names_no_charset(client: FlaskClient, alice: User) -> None:
    factories.published_card(alice, display_name="Zoë")
    assert b"CHARSET" in client.get("/ada.vcf").data
    assert b"CHARSET" not in client.get("/ada.vcf?strict=1").data


@pytest.mark.parametrize("path", ["/ada.vcf", "/ada/qr.svg", "/ada/qr.png", "/ada/qr.png?size=64"])
def test_who_has_a_file_already_gets_it_not_again(client: FlaskClient, ada: Card, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    head = client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(first.data))


def test_a_changed_contact_has_another_tag(client: FlaskClient, ada: Card) -> None:
    first = client.get("/ada.vcf").headers["ETag"]
    ada.draft = factories.content(title="Countess")
    service.publish_card(ada, frozenset())
    assert client.get("/ada.vcf").headers["ETag"] != first


def test_the_picture_of_the_code_says_the_short_address_in_capitals(client: FlaskClient, ada: Card) -> None:
    answer = client.get("/ada/qr.png?size=300")
    picture = Image.open(io.BytesIO(answer.data))
    assert answer.headers["Content-Type"] == "image/png"
    assert picture.width <= 300
    assert zxingcpp.read_barcodes(picture)[0].text == f"HTTP://LOCALHOST/U/{ada.code}"


@pytest.mark.parametrize("size", ["63", "4097", "0", "-1", "x", "", "1e3", "99999999999999999999"])
def test_a_size_that_makes_no_sense_is_refused(client: FlaskClient, ada: Card, size: str) -> None:
    assert client.get(f"/ada/qr.png?size={size}").status_code == 400


@pytest.mark.parametrize("size", ["64", "4096"])
def test_the_smallest_and_the_largest_size_are_given(client: FlaskClient, ada: Card, size: str) -> None:
    assert client.get(f"/ada/qr.png?size={size}").status_code == 200


def test_the_drawing_of_the_code_is_svg(client: FlaskClient, ada: Card) -> None:
    answer = client.get("/ada/qr.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert answer.data.startswith(b"<svg ")


def test_pictures_are_kept_for_ever_and_can_do_nothing(client: FlaskClient, ada: Card) -> None:
    picture = pictures.store_picture(ada, "photo", drawn_picture())
    for size in "sml":
        answer = client.get(pictures.picture_url(picture.id, size))
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "image/webp"
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(("form", "kind"), [("avif", "image/avif"), ("jpg", "image/jpeg")])
def test_other_forms_of_a_picture_are_made_once(client: FlaskClient, ada: Card, form: str, kind: str) -> None:
    picture = pictures.store_picture(ada, "photo", drawn_picture())
    path = f"/media/{picture.id}/m.{form}"
    answer = client.get(path)
    assert answer.headers["Content-Type"] == kind
    assert images.size_of(answer.data) == images.size_of(client.get(f"/media/{picture.id}/m.webp").data)
    assert pictures.storage().open(f"{picture.id}/m.{form}") == answer.data == client.get(path).data


@pytest.mark.parametrize("name", ["original.webp", "original.jpg", "contact.jpg", "x.webp", "s.webp/..", "../s.webp"])
def test_only_public_sizes_are_served(client: FlaskClient, ada: Card, name: str) -> None:
    picture = pictures.store_picture(ada, "photo", drawn_picture())
    assert client.get(f"/media/{picture.id}/{name}").status_code in (308, 404)


@pytest.mark.parametrize("name", ["..", "%2e%2e", "a" * 31, "A" * 32, "secret"])
def test_only_pictures_are_served(client: FlaskClient, ada: Card, name: str) -> None:
    assert client.get(f"/media/{name}/s.webp").status_code == 404


def test_what_is_hidden_leaves_the_server_nowhere(client: FlaskClient, alice: User) -> None:
    card = factories.published_card(
        alice,
        phones=(Phone("+44 20 7946 0018", "work"), Phone("+44 7700 900123", "mobile", hidden=True)),
        emails=(Email("secret@example.org", hidden=True),),
        links=(Link("instagram", "secrethandle", hidden=True),),
        birthday="1815-12-10",
        note="secret note",
        about="secret about",
        pronouns="secretpronouns",
        company="SecretCo",
        hidden=("birthday", "note", "about", "company", "pronouns"),
    )
    for path in ("/ada", f"/u/{card.code}", "/ada.vcf", "/ada/qr", "/ada/report"):
        text = client.get(path).text
        assert not re.search(r"secret|900123|7700|1815", text, re.I), path


def test_reading_a_card_writes_nothing(client: FlaskClient, ada: Card) -> None:
    for path in ("/ada", f"/u/{ada.code}", "/ada.vcf", "/ada/qr", "/ada/qr.svg"):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers, path
        assert not db.session.dirty
