"""A dressed card as its visitors get it: what its page says, what it weighs, which style sheets it brings."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import brotli
import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient

from tests import factories
from tests.cases import each
from vcardapp.accounts.models import User
from vcardapp.assets import STATIC, minified
from vcardapp.cards.content import Content, Link
from vcardapp.cards.networks import NETWORKS
from vcardapp.cards.qr_style import PRESETS
from vcardapp.demo.cards import maria
from vcardapp.design.design import BUTTONS, HEADERS, PHOTOS, SECTIONS, TYPES, Design
from vcardapp.design.look import look_of
from vcardapp.design.themes import LISTS, SCALES, THEMES
from vcardapp.public.page import card_context

SHEETS = sorted([*(STATIC / "css" / "looks").glob("*.css"), *(STATIC / "css" / "themes").glob("*.css")])
MOST_BYTES = 14_000
PICTURE = "0123456789abcdef" * 2


def demo_card() -> Content:
    """The demo's card with the most on it, with sixteen links."""
    content = maria(date(2030, 1, 2), date(2030, 2, 2))
    more = tuple(Link(network, "patio.example") for network in list(NETWORKS)[: 16 - len(content.links)])
    return replace(content, links=content.links + more, photo=PICTURE, cover=PICTURE)


def dressed(content: Content, **design: object) -> Content:
    return replace(content, design=Design.from_dict(design))


def style_of(page: str) -> str:
    return page.partition("<style>")[2].partition("</style>")[0]


@pytest.mark.parametrize("key", THEMES)
def test_every_theme_arrives_whole_in_fourteen_thousand_bytes(app: Flask, key: str) -> None:
    """With the longest choice of everything: a cover, a photo, own colours, a gradient, a backdrop, an order of its own."""
    own = {"accent": "#ffd400", "gradient": "#123456", "backdrop": PICTURE, "favicon": PICTURE, "order": SECTIONS[::-1]}
    heaviest = {"header": "split", "photo": "arch", "button": "outline", "type": "serif"}
    for design in ({}, {**own, **heaviest}):
        with app.test_request_context("/maria"):
            context = card_context(dressed(demo_card(), theme=key, **design), "maria", "ABC123")
            page = render_template("public/card.html", **context).encode()
        assert len(gzip.compress(page, 9)) <= MOST_BYTES
        assert len(brotli.compress(page, quality=11)) <= MOST_BYTES


