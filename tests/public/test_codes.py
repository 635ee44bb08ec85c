"""What stands behind printed codes: the card as met somewhere, a kind word where a code rests, and the codes as files."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
import time_machine
import vobject
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.cards import card_codes, code_files, events, service
from vcardapp.cards.models import Card, CardCode
from vcardapp.cards.qr_style import PRESETS, Frame, Initials, Style
from vcardapp.db import db, now

BASE = "http://localhost"
FORMS = ("svg", "png", "pdf")
NAVY = replace(PRESETS["navy"], zone=2)


@pytest.fixture
def badge(ada: Card) -> CardCode:
    """A second code of Ada's card."""
    return card_codes.add_code(ada, "Badge", base_url=BASE)


def read(png: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    return found.text


def addresses(code: CardCode) -> Iterator[str]:
    for folder in ("u", "U"):
        for name in (code.code, code.code.lower()):
            yield f"/{folder}/{name}"


def test_a_named_code_opens_the_card(client: FlaskClient, badge: CardCode) -> None:
    for address in addresses(badge):
        page = client.get(address)
        assert page.status_code == 200
        assert "Ada Lovelace" in page.text
        assert "Badge" not in page.text
    assert read(client.get(f"/u/{badge.code}/qr.png").data) == f"HTTP://LOCALHOST/U/{badge.code}"


def test_a_code_with_an_event_says_where_people_met(client: FlaskClient, ada: Card) -> None:
    event = events.add_event(ada, "Expo 26", "Berlin")
    code = card_codes.add_code(ada, "Stand", event=event, base_url=BASE)
    page = client.get(f"/u/{code.code}").text
    assert "Expo 26" in page
    assert 'href="/ada.vcf?e=expo-26"' in page
    assert "Expo 26" in client.get(f"/u/{code.code}/qr").text
    assert vobject.readOne(client.get("/ada.vcf?e=expo-26").text).note.value == "Met: Expo 26, Berlin"
    other = events.add_event(ada, "Another")
    assert 'href="/ada.vcf?e=another"' in client.get(f"/u/{code.code}?e={other.key}").text
    assert "Expo 26" in client.get(f"/u/{code.code}").text
    events.end_event(ada, "expo-26")
    assert 'href="/ada.vcf"' in client.get(f"/u/{code.code}").text
    events.resume_event(ada, "expo-26")
    assert "Expo 26" in client.get(f"/u/{code.code}").text
    events.remove_event(ada, "expo-26")
    db.session.refresh(code)
    assert code.event_id is None
    assert 'href="/ada.vcf"' in client.get(f"/u/{code.code}").text


def test_a_paused_code_says_so_kindly_and_comes_back(client: FlaskClient, ada: Card, badge: CardCode) -> None:
    card_codes.pause(badge)
    for address in addresses(badge):
        for path in (address, f"{address}/qr"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert "taking a break" in answer.text
            assert "Lovelace" not in answer.text
    for form in FORMS:
        assert client.get(f"/u/{badge.code}/qr.{form}").status_code == 404
    assert client.get("/ada").status_code == client.get(f"/u/{ada.code}").status_code == 200
    card_codes.resume(badge)
    assert client.get(f"/u/{badge.code}").status_code == 200


def test_a_retired_code_is_gone_with_a_kind_word(client: FlaskClient, badge: CardCode) -> None:
    card_codes.retire(badge)
    for address in addresses(badge):
        answer = client.get(address)
        assert answer.status_code == 410
        assert "no longer in use" in answer.text
        assert "Lovelace" not in answer.text
    for form in FORMS:
        assert client.get(f"/u/{badge.code}/qr.{form}").status_code == 410


def test_a_code_pointed_elsewhere_opens_the_other_card(
    client: FlaskClient, alice: User, ada: Card, badge: CardCode
) -> None:
    assert "Ada Lovelace" in client.get(f"/u/{badge.code}").text
    other = factories.published_card(alice, "shop", display_name="The Shop")
    card_codes.point_at(badge, other)
    assert "The Shop" in client.get(f"/u/{badge.code}").text
    assert "Ada Lovelace" in client.get(f"/u/{ada.code}").text


@pytest.mark.parametrize("form", FORMS)
def test_each_file_has_its_type_and_a_name_that_says_what_it_is(
    client: FlaskClient, ada: Card, badge: CardCode, form: str
) -> None:
    kinds = {"svg": (b"<svg ", ""), "png": (b"\x89PNG", "-1024"), "pdf": (b"%PDF", "-50mm")}
    start, size = kinds[form]
    named = {
        f"/ada/qr.{form}": f"ada-qr{size}.{form}",
        f"/u/{badge.code}/qr.{form}": f"ada-{badge.code.lower()}-qr{size}.{form}",
        f"/u/{badge.code}/qr.{form}?as=Badge": f"ada-badge-qr{size}.{form}",
        f"/ada/qr-contact.{form}": f"ada-contact-qr{size}.{form}",
    }
    for path, name in named.items():
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == code_files.TYPES[form]
        assert answer.data.startswith(start)
        assert f'inline; filename="{name}"' in answer.headers["Content-Disposition"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers


def test_names_of_any_script_are_names_of_files(client: FlaskClient, alice: User) -> None:
    factories.published_card(alice, "محمد")
    said = client.get(f"/{quote('محمد')}/qr.png?as={quote('متجر; ../x')}&size=512").headers["Content-Disposition"]
    wide = quote("محمد-متجر-x-qr-512.png")
    assert said == f"inline; filename=\"x-qr-512.png\"; filename*=UTF-8''{wide}"
    assert said.isascii()


@pytest.mark.parametrize(
    "path", ["/ada/qr.svg", "/ada/qr.png", "/ada/qr.pdf", "/ada/qr-contact.png", "/ada/qr.png?plain=1"]
)
@pytest.mark.parametrize("style", [Style(), NAVY], ids=["plain", "navy"])
def test_who_has_a_file_gets_it_not_again_and_nothing_is_drawn(
    client: FlaskClient, ada: Card, path: str, style: Style, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = own_code(ada)
    card_codes.restyle(own, style, base_url=BASE)
    first = client.get(path)
    assert first.status_code == 200
    assert first.headers["ETag"].startswith('"')
    assert client.get(path).headers["ETag"] == first.headers["ETag"]
    head = client.head(path)
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(first.data)))
    monkeypatch.setattr(code_files, "code_file", None)  # whoever draws now fails
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def own_code(card: Card) -> CardCode:
    return db.session.get_one(CardCode, card.code)


def test_the_chosen_style_is_drawn_and_the_plain_one_on_request(client: FlaskClient, ada: Card) -> None:
    plain = {form: client.get(f"/ada/qr.{form}") for form in FORMS}
    card_codes.restyle(own_code(ada), NAVY, base_url=BASE)
    for form in FORMS:
        styled, black = client.get(f"/ada/qr.{form}"), client.get(f"/ada/qr.{form}?plain=1")
        assert styled.data != plain[form].data
        assert styled.headers["ETag"] != plain[form].headers["ETag"]
        assert (black.data, black.headers["ETag"]) == (plain[form].data, plain[form].headers["ETag"])
    assert NAVY.dark in client.get("/ada/qr.svg").text
    assert NAVY.dark in client.get("/ada/qr").text
    assert read(client.get("/ada/qr.png").data) == f"HTTP://LOCALHOST/U/{ada.code}"


def test_addresses_with_the_right_version_are_kept_for_ever(client: FlaskClient, ada: Card, badge: CardCode) -> None:
    page = client.get("/ada/qr").text
    links = [
        part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:] if part.startswith("/ada/qr.")
    ]
    assert len(links) == 3
    for link in links:
        assert "immutable" in client.get(link).headers["Cache-Control"]
        assert client.get(link.replace("v=", "v=0")).headers["Cache-Control"] == "no-cache"
    card_codes.restyle(own_code(ada), NAVY, base_url=BASE)
    for link in links:
        assert client.get(link).headers["Cache-Control"] == "no-cache"


def test_a_style_that_no_longer_passes_is_drawn_as_the_nearest_that_does(client: FlaskClient, ada: Card) -> None:
    own = own_code(ada)
    pale = Style(dark="#ff9800", logo=Initials("AL", "#000000"), logo_side=0.31, frame=Frame("Scan me"))
    own.style, own.look = pale.to_dict(), "pale"  # as if it had passed for another host
    db.session.commit()
    assert read(client.get("/ada/qr.png").data) == f"HTTP://LOCALHOST/U/{ada.code}"
    assert "#ff9800" not in client.get("/ada/qr.svg").text


def test_a_style_that_cannot_be_read_any_more_is_plain(client: FlaskClient, ada: Card) -> None:
    own = own_code(ada)
    own.style, own.look = {"shape": "stars"}, "stars"
    db.session.commit()
    assert client.get("/ada/qr.svg").data == client.get("/ada/qr.svg?plain=1").data


@pytest.mark.parametrize("size", ["9", "501", "0", "-1", "x", "", "1e2", "5.5", "٥٠", "99999999999999999999"])
def test_a_pdf_of_a_size_that_makes_no_sense_is_refused(client: FlaskClient, ada: Card, size: str) -> None:
    assert client.get(f"/ada/qr.pdf?size={size}").status_code == 400


def test_the_contact_code_holds_the_contact(client: FlaskClient, ada: Card) -> None:
    text = read(client.get("/ada/qr-contact.png").data)
    contact = vobject.readOne(text)
    assert contact.fn.value == "Ada Lovelace"
    assert contact.url.value == f"{BASE}/u/{ada.code}"
    page = client.get("/ada/qr-contact")
    assert page.status_code == 200
    assert "further phone numbers" in page.text
    assert " mm wide" in page.text


def test_a_contact_too_long_for_a_code_says_so(client: FlaskClient, alice: User) -> None:
    factories.published_card(alice, "long", display_name="Z" * 199, given="Z" * 199)
    answer = client.get("/long/qr-contact")
    assert answer.status_code == 404
    assert "too long" in answer.text
    for form in FORMS:
        assert client.get(f"/long/qr-contact.{form}").status_code == 404


def test_the_page_to_hold_up_has_code_address_and_files(client: FlaskClient, ada: Card, badge: CardCode) -> None:
    for path, code in (("/ada/qr", str(ada.code)), (f"/u/{badge.code}/qr", badge.code)):
        page = client.get(path).text
        assert f"{BASE}/u/{code}" in page
        assert 'role="img"' in page
        assert all(f"/qr.{form}?" in page for form in FORMS)


def test_the_worker_of_that_page_may_stand_above_it(client: FlaskClient) -> None:
    answer = client.get("/hold-up-worker.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert client.get("/hold-up-worker.js", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_an_erased_card_forgets_names_styles_and_counts_of_its_codes(
    client: FlaskClient, alice: User, ada: Card, badge: CardCode
) -> None:
    card_codes.restyle(badge, NAVY, base_url=BASE)
    client.get(f"/u/{badge.code}")
    service.erase_cards_of(alice.id)
    db.session.expire_all()
    assert (badge.name, badge.style, badge.look, badge.scans, badge.event_id) == ("", {}, "", 0, None)
    assert client.get(f"/u/{badge.code}").status_code == 410


def test_one_visitor_draws_a_bounded_number_of_large_pictures(
    make_app: Callable[..., Flask], alice: User, ada: Card
) -> None:
    client = make_app(rate_limits=True).test_client()
    paths = ("/ada/qr.png?size=4096", f"/u/{ada.code}/qr.png?size=4096", "/ada/qr-contact.png?size=4096", "/ada/qr.pdf")
    with time_machine.travel(now(), tick=False):  # within one minute, however busy the machine
        answers = [client.get(paths[number % 4]).status_code for number in range(24)]
    assert answers.count(200) in range(16, 21)
    assert set(answers) == {200, 429}
    assert client.get("/ada/qr.svg").status_code == client.get("/ada/qr").status_code == 200
