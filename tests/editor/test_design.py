"""The look of a card in the editor: any input leaves a sound design, and whatever happens to the card happens to its look."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.editor.test_uploads import files, png
from vcardapp.accounts.models import User
from vcardapp.cards import pictures
from vcardapp.cards import service as cards
from vcardapp.cards.forms import card_form
from vcardapp.cards.models import Card, Picture
from vcardapp.db import db, now
from vcardapp.design.design import SECTIONS, Design
from vcardapp.editor import service
from vcardapp.store.form_rows import values_of

CHOSEN = Design(theme="salon", accent="#ffe000", background="#102030", gradient="#203040", angle=45, button="pill",
                order=("links", "contact", "about", "hours", "more"))  # fmt: skip


@pytest.fixture
def card(alice: User) -> Card:
    return factories.draft_card(alice)


@pytest.fixture
def browser(alice: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(alice)


def sent(card: Card, **over: str) -> dict[str, Any]:
    """Return the editor's form as a browser would send it, with some fields typed into."""
    form = values_of(card_form(card.draft, card.draft_slug)).to_dict()
    return {**form, "revision": str(card.revision), **{f"design-{name}": text for name, text in over.items()}}


def autosave(browser: FlaskClient, card: Card, **over: str) -> dict[str, Any]:
    answer = browser.post(f"/cards/{card.id}/draft", data=sent(card, **over))
    assert answer.status_code == 200
    db.session.refresh(card)
    found: dict[str, Any] = answer.get_json()
    return found


def dress(card: Card, design: Design = CHOSEN) -> Card:
    return service.save_draft(card, replace(card.draft, design=design), card.draft_slug, card.revision, reason="save")


def test_what_is_chosen_is_stored_and_looking_changes_nothing(card: Card, browser: FlaskClient) -> None:
    autosave(browser, card)
    assert card.revision == 1
    autosave(browser, card, theme="salon", accent="#FE0", background="102030", gradient="#20304080", angle="45", button="pill")
    assert card.draft.design == replace(CHOSEN, accent="#ffee00", order=())
    revision = card.revision
    autosave(browser, card)
    assert (card.revision, card.draft.design.order) == (revision, ())


def test_a_page_that_knows_nothing_of_design_changes_none(card: Card, browser: FlaskClient) -> None:
    dress(card)
    form = {name: text for name, text in sent(card).items() if not name.startswith("design")}
    assert browser.post(f"/cards/{card.id}/edit", data={**form, "title": "New"}).status_code == 302
    db.session.refresh(card)
    assert (card.draft.title, card.draft.design) == ("New", CHOSEN)


HOSTILE = ("nonsense", "<script>", "../../etc/passwd", "#12", "#ggg", "red;}", "#12345", "🎨", "٣٣٣٣٣٣", "\x00", "x" * 50_000)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_values_leave_the_design_as_it_was(card: Card, browser: FlaskClient, text: str) -> None:
    dress(card)
    names = ("theme", "accent", "background", "gradient", "text", "order-0")
    answer = autosave(browser, card, **dict.fromkeys(names, text))
    assert set(answer["errors"]) == ({f"design-{name}" for name in names[1:5]} if text != "\x00" else set())
    unknown: dict[str, Any] = {"accent": "", "background": "", "gradient": ""} if text == "\x00" else {}
    order = (*(key for key in CHOSEN.sections() if key != "links"), "links")  # it was the first
    assert card.draft.design == replace(CHOSEN, order=order, **unknown)
    shapes = autosave(browser, card, **dict.fromkeys(("header", "photo", "button", "type", "angle"), text))
    assert shapes["errors"] == {}
    assert (card.draft.design.button, card.draft.design.angle) == ("", 180)
    page = browser.post(f"/cards/{card.id}/edit", data=sent(card, accent=text))
    assert page.status_code == (302 if text == "\x00" else 422)
    assert "<script>" not in page.text.replace("<script type", "").replace("<script nonce", "")


def test_thousands_of_sections_are_those_that_there_are(card: Card, browser: FlaskClient) -> None:
    many = {f"order-{number}": SECTIONS[number % len(SECTIONS)] for number in range(2799, -1, -1)}
    autosave(browser, card, **many)
    assert sorted(card.draft.design.sections()) == sorted(SECTIONS)
    assert len(card.draft.design.order) <= len(SECTIONS)


def test_parts_move_by_a_button_without_script(card: Card, browser: FlaskClient) -> None:
    dress(card, Design(order=("contact", "links")))
    answer = browser.post(f"/cards/{card.id}/edit", data={**sent(card), "action": "down:design-order:0"})
    assert "open=design" in answer.location
    db.session.refresh(card)
    assert card.draft.design.order[:2] == ("links", "contact")
    page = browser.get(f"/cards/{card.id}/preview").text
    assert page.index("LinkedIn") < page.index("7946 0018")


def test_what_contrast_repair_did_is_said_after_saving_and_on_the_page(card: Card, browser: FlaskClient) -> None:
    answer = autosave(browser, card, background="#ffffff", text="#ffe000")
    said = answer["notes"]["design-text"]["said"]
    assert said[0] == "We darkened your yellow for text, so that it can be read on your background."
    assert answer["own_colours"]["design-accent"] == "#cb3408"
    page = browser.get(f"/cards/{card.id}/edit").text
    assert said[0] in page
    assert "design-text" not in autosave(browser, card, text="")["notes"]


