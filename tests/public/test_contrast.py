"""The colours of the tokens, measured (WCAG 2.2 §1.4.3 and §1.4.11)."""

from __future__ import annotations

import re

from tests.cases import each
from vcardapp.assets import STATIC

TOKENS = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
PAPERS = ("canvas", "raised", "sunk")
TEXTS = ("ink", "ink-soft", "ink-faint", "danger", "good", "warn")
PAIRS = [(text, paper, 4.5) for text in TEXTS for paper in PAPERS]
PAIRS += [(text, f"{text}-wash", 4.5) for text in ("danger", "good", "warn")]
PAIRS += [("on-accent", "accent", 4.5), ("on-accent", "accent-strong", 4.5), ("accent", "canvas", 4.5)]
PAIRS += [("edge", paper, 3.0) for paper in PAPERS] + [("focus", paper, 3.0) for paper in PAPERS]
PAIRS += [("ink", f"{wash}-wash", 4.5) for wash in ("accent", "danger", "good", "warn")]


def scheme(dark: bool) -> dict[str, str]:
    light, night = TOKENS.split("@media (prefers-color-scheme: dark)")
    raw = dict(re.findall(r"--(raw-[\w-]+): (#\w{6});", TOKENS))
    used = re.findall(r"--color-([\w-]+): var\(--(raw-[\w-]+)\);", light + (night if dark else ""))
    return {name: raw[value] for name, value in used if value in raw}


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@each("is_dark", [False, True])
@each(("ink", "paper", "least"), PAIRS)
def test_inks_can_be_read_on_their_papers(ink: str, paper: str, least: float, is_dark: bool) -> None:
    colours = scheme(is_dark)
    assert contrast(colours[ink], colours[paper]) >= least


def test_colours_stand_in_the_tokens_alone() -> None:
    for file in (STATIC / "css").rglob("*.css"):
        if file.name != "tokens.css" and "themes" not in file.parts:
            found = re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", file.read_text(encoding="utf-8"))
            assert not found, (file.name, found)


def test_the_public_page_uses_nothing_that_old_phones_lack() -> None:
    for name in ("tokens.css", "reset.css", "base.css", "parts/buttons.css", "pages/card.css", "pages/qr.css"):
        text = (STATIC / "css" / name).read_text(encoding="utf-8")
        assert not re.search(r"@layer|light-dark\(|color-mix\(|&|:has\(|@container", text), name
