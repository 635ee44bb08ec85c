"""Business cards: what stands on them in every script, what a press needs of the file, and that the code is read and proven."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from tests.cards.test_qr_pdf import streams
from tests.cases import each
from vcardapp import fonts
from vcardapp.cards import print_card, print_files, print_picture
from vcardapp.cards.code_style import drawn_style
from vcardapp.cards.print_card import BLEED, EDGE, SIDES, SIZES, Code, Plate, PrintCard, Row, Shape, face_of
from vcardapp.cards.qr_drawing import dressed
from vcardapp.cards.qr_proof import prove
from vcardapp.cards.qr_style import PRESETS, Frame, Initials
from vcardapp.pdf import MM, PAPERS, path_of

TEXT, PLAIN = "HTTPS://CARDS.EXAMPLE.ORG/U/7K2Q4M", "https://cards.example.org/maria"
DRESSES = {**PRESETS, "initials": replace(PRESETS["sunset"], logo=Initials("MO", "#7a1712"), frame=Frame("Scan me"))}
PHONES = (Row("+44 7700 900162", is_number=True), Row("maria@example.com"), Row("example.com"))
NAMES = {
    "latin": ("Maria O'Connor-Núñez", ("Architect", "Patio & Plan"), "en"),
    "arabic": ("محمد العتيبي", ("مهندس معماري",), "ar"),
    "hebrew": ("דנה כהן-לוי", ("מעצבת",), "he"),
    "japanese": ("山田太郎", ("写真家", "山田写真事務所"), "ja"),
    "thai": ("สมชาย ใจดี", ("ครูสอนทำอาหาร",), "th"),
    "devanagari": ("अनन्या शर्मा", ("नृत्य शिक्षिका",), "hi"),
    "word": ("Wolfeschlegelsteinhausenbergerdorff", ("Geschäftsführende Gesellschafterin und Vorsitzende",) * 2, "de"),
    "longest": ("Señor de los Nombres " * 9, ("Painter",), "es"),
    "short": ("Bo", (), "en"),
}


def picture(colour: str = "#1f6f4a", size: tuple[int, int] = (800, 800)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def card(name: str = "latin", style: str = "soft", **over: object) -> PrintCard:
    said, work, language = NAMES[name]
    black = drawn_style(print_card.in_black(DRESSES[style]), TEXT, PLAIN)
    made = PrintCard(
        name=said, work=work, rows=PHONES, call="Save my contact", hint="Point your phone’s camera here.",
        address="cards.example.org/maria", language=language, seed="7K2Q4M", accent="#cb3408", code=dressed(TEXT, black),
    )  # fmt: skip
    return replace(made, **over)  # type: ignore[arg-type]


def pages(data: bytes, scale: float = 4.0) -> list[Image.Image]:
    return [page.render(scale=scale).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(data)]


def boxes(shape: Shape) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a path."""
    numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*", " ".join(map(str, path_of(shape.path)._code)))]
    xs, ys = numbers[::2], numbers[1::2]
    return min(xs), min(ys), max(xs), max(ys)


@each("style", DRESSES)
def test_the_code_is_black_alone_proven_and_read(style: str) -> None:
    made = card(style=style)
    assert set(made.code.style.darks) == {"#000000"}
    assert made.code.style.light == "#ffffff"
    assert prove(made.code, PLAIN).passes
    for size in SIZES:
        (back,) = pages(print_files.press_pdf(made, size, ["back"]))
        assert [found.text for found in zxingcpp.read_barcodes(back)] == [TEXT]


@each(("name", "size", "sort"), product(NAMES, SIZES, ["", "photo", "logo"]), one_of=5)
def test_no_letter_comes_near_the_cut_and_lines_do_not_touch(name: str, size: str, sort: str) -> None:
    made = card(name, **({sort: picture(size=(800, 500 if sort == "logo" else 800))} if sort else {}))
    width, height = SIZES[size]
    for side in SIDES:
        letters = [part for part in face_of(made, size, side).parts[1:] if isinstance(part, Shape)]
        if side == "front" and not sort:
            letters = letters[2:]  # the pattern runs over the edge
        assert len(letters) >= 2
        placed = sorted((boxes(one) for one in letters), key=lambda box: box[1])
        for left, top, right, bottom in placed:
            assert left >= EDGE - 0.2
            assert right <= width - EDGE + 0.2
            assert top >= EDGE - 0.2
            assert bottom <= height - EDGE + 0.8  # a comma's tail
        for upper, lower in zip(placed, placed[1:], strict=False):
            assert lower[3] > upper[3]
            assert lower[1] > upper[1]


def test_names_are_drawn_whole_and_none_is_cut() -> None:
    for name in NAMES:
        assert not print_card.missing(card(name)), name


@pytest.fixture
def no_fonts() -> Iterator[None]:
    fonts.look_in(())
    yield
    fonts.look_in(None)


