"""Business cards from the owner's side: what can be chosen, what the files hold, whom they are for."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from urllib.parse import unquote

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.test_access import full_card
from vcardapp.accounts.models import User
from vcardapp.cards import service
from vcardapp.cards.content import Phone
from vcardapp.cards.models import Card
from vcardapp.editor import print_views


@pytest.fixture
def card(alice: User) -> Card:
    return service.publish_card(full_card(alice, "ada"), frozenset())


@pytest.fixture
def owner(alice: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(alice)


def test_the_page_shows_both_sides_as_asked(owner: FlaskClient, card: Card) -> None:
    page = owner.get(f"/cards/{card.id}/print").text
    faces = [base64.b64decode(face).decode() for face in re.findall(r"data:image/svg\+xml;base64,([^\"]+)", page)]
    assert ['viewBox="0 0 85 55"' in face for face in faces] == [True, True]
    assert "<image" in faces[0]  # the photo
    page = owner.get(f"/cards/{card.id}/print?size=us&side=back&picture=&words=ar").text
    assert page.count("data:image/svg") == 1
    assert re.search(r"<input[^>]*checked[^>]*value=\"ar\"", page)


def test_nonsense_is_answered_with_what_fits(owner: FlaskClient, card: Card) -> None:
    query = "size=a4&side=inside&picture=cover&words=xx"
    assert owner.get(f"/cards/{card.id}/print?{query}").status_code == 200
    assert len(pypdfium2.PdfDocument(owner.get(f"/cards/{card.id}/print.pdf?{query}").data)) == 2


@pytest.mark.parametrize(
    ("query", "sides", "codes"), [("as=press", 2, 1), ("side=back", 1, 1), ("as=sheet&size=us", 2, 10)]
)
def test_files_lead_to_the_card(owner: FlaskClient, card: Card, query: str, sides: int, codes: int) -> None:
    answer = owner.get(f"/cards/{card.id}/print.pdf?{query}")
    assert answer.mimetype == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    document = pypdfium2.PdfDocument(answer.data)
    assert len(document) == sides
    found = zxingcpp.read_barcodes(document[sides - 1].render(scale=3).to_pil())
    assert [code.text for code in found] == [f"HTTP://LOCALHOST/U/{card.code}"] * codes


def test_what_is_hidden_is_not_printed(app: Flask, alice: User) -> None:
    phones = (Phone("+44 7700 900123", hidden=True), Phone("+44 7700 900124"))
    card = factories.published_card(alice, "eve", phones=phones)
    with app.test_request_context():
        made = print_views.printed(card, print_views.form_for(card), "m")
    assert [row.text for row in made.rows][:2] == ["+44 7700 900124", "ada@example.org"]
    assert made.address == "localhost/eve"


def test_a_card_that_was_never_published_has_no_code_to_print(owner: FlaskClient, alice: User) -> None:
    draft = factories.draft_card(alice)
    for path in ("print", "print.pdf"):
        answer = owner.get(f"/cards/{draft.id}/{path}")
        assert answer.status_code == 302
        assert unquote(answer.location).endswith(f"/cards/{draft.id}/codes")
