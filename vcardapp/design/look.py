"""What a design makes of a card's page: class names, the style sheets that they need, and one small block of properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from vcardapp.design.design import Design
from vcardapp.design.palette import Palette, is_dark, palette
from vcardapp.design.themes import PAPER, THEMES, theme_of

# What tokens.css and pages/card.css draw by themselves; every other class has a file in static/css/looks/.
PLAIN = {"head-banner", "photo-square", "button-square", "type-sans", "rows-lines", "scale-strong"}
LONGEST_WORD, LONGEST_LINE = 13, 20  # characters that fit into a column, the line in two parts


@dataclass(frozen=True, slots=True)
class Look:
    theme: str  # a key of THEMES
    header: str
    photo: str
    button: str
    type: str
    list: str
    scale: str
    palette: Palette
    classes: str  # for .card-page
    sheets: tuple[str, ...]  # below static/css/, after pages/card.css
    css: str  # follows them: colours as custom properties
    sections: tuple[str, ...]  # in their order

    @property
    def has_cover(self) -> bool:
        """True if the header has room for a cover."""
        return self.header != "minimal"

    def photo_sizes(self, with_cover: bool) -> str:
        """Return how wide the photo is drawn, in the words of the sizes attribute."""
        if self.theme == "stage" and self.header == "banner" and not with_cover:
            return "(min-width: 520px) 520px, 100vw"
        is_small = self.header == "minimal" and self.theme != "studio"
        return "120px" if is_small or (with_cover and self.header in ("banner", "centred")) else "200px"

    @property
    def weaves(self) -> bool:
        """True if woven modules fill what cover and photo leave free."""
        return self.header == "banner"

    def is_wide(self, *texts: str) -> bool:
        """True for a row that needs the whole width of a list in columns; a row without a text has several lines."""
        words = [word for text in texts for word in text.split()]
        fits = bool(words) and max(map(len, words)) <= LONGEST_WORD and max(map(len, texts)) <= LONGEST_LINE
        return self.list == "columns" and not fits


@lru_cache(maxsize=256)
def look_of(design: Design) -> Look:
    """Return the look of a design; the same theme without a choice of one's own looks the same on every card."""
    key = design.theme if design.theme in THEMES else PAPER
    theme = theme_of(key)
    shapes = {
        "head": design.header or theme.header,
        "photo": design.photo or theme.photo,
        "button": design.button or theme.button,
        "type": design.type or theme.type,
        "rows": theme.list,
        "scale": theme.scale,
    }
    made = palette(design)
    names = [f"{part}-{shape}" for part, shape in shapes.items()]
    is_dressed = key != PAPER or any((design.accent, design.background, design.text, design.gradient))
    gradient = bool(made.light["gradient"] or made.dark["gradient"])
    extra = [*(["dressed"] if is_dressed else []), *(["gradient"] if gradient else [])]
    extra += ["backdrop"] if design.backdrop else []
    sheets = [f"looks/{name}.css" for name in (*extra, *names) if name not in PLAIN]
    angle = design.angle if design.gradient else theme.angle
    return Look(
        theme=key,
        header=shapes["head"],
        photo=shapes["photo"],
        button=shapes["button"],
        type=shapes["type"],
        list=shapes["rows"],
        scale=shapes["scale"],
        palette=made,
        classes=" ".join((f"t-{key}", *names, *(["has-backdrop"] if design.backdrop else []))),
        sheets=(*sheets, *([f"themes/{key}.css"] if theme.has_css else [])),
        css=_block(made, angle) if is_dressed else "",
        sections=design.sections(),
    )


def _block(made: Palette, angle: int) -> str:
    """Return the custom properties of both schemes; the second names only what differs."""
    light, dark = _properties(made.light, angle), _properties(made.dark, angle)
    night = {name: value for name, value in dark.items() if light.get(name) != value}
    css = _rule(light) + (f"@media(prefers-color-scheme:dark){{{_rule(night)}}}" if night else "")
    return f"@media screen{{{css}}}" if is_dark(made.light["canvas"]) else css  # white letters on paper cannot be read


def _properties(colours: Mapping[str, str], angle: int) -> dict[str, str]:
    canvas, end = colours["canvas"], colours["gradient"] or colours["canvas"]
    return {
        **{f"--color-{name}": colour for name, colour in colours.items() if name != "gradient"},
        "--behind": f"linear-gradient({angle}deg,{canvas},{end})",
        "color-scheme": "dark" if is_dark(canvas) else "light",
    }


def _rule(properties: Mapping[str, str]) -> str:
    said = ";".join(f"{name}:{value}" for name, value in properties.items())
    return f":root{{{said}}}"
