import base64
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.cases import each
from vcardapp.cards.qr_style import PRESETS, SCHEMA, Frame, Gradient, Initials, Picture, Style, WrongStyle, luma


def png(width=64, height=64, form="PNG"):
    file = io.BytesIO()
    Image.new("RGBA" if form == "PNG" else "RGB", (width, height), "#a92a05").save(file, form)
    return file.getvalue()


def picture(data):
    return {"logo": {"kind": "picture", "png": base64.b64encode(data).decode()}}


FULL = Style(
    shape="dots", eye_frame=0.3, eye_ball=0.75, dark="#123456", gradient=Gradient("#234567", "radial", 10), light="#fffff0",
    page="#fffff1", zone=2, logo=Picture(png()), logo_side=0.31, frame=Frame("امسح الرمز", "above", "#345678"),
)  # fmt: skip


@each("style", [*PRESETS.values(), FULL, Style(logo=Initials("Zo", "#111111"))])
def test_a_style_comes_back_from_json_as_it_was(style):
    assert Style.from_dict(json.loads(json.dumps(style.to_dict()))) == style


def test_what_is_not_said_is_plain():
    assert Style.from_dict({}) == Style() == PRESETS["plain"]
    assert {name: field["default"] for name, field in SCHEMA["properties"].items()} == Style().to_dict()


def test_colours_are_kept_in_small_letters():
    assert Style.from_dict({"dark": "#ABCDEF"}).dark == "#abcdef"


@each("style", PRESETS.values())
def test_presets_keep_to_the_floors(style):
    assert all(luma(style.light) - luma(dark) >= 0.78 * 255 for dark in style.darks)
    assert abs(luma(style.page) - luma(style.light)) <= 0.03 * 255
    assert style.eye_frame <= 0.5
    assert style.eye_ball <= 1


def test_presets_look_different():
    assert len(set(PRESETS.values())) == len(PRESETS) >= 8


@each(
    ("values", "field"),
    [
        ([], ""), (None, ""), ("plain", ""), ({"colour": "#000000"}, "colour"), ({1: 2}, "1"), ({"shape": "star"}, "shape"),
        ({"shape": ["dots"]}, "shape"), ({"shape": None}, "shape"), ({"dark": "red"}, "dark"), ({"dark": "#fff"}, "dark"),
        ({"dark": "#000000\n"}, "dark"), ({"light": 0}, "light"), ({"page": "#00000g"}, "page"), ({"zone": 0}, "zone"),
        ({"zone": True}, "zone"), ({"zone": "4"}, "zone"), ({"eye_frame": 0.51}, "eye_frame"), ({"eye_ball": -0.1}, "eye_ball"),
        ({"eye_ball": float("nan")}, "eye_ball"), ({"logo_side": float("inf")}, "logo_side"), ({"logo_side": 0.32}, "logo_side"),
        ({"eye_frame": True}, "eye_frame"), ({"gradient": {"kind": "linear"}}, "gradient"),
        ({"gradient": {"to": "#000000", "kind": "linear", "angle": 360}}, "gradient"),
        ({"gradient": {"to": "#000000", "kind": "linear", "angle": 1.5}}, "gradient"),
        ({"gradient": {"to": "#000000", "kind": "linear", "angle": 1, "more": 1}}, "gradient"),
        ({"logo": {"kind": "initials", "text": " ", "colour": "#000000"}}, "logo"),
        ({"logo": {"kind": "initials", "text": "A" * 9, "colour": "#000000"}}, "logo"),
        ({"logo": {"kind": "initials", "text": "\ud800", "colour": "#000000"}}, "logo"),
        ({"logo": {"kind": "sound"}}, "logo"), (picture(b""), "logo"), (picture(b"\x89PNG\r\n\x1a\n" + b"a" * 90), "logo"),
        (picture(png(form="JPEG")), "logo"), (picture(png(513, 40)), "logo"), (picture(png(8, 8)), "logo"),
        (picture(png()[:-40]), "logo"), (picture(png() + bytes(200_000)), "logo"),
        ({"logo": {"kind": "picture", "png": "%"}}, "logo"),
        ({"frame": {"text": "two\nlines", "place": "below", "colour": "#000000"}}, "frame"),
        ({"frame": {"text": "x" * 41, "place": "below", "colour": "#000000"}}, "frame"),
        ({"frame": {"text": "x", "place": "left", "colour": "#000000"}}, "frame"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(values, field):
    with pytest.raises(WrongStyle) as found:
        Style.from_dict(values)
    assert found.value.field == field
    assert found.value.words.endswith(".")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=50)
    | st.sampled_from(["#00ff00", "initials"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["to", "kind", "angle", "text", "png", "x"]), inner)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(SCHEMA["properties"])), JSON) | JSON)
@settings(deadline=None)
def test_any_json_is_a_style_or_says_what_is_wrong(values):
    try:
        style = Style.from_dict(values)
    except WrongStyle:
        return
    assert Style.from_dict(style.to_dict()) == style
