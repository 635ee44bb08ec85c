import re
import zlib
from itertools import product

import cv2
import numpy as np
import pypdfium2
import pytest
import zxingcpp

from tests.cards.dressed_codes import INITIALS, PICTURE, STYLES, TEXT, TEXTS
from tests.cases import each
from vcardapp.cards import labels, qr_pdf
from vcardapp.cards.qr_drawing import dressed
from vcardapp.cards.qr_style import PRESETS, Style
from vcardapp.pdf import MM, PAPERS


def rendered(data, scale=3.0):
    (page,) = pypdfium2.PdfDocument(data)
    return page.render(scale=scale).to_pil().convert("RGB")


def size_of(data):
    (page,) = pypdfium2.PdfDocument(data)
    return tuple(length / MM for length in page.get_size())


def streams(data):
    """Return the drawing commands of a file's pages and forms."""
    found = re.findall(rb"<<([^<]*?)>>\s*stream\r?\n(.*?)endstream", data, re.DOTALL)
    return b"\n".join(zlib.decompressobj().decompress(packed) for about, packed in found if b"/Image" not in about)


@each(("style", "black_only", "text"), product(STYLES.values(), [False, True], TEXTS[:4]), one_of=3)
def test_every_style_is_read(style, black_only, text):
    drawing = dressed(text, style)
    picture = rendered(qr_pdf.pdf(drawing, 50, black_only=black_only), scale=8 * drawing.width / 50 / MM)
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == text
    assert cv2.QRCodeDetector().detectAndDecode(np.array(picture))[0] == text


@each("style", STYLES.values())
def test_the_page_is_as_wide_as_asked(style):
    drawing = dressed(TEXT, style)
    for width in (10, 37.5, 210):
        found = size_of(qr_pdf.pdf(drawing, width))
        assert found == pytest.approx((width, width * drawing.height / drawing.width), abs=0.001)


@each("style", STYLES.values())
def test_black_alone_is_one_ink(style):
    drawn = streams(qr_pdf.pdf(dressed(TEXT, style), 50, black_only=True))
    assert set(re.findall(rb"(\S+ \S+ \S+ \S+) k\b", drawn)) == {b"0 0 0 0", b"0 0 0 1"}
    assert not re.search(rb"\b(rg|RG|sh|cs)\b", drawn)


def test_colours_are_those_of_the_style():
    drawn = streams(qr_pdf.pdf(dressed(TEXT, PRESETS["ink"]), 50))
    assert re.findall(rb"(\S+ \S+ \S+) rg\b", drawn) == [b"1 .980392 .941176", b".101961 .090196 .078431"]


@each("style", [style for style in STYLES.values() if style != PICTURE])
def test_nothing_but_vectors_is_drawn(style):
    data = qr_pdf.pdf(dressed(TEXT, style), 50)
    assert b"/Image" not in data.replace(b"/ImageB", b"").replace(b"/ImageC", b"").replace(b"/ImageI", b"")
    assert not re.search(rb"\bT[jJ]\b", streams(data))


def test_the_same_code_is_the_same_file():
    assert qr_pdf.pdf(dressed(TEXT, INITIALS), 50) == qr_pdf.pdf(dressed(TEXT, INITIALS), 50)


@each("width", [-1, 0, 4.9, 1001, float("nan"), float("inf")])
def test_widths_out_of_range_are_refused(width):
    with pytest.raises(ValueError, match="no page"):
        qr_pdf.pdf(dressed(TEXT, Style()), width)
    with pytest.raises(ValueError, match="no labels"):
        labels.label_sheet(dressed(TEXT, Style()), "a4", millimetres=width)


@each("paper", PAPERS)
@each("style", [PRESETS["plain"], PRESETS["sunset"], STYLES["arabic"], PICTURE])
def test_a_sheet_is_full_of_codes_that_are_read(paper, style):
    data = labels.label_sheet(dressed(TEXT, style), paper, "مسافر Shop window")
    assert size_of(data) == pytest.approx(PAPERS[paper], abs=0.001)
    found = zxingcpp.read_barcodes(rendered(data))
    assert len(found) >= 16
    assert {code.text for code in found} == {TEXT}


@each("millimetres", [20, 35, 60])
def test_codes_on_a_sheet_are_as_wide_as_asked(millimetres):
    drawing = dressed(TEXT, Style())
    picture = rendered(labels.label_sheet(drawing, "a4", "Badge", millimetres=millimetres), scale=4)
    code = zxingcpp.read_barcodes(picture)[0].position
    width = (code.top_right.x - code.top_left.x) / 4 / MM
    assert width == pytest.approx(millimetres * drawing.code.width / drawing.width, abs=0.5)


def test_cuts_are_marked_where_labels_meet():
    drawing = dressed(TEXT, Style())
    grey = np.array(rendered(labels.label_sheet(drawing, "a4", millimetres=60), scale=8).convert("L"))
    mm, (columns, rows), side = 8 * MM, (2, 4), 60 + 2 * labels.AIR
    left, top = (210 - columns * side) / 2, (297 - rows * side) / 2
    for column in range(columns + 1):
        for row in range(rows + 1):
            x, y = round((left + column * side) * mm), round((top + row * side) * mm)
            assert grey[y - 3 : y + 4, x + 8 : x + 12].min(axis=0).max() < 200
            assert grey[y + 8 : y + 12, x - 3 : x + 4].min(axis=1).max() < 200
            assert grey[y + 60 : y + 70, x - 3 : x + 4].min() == 255


def test_other_papers_are_refused():
    with pytest.raises(ValueError, match="no labels"):
        labels.label_sheet(dressed(TEXT, Style()), "a3")


def test_a_sheet_holds_its_code_once():
    one = len(qr_pdf.pdf(dressed(TEXT, STYLES["framed"]), 35))
    assert len(labels.label_sheet(dressed(TEXT, STYLES["framed"]), "a4")) < one * 1.5
