"""Symbols from the icon package, inlined: the only door to flask-tabler-icons.

Only its two sprite files are read. The package itself is never imported (it costs a sixth of a second and
brings an asset pipeline), and the files are searched where they lie: 2 MB never enter our memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from mmap import ACCESS_READ, mmap
from pathlib import Path

from markupsafe import Markup

STROKE = "1.75"  # of 24 units: one family with the type
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CANVAS = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'  # in every symbol, draws nothing
_LINES = Markup(
    'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="{}"'
    ' stroke-linecap="round" stroke-linejoin="round"'
).format(STROKE)
_SOLID = Markup('viewBox="0 0 24 24" fill="currentColor"')
_IN_TEXT = Markup('class="icon" aria-hidden="true" focusable="false" width="20" height="20"')


class NoSuchIcon(LookupError):
    """The icon package has no symbol of this name."""


@cache
def _folder() -> Path:
    package = find_spec("flask_tabler_icons")
    if package is None or package.origin is None:
        raise NoSuchIcon("flask-tabler-icons is not installed")
    return Path(package.origin).parent / "static" / "tabler_icons"


@cache
def symbol(name: str) -> Markup:
    """Return `<symbol id="i-NAME">` of a Tabler icon such as "phone" or "filled-star"; raise NoSuchIcon."""
    solid = name.startswith("filled-")
    sprite = _folder() / ("tabler-sprite-filled.svg" if solid else "tabler-sprite-nostroke.svg")
    with sprite.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as text:
        start = text.find(f'<symbol id="tabler-{name}" '.encode()) if _NAME.fullmatch(name) else -1
        if start < 0:
            raise NoSuchIcon(name)
        drawing = text[text.find(b">", start) + 1 : text.find(b"</symbol>", start)].decode()
    shapes = drawing.replace(_CANVAS, "").replace(" />", "/>")
    return Markup(f'<symbol id="i-{name}" {_SOLID if solid else _LINES}>{shapes}</symbol>')  # noqa: S704 - the package's own drawing


def symbols(names: Iterable[str]) -> Markup:
    """Return one hidden sprite with just these symbols, each once, for the end of a page; empty for none."""
    found = Markup("").join(symbol(name) for name in dict.fromkeys(names))
    return Markup('<svg display="none" aria-hidden="true">{}</svg>').format(found) if found else found


def icon(name: str) -> Markup:
    """Return a decorative 20 px picture that draws a symbol of the page's sprite."""
    return Markup('<svg {}><use href="#i-{}"/></svg>').format(_IN_TEXT, name)


def mark(letter: str) -> Markup:
    """Return the neutral picture of a network that has no icon: its initial in a rounded square."""
    return Markup(
        '<svg {} {}><rect x="3" y="3" width="18" height="18" rx="5"/><text x="12" y="16" text-anchor="middle"'
        ' font-size="11" font-weight="650" fill="currentColor" stroke="none">{}</text></svg>'
    ).format(_IN_TEXT, _LINES, letter[:1].upper()[:1])


class IconSheet:
    """What one page draws: each call records a symbol, `sheet` prints them at the page's end."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}

    def __call__(self, name: str, instead: str = "") -> Markup:
        """Return the icon, or the initial of `instead` where a network has none; raise NoSuchIcon."""
        if not name and instead:
            return mark(instead)
        symbol(name)
        self._names[name] = None
        return icon(name)

    def sheet(self) -> Markup:
        """Return the sprite with every symbol asked for so far."""
        return symbols(self._names)
