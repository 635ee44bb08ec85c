"""Text to outlines: with fonts made for the test, with none at all, and with real ones against Pillow's own lettering."""

from __future__ import annotations

import math
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

from tests.cases import FULL
from tests.made_fonts import make_font
from vcardapp import fonts
from vcardapp.fitting import fitted, pieces
from vcardapp.inking import ink, mask
from vcardapp.lettering import extent, measured, outline, polygons
from vcardapp.text_runs import MOST_MARKS, clusters, drawable

NAMES = [
    "Maria O'Connor-Núñez", "محمد العتيبي", "דנה כהן-לוי", "山田太郎", "김 O", "สมชาย ใจดี", "Björk", "X Æ A-12",
    "Ελένη Παπαδοπούλου", "Жанна Щукина", "Nguyễn Thị Hằng", "राम प्रसाद", "مُحَمَّد بن سَعِيد", "হাসান", "தமிழ்", "తెలుగు",
    "ខ្មែរ", "<b>Bob</b>", "さくら ベーカリー", "陳大文", "12:30 – 14:00",
]  # fmt: skip


@pytest.fixture(autouse=True)
def same_fonts_afterwards():
    yield
    fonts.look_in(None)


@pytest.fixture
def blocks(tmp_path):
    """Latin, digits and Hebrew as rectangles: A is 100 high, B 200, 1 700, 2 750, alef 300, bet 400."""
    make_font(tmp_path / "blocks.ttf", {"A": 100, "B": 200, "1": 700, "2": 750, "א": 300, "ב": 400, "(": 500, ")": 550})
    fonts.look_in([tmp_path])
    return tmp_path


@pytest.fixture
def no_fonts(tmp_path):
    fonts.look_in([tmp_path])


@pytest.fixture
def real_fonts():
    """The packages of the extra `fonts` alone where they are installed, so that every machine draws alike."""
    fonts.look_in(fonts.package_folders() or None)


def heights(drawn):
    """Return the height of each rectangle, from the left."""
    tops = {min(x for x, _ in contour): -min(y for _, y in contour) for contour in polygons(drawn)}
    return [round(tops[x] * 1000 / drawn.size) for x in sorted(tops)]


def test_a_letter_becomes_a_path_above_its_baseline(blocks):
    drawn = outline("A", 10)
    assert drawn.path == "M0 0L0 -1L5 -1L5 0L0 0Z"
    assert (drawn.width, drawn.ascent, drawn.descent, drawn.direction, drawn.missing) == (6, 8, 2, "ltr", ())
    assert extent(drawn) == (0, -1, 5, 0)


def test_a_size_scales_everything(blocks):
    small, large = outline("AB", 1), outline("AB", 250)
    assert large.width == pytest.approx(small.width * 250) == pytest.approx(measured("AB") * 250)
    assert [value * 250 for value in extent(small)] == pytest.approx(extent(large))


def test_letters_without_a_font_are_left_out_and_named(blocks):
    drawn = outline("AЖBก", 10)
    assert (heights(drawn), drawn.missing, drawn.is_whole) == ([100, 200], ("Cyrl", "Thai"), False)


def test_the_box_of_a_font_is_never_drawn(blocks):
    everything = "".join(map(chr, range(32, 0x3000, 7)))
    for start in range(0, len(everything), 200):
        assert not {999} & set(heights(outline(everything[start : start + 200], 100)))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("אב", [400, 300]),
        ("אב A1", [100, 700, 400, 300]),
        ("A אב", [100, 400, 300]),
        ("אב 12", [700, 750, 400, 300]),
        ("12 אב", [400, 300, 700, 750]),  # the first letter decides the direction, not the digits before it
        ("A (אב)", [100, 500, 400, 300, 550]),
        ("(אב) A", [100, 500, 400, 300, 550]),
    ],
)
def test_parts_stand_in_the_order_of_their_direction(blocks, text, seen):
    assert heights(outline(text, 1000)) == seen


