"""The owner's design: what is stored comes back, what is wrong is left to the theme."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from tests.cases import each
from vcardapp.cards.content import Content
from vcardapp.design.design import BUTTONS, HEADERS, PHOTOS, SECTIONS, TYPES, Design
from vcardapp.design.themes import THEMES

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
IDS = st.from_regex(r"[0-9a-f]{32}", fullmatch=True)
DESIGNS = st.builds(
    Design,
    theme=st.sampled_from(["", *THEMES]),
    accent=st.just("") | COLOURS,
    background=st.just("") | COLOURS,
    text=st.just("") | COLOURS,
    gradient=st.just("") | COLOURS,
    angle=st.integers(0, 359),
    backdrop=st.just("") | IDS,
    header=st.sampled_from(["", *HEADERS]),
    photo=st.sampled_from(["", *PHOTOS]),
    button=st.sampled_from(["", *BUTTONS]),
    type=st.sampled_from(["", *TYPES]),
    order=st.lists(st.sampled_from(SECTIONS), unique=True).map(tuple),
    favicon=st.just("") | IDS,
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
FIELDS = list(Design.__dataclass_fields__)


@given(DESIGNS)
def test_a_design_comes_back_from_json_as_it_was(design: Design) -> None:
    content = Content(display_name="Ada", design=design)
    assert Content.from_dict(json.loads(json.dumps(content.to_dict()))) == content


@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(), ANYTHING) | ANYTHING)
def test_whatever_is_stored_is_read_and_only_our_own_words_stay(data: Any) -> None:
    design = Design.from_dict(data)
    assert Design.from_dict(json.loads(json.dumps(Content(design=design).to_dict()))["design"]) == design
    assert design.header in ("", *HEADERS)
    assert 0 <= design.angle < 360
    assert all(len(colour) in (0, 7) for colour in (design.accent, design.background, design.text, design.gradient))


@each("wrong", ["red", "#fff", "#12345g", "#1234567", "url(x)", "#123456;", "#123456\n}", "＃123456"])
def test_a_colour_is_six_digits_and_nothing_else(wrong: str) -> None:
    assert Design.from_dict({"accent": wrong}).accent == ""
    assert Design.from_dict({"accent": " #AbCdEf "}).accent == "#abcdef"


def test_cards_of_earlier_releases_have_the_plain_design() -> None:
    data = factories.content().to_dict()
    del data["design"]
    assert Content.from_dict(data).design == Design()
    assert Content.from_dict({**data, "design": None}).design == Design()


def test_hiding_takes_nothing_from_the_design() -> None:
    design = Design(theme="salon", accent="#112233", order=("links",))
    shown = Content(design=design, company="X", hidden=("company", "design", "birthday")).visible()
    assert shown.design == design
    assert shown.company == ""


def test_sections_stand_in_the_owners_order_and_none_is_lost() -> None:
    design = Design(order=("about", "gone", "links"))
    assert design.sections()[:3] == ("about", "links", "contact")
    assert design.sections(("contact", "gallery", "links")) == ("links", "contact", "gallery")
    assert Design().sections() == SECTIONS


def test_a_card_names_all_its_pictures() -> None:
    design = Design(backdrop="b" * 32, favicon="f" * 32)
    assert set(Content(photo="p", logo="l", cover="c", design=design).pictures) == {"p", "l", "c", "b" * 32, "f" * 32}