@pytest.mark.usefixtures("no_fonts")
def test_without_a_font_nothing_is_a_box_and_the_script_is_told() -> None:
    made = card("arabic", photo=picture())
    assert set(print_card.missing(made)) >= {"Arab", "Latn"}
    front, back = (face_of(made, "eu", side) for side in SIDES)
    assert [type(part) for part in front.parts] == [Shape, Plate]
    assert [type(part) for part in back.parts] == [Shape, Code]
    (page,) = pages(print_files.press_pdf(made, "eu", ["back"]))
    assert [found.text for found in zxingcpp.read_barcodes(page)] == [TEXT]


def test_texts_of_right_to_left_scripts_stand_at_the_right() -> None:
    for name, is_right in (("latin", False), ("arabic", True), ("hebrew", True)):
        front = face_of(card(name, photo=picture()), "eu", "front")
        plate = next(part for part in front.parts if isinstance(part, Plate))
        assert (plate.x < 0) == is_right
        assert (boxes([part for part in front.parts if isinstance(part, Shape)][1])[2] > 70) == is_right


def test_a_photo_bleeds_over_three_cuts() -> None:
    (plate,) = (part for part in face_of(card(photo=picture()), "eu", "front").parts if isinstance(part, Plate))
    assert (plate.y, plate.height) == (-BLEED, 55 + 2 * BLEED)
    assert plate.x + plate.width == pytest.approx(85 + BLEED)
    assert plate.picture.height / (plate.height / 25.4) >= 300  # dots an inch


@each("size", SIZES)
def test_the_file_says_where_it_is_cut_and_drawn(size: str) -> None:
    document = pypdfium2.PdfDocument(print_files.press_pdf(card(photo=picture()), size, SIDES))
    width, height = SIZES[size]
    assert len(document) == 2
    for page in document:
        trim, bleed, media = page.get_trimbox(), page.get_bleedbox(), page.get_mediabox()
        assert (trim[2] - trim[0], trim[3] - trim[1]) == pytest.approx((width * MM, height * MM), abs=0.01)
        assert (bleed[0], bleed[3]) == pytest.approx((trim[0] - BLEED * MM, trim[3] + BLEED * MM), abs=0.01)
        assert media[2] > bleed[2]


def test_all_inks_are_those_of_a_press() -> None:
    data = print_files.press_pdf(card(photo=picture()), "eu", SIDES)
    assert not re.search(rb"\b(rg|RG|sh|cs)\b", streams(data))
    assert b"/DeviceCMYK" in data
    assert b"/DeviceRGB" not in data
    assert not re.search(rb"\bT[jJ]\b", streams(data))


def test_crop_marks_stand_outside_of_the_bleed() -> None:
    (page,) = pages(print_files.press_pdf(card(), "eu", ["back"]), scale=8)
    grey, mm, margin = page.convert("L"), 8 * MM, print_files.MARGIN
    for x in (margin, margin + 85):
        column = [grey.getpixel((round(x * mm), y)) for y in range(round((margin - BLEED) * mm))]
        assert min(column) < 160
    inside = grey.crop(
        (round((margin - 1) * mm), round((margin - 1) * mm), round((margin + 86) * mm), round((margin + 3) * mm))
    )
    assert inside.getextrema() == (255, 255)


@each(("size", "paper"), [("eu", "a4"), ("us", "letter")])
def test_a_sheet_holds_ten_codes_that_are_read(size: str, paper: str) -> None:
    data = print_files.sheet_pdf(card(photo=picture()), size, SIDES)
    document = pypdfium2.PdfDocument(data)
    assert document[0].get_size() == pytest.approx(tuple(length * MM for length in PAPERS[paper]), abs=0.01)
    front, back = pages(data, 3)
    assert [found.text for found in zxingcpp.read_barcodes(back)] == [TEXT] * 10
    mm = 3 * MM
    row = np.array(front)[front.height // 2].astype(int)
    green = row[row[:, 1] > row[:, 0] + 20]
    assert len(green) / mm == pytest.approx(2 * (SIZES[size][0] * print_card.PHOTO + BLEED), abs=1)


def test_the_same_card_is_the_same_file() -> None:
    assert print_files.press_pdf(card(), "eu", SIDES) == print_files.press_pdf(card(), "eu", SIDES)


def test_the_picture_on_the_page_is_the_face() -> None:
    face = face_of(card(logo=picture(size=(400, 200))), "us", "back")
    assert any(isinstance(part, Code) for part in face.parts)
    assert print_picture.svg(face).startswith(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 88.9 50.8">')


def test_other_sizes_and_sides_are_refused() -> None:
    for size, side in (("a4", "front"), ("eu", "inside")):
        with pytest.raises(ValueError, match="no "):
            face_of(card(), size, side)
