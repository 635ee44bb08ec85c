"""Where appointments stand on a page of a calendar: beside each other where they overlap."""

from __future__ import annotations

from collections.abc import Sequence


def lanes_of(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return (lane, number of lanes) for spans in minutes, in their order; lanes count from 0.

    Spans that overlap, or are linked by others that do, share the number of lanes; ones that only touch do not.

    >>> lanes_of([(0, 60), (30, 90), (60, 120), (120, 180)])
    [(0, 2), (1, 2), (0, 2), (0, 1)]
    """
    places: dict[int, tuple[int, int]] = {}
    group: list[int] = []
    ends: list[int] = []

    def close() -> None:
        for number in group:
            places[number] = (places[number][0], len(ends))
        group.clear()
        ends.clear()

    for number in sorted(range(len(spans)), key=lambda one: spans[one]):
        start, end = spans[number]
        if ends and start >= max(ends):
            close()
        lane = next((lane for lane, until in enumerate(ends) if until <= start), len(ends))
        ends[lane : lane + 1] = [end]
        group.append(number)
        places[number] = (lane, 0)
    close()
    return [places[number] for number in range(len(spans))]
