import io
import re
import xml.etree.ElementTree as ET

import pytest
import segno
import zxingcpp
from PIL import Image
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode

from tests.cases import each
from vcardapp.cards import qr
from vcardapp.cards.codes import new_code

STRENGTH = {"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q, "H": ERROR_CORRECT_H}
# ISO/IEC 18004 table 7: characters that versions 1 to 5 hold in alphanumeric mode
CAPACITY = {
    "L": (25, 47, 77, 114, 154),
    "M": (20, 38, 61, 90, 122),
    "Q": (16, 29, 47, 67, 87),
    "H": (10, 20, 35, 50, 64),
}


def address(host_length):
    return qr.short_address("https://" + "x" * (host_length - 4) + ".org", new_code())


def decoded(picture):
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


def opened(png):
    return Image.open(io.BytesIO(png))


def test_the_short_address_is_in_capitals():
    assert qr.short_address("http://192.168.1.7:8000", "AB12CD") == "HTTP://192.168.1.7:8000/U/AB12CD"


@each("host_length", range(8, 41))
def test_smallest_version_then_highest_level(host_length):
    text = address(host_length)
    code = qr.matrix(text)
    smallest = next(i for i, room in enumerate(CAPACITY["L"], 1) if len(text) <= room and i > 1)  # 1-L scans worse
    highest = next(level for level in "HQML" if len(text) <= CAPACITY[level][smallest - 1])
    assert (code.version, code.level) == (smallest, highest)
    assert code.side == 17 + 4 * code.version + 8


@each("host_length", [8, 17, 29, 40])
def test_modules_are_those_of_the_qrcode_package_with_its_best_mask(host_length):
    text = address(host_length)
    code = qr.matrix(text)
    reference = QRCode(version=code.version, error_correction=STRENGTH[code.level])
    reference.add_data(text, optimize=0)
    reference.make(fit=False)
    assert [list(row) for row in code.modules] == reference.modules


@each("host_length", range(8, 41))
def test_every_code_scans(host_length):
    text = address(host_length)
    assert decoded(opened(qr.png(text, 370))) == text


@each("text", ["https://example.org/Zoé", "0123456789" * 30, "مرحبا", "a" * 800])
def test_other_texts_scan_too(text):
    assert decoded(opened(qr.png(text, 1024))) == text


def test_a_text_that_no_code_can_hold_is_refused():
    with pytest.raises((ValueError, DataOverflowError)):
        qr.matrix("a" * 3000)


def test_every_size_is_the_widest_with_whole_modules():
    text = address(20)
    side = qr.matrix(text).side
    for size in [*range(64, 400), 512, 1000, 1024, 2048, 4095, 4096]:
        picture = opened(qr.png(text, size))
        assert picture.size == (size // side * side,) * 2
        assert size - side < picture.width <= size


@each("size", [64, 65, 99, 128, 300, 1000, 4096])
def test_every_size_scans_and_its_quiet_zone_is_four_white_modules(size):
    text = address(20)
    picture = opened(qr.png(text, size)).convert("L")
    scale = picture.width // qr.matrix(text).side
    assert decoded(picture) == text
    inked = picture.point(lambda value: 255 - value).getbbox()
    assert inked == (4 * scale, 4 * scale, picture.width - 4 * scale, picture.height - 4 * scale)


@each("size", [-1, 0, 63, 4097, 10**9])
def test_sizes_out_of_range_are_refused(size):
    with pytest.raises(ValueError, match="no PNG"):
        qr.png("HTTPS://X.ORG/U/AB12CD", size)


def modules_of(drawing):
    """Read the strokes of the path back into rows of modules."""
    svg = ET.fromstring(drawing)
    ground, ink = svg.findall("{*}path")
    left, top, side, _ = map(float, svg.get("viewBox").split())
    side = int(side)
    assert (left, top) == (-4, -4.5)
    assert (ground.get("fill"), ground.get("d")) == ("#fff", f"M-4-4.5h{side}v{side}H-4z")
    rows = [[False] * side for _ in range(side)]
    frame = r"M(\d*)\.5 (\d+)h6v6h-6z"
    for corner in re.findall(frame, ink.get("d")):
        x, y = 4 + int(corner[0] or 0), 4 + int(corner[1])
        for i in range(7):
            rows[y][x + i] = rows[y + 6][x + i] = rows[y + i][x] = rows[y + i][x + 6] = True
    x, y = 4, 4
    strokes = re.sub(frame, "", ink.get("d"))
    for command, first, second in re.findall(r"([mh])(-?\d+)(?: (\d+))?", strokes):
        if command == "m":
            x, y = x + int(first), y + int(second)
        else:
            rows[y][x : x + int(first)] = [True] * int(first)
            x += int(first)
    return rows


@each("text", ["HTTPS://EXAMPLE.ORG/U/AB12CD", "a" * 60, "a" * 800, *map(str, range(200))])
def test_the_svg_draws_the_same_modules_on_white_with_its_zone(text):
    for drawing in (qr.svg(text).decode(), qr.inline_svg(text, "Code")):
        rows = modules_of(drawing)
        assert [row[4:-4] for row in rows[4:-4]] == [list(row) for row in qr.matrix(text).modules]
        assert not any(any(row) for row in rows[:4] + rows[-4:])
        assert not any(any(row[:4] + row[-4:]) for row in rows)


def test_files_are_no_larger_than_those_of_segno():
    texts = [f"https://example.org/{word}" for word in ("ada", "grace-hopper", "katherine-johnson-nasa", "x" * 230)]
    for text in texts:
        svgs, pngs = io.BytesIO(), io.BytesIO()
        theirs = segno.make(text, error="m", boost_error=False)
        theirs.save(svgs, kind="svg", xmldecl=False, nl=False, svgclass=None, lineclass=None, omitsize=True)
        assert len(qr.svg(text)) <= len(svgs.getvalue())
        theirs.save(pngs, kind="png", scale=370 // qr.matrix(text).side)
        assert len(qr.png(text, 370)) <= len(pngs.getvalue())


def test_the_inline_code_has_a_name_that_cannot_break_out():
    element = ET.fromstring(qr.inline_svg("HTTPS://X.ORG/U/AB12CD", '"><script> & Zoé'))
    assert element.get("role") == "img"
    assert element.get("aria-label") == '"><script> & Zoé'


def test_tags_tell_texts_and_forms_apart():
    tags = {qr.etag(text, form) for text in ("A", "B") for form in ("svg", "png64", "png65")}
    assert len(tags) == 6
    assert qr.etag("A", "svg") == qr.etag("A", "svg")
