import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from tests.cards.dressed_codes import INITIALS, PICTURE, STYLES, TEXT
from tests.cases import each
from vcardapp import fonts
from vcardapp.cards import qr, qr_drawing
from vcardapp.cards.qr_drawing import dressed
from vcardapp.cards.qr_style import PRESETS, Frame, Initials, Style


def elements(drawing):
    return list(ET.fromstring(qr_drawing.svg(drawing)).iter())


@each("style", STYLES.values())
def test_a_file_holds_paths_alone(style):
    drawing = dressed(TEXT, style)
    names = [element.tag.split("}")[1] for element in elements(drawing)]
    assert set(names) <= {"svg", "path", "defs", "linearGradient", "radialGradient", "stop", "image"}
    assert not {name for element in elements(drawing) for name in element.keys()} & {"style", "class", "onload"}  # noqa: SIM118
    assert b"NaN" not in qr_drawing.svg(drawing)


@each("style", [style for style in STYLES.values() if not style.frame])
def test_each_colour_is_one_path(style):
    fills = [element.get("fill") for element in elements(dressed(TEXT, style)) if element.tag.endswith("path")]
    assert len(fills) == len(set(fills))


def test_coordinates_are_short():
    for style in PRESETS.values():
        assert not re.search(rb"\d\.\d{4}", qr_drawing.svg(dressed(TEXT, style)))


@each("place", ["above", "below"])
def test_a_frame_makes_a_code_higher_and_not_narrower(place):
    plain = dressed(TEXT, Style())
    framed = dressed(TEXT, Style(frame=Frame("Scan me", place, "#000000")))
    assert (framed.code, framed.width) == (plain.code, plain.width)
    assert framed.height > framed.width
    box = [int(number) for number in ET.fromstring(qr_drawing.svg(framed)).get("viewBox").split()]
    assert box == [0, framed.width - framed.height if place == "above" else 0, framed.width, framed.height]


def test_long_words_of_a_frame_are_broken_and_stay_inside():
    for text in ("Scan", "Scan to save my contact to your phone", "x" * 40, "امسح الرمز لحفظ بياناتي في هاتفك الآن"):
        drawing = dressed(TEXT, Style(frame=Frame(text, "below", "#000000")))
        points = [point for line in drawing.band.lines for _, points in line.commands for point in points]
        assert points
        assert all(1 <= x <= drawing.width - 1 and 0.9 <= y <= drawing.band.height - 0.9 for x, y in points)


@pytest.fixture
def no_fonts(tmp_path):
    fonts.look_in([tmp_path])
    yield
    fonts.look_in(None)


@pytest.mark.usefixtures("no_fonts")
def test_what_no_font_can_write_is_said_and_left_out():
    framed = dressed(TEXT, Style(frame=Frame("Never written before", "below", "#000000")))
    lettered = dressed(TEXT, Style(logo=Initials("NW", "#000000")))
    assert framed.missing == lettered.missing == ("Latn",)
    assert qr_drawing.svg(framed)
    assert qr_drawing.svg(lettered)


def test_the_zone_is_as_wide_as_the_style_says():
    for zone in (2, 3, 4):
        assert dressed(TEXT, Style(zone=zone)).width == qr.matrix(TEXT).width + 2 * zone


def test_a_logo_covers_whole_modules_in_the_middle():
    drawing = dressed(TEXT, PICTURE)
    rows = sorted({row for row, _ in drawing.under})
    assert len(drawing.under) == len(rows) ** 2
    assert rows[0] == drawing.code.width - 1 - rows[-1]
    drawn = drawing.rows()
    assert not any(drawn[row][column] for row, column in drawing.under)


def test_gradients_of_two_codes_on_a_page_have_names_of_their_own():
    names = [
        re.search(r'id="(\w+)"', qr_drawing.inline_svg(dressed(text, style), "Code"))[1]
        for text in (TEXT, TEXT * 2)
        for style in (PRESETS["sunset"], PRESETS["ocean"], replace(PRESETS["ocean"], zone=2))
    ]
    assert len(set(names)) == len(names)


def test_the_inline_code_has_a_name_that_cannot_break_out():
    element = ET.fromstring(qr_drawing.inline_svg(dressed(TEXT, Style()), '"><script> & Zoé'))
    assert element.get("aria-label") == '"><script> & Zoé'


def test_a_text_that_no_code_can_hold_is_refused():
    for style in (Style(), INITIALS):
        with pytest.raises(ValueError, match="fit"):
            dressed("a" * 3000, style)
