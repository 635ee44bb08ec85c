"""The nearest style that scans: always one, as close as can be to what was asked, and said in words."""

from __future__ import annotations

import random
import time
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cards.qr_styles import STYLES, hostile
from tests.cases import FULL, each
from vcardapp.cards.qr_certificate import SAMPLE, certify
from vcardapp.cards.qr_colours import darkened, lightened
from vcardapp.cards.qr_drawing import dressed
from vcardapp.cards.qr_nearest import mended, nearest
from vcardapp.cards.qr_proof import prove
from vcardapp.cards.qr_raster import picture
from vcardapp.cards.qr_style import PRESETS, Frame, Gradient, Initials, Style, luma
from vcardapp.colours import distance, name

SHORT = "HTTPS://CARD.EXAMPLE.ORG/U/7K2Q4M"
LONG = "https://card.example.org/jane-smith"
CONTACT = "BEGIN:VCARD\nVERSION:3.0\nN:Smith;Jane;;;\nFN:Jane Smith\nTEL;TYPE=CELL:+442079460000\nEND:VCARD\n"
TEXTS = [
    (SHORT, LONG),
    (SHORT, SHORT),
    ("HTTPS://X.ORG/U/7K2Q4M", "https://x.org/ada"),
    ("HTTPS://CARDS.EXAMPLE-COMPANY.ORG/U/7K2Q4M", "https://cards.example-company.org/jo"),
    (CONTACT, CONTACT),
    (CONTACT * 2, CONTACT * 2),
]
COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@settings(max_examples=800 if FULL else 30, deadline=None, suppress_health_check=list(HealthCheck))
@given(STYLES, st.sampled_from(TEXTS))
def test_whatever_is_asked_for_the_nearest_style_passes_decodes_and_keeps_its_certificate(style, texts):
    text, plain = texts
    change = nearest(text, style, plain)
    drawing = dressed(text, change.style)
    proof = prove(drawing, plain)
    assert proof.passes, proof.reasons
    assert proof == change.proof
    assert proof.expected >= 1
    assert proof.decodes_clean
    assert proof.decodes_damaged == proof.damages
    assert max(proof.used) <= 0.5
    symbol = picture(replace(drawing, band=None), SAMPLE).convert("L")
    margin = change.style.zone * SAMPLE
    certificate = certify(symbol.crop((margin, margin, symbol.width - margin, symbol.height - margin)), drawing.code)
    assert certificate.used == proof.used
    assert nearest(text, change.style, plain).style == change.style
    assert bool(change.words) == (change.style != style)


@each("name", sorted(PRESETS))
def test_a_style_that_passes_stays_as_it_is(name):
    style = replace(PRESETS[name], zone=2)
    change = nearest(SHORT, style, LONG)
    assert (change.style, change.words) == (style, ())


def fields_changed(asked, change):
    before, after = asked.to_dict(), change.style.to_dict()
    return {field for field in before if before[field] != after[field]}


def test_a_yellow_that_is_too_light_becomes_a_darker_yellow_and_nothing_else_changes():
    asked = Style(shape="soft", dark="#ffd54f", frame=Frame("Scan me"))
    change = nearest(SHORT, asked, LONG)
    assert fields_changed(asked, change) <= {"dark", "zone"}
    assert name(change.style.dark) == "yellow"
    assert "This yellow is too light for about" in str(change.words[0])
    assert change.words[0].field == "dark"


@each("texts", TEXTS)
def test_a_narrow_zone_comes_first_where_little_is_missing(texts):
    asked = Style(shape="bars", dark="#111827", eye_frame=0.25)
    change = nearest(texts[0], asked, texts[1])
    assert fields_changed(asked, change) <= {"zone"}


def test_an_inverted_code_keeps_both_colours_in_each_others_place():
    change = nearest(SHORT, Style(dark="#ffffff", light="#101828"), LONG)
    assert (change.style.dark, change.style.light) == ("#101828", "#ffffff")
    assert [remark.field for remark in change.words][:1] == ["dark"]


