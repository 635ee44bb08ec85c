"""The themes: which header, shapes, list and type go together, in which colours; textures stand in static/css/themes/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vcardapp.i18n import N_

LISTS = ("lines", "tiles", "boxes", "bare", "columns")
SCALES = ("strong", "giant", "even", "fine")


@dataclass(frozen=True, slots=True)
class Theme:
    """A look that is whole by itself.

    Colours are tokens without "--color-", as #rrggbb. Of each scheme canvas, ink and accent are needed; palette.py derives
    the rest of TOKENS where the theme does not say it. "gradient" is the second colour of the page behind the card.
    """

    name: str  # a word, translated where it is shown
    header: str  # one of design.HEADERS
    photo: str  # one of design.PHOTOS
    button: str  # one of design.BUTTONS
    type: str  # one of design.TYPES
    list: str  # one of LISTS: how rows look
    scale: str  # one of SCALES: how large the name and headings are beside the rest
    light: Mapping[str, str]
    dark: Mapping[str, str]
    angle: int = 180  # of the gradient
    qr: str = "plain"  # the preset of codes (cards/qr_style.PRESETS) that goes with it
    has_css: bool = False  # static/css/themes/<key>.css is there


PAPER: Final = "paper"
THEMES: Final[dict[str, Theme]] = {
    PAPER: Theme(  # the colours of tokens.css
        N_("Paper"),
        header="banner",
        photo="square",
        button="square",
        type="sans",
        list="lines",
        scale="strong",
        light={
            "canvas": "#f5f1e8",
            "raised": "#fffdf8",
            "sunk": "#ebe5d8",
            "ink": "#1a1714",
            "ink-soft": "#575047",
            "ink-faint": "#6e665b",
            "line": "#d9d1c1",
            "edge": "#877d6e",
            "accent": "#cb3408",
            "accent-strong": "#a92a05",
            "on-accent": "#ffffff",
            "good": "#1d663a",
            "focus": "#cb3408",
        },
        dark={
            "canvas": "#100e0c",
            "raised": "#1a1714",
            "sunk": "#080706",
            "ink": "#f5efe4",
            "ink-soft": "#bdb3a4",
            "ink-faint": "#998f81",
            "line": "#332d27",
            "edge": "#7a7064",
            "accent": "#ff6b3d",
            "accent-strong": "#ff8a63",
            "on-accent": "#1a0b04",
            "good": "#7fca98",
            "focus": "#ff6b3d",
        },
        qr="ink",
    ),
    "salon": Theme(
        N_("Salon"),
        header="centred",
        photo="circle",
        button="pill",
        type="serif",
        list="tiles",
        scale="fine",
        light={"canvas": "#f7ece8", "raised": "#fffaf7", "sunk": "#efdbd6", "ink": "#2e1620", "accent": "#7d2348"},
        dark={"canvas": "#1a0f14", "raised": "#21141a", "sunk": "#2c1b23", "ink": "#f6e7ea", "accent": "#f08fb2"},
        qr="wine",
    ),
    "harbour": Theme(
        N_("Harbour"),
        header="split",
        photo="arch",
        button="rounded",
        type="rounded",
        list="boxes",
        scale="even",
        light={"canvas": "#e2eff3", "gradient": "#f7f3e6", "ink": "#06263a", "accent": "#00638a"},
        dark={"canvas": "#04202f", "gradient": "#0b1216", "ink": "#e6f3f7", "accent": "#5cc3e8"},
        qr="ocean",
    ),
}


def theme_of(key: str) -> Theme:
    """Return the theme of this key, "paper" where there is none."""
    return THEMES.get(key) or THEMES[PAPER]
