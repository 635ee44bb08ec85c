"""Icons come from the package's sprite, only those used, and cost next to nothing."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

import pytest

from vcardapp import icons
from vcardapp.cards.networks import NETWORKS


def test_a_page_gets_only_the_symbols_it_draws_each_once() -> None:
    icon = icons.IconSheet()
    drawn = icon("phone") + icon("mail") + icon("phone")
    sprite = ElementTree.fromstring(icon.sheet())
    assert [symbol.get("id") for symbol in sprite] == ["i-phone", "i-mail"]
    assert drawn.count('href="#i-phone"') == 2


def test_a_symbol_has_the_strokes_of_the_family_and_no_invisible_canvas() -> None:
    symbol = ElementTree.fromstring(icons.symbol("phone"))
    assert symbol.get("stroke") == "currentColor"
    assert symbol.get("stroke-width") == icons.STROKE
    assert [path.get("stroke") for path in symbol] == [None]


def test_a_solid_symbol_comes_from_the_other_sprite() -> None:
    assert ElementTree.fromstring(icons.symbol("filled-star")).get("fill") == "currentColor"


def test_a_page_without_icons_has_no_sprite() -> None:
    assert icons.IconSheet().sheet() == ""


@pytest.mark.parametrize("name", ["", "no-such-thing", 'phone" onload="x', "Phone", "../phone", "filled-"])
def test_an_unknown_icon_is_an_error(name: str) -> None:
    with pytest.raises(icons.NoSuchIcon):
        icons.IconSheet()(name)


@pytest.mark.parametrize(("letter", "shown"), [("codeberg", "C"), ("<b>", "&lt;"), ("ß", "S"), ("", "")])
def test_a_network_without_an_icon_gets_its_initial(letter: str, shown: str) -> None:
    assert f">{shown}</text>" in icons.mark(letter)
    ElementTree.fromstring(icons.mark(letter))


def test_the_sheet_falls_back_to_the_initial() -> None:
    icon = icons.IconSheet()
    assert icon("", "Codeberg") == icons.mark("C")
    assert icon.sheet() == ""


def test_a_first_icon_is_quick_and_does_not_import_the_package() -> None:
    code = (
        "import sys, time, tracemalloc; from vcardapp import icons; tracemalloc.start(); start = time.perf_counter();"
        "names = ['phone', 'mail', 'map-pin', 'zoom', 'brand-whatsapp', 'filled-star'];"
        "[icons.symbol(name) for name in names]; assert time.perf_counter() - start < 0.5;"
        "assert tracemalloc.get_traced_memory()[1] < 500_000, tracemalloc.get_traced_memory();"
        "assert not {'flask_tabler_icons', 'flask_topassets'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_network_has_its_icon_or_an_initial() -> None:
    icon = icons.IconSheet()
    for network in NETWORKS.values():
        ElementTree.fromstring(icon(network.icon, network.name))
    ElementTree.fromstring(icon.sheet())