def test_a_direction_may_be_said(blocks):
    assert heights(outline("A א", 10)) == [100, 300]
    assert heights(outline("A א", 10, direction="rtl")) == [300, 100]
    assert outline("א", 10).direction == "rtl"


def test_overrides_do_not_turn_a_name_round(blocks):
    assert heights(outline("A\u202eB\u202c1", 10)) == [100, 200, 700]


def test_emoji_are_left_out_without_a_gap(blocks):
    drawn = outline("👩🏽‍🚀 A 🇫🇷 B ☎️", 10)
    assert (heights(drawn), drawn.missing, drawn.is_whole) == ([100, 200], ("emoji",), True)
    assert drawn.width == outline("A B", 10).width


def test_a_variable_font_has_both_weights(tmp_path):
    make_font(tmp_path / "variable.ttf", {"A": 100}, variable=True)
    fonts.look_in([tmp_path])
    assert extent(outline("A", 1000, weight="regular"))[2] == 500
    assert extent(outline("A", 1000, weight="bold"))[2] == pytest.approx(560, abs=0.1)  # three fifths of the way to 900


def test_the_better_font_letters_first_and_others_fill_in(tmp_path):
    make_font(tmp_path / "a.ttf", {"A": 100, "B": 100, "Ж": 100}, family="Some Serif")
    make_font(tmp_path / "b.ttf", {"A": 200, "B": 200}, family="Noto Sans")
    fonts.look_in([tmp_path])
    assert heights(outline("AЖB", 10)) == [200, 100, 200]


