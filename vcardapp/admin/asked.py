"""What an admin's request asks for: the page of a list, the words sought, and an act with a reason."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response as BaseResponse

Answer = str | BaseResponse | tuple[str, int]
LAST_PAGE = 10_000
LONGEST_SOUGHT = 100  # characters


def asked_page() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)


def asked_words() -> str:
    return " ".join(request.args.get("q", "").replace("\0", "").split())[:LONGEST_SOUGHT]


def status_of(*forms: Any) -> int:
    """Return 422 where a form was sent with something wrong in it."""
    return 422 if any(form.errors for form in forms) else 200
