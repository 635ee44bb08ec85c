"""Which passwords are refused (ASVS 6.2.1, 6.2.4, 6.2.5, 6.2.9, 6.2.12)."""

from __future__ import annotations

import pytest

from vcardapp.accounts.passwords import common_words, is_common, weakness_of


@pytest.mark.parametrize(
    "password",
    ["password", "Passw0rd!", "P@ssw0rd1", "qwertyuiop", "12345678", "87654321", "1q2w3e4r", "aaaaaaaa", "abcabcabc"]
    + ["iloveyou2", "letmein1!", "Summer2024!", "sunshine", "monkeymonkey", "19841231", "31.12.1984", "passwort123"]
    + ["1234qwer", "trustno1!", "correct horse battery staple", "MotDePasse1", "contraseña1"],
)
def test_what_guessing_programs_try_first_is_refused(password: str) -> None:
    assert is_common(password)
    assert weakness_of(password)


@pytest.mark.parametrize(
    "password",
    [
        "blue tin moon 44",
        "tr0ub4dor&3",
        "ひみつのパスワード",
        "Zebra-Kaffee",
        "كلمة السر الطويلة",
        "x" * 7 + "yzab0",
        "🐝🐝 sting 🐝",
    ],
)
def test_what_nobody_guesses_passes_without_rules_about_signs(password: str) -> None:
    assert weakness_of(password) is None


def test_length_is_counted_in_letters_after_joining_accents() -> None:
    assert weakness_of("kórtnym") is not None
    assert weakness_of("ko\u0301rtny m"[:8]) is not None  # seven letters, typed as eight code points
    assert weakness_of("a lamp, " * 32) is None
    assert weakness_of("a lamp, " * 33) is not None


def test_ones_own_address_is_no_password() -> None:
    assert weakness_of("ada.lovelace@example.org", "ada.lovelace@example.org")
    assert weakness_of("Ada.Lovelace", "ada.lovelace@example.org")


def test_the_list_stands_for_many_thousand_passwords() -> None:
    tails = ["", "1", "12", "123", "1!", "2024", "!", "007", "99"]
    long_enough = {word + tail for word in common_words() if word.isalpha() for tail in tails if len(word + tail) >= 8}
    assert len(long_enough) > 8000
    assert all(map(is_common, sorted(long_enough)[::50]))