@pytest.mark.parametrize("design", [{}, {"theme": "salon"}, {"theme": "paper", "accent": "#ffd400", "backdrop": "0" * 32}])
def test_the_policy_of_a_page_allows_its_style_alone(client: FlaskClient, alice: User, design: dict[str, str]) -> None:
    factories.published_card(alice, design=Design.from_dict(design))
    answer = client.get("/ada")
    digest = base64.b64encode(hashlib.sha256(style_of(answer.text).encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert answer.text.count("<style") == 1
    assert " style=" not in answer.text


def test_a_card_without_a_design_brings_no_word_of_designs(client: FlaskClient, alice: User) -> None:
    factories.published_card(alice)
    page = client.get("/ada").text
    assert 'class="card-page t-paper head-banner photo-square button-square type-sans rows-lines scale-strong' in page
    assert re.findall(r'<meta name="theme-color" content="(#\w+)"', page) == ["#f5f1e8", "#100e0c"]
    names = ("tokens.css", "reset.css", "base.css", "parts/buttons.css", "pages/card.css", "pages/card-print.css")
    assert style_of(page) == "".join(minified((STATIC / "css" / name).read_text(encoding="utf-8")) for name in names)


def test_a_page_wears_what_its_owner_chose(client: FlaskClient, alice: User) -> None:
    design = Design(theme="salon", header="minimal", button="outline", background="#0b1a33", favicon="f" * 32)
    factories.published_card(alice, design=design)
    page = client.get("/ada").text
    assert "t-salon head-minimal photo-circle button-outline type-serif rows-tiles scale-fine" in page
    assert set(re.findall(r'<meta name="theme-color" content="(#\w+)"', page)) == {"#0b1a33"}
    assert f'<link rel="icon" href="/media/{"f" * 32}/s.webp" type="image/webp">' in page
    assert "--color-canvas:#0b1a33" in style_of(page)


def test_a_draft_is_previewed_in_its_design(client: FlaskClient, alice: User, app: Flask) -> None:
    card = factories.published_card(alice, design=Design(theme="harbour"))
    with app.test_request_context("/"):
        draft = dressed(card.draft, theme="salon")
        assert "t-salon" in render_template("public/card.html", **card_context(draft, "ada", "ABC123", preview=True))
    assert "t-harbour" in client.get("/ada").text


def test_sections_stand_in_the_chosen_order(client: FlaskClient, alice: User) -> None:
    content = factories.tricky_content()
    given = {name: getattr(content, name) for name in ("about", "hours", "note")}
    factories.published_card(alice, **given, design=Design(order=("hours", "about", "gone")))
    page = client.get("/ada").text
    heads = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
    assert heads == ["Opening hours", "About", "Contact", "Links", "More"]


@each(
    ("header", "photo", "button", "type"),
    [*product(HEADERS, PHOTOS, BUTTONS[:1], TYPES[:1]), *product(HEADERS[:1], PHOTOS[:1], BUTTONS, TYPES)],
)
def test_every_choice_has_its_style_sheet(header: str, photo: str, button: str, type: str) -> None:
    for theme in THEMES:
        look = look_of(Design(theme=theme, header=header, photo=photo, button=button, type=type, accent="#123456"))
        assert all((STATIC / "css" / sheet).is_file() for sheet in look.sheets)
        assert f"head-{header} photo-{photo} button-{button} type-{type}" in look.classes


def test_themes_name_what_there_is() -> None:
    for key, theme in THEMES.items():
        assert re.fullmatch("[a-z]+", key)
        assert theme.header in HEADERS
        assert (theme.photo in PHOTOS, theme.button in BUTTONS, theme.type in TYPES) == (True, True, True)
        assert (theme.list in LISTS, theme.scale in SCALES, theme.qr in PRESETS) == (True, True, True)
        assert theme.has_css == (STATIC / "css" / "themes" / f"{key}.css").is_file()
        assert " " not in theme.name


def test_no_two_themes_share_header_list_and_scale() -> None:
    shapes = [(theme.header, theme.list, theme.scale) for theme in THEMES.values()]
    assert len(set(shapes)) == len(shapes)


def test_what_is_too_long_for_a_column_takes_both() -> None:
    lines, columns = look_of(Design()), replace(look_of(Design()), list="columns")
    assert not columns.is_wide("+44 7700 900162", "Mobile", "")
    assert not columns.is_wide("@ada", "", "")
    assert columns.is_wide("ada@engines.example.org", "Work", "")
    assert columns.is_wide("Houses", "engines.example.org/houses", "")
    assert columns.is_wide("a row of many short words")
    assert columns.is_wide()
    assert not lines.is_wide("ada@engines.example.org")


@each("sheet", SHEETS)
def test_a_look_uses_nothing_that_old_phones_lack_and_no_side_of_its_own(sheet: Path) -> None:
    text = minified(sheet.read_text(encoding="utf-8"))
    assert not re.search(r"@layer|@import|@font-face|light-dark\(|color-mix\(|&|:has\(|@container|!important|url\(", text)
    assert not re.search(r"[;{](margin|padding|border)-(left|right|top|bottom)|[;{](left|right|top|bottom|width|height):", text)
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", text)


def test_style_sheets_lose_what_says_nothing_and_nothing_else() -> None:
    css = """
    /* a comment; with { marks } */
    .a , .b > .c :hover { color : red ; margin: 0  1px ;}
    @media (min-width: 600px) and (max-width: 900px) { .a::before { content: "a, b;  {c}" ; inline-size: calc(1px + 2px) } }
    :lang(ar), .d { --x: var( --y ) /* why */ 2px; }
    """
    assert minified(css) == (
        ".a,.b>.c :hover{color :red;margin:0 1px}"
        '@media (min-width:600px) and (max-width:900px){.a::before{content:"a, b;  {c}";inline-size:calc(1px + 2px)}}'
        ":lang(ar),.d{--x:var( --y ) 2px}"
    )
