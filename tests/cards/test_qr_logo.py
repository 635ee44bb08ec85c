"""Codes that show their logo of themselves: what is under the plate is what is drawn there, or is counted."""

from __future__ import annotations

import io
import time
from dataclasses import replace

import zxingcpp
from PIL import Image

from tests.cards.dressed_codes import CONTACT, INITIALS, PICTURE, TEXT, TEXTS
from tests.cases import each
from vcardapp.cards import qr, qr_encoder, qr_grid, qr_logo, qr_raster
from vcardapp.cards.qr_drawing import dressed
from vcardapp.cards.qr_style import Initials, Style

SHORT = "HTTPS://A.EU/U/7K2Q4M"
SIDES = (0.1, 0.16, 0.2, 0.25, 0.31)


def misread(code, plate):
    """Return, block by block, the share of correction that the modules under the plate use as they are shown."""
    wrong = set()
    for row, line in enumerate(plate.shown, plate.start):
        for column, dark in enumerate(line, plate.start):
            place = qr_grid.grid(code.version).places[row * code.width + column]
            if place >= 0 and code.modules[row][column] != dark:
                wrong.add(place // 8)
    most = qr_encoder.blocks(code.version, code.level).correction // 2
    order = qr_encoder.block_order(code.version, code.level)
    return tuple(len(wrong & set(places)) / most for places in order)


@each("text", TEXTS)
@each("side", SIDES)
def test_what_is_used_is_what_is_misread(text, side):
    for style in (replace(PICTURE, logo_side=side), replace(INITIALS, logo_side=side)):
        code, plate = qr_logo.solved(text, style)
        assert plate.used == misread(code, plate)


@each("text", TEXTS)
@each("side", SIDES)
def test_a_logo_never_makes_a_larger_code(text, side):
    assert qr_logo.solved(text, replace(PICTURE, logo_side=side))[0].version == qr.matrix(text).version


@each("text", [TEXT, SHORT, CONTACT])
def test_solved_codewords_correct_themselves(text):
    """Every block is divided by the generator without a remainder: nothing but pads was changed."""
    code, _ = qr_logo.solved(text, PICTURE)
    plain = qr.encoded(text, code.level)
    read = qr_encoder.read_blocks(code.bits, code.version, code.level, code.mask)
    sizes = qr_encoder.blocks(code.version, code.level).sizes
    data = b"".join(block[:size] for block, size in zip(read, sizes, strict=True))
    said = len(plain.data) - plain.spare // 8
    assert data[:said] == plain.data[:said]
    assert qr_encoder.codewords(data, code.version, code.level) == b"".join(
        bytes([read[block][row]]) for block, row in interleaved(code)
    )


def interleaved(code):
    places = {}
    for block, order in enumerate(qr_encoder.block_order(code.version, code.level)):
        places.update({place: (block, row) for row, place in enumerate(order)})
    return [places[place] for place in range(len(places))]


def test_where_there_is_room_a_logo_costs_nothing():
    assert qr_logo.solved(SHORT, replace(PICTURE, logo_side=0.24))[1].used == (0,)
    assert qr_logo.solved(SHORT, replace(INITIALS, logo_side=0.24))[1].used == (0,)


def test_solving_beats_the_same_level_with_plain_pads(monkeypatch):
    style = replace(PICTURE, logo_side=0.24)
    with_pads = {text: max(qr_logo.solved(text, style)[1].used) for text in (SHORT, TEXT)}
    monkeypatch.setattr(qr_logo, "MOST_SPARE", 0)
    qr_logo._reach.cache_clear()
    without = {text: max(qr_logo.solved.__wrapped__(text, style)[1].used) for text in (SHORT, TEXT)}
    qr_logo._reach.cache_clear()
    assert with_pads[SHORT] < without[SHORT]
    assert with_pads[TEXT] < without[TEXT]


@each("text", TEXTS)
def test_codes_with_logos_are_read(text):
    for style in (PICTURE, INITIALS):
        picture = Image.open(io.BytesIO(qr_raster.png(dressed(text, style), 400)))
        (found,) = zxingcpp.read_barcodes(picture)
        assert found.text == text


@each("version", range(1, 41))
def test_a_plate_is_odd_centred_and_keeps_clear_of_finders_and_format(version):
    for share in SIDES:
        start, side = qr_logo.plate_of(version, share)
        assert side % 2
        assert side <= max(3, share * (17 + 4 * version) + 1e-6)
        assert 2 * start + side == 17 + 4 * version
        assert start >= 9


def test_solving_is_quick():
    qr_logo.solved(TEXT, PICTURE)
    start = time.process_time()
    for number in range(10):
        qr_logo.solved(f"{TEXT[:-2]}{number}Z", PICTURE)
    assert time.process_time() - start < 10 * 0.05


@each("logo", [Initials("W", "#000000"), PICTURE.logo])
def test_the_drawing_stays_inside_its_margins(logo):
    plate = qr_logo.drawn(Style(logo=logo), 5, 20).convert("L").point(lambda value: 255 - value)
    left, top, right, bottom = plate.getbbox()
    assert min(left, top, 100 - right, 100 - bottom) >= qr_logo.MARGIN * 20 - 1
