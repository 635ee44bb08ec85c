"""Orders as a table for bookkeeping: one row a line of an order."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from vcardapp import csv_cells
from vcardapp.store import money
from vcardapp.store.models import Order, OrderLine

COLUMNS = (
    "number", "date", "state", "paid", "name", "phone", "email", "delivery", "area", "address", "table", "note", "wanted_for",
    "product", "options", "quantity", "unit_price", "line_total", "subtotal", "delivery_fee", "total", "currency",
)  # fmt: skip


def orders_csv(orders: Iterable[Order], zone: ZoneInfo | None = None) -> str:
    """Return orders as CSV, times by the shop's clock, sums as plain numbers."""
    clock = zone or ZoneInfo("UTC")
    return csv_cells.write_table(COLUMNS, (_row(order, line, clock) for order in orders for line in order.lines))


def _row(order: Order, line: OrderLine, clock: ZoneInfo) -> list[str]:
    sums = (line.unit, line.total, order.subtotal, order.fee, order.total)
    unit, line_total, subtotal, fee, total = (money.plain(one, order.exponent) for one in sums)
    placed = order.created_at.astimezone(clock).strftime("%Y-%m-%d %H:%M")
    wanted = order.wanted_for.astimezone(clock).strftime("%Y-%m-%d %H:%M") if order.wanted_for else ""
    return [
        order.number, placed, order.state, "yes" if order.paid_at else "no", order.name, order.phone, order.email,
        order.delivery_name or order.delivery_kind, order.area_name, order.address, order.table, order.note, wanted,
        line.name, ", ".join(line.details), str(line.quantity), unit, line_total, subtotal, fee, total, order.currency,
    ]  # fmt: skip
