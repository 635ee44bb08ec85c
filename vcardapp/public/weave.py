"""The pattern beside a portrait: modules that thin out, drawn from the card's code, so that each card has its own."""

from __future__ import annotations

import hashlib

from markupsafe import Markup

ROWS, COLUMNS = 8, 14


def weave(seed: str) -> Markup:
    """Return an SVG of ROWS x COLUMNS modules, dense at its start, one of them in the signal colour."""
    noise = hashlib.shake_128(seed.encode()).digest(ROWS * COLUMNS + 2)
    path = ""
    for row in range(ROWS):
        for column in range(COLUMNS):
            if noise[row * COLUMNS + column] < _density(column) * 256:
                path += f"M{column} {row}h1v1h-1z"
    column, row = 1 + noise[-1] % 3, 1 + noise[-2] % (ROWS - 2)
    return Markup(
        '<svg class="weave" viewBox="0 0 {} {}" preserveAspectRatio="xMinYMin slice"'
        ' shape-rendering="crispEdges" aria-hidden="true">'
        '<path d="{}"/><path class="weave-signal" d="M{} {}h1v1h-1z"/></svg>'
    ).format(COLUMNS, ROWS, path, column, row)


def _density(column: int) -> float:
    return max(0.04, 0.82 * 0.72**column)
