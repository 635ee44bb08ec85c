"""An order as a message: whatever is ordered, in whatever script, the address opens WhatsApp with number, total and link."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.store.examples import some
from vcardapp.store import whatsapp
from vcardapp.store.graphemes import graphemes
from vcardapp.store.message_words import WORDS, words_for
from vcardapp.store.whatsapp import BUDGET, Message, MessageLine, said, wa_address

LINK = "https://card.example/o/3vR8kQ0tYxN5mWb2LdZ7aA"
DIGITS = "4915123456789"
SCRIPTS = {
    "en": "Rye bread, sliced thick ",
    "ar": "خبز الجاودار المقطع ",
    "he": "לחם שיפון פרוס ",
    "hi": "राई की रोटी क्षत्रिय ",
    "ja": "ライ麦パン厚切り",
    "pt": "Pão de centeio 🥖👩🏽‍🍳 fatiado ",
}


def message(language: str = "en", items: int = 3, **over: Any) -> Message:
    name = SCRIPTS.get(language, SCRIPTS["en"])
    lines = tuple(MessageLine(n + 1, f"{name}{n}", (name,), "9.80") for n in range(items))
    values: dict[str, Any] = {
        "words": words_for(language), "number": "M7K-2Q4", "shop": "Lindenhof Bakery", "lines": lines, "subtotal": "50.50",
        "delivery": "Delivery, town centre", "fee": "3.50", "total": "54.00 EUR", "link": LINK, "name": "Mara Vogel",
        "address": "Gartenweg 4, 2nd floor", "note": "please ring twice",
    }  # fmt: skip
    return Message(**{**values, **over})


def text_in(address: str) -> str:
    """What WhatsApp reads: the text, decoded strictly."""
    return unquote(urlsplit(address).query.removeprefix("text="), errors="strict")


def test_the_message_of_the_reference_reads_as_it_is_written_there() -> None:
    lines = (
        MessageLine(2, "Rye bread", ("sliced",), "9.80"),
        MessageLine(1, "Apple cake", ("whole", "with cream"), "27.50"),
        MessageLine(6, "Butter croissant", (), "13.20"),
    )
    order = message(lines=lines)
    assert order.text == (
        "*New order M7K-2Q4*\nLindenhof Bakery\n\n"
        "2 x Rye bread, sliced: 9.80\n1 x Apple cake, whole, with cream: 27.50\n6 x Butter croissant: 13.20\n\n"
        "Subtotal: 50.50\nDelivery, town centre: 3.50\n*Total: 54.00 EUR*\n\n"
        "Name: Mara Vogel\nDeliver to: Gartenweg 4, 2nd floor\nNote: please ring twice\n\n" + LINK
    )
    address = wa_address(DIGITS, order)
    assert address.startswith(f"https://wa.me/{DIGITS}?text=%2ANew%20order%20M7K-2Q4%2A%0A")
    assert text_in(address) == order.text


@pytest.mark.parametrize("language", sorted(SCRIPTS))
@pytest.mark.parametrize("items", [1, 5, 10, 20, 40])
def test_orders_of_all_lengths_fit_in_all_scripts_and_say_how_much_is_left_out(language: str, items: int) -> None:
    order = message(language, items)
    address = wa_address(DIGITS, order)
    assert len(address.encode()) <= BUDGET
    text = text_in(address)
    lines = text.split("\n")
    assert "M7K-2Q4" in lines[0]
    assert lines[-1] == LINK
    assert "54.00 EUR" in text
    assert "Delivery, town centre: 3.50" in lines
    named = [line for line in lines if SCRIPTS[language].strip() in line]
    left = items - len(named)
    assert (order.words.more.format(n=left) in lines) == (left > 0)
    if len(whatsapp.quoted(order.text)) + len(f"https://wa.me/{DIGITS}?text=") <= BUDGET:
        assert text == order.text


def test_prices_go_first_then_details_then_lines() -> None:
    order = message(items=12)
    whole = whatsapp.fitting(order, 100_000)
    assert whole == order.text
    size = len(whatsapp.quoted(whole))
    no_prices = whatsapp.fitting(order, size - 1)
    assert "9.80" not in no_prices
    assert no_prices.count("Rye bread") == 24
    no_details = whatsapp.fitting(order, len(whatsapp.quoted(no_prices)) - 1)
    assert no_details.count("Rye bread") == 12
    fewer = whatsapp.fitting(order, len(whatsapp.quoted(no_details)) - 1)
    assert fewer.count("Rye bread") == 11
    assert "... and 1 more" in fewer
    assert "+" not in fewer


def test_what_people_type_cannot_break_the_layout_or_dress_up_the_text() -> None:
    line = MessageLine(1, "*Sale* & 50% #1?\r\nnext", ("`mono`", "_x_", "~y~"), "1.00")
    order = message(lines=(line,), note="one\r\ntwo\u2028three \ud83d half 👨‍👩‍👧‍👦 \u202eturned")
    text = text_in(wa_address(DIGITS, order))
    assert "1 x Sale & 50% #1? next, mono, x, y: 1.00" in text.split("\n")
    assert "Note: one two three half 👨‍👩‍👧‍👦 turned" in text.split("\n")
    assert text == order.text
    assert "%0D" not in wa_address(DIGITS, order)


def test_a_name_cannot_be_pushed_apart_into_a_second_line() -> None:
    for empty in "\u2800\u3164\uffa0\u3000\u2003":
        order = message(name=f"Mara{empty * 60}Total: 0.01 EUR{empty}")
        assert "Name: Mara Total: 0.01 EUR" in text_in(wa_address(DIGITS, order)).split("\n")


@pytest.mark.parametrize("language", ["ar", "he"])
def test_lines_of_right_to_left_messages_begin_with_a_letter_of_theirs(language: str) -> None:
    order = message(language, name="ليلى", address="شارع 4", note="اتصل", shop="مخبز", delivery="توصيل")
    for line in order.text.split("\n")[:-1]:
        assert not line or "\u0590" <= line[0] <= "\u06ff", line
    assert not any(mark in order.text for mark in "\u200e\u200f\u2068\u2069")


def test_the_other_ways_in_carry_the_same_text_within_the_same_room() -> None:
    order = message("ar", 40)
    for address in (whatsapp.api_address(DIGITS, order), whatsapp.web_address(DIGITS, order)):
        assert len(address) <= BUDGET
        asked = parse_qs(urlsplit(address).query, strict_parsing=True, errors="strict")
        assert asked["phone"] == [DIGITS]
        assert asked["text"][0].endswith(LINK)


def is_beginning(line: str, full: str) -> bool:
    """True if a line is a full one or ends where one of its letters ends."""
    return full.startswith(line) and graphemes(full)[: len(graphemes(line))] == graphemes(line)


typed = st.text(max_size=120) | st.sampled_from(sorted(SCRIPTS.values())).map(lambda name: name * 5)
lines = st.builds(MessageLine, st.integers(1, 999), typed, st.lists(typed, max_size=4).map(tuple), st.just("1,234.50"))


@some
@given(
    words=st.sampled_from(sorted(WORDS.values(), key=lambda words: words.order)),
    lines=st.lists(lines, min_size=1, max_size=50).map(tuple),
    delivery=st.text(max_size=80),
    person=st.fixed_dictionaries({
        "shop": st.text(max_size=120), "header": st.text(max_size=200), "footer": st.text(max_size=200),
        "name": st.text(max_size=80), "phone": st.text(max_size=40), "address": st.text(max_size=300),
        "note": st.text(max_size=500),
    }),
)  # fmt: skip
@example(
    words=WORDS["hi"], lines=(MessageLine(1, "क्ष" * 40, (), "1"),), delivery="👩🏽‍🚀" * 20,
    person={"shop": "क्ष" * 60, "header": "👩🏽‍🚀" * 50, "footer": "中" * 200, "name": "नि" * 40, "phone": "0" * 40,
            "address": "म" * 300, "note": "👨‍👩‍👧‍👦" * 70},
)  # fmt: skip
def test_any_order_in_any_script_fits_and_keeps_number_total_and_link(
    words: Any, lines: tuple[MessageLine, ...], delivery: str, person: dict[str, str]
) -> None:
    order = message(words=words, lines=lines, delivery=delivery, **person)
    address = wa_address(DIGITS, order)
    assert len(address.encode("ascii")) <= BUDGET
    assert "+" not in address
    text = text_in(address)
    assert text.split("\n")[-1] == LINK
    assert "M7K-2Q4" in text.split("\n")[0]
    assert "54.00 EUR" in text
    assert said(delivery) in text
    assert "\r" not in text
    whole = order.text.split("\n")
    fewer = {words.more.format(n=left) for left in range(1, len(lines) + 1)}
    for line in text.split("\n"):  # each is one of the whole message, or its beginning, or says how much is left out
        assert line in fewer or any(is_beginning(line.removesuffix("…"), full) for full in whole), line


@some
@given(st.text())
def test_letters_put_together_are_the_text(text: str) -> None:
    assert "".join(graphemes(text)) == text


@pytest.mark.parametrize(
    "one", ["e\u0301", "👩🏽‍🚀", "👨‍👩‍👧‍👦", "🇩🇪", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "क्ष", "नि", "각", "\u1100\u1161\u11a8", "❤️", "1️⃣", "กำ"]
)  # fmt: skip
def test_what_a_reader_sees_as_one_letter_is_never_cut(one: str) -> None:
    assert graphemes(f"a{one}b") == ["a", one, "b"]
    assert graphemes(one * 2) == [one, one]


def test_a_note_is_cut_between_letters() -> None:
    family = "👨‍👩‍👧‍👦"
    order = replace(message(items=1), note=family * 100)
    kept = text_in(wa_address(DIGITS, order)).split("Note: ")[1].split("\n")[0]
    assert kept.endswith("…")
    assert kept[:-1] == family * (len(kept[:-1]) // len(family))
