"""Whatever colours somebody chooses, a page can be read: each pair that meets on it, in light and dark (WCAG 2.2 AA)."""

from __future__ import annotations

import re
from dataclasses import replace
from math import atan2

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.cases import FULL, each
from vcardapp.assets import STATIC
from vcardapp.colours import oklab
from vcardapp.design.contrast import contrast, repaired, stops
from vcardapp.design.design import Design
from vcardapp.design.palette import TOKENS, called, palette
from vcardapp.design.themes import PAPER, THEMES

ROUNDS = 3000 if FULL else 200
COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
OWN = st.builds(
    Design,
    theme=st.sampled_from(list(THEMES)),
    accent=st.just("") | COLOURS,
    background=st.just("") | COLOURS,
    text=st.just("") | COLOURS,
    gradient=st.just("") | COLOURS,
    backdrop=st.sampled_from(["", "0" * 32]),
)
TEXTS = ("ink", "ink-soft", "ink-faint", "accent-strong")
SIGNS = ("edge", "accent", "focus", "good", "button-edge")


def luminance(red: float, green: float, blue: float) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def parts_of(colour: str) -> list[float]:
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def luminances(start: str, end: str) -> list[float]:
    """The light at 101 places of a gradient, finer than a screen's colours."""
    one, other = parts_of(start), parts_of(end or start)
    mixes = ([a + (b - a) * step / 100 for a, b in zip(one, other, strict=True)] for step in range(101 if end else 1))
    return [luminance(*mix) for mix in mixes]


def ratio(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def faults(colours: dict[str, str]) -> list[str]:
    """Name each pair that meets on a page and cannot be told apart well enough."""
    papers = {"page": luminances(colours["canvas"], colours["gradient"])}
    papers |= {name: luminances(colours[name], "") for name in ("raised", "sunk")}
    wanted = [(ink, paper, 4.5) for ink in TEXTS for paper in papers]
    wanted += [(sign, paper, 3.0) for sign in SIGNS for paper in papers]
    found = []
    for ink, paper, least in wanted:
        light = luminance(*parts_of(colours[ink]))
        weakest = min(ratio(light, other) for other in papers[paper])
        if weakest < least - 0.003:  # between two colours of a gradient that a screen can show
            found.append(f"{ink} on {paper}: {weakest:.2f}")
    for button in ("button", "button-strong"):
        if contrast(colours["on-accent"], colours[button]) < 4.5:
            found.append(f"on-accent on {button}")
    return found


@settings(max_examples=ROUNDS, deadline=None)
@given(OWN)
@example(Design(background="#ffffff", gradient="#000000", text="#777777", accent="#ffffff"))
@example(Design(background="#ff0000", gradient="#00ffff", accent="#ff0000", text="#00ffff"))
@example(Design(background="#777777", gradient="#757575", accent="#767676", text="#767676"))
@example(Design(background="#26dd00", gradient="#d64000"))
@example(Design(accent="#ffd400"))
@example(Design(text="#f5f1e8", background="#f5f1e8"))
def test_any_colours_make_a_page_that_can_be_read(design: Design) -> None:
    made = palette(design)
    for colours in (made.light, made.dark):
        assert set(colours) == set(TOKENS)
        assert all(re.fullmatch("#[0-9a-f]{6}", colour) for token, colour in colours.items() if token != "gradient")
        assert faults(dict(colours)) == []


@settings(max_examples=ROUNDS // 4, deadline=None)
@given(OWN)
def test_what_was_changed_is_said_and_what_was_not_is_kept(design: Design) -> None:
    made = palette(design)
    told = {repair.field: repair.became for repair in made.repairs if repair.scheme == "light"}
    assert made.light["canvas"] == design.background or not design.background
    for field, token in (("text", "ink"), ("accent", "accent")):
        if chosen := getattr(design, field):
            assert made.light[token] == told.get(field, chosen)
            assert field not in told or told[field] != chosen
    if design.accent:
        assert made.light["button"] == design.accent
    if design.gradient and not design.backdrop:
        assert made.light["gradient"] == told.get("gradient", design.gradient)


@each("key", THEMES)
def test_a_theme_looks_as_it_was_drawn(key: str) -> None:
    made = palette(Design(theme=key))
    for said, colours in ((THEMES[key].light, made.light), (THEMES[key].dark, made.dark)):
        assert set(said) <= set(TOKENS)
        assert {token: colours[token] for token in said} == dict(said)
    assert made.repairs == ()


def test_paper_has_the_colours_of_the_tokens() -> None:
    text = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    raw = dict(re.findall(r"--(raw-[\w-]+): (#\w{6});", text))
    for said, block in ((THEMES[PAPER].light, light), (THEMES[PAPER].dark, dark)):
        used = {token: raw[name] for token, name in re.findall(r"--color-([\w-]+): var\(--(raw-[\w-]+)\);", block) if name in raw}
        assert dict(said) == {token: used[token] for token in said}


def test_a_yellow_is_darkened_for_text_and_its_owner_told() -> None:
    made = palette(Design(background="#ffffff", text="#ffd400"))
    (repair,) = [repair for repair in made.repairs if repair.scheme == "light"]
    assert repair.words % {"colour": repair.colour} == (
        "We darkened your yellow for text, so that it can be read on your background."
    )
    assert contrast(repair.became, "#ffffff") >= 4.5
    assert called(repair.became) in ("yellow", "brown")


def test_a_button_keeps_the_colour_and_gets_letters_and_an_edge() -> None:
    light = palette(Design(background="#ffffff", accent="#ffd400")).light
    assert light["button"] == "#ffd400"
    assert contrast(light["on-accent"], "#ffd400") >= 7
    assert contrast(light["button-edge"], "#ffffff") >= 3


def test_a_backdrop_has_a_panel_of_one_colour() -> None:
    design = Design(background="#ffffff", gradient="#000000")
    assert palette(replace(design, backdrop="0" * 32)).light["gradient"] == ""
    assert palette(design).light["gradient"] not in ("", "#000000")


def test_a_background_of_day_has_a_night_of_the_same_hue() -> None:
    made = palette(Design(background="#8fdda0"))
    (_, *day), (lightness, *night) = oklab("#8fdda0"), oklab(made.dark["canvas"])
    assert lightness < 0.25
    assert abs(atan2(*day) - atan2(*night)) < 0.2
    always = palette(Design(background="#0b1a33"))
    assert always.light["canvas"] == always.dark["canvas"] == "#0b1a33"


@given(COLOURS, COLOURS)
def test_what_is_legible_stays_and_the_rest_becomes_just_legible(colour: str, paper: str) -> None:
    made = repaired(colour, (paper,), 4.5)
    assert contrast(made, paper) >= 4.5
    assert (made == colour) == (contrast(colour, paper) >= 4.5)


@given(COLOURS, COLOURS)
def test_a_gradient_is_measured_from_end_to_end(start: str, end: str) -> None:
    found = stops(start, end)
    assert (found[0], found[-1]) == (start, end)
    assert len(set(found)) == len(found)
