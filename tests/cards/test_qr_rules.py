"""The rules never promise more than was measured, and what is worse is never rated better."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import each
from vcardapp.cards import qr, qr_rules
from vcardapp.cards.qr_style import PRESETS, Frame, Gradient, Initials, Style

SHORT = "HTTPS://CARD.EXAMPLE.ORG/U/7K2Q4M"
FULL = "https://card.example.org/jane-smith"
FORTY = "https://card.example.com/" + "jane-smith-of-ac"  # 41 bytes
PLAIN = qr.plain_code(FORTY)
COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def of_plain(style, level="M", text=FORTY):
    """Return the share of a 3-M code in a style, or of another code at the same width."""
    return qr_rules.expected(qr.matrix(text, level=level), style, PLAIN)


@each(
    ("dark", "measured"),
    [("#1e3a8a", 0.97), ("#0f172a", 0.99), ("#7f1d1d", 0.98), ("#14532d", 0.97), ("#0b5394", 0.95), ("#d32f2f", 0.90),
     ("#2196f3", 0.78), ("#ff9800", 0.43)],
)  # fmt: skip
def test_a_colour_is_rated_close_to_what_was_measured_and_not_above(dark, measured):
    assert measured - 0.06 <= of_plain(Style(dark=dark)) <= measured + 0.005


@each(
    ("light", "dark", "measured"),
    [("#f3f4f6", "#000000", 0.96), ("#e5e7eb", "#000000", 0.85), ("#d1d5db", "#000000", 0.72), ("#bdbdbd", "#000000", 0.58),
     ("#767676", "#000000", 0.18), ("#ffd54f", "#1a1a2e", 0.65), ("#fff7e6", "#000000", 0.99)],
)  # fmt: skip
def test_a_background_on_white_paper_is_rated_close_to_what_was_measured(light, dark, measured):
    assert measured - 0.08 <= of_plain(Style(dark=dark, light=light)) <= measured + 0.03


def test_a_file_may_end_on_white_paper_whatever_page_was_said():
    on_grey = Style(light="#d1d5db", page="#d1d5db")
    assert of_plain(on_grey) == of_plain(replace(on_grey, page="#ffffff")) < 0.75


@each(
    ("version", "level", "measured"),
    [(2, "Q", 1.20), (2, "M", 1.13), (3, "M", 1.0), (3, "L", 0.85), (4, "M", 0.81), (4, "Q", 0.90), (5, "M", 0.56),
     (5, "H", 0.66), (6, "M", 0.43)],
)  # fmt: skip
def test_versions_and_levels_are_rated_close_to_what_was_measured_and_not_above(version, level, measured):
    code = qr.Code(version, level, 0, 0)
    assert measured - 0.12 <= qr_rules.expected(code, Style(), PLAIN) <= measured + 0.005


@each(
    ("page", "dark", "zone", "measured"),
    [("#1a1a2e", "#757575", 2, 0.71), ("#1a1a2e", "#636363", 2, 0.86), ("#000000", "#757575", 2, 0.56),
     ("#000000", "#757575", 4, 0.88),
     ("#1a1a2e", "#000000", 2, 1.0), ("#bdbdbd", "#000000", 4, 0.93), ("#e5e7eb", "#000000", 4, 0.95)],
)  # fmt: skip
def test_pale_ink_on_a_page_that_is_darker_is_rated_no_higher_than_measured(page, dark, zone, measured):
    on_white = Style(dark=dark, zone=zone)
    assert measured - 0.16 <= of_plain(replace(on_white, page=page)) / of_plain(on_white) <= measured + 0.005


def test_a_narrower_zone_makes_modules_larger():
    assert 1.1 < of_plain(Style(zone=2)) < 1.18
    assert of_plain(Style(zone=4)) == 1 < of_plain(Style(zone=3)) < of_plain(Style(zone=2))


def test_the_plain_code_is_itself():
    assert qr_rules.expected(PLAIN, Style(), PLAIN) == 1.0
    assert set(qr_rules.factors(PLAIN, Style(), PLAIN).values()) == {1.0}


@each("name", sorted(PRESETS))
def test_presets_have_their_reserve_where_the_short_code_is_a_version_smaller(name):
    code = qr.matrix(SHORT)
    assert qr_rules.expected(code, replace(PRESETS[name], zone=2), qr.plain_code(FULL)) > 1


@each(
    "worse",
    [Style(shape="bars"), Style(shape="dots"), Style(shape="soft"), Style(eye_frame=0.5), Style(eye_ball=1.0),
     Style(dark="#333333"), Style(light="#eeeeee"), Style(gradient=Gradient("#111111")), Style(frame=Frame("Scan")),
     Style(logo=Initials("A", "#000000"))],
)  # fmt: skip
def test_nothing_is_rated_better_than_plain(worse):
    assert of_plain(worse) < 1


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_logo_that_uses_more_is_rated_lower(one, other):
    low, high = sorted((one, other))
    assert qr_rules.logo_share(3, "M", low) >= qr_rules.logo_share(3, "M", high)


@given(COLOURS, COLOURS, COLOURS)
def test_a_lighter_ink_is_never_rated_better(one, other, light):
    dark, pale = sorted((one, other), key=qr_rules.luma)
    assert of_plain(Style(dark=dark, light=light)) >= of_plain(Style(dark=pale, light=light))


@given(COLOURS, COLOURS)
def test_an_inverted_code_is_rated_at_nothing(one, other):
    dark, light = sorted((one, other), key=qr_rules.luma)
    if dark != light:
        assert of_plain(Style(dark=light, light=dark)) == 0
        assert qr_rules.contrast(Style(dark=light, light=dark)) <= 0


def test_small_versions_need_small_modules_and_dense_ones_larger():
    small, dense = qr.matrix("HTTPS://X.ORG/U/7K2Q4MA", level="M"), qr.plain_code("v" * 200)
    assert qr_rules.smallest_millimetres(small, Style(), 1.0) == pytest.approx(33 * 0.4)
    assert qr_rules.smallest_millimetres(dense, Style(), 1.0) == pytest.approx(65 * 0.6)
    assert qr_rules.smallest_millimetres(small, Style(), 0.8) == pytest.approx(33 * 0.4 / 0.8)


def test_reading_distance_grows_with_the_print():
    code = qr.matrix(SHORT, level="M")
    assert qr_rules.centimetres(code, Style(), 25) == 36
    assert qr_rules.centimetres(code, Style(), 50) == 72


@each(
    ("dark", "to", "measured"), [("#1e3a8a", "#7e22ce", 0.94), ("#000000", "#ffb300", 0.60), ("#000000", "#2196f3", 0.81)]
)
def test_a_gradient_is_not_rated_above_what_was_measured(dark, to, measured):
    assert of_plain(Style(dark=dark, gradient=Gradient(to))) <= measured + 0.005


def test_both_ends_of_a_gradient_count_alike_whichever_comes_first():
    there, back = Style(dark="#101010", gradient=Gradient("#606060")), Style(dark="#606060", gradient=Gradient("#101010"))
    assert of_plain(there) == of_plain(back) < of_plain(Style(dark="#101010"))
