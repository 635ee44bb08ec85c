"""What the doctor found about one thing."""

from __future__ import annotations

from dataclasses import dataclass

OK, NOTE, WRONG = "ok", "note", "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    state: str  # ok, note (nothing is broken), wrong
    says: str
    do: str = ""


def first_line(problem: BaseException) -> str:
    """Return what went wrong as the end of a sentence, without its full stop."""
    return next(iter(str(problem).strip().splitlines()), "")[:200].rstrip(".")