def test_a_background_that_is_too_dark_for_paper_becomes_lighter_and_keeps_its_hue():
    change = nearest(SHORT, Style(dark="#1a1a2e", light="#ffd54f"), LONG)
    assert name(change.style.light) in {"yellow", "grey"}
    assert luma(change.style.light) > luma("#ffd54f")
    assert change.style.dark == "#1a1a2e"


def test_a_gradient_is_kept_where_its_ends_can_be_darkened():
    change = nearest(SHORT, Style(dark="#7c3aed", gradient=Gradient("#f472b6")), LONG)
    assert change.style.gradient
    assert name(change.style.gradient.to) == "pink"


def test_a_logo_that_covers_too_much_becomes_smaller_before_it_goes():
    asked = Style(logo=Initials("AB", "#1a1714"), logo_side=0.31)
    change = nearest(SHORT, asked, LONG)
    assert change.style.logo == asked.logo
    assert change.style.logo_side <= 0.31
    assert fields_changed(asked, change) <= {"logo_side", "zone"}


def test_every_word_is_whole():
    chance = random.Random(4)
    for _ in range(30 if FULL else 12):
        asked = mended(hostile(chance))[0]
        for remark in nearest(SHORT, asked, LONG).words:
            assert "%(" not in str(remark)
            assert remark.field in asked.to_dict()


@given(COLOURS, st.floats(0, 255))
def test_a_darker_colour_is_dark_enough_and_of_the_same_hue(colour, most):
    found = darkened(colour, most)
    assert luma(found) <= most
    assert found == colour or luma(found) > most - 6
    assert distance(found, darkened(found, most)) == 0


@given(COLOURS, st.floats(0, 255))
def test_a_lighter_colour_is_light_enough(colour, least):
    found = lightened(colour, least)
    assert luma(found) >= least
    assert found == colour or luma(found) < least + 6


@each(
    ("colour", "called"),
    [("#ffd54f", "yellow"), ("#ff9800", "orange"), ("#d32f2f", "red"), ("#2196f3", "blue"), ("#4caf50", "green"),
     ("#9c27b0", "purple"), ("#ff69b4", "pink"), ("#795548", "brown"), ("#888888", "grey"), ("#000000", "grey"),
     ("#00bcd4", "turquoise")],
)  # fmt: skip
def test_colours_are_called_what_people_call_them(colour, called):
    assert name(colour) == called


@each(
    ("values", "style", "fields"),
    [
        ({"zone": 0, "eye_frame": 3.5}, Style(zone=2, eye_frame=0.5), {"zone", "eye_frame"}),
        ({"dark": "red", "shape": "stars", "logo_side": 0.9}, Style(logo_side=0.31), {"dark", "shape", "logo_side"}),
        ({"colour": "#000000", "light": "#FFFFF0"}, Style(light="#fffff0"), {"colour"}),
        ([1, 2], Style(), {""}),
        ("dots", Style(), {""}),
        (None, Style(), {""}),
        ({"zone": True, "eye_ball": "1", "logo": {"kind": "picture", "png": "AAAA"}}, Style(), {"zone", "eye_ball", "logo"}),
        ({"eye_ball": float("nan"), "eye_frame": float("-inf")}, Style(), {"eye_ball", "eye_frame"}),
    ],
)
def test_values_that_are_no_style_are_brought_into_bounds_or_left_out(values, style, fields):
    found, remarks = mended(values)
    assert found == style
    assert {remark.field for remark in remarks} == fields


def test_a_style_is_not_mended():
    for preset in PRESETS.values():
        assert mended(preset.to_dict()) == (preset, ())


def test_hostile_styles_cost_little_and_end_in_one_that_passes():
    chance, slowest = random.Random(18004), 0.0
    for _ in range(1000 if FULL else 30):
        values, (text, plain) = hostile(chance), chance.choice(TEXTS)
        start = time.process_time()
        change = nearest(text, mended(values)[0], plain)
        slowest = max(slowest, time.process_time() - start)
        assert change.proof.passes
    assert slowest < 3
