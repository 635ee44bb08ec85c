"""Every group has its test here, or its line in the README."""

from __future__ import annotations

from tests.security.anchors import covered, exempt, groups


def test_every_number_of_every_group_is_tested_or_excused() -> None:
    found, excused = covered(), exempt()
    assert len(groups()) == 47
    missing = [number for group in groups() for number in group if number not in found and number not in excused]
    assert not missing, "write a test whose docstring begins with the number"
    known = {number for group in groups() for number in group}
    assert set(excused) <= known
    assert not set(excused) & set(found)
    assert len(set(excused.values())) <= 5
