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
    "salon": Theme(  # hair, beauty, weddings
        N_("Salon"), "centred", "circle", "pill", "serif", "tiles", "fine",
        light={"canvas": "#f7ece8", "raised": "#fffaf7", "sunk": "#efdbd6", "ink": "#2e1620", "accent": "#7d2348"},
        dark={"canvas": "#1a0f14", "raised": "#21141a", "sunk": "#2c1b23", "ink": "#f6e7ea", "accent": "#f08fb2"},
        qr="wine", has_css=True,
    ),  # fmt: skip
    "harbour": Theme(  # guides, sailors, sport
        N_("Harbour"), "split", "arch", "rounded", "rounded", "boxes", "even",
        light={"canvas": "#e2eff3", "gradient": "#f7f3e6", "ink": "#06263a", "accent": "#00638a"},
        dark={"canvas": "#04202f", "gradient": "#0b1216", "ink": "#e6f3f7", "accent": "#5cc3e8"},
        qr="ocean", has_css=True,
    ),  # fmt: skip
    "bistro": Theme(  # cafés, restaurants, wine
        N_("Bistro"), "centred", "circle", "square", "serif", "lines", "fine",
        light={"canvas": "#dfd6bd", "raised": "#fbf6e9", "sunk": "#efe7d0", "ink": "#1d2f27", "accent": "#8f2b1d"},
        dark={"canvas": "#0c110e", "raised": "#161e19", "sunk": "#1e2822", "ink": "#f1ead7", "accent": "#e58a73"},
        qr="forest", has_css=True,
    ),  # fmt: skip
    "counsel": Theme(  # law, tax, notaries
        N_("Counsel"), "minimal", "square", "square", "serif", "lines", "fine",
        light={
            "canvas": "#f2f2ee", "raised": "#fdfdfb", "sunk": "#e6e6df", "ink": "#131d38", "accent": "#8a6a1f",
            "button": "#14244a", "on-accent": "#ffffff",
        },
        dark={"canvas": "#0a0f1d", "raised": "#111828", "sunk": "#182136", "ink": "#eceef4", "accent": "#d8b25c"},
        qr="navy", has_css=True,
    ),  # fmt: skip
    "clinic": Theme(  # doctors, therapists, vets
        N_("Clinic"), "split", "rounded", "rounded", "sans", "tiles", "even",
        light={"canvas": "#f7fbfa", "raised": "#ffffff", "sunk": "#d9ede8", "ink": "#0c2c31", "accent": "#00756a"},
        dark={"canvas": "#06151a", "raised": "#0d2329", "sunk": "#0f3038", "ink": "#e4f5f2", "accent": "#62d6c2"},
        qr="soft", has_css=True,
    ),  # fmt: skip
    "studio": Theme(  # architects, designers, photographers
        N_("Studio"), "minimal", "square", "square", "sans", "columns", "giant",
        light={"canvas": "#f4f4f1", "raised": "#fcfcfa", "sunk": "#e4e4df", "ink": "#0b0b0c", "accent": "#1c34ff"},
        dark={"canvas": "#0d0d0f", "raised": "#151518", "sunk": "#202024", "ink": "#f4f4f1", "accent": "#7f90ff"},
        qr="bars", has_css=True,
    ),  # fmt: skip
    "workshop": Theme(  # crafts, repairs, building
        N_("Workshop"), "banner", "square", "square", "mono", "boxes", "strong",
        light={
            "canvas": "#dcdbd5", "raised": "#efeeea", "sunk": "#d2d1ca", "ink": "#17181a", "accent": "#7c4f00",
            "button": "#ffc40c", "on-accent": "#17181a", "button-edge": "#17181a",
        },
        dark={"canvas": "#131416", "raised": "#1c1e21", "sunk": "#26282c", "ink": "#f2f0e8", "accent": "#ffc40c"},
        qr="graphite", has_css=True,
    ),  # fmt: skip
    "stage": Theme(  # music, theatre, clubs
        N_("Stage"), "banner", "square", "square", "sans", "bare", "giant",
        light={
            "canvas": "#d6f23f", "raised": "#dff66a", "sunk": "#c6e22c", "ink": "#0d0e06", "accent": "#0d0e06",
            "on-accent": "#d6f23f",
        },
        dark={"canvas": "#0b0c07", "raised": "#15160f", "sunk": "#202217", "ink": "#f4f6e6", "accent": "#d6f23f"},
        qr="dots", has_css=True,
    ),  # fmt: skip
    "crumb": Theme(  # bakeries, cakes, delicatessen
        N_("Crumb"), "centred", "circle", "pill", "rounded", "tiles", "strong",
        light={"canvas": "#fdf0d5", "raised": "#fffaf0", "sunk": "#f8e2b8", "ink": "#42210d", "accent": "#b3361b"},
        dark={"canvas": "#1c1109", "raised": "#281a10", "sunk": "#352216", "ink": "#fbecd2", "accent": "#f2936b"},
        qr="soft", has_css=True,
    ),  # fmt: skip
    "console": Theme(  # software, electronics, science
        N_("Console"), "minimal", "rounded", "rounded", "mono", "bare", "even",
        light={"canvas": "#e9ede6", "raised": "#f9fbf7", "sunk": "#dde3d9", "ink": "#10241a", "accent": "#08703a"},
        dark={"canvas": "#080c0a", "raised": "#101713", "sunk": "#17211b", "ink": "#d9f4e2", "accent": "#42dd86"},
        qr="graphite", has_css=True,
    ),  # fmt: skip
    "garden": Theme(  # florists, coaches, yoga
        N_("Garden"), "split", "arch", "pill", "serif", "bare", "fine",
        light={
            "canvas": "#eaf0de", "gradient": "#f7f0e0", "raised": "#f8faf0", "sunk": "#d6e2c3", "ink": "#1d3222",
            "accent": "#2c6b3c",
        },
        dark={
            "canvas": "#0d170f", "gradient": "#17160e", "raised": "#141f16", "sunk": "#1f3022", "ink": "#edf3e2",
            "accent": "#9fce80",
        },
        qr="forest", has_css=True,
    ),  # fmt: skip
    "blueprint": Theme(  # engineers, architects, surveyors
        N_("Blueprint"), "split", "square", "outline", "mono", "columns", "even",
        light={"canvas": "#1b4ca0", "raised": "#1a468f", "sunk": "#2a5bb0", "ink": "#f4f8ff", "accent": "#ffd566"},
        dark={"canvas": "#071632", "raised": "#0b1d40", "sunk": "#132a55", "ink": "#e3ecff", "accent": "#ffd566"},
        qr="navy", has_css=True,
    ),  # fmt: skip
    "kiosk": Theme(  # ice cream, toys, newspapers
        N_("Kiosk"), "centred", "rounded", "rounded", "rounded", "boxes", "giant",
        light={
            "canvas": "#c9efe0", "raised": "#ffffff", "sunk": "#b4e4d1", "ink": "#1a1a2b", "accent": "#c81e51",
            "button": "#ffd84a", "on-accent": "#1a1a2b", "button-edge": "#1a1a2b",
        },
        dark={
            "canvas": "#10201b", "raised": "#1a2f28", "sunk": "#234036", "ink": "#ecfff7", "accent": "#ff7d9f",
            "button": "#ffd84a", "on-accent": "#1a1a2b",
        },
        qr="dots", has_css=True,
    ),  # fmt: skip
    "clay": Theme(  # pottery, wood, interiors
        N_("Clay"), "banner", "square", "rounded", "serif", "columns", "fine",
        light={"canvas": "#f1e8dc", "raised": "#f9f3ea", "sunk": "#e6d8c6", "ink": "#31211a", "accent": "#a63f26"},
        dark={"canvas": "#17100c", "raised": "#211813", "sunk": "#31241c", "ink": "#f4e8db", "accent": "#e98a67"},
        qr="ink", has_css=True,
    ),  # fmt: skip
    "ticket": Theme(  # journeys, events, cinemas
        N_("Ticket"), "split", "rounded", "rounded", "sans", "lines", "strong",
        light={"canvas": "#f3b52e", "raised": "#fff8e8", "sunk": "#fbe3a9", "ink": "#2a1906", "accent": "#a51f1a"},
        dark={"canvas": "#120c03", "raised": "#291d0c", "sunk": "#382912", "ink": "#fff0d2", "accent": "#ffb730"},
        qr="graphite", has_css=True,
    ),  # fmt: skip
}


def theme_of(key: str) -> Theme:
    """Return the theme of this key, "paper" where there is none."""
    return THEMES.get(key) or THEMES[PAPER]
