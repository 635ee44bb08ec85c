"""Which style a code is drawn in: the one chosen if it scans as well as a plain code does, else the nearest one that does."""

from __future__ import annotations

from functools import lru_cache

from vcardapp.cards.qr_nearest import Change, nearest
from vcardapp.cards.qr_style import Style

PLAIN = Style()


class StyleDoesNotScan(Exception):
    """A code in this style would scan worse than a plain one; `change` holds the nearest style that does not, and why."""

    def __init__(self, change: Change) -> None:
        super().__init__(" ".join(map(str, change.words)))
        self.change = change


def check_style(style: Style, text: str, plain_text: str) -> None:
    """Raise StyleDoesNotScan if the code of a text in this style is worse than the plain code of `plain_text`."""
    change = _change(style, text, plain_text)
    if change:
        raise StyleDoesNotScan(change)


def drawn_style(style: Style, text: str, plain_text: str) -> Style:
    """Return the style that is drawn: of one that passed for another host or address, the nearest that passes now."""
    change = _change(style, text, plain_text)
    return change.style if change else style


@lru_cache(maxsize=256)
def _change(style: Style, text: str, plain_text: str) -> Change | None:
    """Return what has to be changed, None where the style passes; black on white is what all others are measured by."""
    if style == PLAIN:
        return None
    change = nearest(text, style, plain_text)
    return None if change.style == style else change