def test_broken_and_foreign_files_are_passed_over(blocks):
    for name, data in {"a.ttf": b"", "b.otf": b"OTTO" + bytes(90), "c.ttc": b"ttcf" + b"\xff" * 40, "d.ttf": b"hello"}.items():
        (blocks / name).write_bytes(data)
    good = (blocks / "blocks.ttf").read_bytes()
    (blocks / "cut.ttf").write_bytes(good[: len(good) // 2])
    fonts.faces.cache_clear()
    assert heights(outline("AB", 10)) == [100, 200]


def test_without_fonts_nothing_is_drawn_and_the_package_is_named(no_fonts):
    for text, script in {"Ada": "Latn", "山": "Hani", "محمد": "Arab", "ก": "Thai"}.items():
        drawn = outline(text, 40)
        assert (drawn.commands, drawn.width, drawn.path, drawn.missing, drawn.is_whole) == ((), 0, "", (script,), False)
        assert fonts.helps(script) == "vcardapp[fonts]"
        assert fitted(text, 100, (40, 20), 2).lines == ()
    assert outline("", 40).missing == ()
    assert (fonts.helps("Geor"), fonts.helps("emoji")) == ("fonts-noto-core", "")


def test_what_a_package_is_said_to_help_it_does(real_fonts):
    if fonts.package_folders():
        samples = dict(Latn="a", Cyrl="ж", Grek="λ", Arab="م", Hebr="ש", Deva="क", Khmr="ខ", Taml="த", Telu="త", Thai="ก",
                       Beng="হ", Hani="山", Hira="あ", Kana="ア", Hang="한", Bopo="ㄅ")  # fmt: skip
        assert set(samples) == fonts.IN_EXTRA
        assert [outline(text, 10).missing for text in samples.values()] == [()] * len(samples)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_the_world_are_lettered_whole(real_fonts, name):
    for weight in ("bold", "regular"):
        drawn = outline(name, 40, weight=weight)
        assert drawn.missing == ()
        assert drawn.width > 20


@pytest.mark.parametrize("text", NAMES[:4] + NAMES[5:7] + NAMES[8:13] + NAMES[18:20])
def test_letters_look_as_another_engine_sets_them(real_fonts, text):
    """Pillow shapes by Raqm, with its own bidirectional algorithm; its picture is laid over ours."""
    han = "JP" if any("\u3040" <= char < "\u30ff" for char in text) else "SC"
    face = fonts.face_for("".join(char for char in text if char.isalpha()), "regular", han)
    assert face is not None
    font = ImageFont.truetype(str(face.path), 60, index=face.index, layout_engine=ImageFont.Layout.RAQM)
    if face.is_variable:
        font.set_variation_by_axes([400 if axis["name"] == b"Weight" else axis["default"] for axis in font.get_variation_axes()])
    drawn = outline(text, 60, weight="regular")
    ours, theirs = (Image.new("RGB", (math.ceil(drawn.width) + 40, 140), "white") for _ in range(2))
    ink(ours, drawn, 20, 90, "black")
    language = "ja" if han == "JP" else "zh" if unicodedata.name(text[0]).startswith("CJK") else None
    ImageDraw.Draw(theirs).text((20, 90), text, "black", font, anchor="ls", language=language)
    assert drawn.width == pytest.approx(font.getlength(text), rel=0.02)
    off = ImageStat.Stat(ImageChops.difference(ours.convert("L"), theirs.convert("L"))).sum[0]
    inked = ImageStat.Stat(ImageChops.invert(theirs.convert("L"))).sum[0]
    assert off < 0.2 * inked  # edges alone: another picture is off by more than its ink


def test_han_characters_take_the_forms_of_the_language(real_fonts):
    japanese, chinese = (outline("直骨", 100, language=tag).path for tag in ("ja", "zh-Hans"))
    assert japanese != chinese
    assert outline("直あ", 100).path == outline("直あ", 100, language="ja").path


def test_a_tower_of_marks_is_cut_down():
    cut = drawable("Z" + "\u0336\u0321\u0349" * 50 + "o")
    assert (cut[0], cut[-1], len(cut)) == ("Z", "o", 2 + MOST_MARKS)
    assert drawable("שָּׁ") == unicodedata.normalize("NFC", "שָּׁ")


@pytest.mark.parametrize("text", ["\u0336", "Z\u0336", "ﷺ", "(א", "\u200d", "鬱"])
def test_hostile_texts_take_no_time(real_fonts, text):
    text *= 50_000 if FULL else 10_000
    outline("warm", 10)
    start = time.process_time()
    fitted(text, 500, (90, 60, 40), 3)
    outline(text, 10)
    assert time.process_time() - start < 20  # or minutes, were it not cut


@given(st.text(max_size=40))
@settings(max_examples=80, deadline=None)
def test_any_text_at_all_becomes_finite_contours(text):
    drawn = outline(text, 40)
    assert drawn.width >= 0
    assert all(math.isfinite(value) for contour in polygons(drawn) for point in contour for value in point)
    assert "nan" not in drawn.path


@given(st.text(max_size=60))
@settings(max_examples=80, deadline=None)
def test_letters_are_split_without_loss(text):
    assert "".join(clusters(text)) == text


def test_curves_keep_within_the_tolerance():
    from vcardapp.lettering import Outline

    kappa = 4 / 3 * math.tan(math.pi / 8)
    quarter = ("C", ((100.0, 100 * kappa), (100 * kappa, 100.0), (0.0, 100.0)))
    drawn = Outline((("M", ((100.0, 0.0),)), quarter, ("L", ((0.0, 0.0),)), ("Z", ())), 100, 100, 0, 100, "ltr", ())
    for tolerance in (2, 0.1, 0.02):
        (contour,) = polygons(drawn, tolerance)
        chords = zip(contour[:-2], contour[1:-1], strict=True)
        middles = [math.hypot(a[0] + b[0], a[1] + b[1]) / 2 for a, b in chords]
        assert min(middles) > 100 - tolerance - 0.03
    assert len(polygons(drawn, 2)[0]) < len(polygons(drawn, 0.02)[0])


def test_overlaps_are_inside_and_counters_outside():
    across = [(0, 2), (10, 2), (10, 4), (0, 4)]
    down = [(2, 0), (4, 0), (4, 10), (2, 10)]
    hole = [(6, 6), (6, 9), (9, 9), (9, 6)]
    plate = [(5, 5), (10, 5), (10, 10), (5, 10)]
    picture = mask([across, down, plate, hole], 10, 10)
    assert [picture.getpixel(at) for at in ((3, 3), (0, 0), (7, 7), (5, 5), (0, 3), (3, 9))] == [255, 0, 0, 255, 255, 255]
    knot = [(0, 0), (8, 0), (8, 8), (2, 8), (2, 2), (10, 2), (10, 4), (0, 4)]  # goes twice round its middle
    assert mask([knot], 10, 10).getpixel((5, 3)) == 255


def test_edges_are_smooth_and_what_is_outside_is_left_out():
    assert mask([[(0, 0), (0.5, 0), (0.5, 4), (0, 4)]], 2, 2).getpixel((0, 0)) == pytest.approx(128, abs=2)
    assert mask([[(-50, -50), (90, -50), (90, 90), (-50, 90)]], 3, 3).getextrema() == (255, 255)


@pytest.mark.parametrize("text", ["A B A B A B", "ABABABAB ABAB", "אבא באב אבא", "A", "AB-AB-AB"])
def test_lines_fit_the_width(blocks, text):
    set_ = fitted(text, 30, (10, 8, 6, 5), 3)
    assert all(line.width <= 30.001 for line in set_.lines)
    assert len(set_.lines) <= 3
    assert "".join(set_.texts).replace(" ", "") == text.replace(" ", "")


def test_the_largest_size_that_holds_whole_words_is_taken(blocks):
    two = fitted("AB AB", 12, (10, 5, 4), 2)
    one = fitted("AB AB", 12, (10, 5, 4), 1)
    assert (two.size, two.texts, two.is_cut) == (10, ("AB", "AB"), False)
    assert (one.size, one.texts, one.is_cut) == (4, ("AB AB",), False)


def test_a_word_breaks_only_for_much_larger_letters(blocks):
    assert fitted("ABAB", 12, (8, 5), 2).texts == ("ABAB",)
    assert fitted("ABAB", 12, (10, 5), 2).texts == ("AB", "AB")
    assert fitted("ABABAB", 12, (8, 5), 2).texts == ("ABA", "BAB")


def test_a_hyphen_ends_a_line_only_for_much_larger_letters(blocks):
    make_font(blocks / "hyphen.ttf", {"-": 20})
    fonts.faces.cache_clear()
    assert fitted("AB AB-B", 24, (8, 6.6, 6), 2).texts == ("AB", "AB-B")
    assert fitted("AB AB-BBBBBB", 30, (8, 4, 3), 2).texts == ("AB AB-", "BBBBBB")


def test_what_is_too_long_is_cut_and_says_so(tmp_path):
    make_font(tmp_path / "a.ttf", {"A": 100, "…": 50})
    fonts.look_in([tmp_path])
    set_ = fitted("A" * 40, 30, (10,), 2)
    assert (set_.texts, set_.is_cut) == (("AAAAA", "AAAA…"), True)


def test_lines_are_made_alike_in_length(blocks):
    assert fitted("AB AB AB AB", 64, (10,), 2).texts == ("AB AB", "AB AB")


def test_japanese_breaks_between_characters_but_not_before_a_closing_sign():
    assert [piece for piece, _ in pieces("東京「駅」へ。")] == ["東", "京", "「駅」", "へ。"]
    assert pieces("Co-op ab") == [("Co-", True), ("op", False), ("ab", True)]
    assert [piece for piece, _ in pieces("한국어 이름")] == ["한국어", "이름"]


def test_the_folders_of_a_setting_are_taken(tmp_path, monkeypatch):
    from vcardapp.config import read_settings

    for name in "ab":
        (tmp_path / name).mkdir()
    env = {"VCARDAPP_DATA": str(tmp_path), "VCARDAPP_FONTS": f"{tmp_path / 'a'}:{tmp_path / 'b'}"}
    assert read_settings(env).fonts == (tmp_path / "a", tmp_path / "b")
    assert read_settings({"VCARDAPP_DATA": str(tmp_path)}).fonts == ()
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path))
    assert Path(tmp_path / "fonts") in fonts.system_folders()
