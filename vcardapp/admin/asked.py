"""What an admin's request asks for: the page of a list, the words sought, an act with a reason and a proof."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, ParamSpec

from flask import flash, g, make_response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from vcardapp.accounts.fresh import ask_for_proof, is_fresh

P = ParamSpec("P")
Answer = str | BaseResponse | tuple[str, int]
LAST_PAGE = 10_000
LONGEST_SOUGHT = 100  # characters


def asked_page() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)


def asked_words() -> str:
    return " ".join(request.args.get("q", "").replace("\0", "").split())[:LONGEST_SOUGHT]


def proof_required(page: Callable[P, Answer]) -> Callable[[Callable[P, Answer]], Callable[P, Answer]]:
    """Let through what hurts somebody only after a fresh proof; until then show the page with what the admin has typed."""

    def guard(view: Callable[P, Answer]) -> Callable[P, Answer]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Answer:
            if is_fresh():
                return view(*args, **kwargs)
            if not any(text.strip() for name, text in request.form.items() if name != "csrf_token"):
                flash(_("Nothing was done yet. Show that it is you, then do it once more."), "info")
                return ask_for_proof(request.path.rpartition("/")[0])
            g.waits_for_proof = True
            response = make_response(page(*args, **kwargs))
            response.status_code = HTTPStatus.FORBIDDEN
            return response

        return guarded

    return guard


def status_of(*forms: Any) -> int:
    """Return 422 where a form was sent with something wrong in it."""
    return 422 if any(form.errors for form in forms) else 200
