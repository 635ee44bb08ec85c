"""What a basket costs: the same as a slow, exact computation, whatever is in it and whatever a browser says."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.examples import some
from vcardapp.store import money, options
from vcardapp.store.delivery import Area, Delivery
from vcardapp.store.options import BadOptions, Choice, OptionGroup
from vcardapp.store.pricing import BasketLine, PricedBasket, changes_since, merged, price_basket


@dataclass(frozen=True)
class Thing:
    name: str = "Bread"
    price: int = 490
    options: tuple[OptionGroup, ...] = ()
    most: int = 99
    left: int | None = None


SIZE = OptionGroup("g1", "Size", (Choice("s", "Small"), Choice("l", "Large", 200), Choice("x", "Huge", 900, True)), True)
EXTRAS = OptionGroup("g2", "Extras", (Choice("c", "Cheese", 150), Choice("h", "Ham", 175), Choice("n", "None", -50)), most=2)
CAKE = Thing("Cake", 1000, (SIZE, EXTRAS))
TOWN = Delivery("d", "delivery", "Bicycle", 350, 5000, 1000, (Area("near", "Near", 300), Area("far", "Far", 700, 9000, 2000)))


def sorts(basket: PricedBasket, seen: str | None = None) -> list[str]:
    return [change.sort for change in changes_since(basket.seen() if seen is None else seen, basket)]


@pytest.mark.parametrize(
    ("chosen", "fault"),
    [
        ((), "required"),
        (("s", "l"), "too many"),
        (("x",), "sold out"),
        (("s", "z"), "unknown"),
        (("s", "c", "h", "n"), "too many"),
    ],
)
def test_choices_that_do_not_fit_are_refused(chosen: tuple[str, ...], fault: str) -> None:
    with pytest.raises(BadOptions) as bad:
        options.taken(CAKE.options, chosen)
    assert bad.value.fault == fault


def test_choices_change_the_price_and_never_below_nothing() -> None:
    assert options.unit_price(1000, options.taken(CAKE.options, ("l", "c", "h"))) == 1525
    assert options.unit_price(20, options.taken(CAKE.options, ("s", "n"))) == 0


@pytest.mark.parametrize(
    ("subtotal", "area", "fee", "problem"),
    [
        (999, "near", 300, "below minimum"),
        (1000, "near", 300, ""),
        (1000, "", 350, "no area"),
        (1999, "far", 700, "below minimum"),
        (4999, "near", 300, ""),
        (5000, "near", 0, ""),
        (5000, "far", 700, ""),
        (9000, "far", 0, ""),
    ],
)
def test_delivery_costs_by_area_is_free_from_a_sum_and_has_a_minimum(subtotal: int, area: str, fee: int, problem: str) -> None:
    basket = price_basket([BasketLine("1")], {"1": Thing(price=subtotal)}, TOWN, area)
    assert basket.fee == fee
    assert sorts(basket) == ([problem] if problem else [])


def test_stock_and_the_most_of_an_order_count_all_lines_of_a_product() -> None:
    lines = [BasketLine("1", ("s",), 2), BasketLine("1", ("l",), 2)]
    assert sorts(price_basket(lines, {"1": Thing(options=(SIZE,), left=4)})) == []
    assert sorts(price_basket(lines, {"1": Thing(options=(SIZE,), left=3)})) == ["too few", "too few"]
    assert sorts(price_basket(lines, {"1": Thing(options=(SIZE,), most=3)})) == ["too many", "too many"]
    assert sorts(price_basket(lines, {"1": Thing(options=(SIZE,), left=0)})) == ["sold out", "sold out"]


def test_what_is_not_as_it_was_seen_is_said_and_nothing_else() -> None:
    line = BasketLine("1", (), 2)
    seen = price_basket([line], {"1": Thing()}, TOWN, "near").seen()
    assert sorts(price_basket([line], {"1": Thing()}, TOWN, "near"), seen) == ["below minimum"]
    seen = price_basket([line], {"1": Thing(price=1000)}).seen()
    assert sorts(price_basket([line], {"1": Thing(price=1000)}), seen) == []
    assert sorts(price_basket([line], {"1": Thing(price=1001)}), seen) == ["price"]
    assert sorts(price_basket([line], {}), seen) == ["gone"]
    assert sorts(price_basket([BasketLine("1", (), 3)], {"1": Thing(price=1000)}), seen) == ["basket"]
    assert sorts(price_basket([line], {"1": Thing(price=1000)}, TOWN, "near"), seen) == ["fee"]
    assert sorts(price_basket([line], {"1": Thing(price=1000, options=(SIZE,))}), seen) == ["options"]
    assert sorts(price_basket([], {}), seen) == ["empty"]
    for nonsense in ("", "x", "fee:-1", "a:b:c fee:٣", f"{line.key}:{'9' * 30}:1", "\0" * 9000):
        assert "basket" in sorts(price_basket([line], {"1": Thing(price=1000)}), nonsense)


groups = st.lists(
    st.builds(
        lambda name, differences, most: OptionGroup(
            name, name, tuple(Choice(f"{name}{n}", f"{name}{n}", one) for n, one in enumerate(differences)), most=most
        ),
        st.uuids().map(lambda one: one.hex[:6]), st.lists(st.integers(-500, 500), min_size=1, max_size=4), st.integers(1, 4),
    ),
    max_size=3, unique_by=lambda group: group.id,
).map(tuple)  # fmt: skip
things = st.builds(Thing, name=st.text(min_size=1, max_size=20), price=st.integers(0, money.MOST), options=groups)


@st.composite
def baskets(draw: st.DrawFn) -> tuple[list[BasketLine], dict[str, Thing]]:
    goods = {str(n): thing for n, thing in enumerate(draw(st.lists(things, min_size=1, max_size=6)))}
    lines = []
    for key, thing in goods.items():
        chosen = [
            choice.id
            for group in thing.options
            for choice in draw(st.lists(st.sampled_from(group.choices), max_size=group.most, unique=True))
        ]
        lines.append(BasketLine(key, tuple(sorted(chosen)), draw(st.integers(1, 16))))
    return lines, goods


@some
@given(
    made=baskets(), currency=st.sampled_from(["EUR", "JPY", "KWD", "IQD", "CLF"]), fee=st.integers(0, 10**6),
    free_from=st.none() | st.integers(0, 10**8),
)  # fmt: skip
def test_totals_are_those_of_a_slow_exact_computation(
    made: tuple[list[BasketLine], dict[str, Thing]], currency: str, fee: int, free_from: int | None
) -> None:
    lines, goods = made
    unit = Decimal(1).scaleb(-money.exponent_of(currency))
    exact = Decimal(0)
    for line in lines:
        thing = goods[line.product_id]
        price = thing.price * unit
        for group in thing.options:
            price += sum((one.difference * unit for one in group.choices if one.id in line.chosen), Decimal(0))
        exact += max(price, Decimal(0)) * line.quantity
    is_free = free_from is not None and exact >= free_from * unit
    exact_total = exact + (Decimal(0) if is_free else fee * unit)

    basket = price_basket(lines, goods, Delivery("d", "delivery", fee=fee, free_from=free_from))
    assert Decimal(money.plain(basket.subtotal, money.exponent_of(currency))) == exact
    assert Decimal(money.plain(basket.total, money.exponent_of(currency))) == exact_total
    assert sorts(basket) == []
    assert basket.total < 2**63


@some
@given(made=baskets(), said=st.text() | st.from_regex(r"([0-9a-f]{16}:\d{1,6}:\d{1,3} )*fee:\d{1,5}", fullmatch=True))
def test_what_a_browser_says_it_saw_changes_no_total(made: tuple[list[BasketLine], dict[str, Thing]], said: str) -> None:
    lines, goods = made
    before = price_basket(lines, goods)
    forged = [BasketLine(line.product_id, line.chosen, line.quantity, price=1) for line in lines]
    after = price_basket(forged, goods)
    changes_since(said, after)
    assert (after.subtotal, after.total) == (before.subtotal, before.total)
    assert all(line.unit != 1 or line.was is None for line in after.lines)


def test_the_same_product_with_the_same_choices_is_one_line() -> None:
    lines = merged([BasketLine("1", ("a",), 2, 5), BasketLine("1", ("b",), 1, 6), BasketLine("1", ("a",), 3, 7)])
    assert [(line.chosen, line.quantity, line.price) for line in lines] == [(("a",), 5, 5), (("b",), 1, 6)]
