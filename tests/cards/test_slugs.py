"""Addresses of cards: proposed from names of every script, compared case-folded in NFC."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import each
from vcardapp.cards.slugs import LONGEST, BadSlug, key_of, propose_slug, read_slug

NONE = frozenset[str]()


@each(
    ("name", "slug"),
    [
        ("Maria O'Connor-Núñez", "maria-oconnor-núñez"),
        ("Maria O\u2019Connor", "maria-oconnor"),
        ("محمد العتيبي", "محمد-العتيبي"),
        ("דנה כהן-לוי", "דנה-כהן-לוי"),
        ("山田太郎", "山田太郎"),
        ("김 O", "김-o"),
        ("สมชาย ใจดี", "สมชาย-ใจดี"),
        ("अनन्या शर्मा", "अनन्या-शर्मा"),
        ("👩🏽‍🚀 Ada", "ada"),
        ("Ada 1️⃣", "ada-1"),
        ("\u0301Ada \u3164", "ada"),
        ("<b>Bob</b>", "b-bob-b"),
        ("X Æ A-12", "x-æ-a-12"),
        ("Straße", "strasse"),
        ("👩🏽‍🚀", ""),
        ("   ", ""),
    ],
)
def test_a_name_gives_an_address_in_its_own_script(name: str, slug: str) -> None:
    assert propose_slug(name) == slug


@given(st.text(max_size=300))
def test_whatever_is_proposed_may_be_used(name: str) -> None:
    slug = propose_slug(name)
    assert len(slug) <= LONGEST
    if slug:
        assert read_slug(slug, NONE) == slug


def test_addresses_are_compared_case_folded_and_composed() -> None:
    assert key_of("ÉCOLE") == key_of(unicodedata.normalize("NFD", "école"))
    assert key_of("Strasse") == key_of("straße")


NO_SLUGS = ["", "  ", "a.b", "a/b", "a b", "-a", "_a", "a?b", "a#b", "x" * 61, "--", "😀"]
NO_SLUGS += ["\u202eada", "a\u200bb", "ada\ufe0f", "\u3164ada", "ad\u034fa", "\u0301ada"]  # they look like another


@each("typed", NO_SLUGS)
def test_what_cannot_be_an_address_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(BadSlug) as refused:
        read_slug(typed, NONE)
    assert refused.value.reason.endswith(".")


def test_reserved_words_are_refused_in_any_case() -> None:
    for typed in ("LogIn", "ｌｏｇｉｎ", "ⓛⓞⓖⓘⓝ", "𝐥𝐨𝐠𝐢𝐧", "ˡᵒᵍⁱⁿ"):
        with pytest.raises(BadSlug):
            read_slug(typed, frozenset({"login"}))
