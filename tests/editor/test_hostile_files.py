"""Contact files that are too much, broken or of another character set: said in words, and a draft never breaks."""

from __future__ import annotations

import base64
import gc
import io
import random
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.cards.models import Card
from vcardapp.cards.vcard_lines import MOST_BYTES
from vcardapp.db import db

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def vcf(*lines: str, name: str = "Ada") -> bytes:
    return "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", *lines, "END:VCARD", "")).encode()


@pytest.fixture
def card(alice: User) -> Card:
    return factories.draft_card(alice, display_name="Before")


@pytest.fixture
def browser(alice: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(alice)


def read(browser: FlaskClient, card: Card, data: bytes, **more: str) -> TestResponse:
    answer = browser.post(f"/cards/{card.id}/import", data={"file": (io.BytesIO(data), "a.vcf"), **more})
    if len(data) > 100_000:
        gc.collect()  # the test client leaves its own large requests open
    return answer


def take(browser: FlaskClient, card: Card, page: TestResponse) -> TestResponse:
    packed = page.text.split('name="packed" value="')[1].split('"')[0]
    return browser.post(f"/cards/{card.id}/import/take", data={"packed": packed})


def test_more_than_a_card_holds_is_left_out_and_said(browser: FlaskClient, card: Card) -> None:
    page = read(browser, card, vcf(*(f"TEL:+4930123{number:04}" for number in range(150))))
    assert page.text.count("at most 100") == 50
    assert take(browser, card, page).status_code == 302
    db.session.refresh(card)
    assert len(card.draft.phones) == 100
    assert browser.get(f"/cards/{card.id}/edit").status_code == 200


def test_more_text_than_a_card_holds_is_refused_in_words(browser: FlaskClient, card: Card) -> None:
    page = read(browser, card, vcf(*("NOTE:" + "x" * 15_000 for _ in range(20))))
    assert page.status_code == 200
    answer = take(browser, card, page)
    assert answer.status_code == 422
    assert "more text than a card can hold" in answer.text
    db.session.refresh(card)
    assert card.draft.display_name == "Before"


def test_contacts_that_could_not_be_read_are_named(browser: FlaskClient, card: Card) -> None:
    page = read(browser, card, vcf() + vcf(*("TEL:1",) * 600) + vcf(name="Grace"))
    assert "Contact 2 of the file" in page.text
    assert "more than 500 entries" in page.text
    assert "Grace" in page.text


def test_other_character_sets_are_offered_where_one_was_guessed(browser: FlaskClient, card: Card) -> None:
    data = vcf(name="Иван").decode().encode("windows-1251")
    guessed = read(browser, card, data)
    assert "Иван" not in guessed.text
    assert '<option value="windows-1251">' in guessed.text
    chosen = read(browser, card, data, charset="windows-1251")
    assert "Иван" in chosen.text
    assert '<option value="windows-1251" selected>' in chosen.text
    assert '<option value="windows-1251"' not in read(browser, card, vcf()).text
    for odd in ("zlib", "idna", "unicode_escape", "\0", "x" * 10_000):
        assert read(browser, card, data, charset=odd).status_code == 200


def test_a_file_that_is_too_large_is_refused(browser: FlaskClient, card: Card) -> None:
    answer = read(browser, card, b"x" * (MOST_BYTES + 1))
    assert answer.status_code == 422
    assert "larger than 5 MB" in answer.text


def test_what_is_packed_cannot_be_changed_or_made_up(browser: FlaskClient, card: Card) -> None:
    page = read(browser, card, vcf())
    packed = page.text.split('name="packed" value="')[1].split('"')[0]
    for wrong in ("", "x", packed[:-5] + ("a" if packed[-5] != "a" else "b") + packed[-4:], packed.split(".")[0], "e30.a.b"):
        answer = browser.post(f"/cards/{card.id}/import/take", data={"packed": wrong})
        assert answer.status_code == 422
    db.session.refresh(card)
    assert card.draft.display_name == "Before"


def test_a_large_photo_comes_through_and_a_broken_one_is_left_out(browser: FlaskClient, card: Card) -> None:
    file = io.BytesIO()
    noise = random.Random(1).randbytes(700 * 700 * 3)
    Image.frombytes("RGB", (700, 700), noise).save(file, "JPEG", quality=80)
    assert 300_000 < len(file.getvalue()) < 380_000
    for photo, there in ((file.getvalue(), True), (b"\xff\xd8\xff broken", False)):
        line = "PHOTO;ENCODING=b;TYPE=JPEG:" + base64.b64encode(photo).decode()
        assert take(browser, card, read(browser, card, vcf(line))).status_code == 302
        db.session.refresh(card)
        assert bool(card.draft.photo) == there


HOSTILE = (b"a\0b", b"\xe2\x80\xaegpj", b"{{7*7}}%(x)s", b"<svg onload=alert(1)>", b"\xed\xa0\xbd", b"=cmd|' /C calc'!A0")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_of_a_file_are_only_words(browser: FlaskClient, card: Card, name: bytes) -> None:
    page = read(browser, card, vcf("NOTE:Ada").replace(b"Ada", name))
    assert page.status_code == 200
    assert "<svg onload" not in page.text
    assert take(browser, card, page).status_code == 302
    for path in ("edit", "preview", "versions"):
        answer = browser.get(f"/cards/{card.id}/{path}")
        assert answer.status_code == 200
        assert "<svg onload" not in answer.text
