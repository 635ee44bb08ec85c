"""Pictures sent by hand: whatever is refused is said in words, stores nothing, and loses nothing that was typed."""

from __future__ import annotations

import gc
import io
import math
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests import factories
from tests.cases import each
from tests.test_images import png_of_size
from vcardapp.accounts.models import User
from vcardapp.cards import pictures
from vcardapp.cards.models import Card, Picture
from vcardapp.db import db

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def png(width: int = 64, height: int = 64) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return file.getvalue()


BAD = {
    "nothing": (b"", "empty"),
    "a drawing": (SVG, "SVG"),
    "a drawing with a picture's name": (b"\xef\xbb\xbf <?xml version='1.0'?>" + SVG, "SVG"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "not a picture"),
    "a page that begins like a picture": (b"GIF89a/*<script>alert(1)</script>*/=1", "broken"),
    "a bomb": (png_of_size(30_000, 30_000), "40 megapixels"),
    "half a picture": (png()[:60], "broken"),
    "a dot": (png(1, 1), "too small"),
    "a strip": (png(2000, 40), "strip"),
    "16 MB": (b"\xff\xd8\xff" + b"\0" * 16_000_000, "15 MB"),
    "a program": (b"MZ" + b"\0" * 1000, "not a picture"),
    "an archive": (b"PK\x03\x04" + b"\0" * 1000, "not a picture"),
}


@pytest.fixture
def card(alice: User) -> Card:
    return factories.draft_card(alice, display_name="Before")


@pytest.fixture
def browser(alice: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(alice)


@pytest.fixture
def nothing_left_over() -> Iterator[None]:
    yield
    gc.collect()


def files(app: Flask) -> list[str]:
    return list(app.extensions["storage"].names())


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of the test's own large requests
@pytest.mark.usefixtures("nothing_left_over")
@each("name", BAD)
def test_a_refused_picture_is_said_in_words_and_loses_nothing(
    app: Flask, alice: User, browser: FlaskClient, name: str
) -> None:
    card = factories.draft_card(alice, display_name="Before")
    data, words = BAD[name]
    here, named = f"/cards/{card.id}", "../../\u202egpj.\"photo.svg"
    answer = browser.post(f"{here}/pictures", data={"sort": "photo", "file": (io.BytesIO(data), named)})
    assert answer.status_code == 422
    assert words in answer.get_json()["error"]
    sent = {"display_name": "Typed", "headline": "Kept", "revision": "1", "photo_file": (io.BytesIO(data), named)}
    page = browser.post(f"{here}/edit", data=sent)
    assert page.status_code == 422
    assert words in page.text
    assert 'value="Kept"' in page.text
    db.session.refresh(card)
    assert (card.draft.display_name, card.draft.photo) == ("Typed", "")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Picture)) == 0
    assert files(app) == []


def test_more_than_a_request_may_hold_is_refused_at_once(card: Card, browser: FlaskClient) -> None:
    answer = browser.post(
        f"/cards/{card.id}/pictures",
        input_stream=io.BytesIO(b"--x\r\n"),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": "20000001"},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("sort", pictures.SORTS)
def test_every_shape_can_be_cut_in_every_way(card: Card, browser: FlaskClient, sort: str) -> None:
    for size in ((64, 64), (800, 511), (97, 61), (61, 97)):  # full size of some was a hair more than the whole
        cut_in_every_way(card, browser, pictures.store_picture(card, sort, png(*size)))


def cut_in_every_way(card: Card, browser: FlaskClient, picture: Picture) -> None:
    for sent in ({"size": "100", "x": "100", "y": "100"}, {"size": "5", "x": "33.3", "y": "0"}, {"size": "99.99"}):
        answer = browser.post(f"/cards/{card.id}/pictures/{picture.id}/crop", data=sent, headers={"Accept": "application/json"})
        assert answer.status_code == 200, sent


NO_NUMBERS = ("nan", "sNaN", "inf", "-inf", "-1", "1e400", "101", "", "x", "９" * 400, "0x10", str(math.pi) * 200)


def test_numbers_that_cut_nothing_are_refused(card: Card, browser: FlaskClient) -> None:
    picture = pictures.store_picture(card, "photo", png())
    for number in NO_NUMBERS:
        for field in ("size", "x"):
            sent = {"size": "50", "x": "50", "y": "50", field: number}
            answer = browser.post(f"/cards/{card.id}/pictures/{picture.id}/crop", data=sent)
            assert answer.status_code == 422, (field, number)


def test_what_guests_may_store_together_is_bounded(make_app: Callable[..., Flask]) -> None:
    app = make_app(guest_bytes=1)
    with app.app_context():
        guest = app.test_client()
        here = guest.post("/new").location.removesuffix("/edit")
        sent = {"sort": "photo", "file": (io.BytesIO(png()), "a.png")}
        assert guest.post(f"{here}/pictures", data=sent).status_code == 200
        sent = {"sort": "logo", "file": (io.BytesIO(png()), "a.png")}
        answer = guest.post(f"{here}/pictures", data=sent)
        assert answer.status_code == 422
        assert "no room" in answer.get_json()["error"]


def test_what_guests_may_begin_together_is_bounded(make_app: Callable[..., Flask]) -> None:
    app = make_app(guest_drafts=2)
    with app.app_context():
        paths = [app.test_client().post("/new").location for _ in range(3)]
        assert [path.endswith("/edit") for path in paths] == [True, True, False]
        assert paths[2] == "/register"
