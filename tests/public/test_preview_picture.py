"""The picture for link previews: where the page says it is, what is on it, with fonts and without."""

from __future__ import annotations

import dataclasses
import functools
import io
import re

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests import factories
from tests.made_fonts import make_font
from vcardapp import fonts
from vcardapp.cards import pictures, preview, service
from vcardapp.cards.preview import Pictures, Preview
from vcardapp.editor.service import put_picture
from vcardapp.public.preview_picture import preview_of

PAPER, INK, RED, GREEN = (245, 241, 232), (26, 23, 20), (220, 20, 20), (20, 160, 60)
MIDDLE = slice(285, 915)
ADA = Preview("Ada Lovelace", ("Analyst", "Analytical Engines"), "A", "en", "ABC123", "", "", "")
NAMES = {
    "محمد العتيبي": "ar", "דנה כהן-לוי": "he", "山田太郎": "ja", "สมชาย ใจดี": "th", "अनन्या शर्मा": "hi", "김 O": "ko",
    "Wolfeschlegelsteinhausenbergerdorff": "de", "Ж" * 80: "ru", "Maria del Carmen Fernández de la Vega y Ortiz": "es",
    "Z" + "\u0336" * 50 + "algo": "en", "مُحَمَّد بن سَعِيد بن عبد الرحمن آل مكتوم": "ar",
}  # fmt: skip


@pytest.fixture(autouse=True)
def same_fonts_afterwards():
    yield
    fonts.look_in(None)


@pytest.fixture
def no_fonts(tmp_path):
    fonts.look_in([tmp_path])


def picture(color, size=(400, 400), spot=None):
    made = Image.new("RGB", size, color)
    if spot:
        ImageDraw.Draw(made).rectangle((size[0] * 0.4, size[1] * 0.4, size[0] * 0.6, size[1] * 0.6), fill=spot)
    file = io.BytesIO()
    made.save(file, "PNG")
    return file.getvalue()


@functools.cache
def noise():
    """A picture that is heavier than any photo."""
    file = io.BytesIO()
    Image.effect_noise((1400, 600), 120).convert("RGB").save(file, "PNG")
    return file.getvalue()


def pixels(jpeg):
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB")).astype(int)


def near(area, colour, off=24):
    """Tell for each pixel whether it is this colour, but for what JPEG changes."""
    return np.abs(area - np.array(colour)).max(axis=-1) < off


def texts(seen):
    """Return which pixels below the face are not paper."""
    return ~near(seen[310:], PAPER, 60)


def tags_of(client, slug="ada"):
    page = client.get(f"/{slug}").text
    assert page.count('property="og:image"') == 1
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', page))


def path_of(tags):
    return "/" + tags["og:image"].partition("//")[2].partition("/")[2]