def test_the_gallery_shows_the_same_card_in_other_themes(card: Card, browser: FlaskClient) -> None:
    dress(card, Design(theme="harbour", button="pill"))
    shown = browser.get(f"/cards/{card.id}/preview?theme=salon").text
    assert "t-salon" in shown
    assert "button-pill" in shown
    assert "Ada Lovelace" in shown
    for wrong in ("nonsense", "%00", "<b>", "x" * 500):
        assert browser.get(f"/cards/{card.id}/preview", query_string={"theme": wrong}).status_code == 200
    db.session.refresh(card)
    assert card.draft.design.theme == "harbour"


def test_publishing_shows_the_design_and_there_is_a_way_back_to_it(card: Card, browser: FlaskClient, alice: User) -> None:
    published = factories.published_card(alice, "ada", design=CHOSEN)
    autosave(browser, published, theme="harbour", accent="")
    assert published.live is not None
    assert published.live.design == CHOSEN
    browser.post(f"/cards/{published.id}/edit", data={**sent(published), "action": "design:published"})
    db.session.refresh(published)
    assert published.draft.design == CHOSEN
    browser.post(f"/cards/{published.id}/edit", data={**sent(published), "action": "design:plain"})
    db.session.refresh(published)
    assert published.draft.design == Design(theme="salon")
    assert "t-salon" in browser.get("/ada").text
    browser.post(f"/cards/{card.id}/edit", data={**sent(card), "action": "design:published"})  # it never was
    db.session.refresh(card)
    assert card.draft.design == Design()


def test_an_earlier_version_brings_its_design_back(card: Card, browser: FlaskClient) -> None:
    dress(card)
    dress(card, Design(theme="harbour"))
    number = next(version.number for version in service.versions_of(card) if version.content.design == CHOSEN)
    browser.post(f"/cards/{card.id}/versions/{number}")
    db.session.refresh(card)
    assert card.draft.design == CHOSEN


@pytest.mark.parametrize("sort", ["backdrop", "favicon"])
def test_pictures_of_the_design_belong_to_the_card(
    app: Flask, card: Card, browser: FlaskClient, alice: User, sort: str
) -> None:
    dress(card)
    sending = {"sort": sort, "file": (io.BytesIO(png(120, 200)), "a.png")}
    answer = browser.post(f"/cards/{card.id}/pictures", data=sending).get_json()
    db.session.refresh(card)
    shown = card.draft.picture(sort)
    assert shown in answer["url"]
    assert card.draft.design == replace(CHOSEN, **{sort: shown})  # type: ignore[arg-type]
    autosave(browser, card, accent="#00ff00")
    assert card.draft.picture(sort) == shown
    assert shown in browser.get(f"/cards/{card.id}/preview").text
    copy = cards.duplicate_card(factories.owner(alice), card, "Copy")
    assert copy.draft.design == replace(card.draft.design, **{sort: copy.draft.picture(sort)})  # type: ignore[arg-type]
    assert copy.draft.picture(sort) not in ("", shown)
    owned = pictures.find_picture_of(copy, copy.draft.picture(sort))
    assert owned is not None
    browser.post(f"/cards/{card.id}/edit", data={**sent(card), "action": f"forget:{sort}"})
    db.session.refresh(card)
    assert card.draft.picture(sort) == ""
    db.session.get_one(Picture, shown).created_at = now() - timedelta(days=2)
    for version in service.versions_of(card):
        db.session.delete(version)
    db.session.commit()
    cards.sweep()
    assert [pictures.find_picture(shown), pictures.find_picture(copy.draft.picture(sort))] == [None, owned]
    assert not [path for path in files(app) if shown in path]


def test_an_icon_is_cut_square_and_a_backdrop_keeps_its_shape(card: Card, browser: FlaskClient) -> None:
    icon = pictures.store_picture(card, "favicon", png(300, 120))
    backdrop = pictures.store_picture(card, "backdrop", png(300, 500))
    assert (icon.width, icon.height) == (120, 120)
    assert (backdrop.width, backdrop.height) == (300, 500)
    answer = browser.post(f"/cards/{card.id}/pictures/{icon.id}/crop", data={"size": "50", "x": "0", "y": "0"})
    assert "open=design" in answer.location
    db.session.refresh(card)
    cut = pictures.find_picture(card.draft.design.favicon)
    assert cut is not None
    assert cut.width == cut.height == 60


def test_nobody_shows_the_picture_of_another_card(card: Card, browser: FlaskClient, bob: User) -> None:
    his = factories.draft_card(bob)
    picture = pictures.store_picture(his, "backdrop", png())
    for sort in ("backdrop", "favicon"):
        sending = {"sort": sort, "picture": picture.id}
        assert browser.post(f"/cards/{card.id}/pictures", data=sending).status_code == 404
        autosave(browser, card, **{sort: picture.id})
        assert card.draft.picture(sort) == ""


def test_without_script_every_theme_is_a_radio_button_and_a_picture(card: Card, browser: FlaskClient) -> None:
    page = browser.get(f"/cards/{card.id}/edit").text
    assert "<noscript><iframe" not in page  # which would be sixteen cards more to draw
    assert re.search(r'<noscript><button[^>]* value="design:show">Show my card in every theme</button>', page)
    shown = browser.post(f"/cards/{card.id}/edit", data={**sent(card), "action": "design:show"}).location
    page = browser.get(shown.partition("#")[0]).text
    radios = re.findall(r'<input[^>]*name="design-theme"[^>]*value="([a-z]+)"', page)
    pictured = re.findall(r'<noscript><iframe src="[^"]*theme=([a-z]+)" loading="lazy"', page)
    assert radios == pictured
    assert len(radios) >= 12
    assert re.search(r'<input[^>]* checked [^>]*name="design-theme"[^>]*value="paper"', page)
