"""What a phone is told to put a card on its home screen: the manifest, and icons from photo, logo or initial."""

from __future__ import annotations

import io
import json
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests import factories
from tests.test_access import full_card
from vcardapp.accounts.models import User
from vcardapp.cards import app_icon, service
from vcardapp.cards.app_icon import Icon

PLAIN = Icon("A", "en", "#cb3408", "#ffffff", "", "")


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_the_manifest_names_the_card_its_start_and_its_icons(client: FlaskClient, alice: User) -> None:
    factories.published_card(alice, "山田", display_name="山田太郎")
    answer = client.get(f"/{quote('山田')}/manifest.webmanifest")
    said = json.loads(answer.data)
    assert answer.mimetype == "application/manifest+json"
    assert said["name"] == said["short_name"] == "山田太郎"
    assert said["start_url"] == said["scope"] == f"/{quote('山田')}"
    assert [(icon["sizes"], icon["purpose"]) for icon in said["icons"]] == [
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    ]  # fmt: skip
    for icon in said["icons"]:
        picture = client.get(icon["src"])
        assert "immutable" in picture.headers["Cache-Control"]
        assert "x".join(map(str, opened(picture.data).size)) == icon["sizes"]


def test_icons_change_their_names_with_the_card(client: FlaskClient, alice: User) -> None:
    service.publish_card(full_card(alice, "ada"), frozenset())
    factories.published_card(alice, "bob")
    photo, initial = (
        json.loads(client.get(f"/{slug}/manifest.webmanifest").data)["icons"][0]["src"] for slug in ("ada", "bob")
    )
    assert photo.split("-")[1] != initial.split("-")[1]
    assert opened(client.get(photo).data).getpixel((96, 96)) == pytest.approx((0, 128, 128), abs=4)
    old = client.get("/bob/icon-0123456789abcdef-180.png")
    assert old.headers["Cache-Control"] == "no-cache"
    assert opened(old.data).size == (180, 180)
    assert client.get("/bob/icon-0123456789abcdef-999.png").status_code == 404


@pytest.mark.parametrize("initial", ["A", "ع", "山", "ส", "W", ""])
def test_a_maskable_icon_keeps_what_matters_in_the_middle_circle(initial: str) -> None:
    icon = opened(app_icon.draw(Icon(initial, "", "#cb3408", "#ffffff", "", ""), "maskable", None, None))
    seen = [(x, y) for x in range(0, 512, 4) for y in range(0, 512, 4) if icon.getpixel((x, y)) != (203, 52, 8)]
    assert len(seen) > 200
    assert max((x - 256) ** 2 + (y - 256) ** 2 for x, y in seen) <= (0.4 * 512) ** 2


def test_a_logo_stands_whole_on_its_own_ground() -> None:
    file = io.BytesIO()
    logo = Image.new("RGB", (300, 100), "#204060")
    logo.paste("#ffcc00", (10, 10, 290, 90))
    logo.save(file, "PNG")
    icon = opened(app_icon.draw(PLAIN, "512", None, file.getvalue()))
    assert icon.getpixel((2, 2)) == icon.getpixel((510, 256)) == (0x20, 0x40, 0x60)
    assert icon.getpixel((256, 256)) == (0xFF, 0xCC, 0)
