"""The owner's pages of codes: made, dressed with and without script, proven, taken along, pointed elsewhere, retired."""

from __future__ import annotations

import html
import io
import random
import re
from collections.abc import Callable
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests import factories
from tests.cases import FULL
from tests.hostile import VALUES, Forms
from vcardapp.accounts.models import User
from vcardapp.cards import card_codes, events, service
from vcardapp.cards.models import Card, CardCode
from vcardapp.cards.qr_style import PRESETS
from vcardapp.db import db
from vcardapp.images import canvas, to_png

BASE = "http://localhost"
YELLOW = "#ffd000"
HOSTILE = ("markup", "NUL", "not UTF-8", "huge number", "negative number", "no number", "other digits")
ONCE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing of it depends on the database


@pytest.fixture
def ada(alice: User) -> Card:
    return factories.published_card(alice)


@pytest.fixture
def badge(ada: Card) -> CardCode:
    return card_codes.add_code(ada, "Badge", base_url=BASE)


@pytest.fixture
def owner(alice: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(alice)


@pytest.fixture
def page(ada: Card, badge: CardCode) -> str:
    """The address of the designer."""
    return f"/cards/{ada.id}/codes/{badge.code}"


def fields(text: str, path: str) -> dict[str, str]:
    """Return what the designer's form would send."""
    return {name: value for name, (_sort, value) in Forms(text, path).found[path].items() if name != "picture"}


def send(owner: FlaskClient, page: str, action: str, **changes: Any) -> Any:
    return owner.post(page, data=fields(owner.get(page).text, page) | {"action": action} | changes)


def stored(badge: CardCode) -> dict[str, Any]:
    db.session.refresh(badge)
    return card_codes.style_of(badge).to_dict()


def read(png: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    return str(found.text)


def part(text: str, key: str) -> str:
    """Return one group of the designer's choices, as text."""
    return html.unescape(text.split(f'id="part-{key}"')[1].split("</fieldset>")[0])


def test_a_code_is_made_listed_and_opened(owner: FlaskClient, ada: Card) -> None:
    codes = f"/cards/{ada.id}/codes"
    assert f'href="{codes}"' in owner.get("/cards").text
    assert f'href="{codes}"' in owner.get(f"/cards/{ada.id}/published").text
    made = owner.post(codes, data={"name": " Shop\nwindow "})
    assert made.status_code == 303
    assert "Shop window" in owner.get(made.location).text
    listed = owner.get(codes).text
    assert "Shop window" in listed
    assert "The card’s own code" in listed
    assert f'href="{made.location}"' in listed
    assert listed.count("0 scans") == 2


@ONCE
@pytest.mark.parametrize(
    ("name", "word"), [("", "Please give it a name"), ("x" * 61, "between 1 and 60"), ("\u202e", "between 1 and 60")]
)
def test_a_name_that_is_none_is_said_beside_the_field(owner: FlaskClient, ada: Card, name: str, word: str) -> None:
    answer = owner.post(f"/cards/{ada.id}/codes", data={"name": name})
    assert answer.status_code == 422
    assert word in answer.text.split("field-error")[1]
    assert len(card_codes.codes_of(ada)) == 1


def test_a_full_card_says_so(owner: FlaskClient, ada: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_codes, "MOST_CODES", 1)
    answer = owner.post(f"/cards/{ada.id}/codes", data={"name": "Badge"})
    assert answer.status_code == 422
    assert "at most 200" in answer.text


def test_a_draft_says_when_its_codes_will_come(owner: FlaskClient, alice: User) -> None:
    card = factories.draft_card(alice)
    text = owner.get(f"/cards/{card.id}/codes").text
    assert "when the card is published" in text
    assert "Make the code" not in text
    assert owner.get(f"/cards/{card.id}/codes/contact").status_code == 302


def test_a_code_is_named_dressed_and_given_an_event_without_script(
    owner: FlaskClient, ada: Card, badge: CardCode, page: str
) -> None:
    event = events.add_event(ada, "Expo 26")
    shown = send(owner, page, "show", preset="navy", name="At the fair")
    assert shown.status_code == 200
    assert stored(badge) == stored(badge) | {"dark": "#000000"}
    assert "Save first" in shown.text
    assert fields(shown.text, page)["dark"] == PRESETS["navy"].dark
    assert fields(shown.text, page)["name"] == "At the fair"
    saved = owner.post(page, data=fields(shown.text, page) | {"action": "save", "event": event.key})
    assert saved.status_code == 303
    assert stored(badge)["dark"] == PRESETS["navy"].dark
    assert (badge.name, badge.event_id) == ("At the fair", event.id)
    again = owner.get(page).text
    assert re.search(r'checked[^>]*value="navy"', again)
    assert "At the fair" in again


@ONCE
@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_saved_as_its_tile_shows_it(owner: FlaskClient, badge: CardCode, page: str, preset: str) -> None:
    assert send(owner, page, "save", preset=preset).status_code == 303
    text = owner.get(page).text
    assert re.search(rf'checked[^>]*value="{preset}"', text)
    tile = re.search(rf'value="{preset}">.*?src="([^"]+)"', text)
    drawing = re.search(r'src="([^"]+)" alt="The code as it will be printed"', text)
    assert tile
    assert drawing
    assert tile[1] == drawing[1]
    assert read(owner.get(f"{page}/file?as=png&size=512").data) == f"HTTP://LOCALHOST/U/{badge.code}"


@ONCE
def test_a_choice_that_does_not_scan_is_answered_with_the_nearest_that_does(
    owner: FlaskClient, badge: CardCode, page: str
) -> None:
    shown = send(owner, page, "show", dark=YELLOW)
    assert shown.status_code == 200
    offer = part(shown.text, "colour")
    assert "This yellow is too light" in offer
    assert "The nearest code that scans" in offer
    assert "Use this code" in offer
    assert fields(shown.text, page)["dark"] == YELLOW
    refused = send(owner, page, "save", dark=YELLOW, name="Still here")
    assert refused.status_code == 422
    assert "Not saved yet" in refused.text
    assert fields(refused.text, page)["dark"] == YELLOW
    assert "Still here" in refused.text
    assert stored(badge)["dark"] == "#000000"
    assert badge.name == "Badge"
    taken = send(owner, page, "nearest", dark=YELLOW)
    found = fields(taken.text, page)
    assert found["dark"] not in (YELLOW, "#000000")
    assert owner.post(page, data=found | {"action": "save"}).status_code == 303
    assert stored(badge)["dark"] == found["dark"]


@ONCE
def test_the_proof_stands_on_the_page_in_words_and_figures(owner: FlaskClient, page: str) -> None:
    text = html.unescape(owner.get(page).text)
    assert re.search(r"Reads (1\.\d\d times as well|as well) as a plain code of your full address", text)
    assert re.search(r"Print it at least [\d.]+ mm wide; that size is read from about \d+ cm", text)
    assert re.search(r"clean, and in (\d) of \1 pictures", text)
    figures = text.split("The figures")[1]
    assert re.search(r"block by block</dt><dd[^>]*>0%<", figures)
    assert re.search(r"Version \d-[LMQH], \d\d modules wide", figures)


@ONCE
def test_script_is_answered_with_drawing_proof_and_nearest(owner: FlaskClient, badge: CardCode, page: str) -> None:
    typed = fields(owner.get(page).text, page)
    answer = owner.post(f"{page}/preview", data=typed | {"dark": YELLOW}).json
    assert answer["passes"] is False
    assert answer["drawing"].startswith("data:image/svg+xml;base64,")
    assert "Would read only" in answer["verdict"]
    assert "Use this code" in answer["notes"]["colour"]
    assert answer["fields"]["dark"] == YELLOW
    taken = owner.post(f"{page}/preview", data=typed | {"dark": YELLOW, "action": "nearest"}).json
    assert taken["passes"] is True
    assert taken["notes"] == {}
    assert taken["fields"]["dark"] not in (YELLOW, "#000000")
    preset = owner.post(f"{page}/preview", data=typed | {"preset": "navy"}).json
    assert preset["fields"]["dark"] == PRESETS["navy"].dark
    assert preset["fields"]["was"] == "navy"
    assert stored(badge)["dark"] == "#000000"


@ONCE
def test_a_picture_is_woven_in_with_and_without_script(owner: FlaskClient, badge: CardCode, page: str) -> None:
    picture = to_png(canvas(900, 700, "#cb3408"))
    typed = fields(owner.get(page).text, page) | {"zone": "2", "logo_side": "12"}
    drawn = owner.post(f"{page}/preview", data=typed | {"picture": (io.BytesIO(picture), "a.png")}).json
    assert drawn["fields"]["logo"] == "picture"
    with_script = typed | drawn["fields"] | {"action": "nearest"}
    shown = owner.post(page, data=with_script)
    found = fields(shown.text, page)
    assert found["logo_png"]
    saved = owner.post(page, data=found | {"action": "save"})
    assert saved.status_code == 303
    assert stored(badge)["logo"]["kind"] == "picture"
    with Image.open(io.BytesIO(card_codes.style_of(badge).logo.png)) as kept:  # type: ignore[union-attr]
        assert kept.format == "PNG"
        assert max(kept.size) <= 512
    assert read(owner.get(f"{page}/file?as=png").data) == f"HTTP://LOCALHOST/U/{badge.code}"


@ONCE
@pytest.mark.parametrize(
    ("data", "word"),
    [(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG drawing"), (b"\x89PNG\r\n\x1a\nnothing", "broken"),
     (b"GIF89a", "broken"), (b"hello", "not a picture"), (to_png(canvas(4, 4, "#000000")), "too small")],
)  # fmt: skip
def test_a_picture_that_is_none_is_said_beside_the_field(
    owner: FlaskClient, badge: CardCode, page: str, data: bytes, word: str
) -> None:
    typed = fields(owner.get(page).text, page)
    answer = owner.post(page, data=typed | {"action": "save", "picture": (io.BytesIO(data), "a.png")})
    assert answer.status_code == 422
    assert word in part(answer.text, "logo")
    assert stored(badge)["logo"] is None


@ONCE
def test_words_in_any_script_are_drawn_or_said_to_have_no_font(owner: FlaskClient, badge: CardCode, page: str) -> None:
    for words in ("Scan me", "امسحني", "扫描我", "สแกนฉัน", "मुझे स्कैन करें"):
        typed = fields(owner.get(page).text, page) | {"frame": "below", "frame_text": words, "zone": "2"}
        answer = owner.post(page, data=typed | {"action": "save"})
        if answer.status_code == 422:
            assert "no font for these letters" in part(answer.text, "frame")
        else:
            assert stored(badge)["frame"]["text"] == words
            assert read(owner.get(f"{page}/file?as=png").data) == f"HTTP://LOCALHOST/U/{badge.code}"


@ONCE
def test_nothing_hostile_is_drawn_or_stored(owner: FlaskClient, badge: CardCode, page: str) -> None:
    typed = fields(owner.get(page).text, page) | {
        "gradient": "linear", "logo": "initials", "initials": "AB", "frame": "below", "frame_text": "Scan me", "on": "other",
    }  # fmt: skip
    before, dice = stored(badge), random.Random(26)
    harmless = {"csrf_token", "was", "preset", "logo_png", "event", "name", "action"}
    for field in typed.keys() - harmless:
        for name in HOSTILE if FULL else dice.sample(HOSTILE, 2):
            value = VALUES[name].decode("utf-8", "replace")
            if field in ("initials", "frame_text") and name in ("negative number", "other digits", "no number"):
                continue  # these are words
            answer = owner.post(f"{page}/preview", data=typed | {field: value})
            assert answer.status_code == 200
            assert answer.json["passes"] is False or field == "page", (field, name)
            assert "<svg onload" not in answer.text
            assert owner.post(page, data=typed | {field: value, "action": "save"}).status_code in (422, 303)
    saved = stored(badge)
    assert saved == before or saved["page"] != before["page"]
    bomb = owner.post(f"{page}/preview", data=typed | {"logo": "picture", "logo_png": "A" * 280_001}).json
    assert bomb["passes"] is False


@ONCE
def test_what_the_designer_lets_through_decodes(owner: FlaskClient, badge: CardCode, page: str) -> None:
    """Any combination of choices, seed fixed: refused ones store nothing, saved ones are read back from the file."""
    dice = random.Random(26)
    plain, through = fields(owner.get(page).text, page), 0
    rounds = 60 if FULL else 12
    for _ in range(rounds):
        chosen = {
            "shape": dice.choice(["square", "soft", "dots", "bars"]),
            "eye_frame": dice.choice(["0", "0.25", "0.5"]),
            "eye_ball": dice.choice(["0", "0.5", "1"]),
            "dark": f"#{dice.randrange(0x60):02x}{dice.randrange(0x60):02x}{dice.randrange(0x90):02x}",
            "gradient": dice.choice(["", "", "linear", "radial"]),
            "to": f"#{dice.randrange(0x50):02x}{dice.randrange(0x50):02x}{dice.randrange(0x80):02x}",
            "angle": str(dice.randrange(360)),
            "light": dice.choice(["#ffffff", "#ffffff", "#fffaf0"]),
            "zone": dice.choice("234"),
            "logo": dice.choice(["", "initials"]),
            "initials": "AL",
            "logo_side": str(dice.randrange(10, 32)),
            "frame": dice.choice(["", "below", "above"]),
            "frame_text": "Scan me",
        }
        taken = fields(owner.post(page, data=plain | chosen | {"action": "nearest"}).text, page)
        assert owner.post(page, data=taken | {"action": "save"}).status_code == 303, chosen
        assert read(owner.get(f"{page}/file?as=png&size=700").data) == f"HTTP://LOCALHOST/U/{badge.code}", chosen
        through += owner.post(page, data=plain | chosen | {"action": "save"}).status_code == 303
    assert 0 < through < rounds


@ONCE
def test_previews_have_a_limit(make_app: Callable[..., Flask], sign_in_to: Callable[[Flask, User], FlaskClient]) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        alice = factories.alice()
        card = factories.published_card(alice)
        owner = sign_in_to(app, alice)
        path = f"/cards/{card.id}/codes/{card.code}/preview"
        answers = [owner.post(path, data={"shape": "none"}).status_code for _ in range(125)]
    assert answers.count(200) == 120
    assert answers[-1] == 429


@ONCE
@pytest.mark.parametrize(
    ("sort", "mimetype", "name"),
    [("svg", "image/svg+xml", "ada-badge-qr.svg"), ("png", "image/png", "ada-badge-qr-1024.png"),
     ("pdf", "application/pdf", "ada-badge-qr-50mm.pdf"), ("black", "application/pdf", "ada-badge-black-qr-50mm.pdf"),
     ("a4", "application/pdf", "ada-badge-a4-qr-35mm.pdf"), ("letter", "application/pdf", "ada-badge-letter-qr-35mm.pdf")],
)  # fmt: skip
def test_files_say_what_they_are(owner: FlaskClient, page: str, sort: str, mimetype: str, name: str) -> None:
    answer = owner.get(f"{page}/file?as={sort}")
    assert answer.status_code == 200
    assert answer.mimetype == mimetype
    assert f'filename="{name}"' in answer.headers["Content-Disposition"]
    assert answer.data.startswith({"image/png": b"\x89PNG", "application/pdf": b"%PDF-"}.get(mimetype, b"<svg "))
    known = owner.get(f"{page}/file?as={sort}", headers={"If-None-Match": answer.headers["ETag"]})
    assert known.status_code == 304


@ONCE
@pytest.mark.parametrize("asked", ["as=exe", "as=png&size=63", "as=png&size=4097", "as=png&size=²", "as=pdf&size=9999",
                                   "as=png&size=-1", "as=a4&size=4000", "as=", "as=%00"])  # fmt: skip
def test_files_that_there_are_not(owner: FlaskClient, page: str, asked: str) -> None:
    assert owner.get(f"{page}/file?{asked}").status_code == 400


def test_a_code_leads_to_another_card_of_the_same_owner_only(
    owner: FlaskClient, alice: User, bob: User, badge: CardCode, page: str, client: FlaskClient
) -> None:
    grace = factories.published_card(alice, "grace", display_name="Grace Hopper")
    theirs = factories.published_card(bob, "bob", display_name="Bob")
    choices = owner.get(f"{page}/move").text
    assert "Grace Hopper" in choices
    assert str(theirs.id) not in choices
    for wrong in (str(theirs.id), "", "nonsense"):
        assert owner.post(f"{page}/move", data={"card": wrong}).status_code == 422
    moved = owner.post(f"{page}/move", data={"card": str(grace.id)})
    assert moved.status_code == 303
    assert f"/cards/{grace.id}/codes/{badge.code}" in moved.location
    assert "Grace Hopper" in client.get(f"/u/{badge.code}").text
    assert owner.get(page).status_code == 404


def test_a_code_rests_works_again_and_is_retired_for_good(
    owner: FlaskClient, ada: Card, badge: CardCode, page: str, client: FlaskClient
) -> None:
    assert "You can use it again" in owner.get(f"{page}/pause").text
    owner.post(f"{page}/pause")
    assert client.get(f"/u/{badge.code}").status_code == 404
    assert "Paused for now" in owner.get(page).text
    owner.post(f"{page}/resume")
    assert client.get(f"/u/{badge.code}").status_code == 200
    assert "never given to anybody else" in owner.get(f"{page}/retire").text
    owner.post(f"{page}/retire")
    assert client.get(f"/u/{badge.code}").status_code == 410
    shown = owner.get(page).text
    assert "This code is retired" in shown
    assert 'id="designer"' not in shown
    for verb in ("", "/resume", "/own", "/pause"):
        assert owner.post(page + verb, data={"action": "save", "name": "Again"}).status_code == 303
    db.session.refresh(badge)
    assert badge.state == "retired"
    assert badge.name == "Badge"
    assert "Retired" in owner.get(f"/cards/{ada.id}/codes").text


def test_the_cards_own_code_changes_hands_but_never_rests(owner: FlaskClient, ada: Card, badge: CardCode, page: str) -> None:
    own = f"/cards/{ada.id}/codes/{ada.code}"
    former = ada.code
    for verb in ("pause", "retire"):
        assert owner.post(f"{own}/{verb}").status_code == 303
    assert "Retire it" not in owner.get(own).text
    assert {code.state for code in card_codes.codes_of(ada)} == {"in use"}
    owner.post(f"{page}/own")
    db.session.refresh(ada)
    assert ada.code == badge.code != former
    assert "Retire it" in owner.get(f"/cards/{ada.id}/codes/{former}").text


def test_the_own_code_needs_no_name(owner: FlaskClient, ada: Card) -> None:
    own = f"/cards/{ada.id}/codes/{ada.code}"
    assert send(owner, own, "save", preset="ink", name="").status_code == 303
    assert send(owner, own, "show").status_code == 200


@ONCE
def test_the_code_of_the_contact_says_what_it_holds_and_leaves_out(owner: FlaskClient, ada: Card) -> None:
    text = html.unescape(owner.get(f"/cards/{ada.id}/codes/contact").text)
    said = dict(re.findall(r"<dt>([^<]+)</dt><dd><bdi>([^<]+)</bdi>", text))
    assert said["Name"] == "Ada Lovelace"
    assert said["Phone"] == "+447700900123"
    assert said["The card"] == f"{BASE}/u/{ada.code}"
    left_out = text.split("What had no room")[1]
    assert "postal addresses" in left_out
    assert re.search(r"Print it at least [\d.]+ mm wide", text)
    assert "a plain code of the same contact" in text


@ONCE
def test_a_contact_that_fits_no_code_says_so(owner: FlaskClient, alice: User) -> None:
    card = factories.published_card(alice, "long", display_name="ע" * 90, given="ע" * 60, family="ע" * 60)
    assert "more than a code can hold" in owner.get(f"/cards/{card.id}/codes/contact").text


def test_codes_of_deleted_cards_are_nobodys(owner: FlaskClient, ada: Card, page: str) -> None:
    service.delete_card(ada)
    assert owner.get(page).status_code == 404
    assert owner.post(f"{page}/preview").status_code == 404
