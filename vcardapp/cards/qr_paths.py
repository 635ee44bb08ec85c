"""The dark modules of a QR code as SVG path data: outlines that meet nowhere, so that nothing seams at any size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

Rows = Sequence[Sequence[bool]]

SOFT = 0.25  # radius of soft corners, in modules
BAR = 0.9  # width of a bar, in modules
STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))  # right, down, left, up


def modules(rows: Rows, shape: str, at: int) -> str:
    """Return path data of all dark modules in a "square", "soft", "dots" or "bars", moved by so many modules."""
    return "".join(SHAPES[shape](rows, at))


def eyes(side: int, frame: float, ball: float, at: int) -> str:
    """Return path data of the three finder patterns of a symbol, with the radii of their outer corners and centres."""
    path = ""
    for x, y in ((at, at), (at + side - 7, at), (at, at + side - 7)):
        path += rounded(x, y, 7, 7, frame) + hole(x + 1, y + 1, 5, 5) + rounded(x + 2, y + 2, 3, 3, ball)
    return path


def alignment(x: int, y: int) -> str:
    """Return path data of an alignment pattern with soft corners."""
    return rounded(x, y, 5, 5, SOFT) + hole(x + 1, y + 1, 3, 3) + rounded(x + 2, y + 2, 1, 1, SOFT)


def rounded(x: float, y: float, width: float, height: float, radius: float = 0) -> str:
    """Return a clockwise rectangle with round corners."""
    across, down, r = short(width - 2 * radius), short(height - 2 * radius), short(radius)
    if not radius:
        return f"M{short(x)} {short(y)}h{across}v{down}h-{across}z"
    arc = f"a{r} {r} 0 0 1 "
    return f"M{short(x + radius)} {short(y)}h{across}{arc}{r} {r}v{down}{arc}-{r} {r}h-{across}{arc}-{r}-{r}v-{down}{arc}{r}-{r}z"


def hole(x: float, y: float, width: float, height: float) -> str:
    """Return a rectangle that runs the other way round."""
    return f"M{short(x)} {short(y)}v{short(height)}h{short(width)}v-{short(height)}z"


def short(number: float) -> str:
    """Write a number with at most three decimals and nothing that can be left out."""
    text = f"{number:.3f}".rstrip("0").rstrip(".")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _dots(rows: Rows, at: int) -> Iterator[str]:
    for y, row in enumerate(rows, at):
        for x, dark in enumerate(row, at):
            if dark:
                yield f"M{x} {y}.5a.5.5 0 0 1 1 0 .5.5 0 0 1-1 0z"


def _bars(rows: Rows, at: int) -> Iterator[str]:
    radius = BAR / 2
    for x, column in enumerate(zip(*rows, strict=True), at):
        start = None
        for y, dark in enumerate((*column, False), at):
            if dark and start is None:
                start = y
            elif not dark and start is not None:
                yield _bar(x + 0.5 - radius, start, y - start, short(radius))
                start = None


def _bar(x: float, y: int, length: int, r: str) -> str:
    down = short(length - BAR)
    return f"M{short(x)} {y}{r}a{r}{r} 0 0 1 {short(BAR)} 0v{down}a{r}{r} 0 0 1-{short(BAR)} 0z"


def _square(rows: Rows, at: int) -> Iterator[str]:
    for corners in contours(rows):
        yield _contour(corners, at, 0)


def _soft(rows: Rows, at: int) -> Iterator[str]:
    for corners in contours(rows):
        yield _contour(corners, at, SOFT)


SHAPES: dict[str, Callable[[Rows, int], Iterator[str]]] = {
    "square": _square,
    "soft": _soft,
    "dots": _dots,
    "bars": _bars,
}


def contours(rows: Rows) -> Iterator[list[tuple[int, int, int, bool]]]:
    """Yield the corners (x, y, direction behind it, whether dark turns outwards) around each field of dark modules.

    Clockwise, holes the other way round; modules that touch with a corner only stay apart.
    """
    width = len(rows[0]) + 2
    dark = bytes(width) + b"".join(bytes((0, *row, 0)) for row in rows) + bytes(width)
    ahead = (1, width, -1, -width)
    tops = {at for at in range(width, len(dark)) if dark[at] and not dark[at - width]}
    while tops:
        cell = start = min(tops)  # the cell on the right hand of the walk
        heading, corners = 0, []
        while True:
            if heading == 0:
                tops.discard(cell)
            front = cell + ahead[heading]
            if not dark[front]:
                turn, outwards = (heading + 1) % 4, True
            elif dark[front + ahead[heading - 1]]:
                turn, outwards, cell = (heading - 1) % 4, False, front + ahead[heading - 1]
            else:
                turn, outwards, cell = heading, False, front
            if turn != heading:
                corners.append((cell, turn, outwards))
                heading = turn
            if cell == start and heading == 0:
                break
        yield [_corner(cell, turn, width, outwards) for cell, turn, outwards in corners]


def _corner(cell: int, heading: int, width: int, outwards: bool) -> tuple[int, int, int, bool]:
    """Return where the walk along a cell begins: its corner behind and to the left of the heading."""
    row, column = divmod(cell, width)
    return column - 1 + (heading in (1, 2)), row - 1 + (heading in (2, 3)), heading, outwards


def _contour(corners: list[tuple[int, int, int, bool]], at: int, radius: float) -> str:
    x, y, heading, outwards = corners[-1]
    cut = radius if outwards else 0
    path = f"M{short(x + at + STEPS[heading][0] * cut)} {short(y + at + STEPS[heading][1] * cut)}"
    for next_x, next_y, turn, outwards in corners:
        length = abs(next_x - x + next_y - y) - cut
        cut = radius if outwards else 0
        forward = STEPS[heading][0] + STEPS[heading][1]
        path += "hv"[heading % 2] + short(forward * (length - cut))
        if cut:
            across = (STEPS[heading][0] + STEPS[turn][0]) * cut
            down = (STEPS[heading][1] + STEPS[turn][1]) * cut
            path += f"a{short(cut)}{short(cut)} 0 0 1 {short(across)}" + f" {short(down)}".replace(" -", "-").replace(
                " .", "."
            )
        x, y, heading = next_x, next_y, turn
    return path + "z"
