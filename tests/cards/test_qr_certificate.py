"""The certificate: what a reader of the drawn code has to correct, against a reader's own word."""

import random

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from tests.cases import FULL, each
from vcardapp.cards import qr, qr_encoder, qr_grid
from vcardapp.cards.qr_certificate import SAMPLE, certify

TEXTS = ["HTTPS://X.ORG/U/7K2Q4M", "https://card.example.org/jane-smith", "v" * 120, "https://example.org/" + "x" * 250]


def drawn(code, bits=None):
    """Return the modules of a code, or others in its place, SAMPLE pixels each."""
    cells = f"{code.bits if bits is None else bits:0{code.width**2}b}"
    small = Image.frombytes("L", (code.width, code.width), bytes(0 if cell == "1" else 255 for cell in cells))
    return small.resize((code.width * SAMPLE,) * 2, Image.Resampling.NEAREST)


def is_read(picture, text):
    page = Image.new("L", (picture.width + 8 * SAMPLE,) * 2, 255)
    page.paste(picture, (4 * SAMPLE, 4 * SAMPLE))
    return [found.text for found in zxingcpp.read_barcodes(page)] == [text]


@each("text", TEXTS)
def test_a_clean_code_uses_nothing(text):
    code = qr.matrix(text)
    certificate = certify(drawn(code), code)
    assert certificate.used == (0.0,) * len(qr_encoder.blocks(code.version, code.level).sizes)
    assert certificate.patterns_intact


@each("text", TEXTS)
def test_a_reader_gives_up_just_where_a_block_is_used_up(text):
    code = qr.matrix(text, level="M")
    data = [place for place in range(code.width**2) if qr_grid.grid(code.version).data >> place & 1]
    outcomes = []
    for seed in range(0, 25, 1 if FULL or len(text) < 100 else 3):
        bits, most, chance = code.bits, 0.6 + seed / 40, random.Random(seed)
        while max(certify(drawn(code, bits), code).used) < most:
            bits ^= 1 << chance.choice(data)
        picture = drawn(code, bits)
        outcomes.append(max(certify(picture, code).used) <= 1)
        assert is_read(picture, text) == outcomes[-1]
    assert len(outcomes) / 5 < sum(outcomes) < len(outcomes) * 4 / 5


def test_a_module_counts_when_only_its_middle_is_wrong_and_when_only_its_area_is():
    code = qr.matrix(TEXTS[0], level="M")
    y, x = next((y, x) for y in range(10, 15) for x in range(10, 15) if code.modules[y][x])
    middle, ring = drawn(code), drawn(code)
    cell = x * SAMPLE, y * SAMPLE, (x + 1) * SAMPLE - 1, (y + 1) * SAMPLE - 1
    inner = cell[0] + 3, cell[1] + 3, cell[2] - 3, cell[3] - 3
    ImageDraw.Draw(middle).rectangle(inner, fill=255)
    ImageDraw.Draw(ring).rectangle(cell, fill=255)
    ImageDraw.Draw(ring).rectangle(inner, fill=0)
    one = 1 / (qr_encoder.blocks(code.version, "M").correction // 2)
    assert certify(middle, code).used == certify(ring, code).used == (pytest.approx(one),)


@each(("x", "y"), [(3, 3), (0, 10), (6, 12), (12, 6), (8, 2)])
def test_covered_patterns_are_told(x, y):
    code = qr.matrix(TEXTS[1], level="M")
    picture = drawn(code)
    colour = 255 if code.modules[y][x] else 0
    ImageDraw.Draw(picture).rectangle((x * SAMPLE, y * SAMPLE, (x + 1) * SAMPLE - 1, (y + 1) * SAMPLE - 1), fill=colour)
    certificate = certify(picture, code)
    assert certificate.patterns_intact == (sum(certificate.used) > 0)


def test_the_small_pattern_in_the_middle_of_larger_codes_may_be_covered():
    code = qr.plain_code("v" * 150)
    assert code.version >= 7
    picture = drawn(code)
    side, middle = 5 * SAMPLE, code.width // 2 * SAMPLE
    ImageDraw.Draw(picture).rectangle((middle - side // 2, middle - side // 2, middle + side // 2, middle + side // 2), fill=255)
    assert certify(picture, code).patterns_intact
    assert is_read(picture, "v" * 150)


@each("grey", [0, 60, 90])
def test_pale_codes_are_read_by_their_own_contrast(grey):
    code = qr.matrix(TEXTS[1])
    picture = drawn(code).point(lambda value: grey + value // 2)
    assert set(certify(picture, code).used) == {0.0}
