"""Hundreds of small cases in one test: all of them run, and each that fails is told with its values."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import pytest

FULL = os.environ.get("VCARDAPP_TEST_ROUNDS") == "full"


def each(
    names: str | tuple[str, ...], cases: Iterable[Any], *, one_of: int = 1
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Like pytest.mark.parametrize, for what needs no set-up of its own: fixtures are shared by all cases.

    With `one_of` three, quick rounds take every third case.
    """
    fields = tuple(name.strip() for name in names.split(",")) if isinstance(names, str) else names
    given = [case if len(fields) > 1 else (case,) for case in cases]
    given = given if FULL else given[::one_of]
    assert given

    def one_test_of(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def run(**fixtures: Any) -> None:
            faults: list[Exception] = []
            for case in given:
                try:
                    test(**dict(zip(fields, case, strict=True)), **fixtures)
                except (Exception, pytest.fail.Exception) as fault:
                    fault.add_note(f"with {case!r:.500}")
                    faults.append(fault if isinstance(fault, Exception) else AssertionError(str(fault)))
            if faults:
                raise ExceptionGroup(f"{len(faults)} of {len(given)} cases fail", faults)

        signature = inspect.signature(test)
        left = [one for name, one in signature.parameters.items() if name not in fields]
        run.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
        return run

    return one_test_of
