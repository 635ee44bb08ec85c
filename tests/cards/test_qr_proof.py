"""What is proven of a code before it is handed out, and what keeps it back."""

import json
from dataclasses import replace

from tests.cases import each
from vcardapp.cards import qr, qr_raster
from vcardapp.cards.qr_damage import DAMAGES
from vcardapp.cards.qr_drawing import dressed
from vcardapp.cards.qr_proof import prove
from vcardapp.cards.qr_style import PRESETS, Frame, Gradient, Initials, Style

SHORT = "HTTPS://CARD.EXAMPLE.ORG/U/7K2Q4M"
FULL = "https://card.example.org/jane-smith"
CONTACT = "BEGIN:VCARD\nVERSION:3.0\nN:Smith;Jane;;;\nFN:Jane Smith\nTEL;TYPE=CELL:+442079460000\nEND:VCARD\n"
TEXTS = [SHORT, "HTTPS://X.ORG/U/7K2Q4M", "HTTPS://CARDS.EXAMPLE-COMPANY.ORG/U/7K2Q4M", CONTACT, "0123456789", "مرحبا", "x" * 300]


@each("text", TEXTS)
def test_the_plain_code_passes_for_every_text(text):
    proof = prove(dressed(text, Style()), text)
    assert proof.passes, proof.reasons
    assert proof.expected >= 1
    assert set(proof.used) == {0.0}
    assert (proof.decodes_clean, proof.decodes_damaged) == (True, len(DAMAGES))


@each("length", [*range(5, 130, 9), 160, 180, 200, 213, 230, 250])
def test_the_plain_code_passes_at_every_length(length):
    text = ("https://example.org/" + "x" * length)[:length]
    assert prove(dressed(text, Style()), text).passes


@each("name", sorted(PRESETS))
def test_every_preset_passes_for_a_short_address(name):
    proof = prove(dressed(SHORT, replace(PRESETS[name], zone=2)), FULL)
    assert proof.passes, proof.reasons
    assert json.loads(json.dumps(proof.to_dict()))["passes"] is True


@each(
    ("style", "field", "words"),
    [
        (Style(dark="#ffffff", light="#000000"), "dark", "lighter than its background"),
        (Style(dark="#ff9800"), "dark", "too pale"),
        (Style(gradient=Gradient("#eeeeee")), "dark", "too pale"),
        (Style(dark="#555555", light="#999999"), "dark", "too pale"),
        (Style(light="#aaaaaa"), "", "Of 100 reads"),
    ],
)
def test_what_phones_miss_is_kept_back_with_a_reason(style, field, words):
    proof = prove(dressed(SHORT, style), FULL)
    assert not proof.passes
    assert any(reason.field == field and words in str(reason) for reason in proof.reasons)


def test_a_logo_that_covers_too_much_is_kept_back_and_counted():
    proof = prove(dressed("v" * 200, Style(logo=Initials("MM", "#000000"), logo_side=0.31)), "v" * 200)
    assert max(proof.used) > 0.5
    assert any(reason.field == "logo_side" for reason in proof.reasons)


def test_a_small_logo_passes_and_its_correction_is_told():
    proof = prove(dressed(SHORT, Style(logo=Initials("A", "#000000"), logo_side=0.15, zone=2)), FULL)
    assert proof.passes, proof.reasons
    assert all(0 <= used <= 0.5 for used in proof.used)


@each("place", ["above", "below"])
def test_a_frame_changes_nothing_inside(place):
    framed = Style(frame=Frame("Scan me", place, "#1a1714"))
    proof = prove(dressed(SHORT, framed), FULL)
    assert proof.passes, proof.reasons
    assert set(proof.used) == {0.0}


def test_it_is_compared_with_the_plain_code_of_the_address_it_stands_for():
    long = prove(dressed(SHORT, Style()), FULL + "-of-the-long-name").expected
    assert long > prove(dressed(SHORT, Style()), FULL).expected > prove(dressed(SHORT, Style()), SHORT).expected >= 1


def test_the_smallest_print_of_a_short_address_is_thirteen_millimetres_and_a_bit():
    proof = prove(dressed(SHORT, Style()), FULL)
    assert proof.smallest_mm == 13.5
    assert 15 <= proof.distance_cm <= 25


def test_what_is_dressed_more_boldly_has_to_be_printed_larger():
    bold = prove(dressed(SHORT, Style(shape="bars", dark="#2196f3", eye_frame=0.5)), FULL)
    assert bold.smallest_mm > prove(dressed(SHORT, Style()), FULL).smallest_mm


def test_the_same_code_has_the_same_proof():
    drawing = dressed(SHORT, PRESETS["sunset"])
    assert prove(drawing, FULL) == prove(drawing, FULL)


@each("damage", DAMAGES)
def test_each_damage_is_the_same_each_time_and_does_damage(damage):
    picture = qr_raster.picture(dressed(SHORT, Style()), 4).convert("L")
    once, again = damage(picture), damage(picture)
    assert once.convert("L").tobytes() == again.convert("L").tobytes()
    assert once.convert("L").resize(picture.size).tobytes() != picture.tobytes()


def test_a_picture_that_says_something_else_is_kept_back():
    drawing = dressed(SHORT, Style())
    other = replace(drawing, text="HTTPS://CARD.EXAMPLE.ORG/U/7K2Q4N")
    proof = prove(other, FULL)
    assert not proof.decodes_clean
    assert not proof.passes


def test_a_code_that_is_drawn_wrong_is_kept_back():
    drawing = dressed(SHORT, Style())
    meant = qr.matrix(SHORT.replace("7", "8"))
    proof = prove(replace(drawing, code=meant), FULL)
    assert not proof.decodes_clean
    assert not proof.passes
