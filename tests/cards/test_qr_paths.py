"""Path data of modules, filled again here by its own corners, must give back the modules."""

import math
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import each
from vcardapp.cards import qr, qr_paths

CODE = qr.matrix("HTTPS://CARDS.EXAMPLE.ORG/U/7K2Q4M").modules


def drawn_again(path, size):
    """Fill contours of h and v commands by counting the vertical edges to the left of each module."""
    turns = [[0] * (size + 1) for _ in range(size)]
    for contour in path.split("z")[:-1]:
        x, y = map(int, re.match(r"M(\d+) (\d+)", contour).groups())
        start = y
        for command, length in re.findall(r"([hv])(-?\d+)", contour):
            if command == "h":
                x += int(length)
                continue
            end = y + int(length)
            for row in range(min(y, end), max(y, end)):
                turns[row][x] += 1 if end > y else -1
            y = end
        for row in range(min(y, start), max(y, start)):  # z goes back up
            turns[row][x] += 1 if start > y else -1
    return [[sum(row[: column + 1]) != 0 for column in range(size)] for row in turns]


@given(
    st.integers(1, 9).flatmap(
        lambda n: st.lists(st.lists(st.booleans(), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
@settings(deadline=None)
def test_outlines_enclose_just_the_dark_modules(rows):
    assert drawn_again(qr_paths.modules(rows, "square", 0), len(rows)) == rows


def test_the_outline_of_a_code_is_moved_by_its_zone():
    size = len(CODE)
    again = drawn_again(qr_paths.modules(CODE, "square", 4), size + 8)
    assert [row[4:-4] for row in again[4:-4]] == [list(row) for row in CODE]
    assert not any(map(any, again[:4] + again[-4:]))


@each(("shape", "each"), [("dots", "M"), ("bars", "M")])
def test_dots_and_bars_stand_alone(shape, each):
    columns = list(zip(*CODE, strict=True))
    runs = sum(len(re.findall("1+", "".join("01"[dark] for dark in column))) for column in columns)
    count = {"dots": sum(map(sum, CODE)), "bars": runs}[shape]
    assert qr_paths.modules(CODE, shape, 0).count(each) == count


def test_soft_corners_are_round_only_where_dark_ends():
    assert qr_paths.modules([[True]], "soft", 0).count("a.25.25") == 4
    assert qr_paths.modules([[True, True], [True, False]], "soft", 0).count("a.25.25") == 5
    assert qr_paths.modules([[True, False], [False, True]], "soft", 0).count("a.25.25") == 8


def test_flags_of_arcs_stand_apart_from_numbers():
    """Readers that know no packed flags would take "1.25" for one number."""
    for shape in qr_paths.SHAPES:
        path = qr_paths.modules(CODE, shape, 4) + qr_paths.eyes(25, 0.5, 1, 4)
        assert not re.search(r" 0 0 1[.\d]", path)


@given(st.floats(-200, 200))
def test_numbers_are_short_and_close(number):
    written = qr_paths.short(number)
    assert math.isclose(float(written), number, abs_tol=0.0006)
    assert not re.search(r"^-?0.|\.$|\.\d*0$", written)
