import io
import random

import pytest
import zxingcpp
from PIL import Image
from qrcode import base
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode

from tests.cases import FULL, each
from vcardapp.cards import qr, qr_encoder, qr_grid, qr_png

ROUNDS = 6 if FULL else 1
STRENGTH = {"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q, "H": ERROR_CORRECT_H}
ALPHABETS = ("0123456789", "ABCXYZ0189 $%*+-./:", "abcxyz019/:.\n", "añ🙂م")
SYMBOLS = [(version, level) for version in range(1, 41) for level in "LMQH"]


def reference(parts, version, level, mask=None):
    """Return the rows of modules that the qrcode package draws."""
    code = QRCode(version=version, error_correction=STRENGTH[level], mask_pattern=mask)
    for part in parts:
        code.add_data(part, optimize=0)
    code.make(fit=False)
    return tuple(map(tuple, code.modules))


def random_text(chance, version, level):
    """Return a text of one alphabet that fits: of any length, often one that fills the symbol to the brim."""
    alphabet = chance.choice(ALPHABETS)
    text = "".join(chance.choices(alphabet, k=3 * qr_encoder.blocks(version, level).room))
    low, high = 0, len(text)
    while low < high:  # how many of its characters fit
        middle = (low + high + 1) // 2
        try:
            qr_encoder.encode(text[:middle], level, version, eci=False)
            low = middle
        except ValueError:
            high = middle - 1
    return text[: chance.choice([low, low, max(low - 1, 1), chance.randint(1, low)])]


@each("version", range(1, 41) if ROUNDS > 1 else [*range(1, 11), *range(13, 41, 3)])
def test_all_modules_are_those_of_the_qrcode_package(version):
    chance = random.Random(version)
    levels = "LMQH" if ROUNDS > 1 else "LMQH"[version % 4]
    for level in levels:
        for _ in range(ROUNDS if version > 10 else 3 * ROUNDS):
            text = random_text(chance, version, level)
            code = qr.drawn(qr_encoder.encode(text, level, version, eci=False))
            assert code.modules == reference([text], version, level), (level, text)


@each("mask", range(8))
def test_every_mask_is_that_of_the_qrcode_package(mask):
    for version, level in ((2, "Q"), (8, "H")):
        code = qr.drawn(qr_encoder.encode("HTTPS://X.ORG/U/7K2Q4M", level, version), mask)
        assert code.modules == reference(["HTTPS://X.ORG/U/7K2Q4M"], version, level, mask)


def test_parts_are_encoded_one_by_one_as_the_qrcode_package_does():
    parts = ["tel:", "00123456789012", "\nurl:", "HTTPS://EXAMPLE.ORG/U/7K2Q4M", "\n", "x" * 200]
    for part in range(1, len(parts) + 1):
        encoded = qr_encoder.encode(parts[:part], "M")
        assert qr.drawn(encoded).modules == reference(parts[:part], encoded.version, "M")


@each(("version", "level"), SYMBOLS)
def test_blocks_are_those_of_the_standard(version, level):
    theirs = base.rs_blocks(version, STRENGTH[level])
    ours = qr_encoder.blocks(version, level)
    assert ours.sizes == tuple(block.data_count for block in theirs)
    assert {ours.correction} == {block.total_count - block.data_count for block in theirs}
    assert qr_grid.codewords_of(version) == sum(block.total_count for block in theirs)


def logarithms():
    value, found = 1, []
    for _ in range(255):
        found.append(value)
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return found


POWERS = logarithms()


def value_at(block, power):
    """Return the value of a block's polynomial at 2**power in GF(256): 0 at its roots."""
    total = 0
    for codeword in block:
        total = (POWERS[(POWERS.index(total) + power) % 255] if total else 0) ^ codeword
    return total


@each(("version", "level"), [(1, "M"), (2, "Q"), (3, "H"), (5, "Q"), (7, "M"), (10, "H")])
def test_blocks_read_from_the_modules_hold_the_data_and_need_no_correction(version, level):
    encoded = qr_encoder.encode("HTTP://A.B/1", level, version)
    code = qr.drawn(encoded)
    blocks = qr_encoder.read_blocks(code.bits, version, level, code.mask)
    sizes, correction = qr_encoder.blocks(version, level).sizes, qr_encoder.blocks(version, level).correction
    assert b"".join(block[:size] for block, size in zip(blocks, sizes, strict=True)) == encoded.data
    for block in blocks:
        assert {value_at(block, power) for power in range(correction)} == {0}
    flipped = code.bits ^ 1 << qr_grid.grid(version).places[::-1].index(0)
    damaged = qr_encoder.read_blocks(flipped, version, level, code.mask)
    assert sum(one != other for one, other in zip(damaged, blocks, strict=True)) == 1


@each(("version", "level"), [(2, "M"), (5, "Q"), (9, "L")])
def test_placing_codewords_is_linear(version, level):
    chance = random.Random(version)
    room = qr_encoder.blocks(version, level).room
    one, other = chance.randbytes(room), chance.randbytes(room)
    both = bytes(a ^ b for a, b in zip(one, other, strict=True))
    bits = [qr_encoder.bits_of(qr_encoder.Encoded(version, level, data, 0)) for data in (one, other, both)]
    assert bits[0] ^ bits[1] == bits[2]
    assert not bits[2] & qr_grid.grid(version).patterns


@each("text", ["HTTPS://X.ORG/U/7K2Q4M", "https://example.org/zoe", "1234567"])
@each("level", "LMQH")
def test_spare_bits_say_nothing(text, level):
    chance = random.Random(7)
    encoded = qr_encoder.encode(text, level, 4)
    kept = len(encoded.data) - encoded.spare // 8
    for _ in range(5):
        data = encoded.data[:kept] + chance.randbytes(encoded.spare // 8)
        code = qr.drawn(qr_encoder.Encoded(4, level, data, encoded.spare))
        assert zxingcpp.read_barcodes(opened(qr_png.bitmap(code.rows, 6, 4)))[0].text == text


def opened(png):
    return Image.open(io.BytesIO(png))


def test_the_alphabet_is_said_only_where_it_matters():
    assert qr_encoder.encode("Zoe").data[0] >> 4 == 4
    assert qr_encoder.encode("Zoé").data[:2] == bytes([0b0111_0001, 0b1010_0100])
    assert qr_encoder.encode("Zoé", eci=False).data[0] >> 4 == 4
    assert qr_encoder.encode("Zoe", eci=True).data[0] >> 4 == 7
    assert qr.plain_code("Zoé").modules == reference(["Zoé"], 1, "M")


@each("text", ["René €", "مرحبا بكم", "日本語の名刺", "🙂", "Straße 12345678901234567890 Zoé"])
def test_texts_of_any_script_come_back(text):
    (found,) = zxingcpp.read_barcodes(opened(qr.png(text, 400)))
    assert found.text == text
    assert found.ec_level == qr.matrix(text).level


def test_what_does_not_fit_is_refused():
    assert qr_encoder.encode("A" * 4296).version == 40
    assert qr_encoder.encode("a" * 2953).version == 40
    assert qr_encoder.encode("1" * 7089).version == 40
    for text in ("A" * 4297, "a" * 2954, "1" * 7090):
        with pytest.raises(ValueError, match="do not fit"):
            qr_encoder.encode(text)
    with pytest.raises(ValueError, match="do not fit"):
        qr_encoder.encode("A" * 26, "L", 1)


def test_runs_of_digits_and_capitals_go_apart_where_that_makes_a_better_code():
    text = "BEGIN:VCARD\nN:Lovelace;Ada\nTEL:+441632960123\nURL:HTTPS://EXAMPLE.ORG/U/7K2Q4M\nEND:VCARD\n"
    whole, parted = qr_encoder.encode(text), qr.encoded(text)
    assert parted.version < whole.version
    (found,) = zxingcpp.read_barcodes(opened(qr.png(text, 400)))
    assert found.text == text
    assert qr.encoded("https://example.org/ada") == qr_encoder.encode("https://example.org/ada")


@each("scale", [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 16, 21])
@each("zone", [0, 2, 4])
def test_pictures_are_the_modules_enlarged(scale, zone):
    rows = qr.matrix("HTTPS://X.ORG/U/7K2Q4M").rows
    side = len(rows) + 2 * zone
    small = Image.new("1", (side, side), 1)
    for y, row in enumerate(rows):
        for x, module in enumerate(row):
            small.putpixel((zone + x, zone + y), module == "0")
    picture = opened(qr_png.bitmap(rows, scale, zone))
    assert picture.mode == "1"
    assert picture.tobytes() == small.resize((side * scale, side * scale), Image.Resampling.NEAREST).tobytes()