def test_the_page_names_a_picture_that_is_there(client, ada):
    tags = tags_of(client)
    assert (tags["og:image:width"], tags["og:image:height"], tags["og:image:type"]) == ("1200", "630", "image/jpeg")
    assert (tags["twitter:card"], tags["og:image:alt"]) == ("summary_large_image", tags["og:title"])
    assert tags["og:image"].startswith("http://")
    answer = client.get(path_of(tags))
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)
    assert client.get(path_of(tags), headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_name_of_before_gets_the_present_picture_and_is_not_kept(client, ada):
    present = client.get(path_of(tags_of(client)))
    old = client.get("/ada/preview-0123456789abcdef.jpg")
    assert old.data == present.data
    assert old.headers["Cache-Control"] == "no-cache"


def test_an_address_of_before_leads_to_the_picture(client, ada):
    path = path_of(tags_of(client))
    ada.draft_slug = "countess"
    service.publish_card(ada, reserved=frozenset())
    answer = client.get(path)
    assert answer.status_code == 301
    assert answer.headers["Location"] == path.replace("/ada/", "/countess/")
    assert client.get(answer.headers["Location"]).status_code == 200


def test_the_name_of_the_picture_changes_with_what_is_drawn_and_with_nothing_else(client, alice):
    marks = {tags_of(client, factories.published_card(alice, slug, **over).slug)["og:image"].rpartition("-")[2]
             for slug, over in {"a": {}, "b": {"note": "Other"}, "c": {"phones": ()}}.items()}  # fmt: skip
    assert len(marks) == 3  # each card's edge is its own
    fields = {
        "name": "Ada King", "lines": ("Countess",), "initial": "B", "language": "ja", "seed": "Q", "photo": "1",
        "logo": "1", "cover": "1", "colour": "#123456",
    }  # fmt: skip
    assert set(fields) == {field.name for field in dataclasses.fields(Preview)}
    others = [preview.mark(dataclasses.replace(ADA, **{name: value})) for name, value in fields.items()]
    assert len({preview.mark(ADA), *others}) == len(fields) + 1
    assert preview.mark(ADA) == preview.mark(dataclasses.replace(ADA))


def test_other_fonts_make_another_picture(tmp_path):
    before = preview.mark(ADA)
    fonts.look_in([tmp_path])
    assert preview.mark(ADA) != before


@pytest.mark.parametrize("state", ["paused", "deleted", "draft"])
def test_what_visitors_do_not_see_has_no_picture(client, ada, state):
    path = path_of(tags_of(client))
    if state == "paused":
        service.pause_card(ada)
    elif state == "deleted":
        service.delete_card(ada)
    else:
        path = "/nobody/preview-0123456789abcdef.jpg"
    assert client.get(path).status_code in (404, 410)


def test_hidden_parts_are_not_drawn(client, alice):
    factories.published_card(alice, "open", title="Analyst", company="Engines")
    factories.published_card(alice, "shut", title="Analyst", company="Engines", hidden=("company", "title", "headline"))
    shut = factories.content(title="Analyst", company="Engines", hidden=("company", "title", "headline")).visible()
    assert preview_of(shut, "x").lines == ()
    assert client.get(path_of(tags_of(client, "shut"))).data != client.get(path_of(tags_of(client, "open"))).data


def test_the_uploaded_photo_is_on_it(client, alice):
    card = factories.published_card(alice, "ada")
    photo = pictures.store_picture(card, "photo", picture(RED))
    without = path_of(tags_of(client))
    service.publish_card(put_picture(card, "photo", photo.id), reserved=frozenset())
    path = path_of(tags_of(client))
    assert path != without
    seen = pixels(client.get(path).data)
    assert near(seen[60:280, 490:710], RED).mean() > 0.99


def test_face_and_name_are_inside_the_middle_square():
    for name, language in NAMES.items():
        shown = dataclasses.replace(ADA, name=name, language=language, initial=name[0], colour="#204060")
        seen = pixels(preview.draw(shown, Pictures(photo=picture(RED))))
        ink = texts(seen)
        assert ink[:, MIDDLE].sum() > 500, name
        assert not ink[:, :285].any(), name
        assert not ink[:, 915:].any(), name
        assert not ink[-20:].any(), name
        across = near(seen[52:200], RED).any(axis=0).nonzero()[0]
        assert (across.min(), across.max()) == (480, 719)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_lettered_and_small_enough_to_send(name):
    shown = dataclasses.replace(ADA, name=name, language=NAMES[name])
    assert preview.missing(shown) == ()
    drawn = preview.draw(shown, Pictures(photo=noise(), cover=noise()))
    assert len(drawn) < 300_000
    assert Image.open(io.BytesIO(drawn)).format == "JPEG"


def test_a_cover_fills_the_top_and_a_logo_stands_whole():
    seen = pixels(preview.draw(ADA, Pictures(cover=picture(GREEN, (900, 400)), logo=picture(RED, (800, 200)))))
    assert near(seen[:140, :450], GREEN).mean() > 0.99
    logo = near(seen[52:292, 480:720], RED)
    assert logo.any(axis=1).sum() > 200  # an opaque logo gives the plate its colour


def test_a_transparent_logo_stands_on_white():
    file = io.BytesIO()
    Image.new("RGBA", (300, 100), (0, 0, 0, 0)).save(file, "PNG")
    seen = pixels(preview.draw(ADA, Pictures(logo=file.getvalue())))
    assert near(seen[60:280, 490:710], (255, 255, 255)).mean() > 0.99


def test_without_a_photo_the_first_letter_stands_on_ink():
    plate = pixels(preview.draw(ADA, Pictures()))[52:292, 480:720]
    assert near(plate[:40], INK).all()
    assert 0.03 < near(plate, PAPER).mean() < 0.4


def test_a_photo_gives_the_colour_where_there_is_no_cover():
    seen = pixels(preview.draw(ADA, Pictures(photo=picture(GREEN))))[:100, :400]
    assert (seen[..., 1] > seen[..., 0] + 40).all()
    chosen = dataclasses.replace(ADA, colour="#102080")
    assert near(pixels(preview.draw(chosen, Pictures()))[:100, :400], (0x10, 0x20, 0x80)).all()


def test_broken_pictures_are_left_out():
    with_none, broken = preview.draw(ADA, Pictures()), preview.draw(ADA, Pictures(b"RIFF", b"", b"\xff\xd8\xff"))
    assert with_none == broken


def test_without_fonts_there_is_a_picture_and_no_box(no_fonts):
    assert preview.missing(ADA) == ("Latn",)
    assert fonts.helps("Latn") == "vcardapp[fonts]"
    seen = pixels(preview.draw(ADA, Pictures(photo=picture(RED), cover=picture(GREEN, (900, 400)))))
    assert near(seen[125:505, 410:790], RED).mean() > 0.97
    assert not texts(seen)[195 + 15 :].any()  # nothing below the face
    face = pixels(preview.draw(ADA, Pictures()))[125:505, 410:790]
    modules = near(face, PAPER)
    assert (modules == modules[:, ::-1]).mean() > 0.97  # a pattern alike on both sides, not a letter
    assert 0.05 < modules.mean() < 0.6


def test_without_fonts_the_page_has_a_picture_all_the_same(client, ada, no_fonts):
    answer = client.get(path_of(tags_of(client)))
    assert (answer.status_code, Image.open(io.BytesIO(answer.data)).size) == (200, (1200, 630))


def test_a_script_without_a_font_leaves_its_text_out(tmp_path):
    make_font(tmp_path / "latin.ttf", {char: 700 for char in "AdaLovelc"})
    fonts.look_in([tmp_path])
    mixed = dataclasses.replace(ADA, name="Ada Lovelace", lines=("陶芸家", "Ada"))
    assert preview.missing(mixed) == ("Hani",)
    assert preview.draw(mixed, Pictures()) == preview.draw(dataclasses.replace(mixed, lines=("", "Ada")), Pictures())


def test_the_owner_sees_the_picture_and_what_is_missing(sign_in, alice, ada, tmp_path):
    browser = sign_in(alice)
    page = browser.get(f"/cards/{ada.id}/published").text
    (path,) = re.findall(r'<img class="link-preview" src="([^"]+)"', page)
    assert browser.get(path).content_type == "image/jpeg"
    assert "has no letters" not in page
    fonts.look_in([tmp_path])
    page = browser.get(f"/cards/{ada.id}/published").text
    assert "no letters for: Latin." in page
    assert "<code>vcardapp[fonts]</code>" in page
