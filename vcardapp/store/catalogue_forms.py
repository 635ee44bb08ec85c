"""What a seller may send about products, services and categories."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, RadioField, SelectField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from vcardapp.store import catalogue_checks as checks
from vcardapp.store.catalogue import MOST_PICTURES
from vcardapp.store.models import Category, Product, Service, Shop
from vcardapp.store.options import MOST_CHOICES, MOST_GROUPS, Choice, OptionGroup
from vcardapp.store.owner_fields import (
    NumberField,
    PriceField,
    clean,
    long_text_field,
    named_in,
    text_field,
)
from vcardapp.store.pricing import MOST_PIECES
from vcardapp.store.typed_prices import difference_text, price_text

STOCKS = {"off": _l("Always there"), "counted": _l("Count the pieces"), "sold out": _l("Sold out")}
PRICE_KINDS = {"fixed": _l("Fixed price"), "from": _l("From this price"), "on request": _l("Price on request")}
ACTIONS = {
    "whatsapp": _l("Ask by WhatsApp"),
    "book": _l("Book a time"),
    "call": _l("Call"),
    "link": _l("Open a link"),
    "none": _l("No button"),
}
NAME_NEEDED = InputRequired(_l("Please give it a name."))


def _radio(label: Any, choices: dict[str, Any], default: str) -> RadioField:
    def known(value: str | None) -> str:
        return value if value in choices else default

    options = [SelectChoice(value, words) for value, words in choices.items()]
    return RadioField(label, choices=options, default=default, validate_choice=False, filters=[known])


class ChoiceForm(Form):
    id = HiddenField(filters=[clean])
    name = text_field(_l("Choice"), checks.LONGEST_CHOICE, named_in)
    difference = PriceField(_l("More or less"), signed=True)
    sold_out = BooleanField(_l("Sold out"))

    def choice(self) -> Choice:
        return Choice(self.id.data or "", self.name.data or "", self.difference.amount or 0, self.sold_out.data)


class OptionForm(Form):
    id = HiddenField(filters=[clean])
    name = text_field(_l("Question"), checks.LONGEST_CHOICE, named_in)
    required = BooleanField(_l("One has to be chosen"))
    most = NumberField(_l("At most"), 1, MOST_CHOICES, default="1")
    choices = FieldList(FormField(ChoiceForm), min_entries=1, max_entries=MOST_CHOICES)

    def group(self) -> OptionGroup | None:
        """Return the option that was typed, None for a row that says nothing."""
        rows = [one.form for one in self.choices if one.form.name.data]
        if not rows and not self.name.data:
            return None
        choices = tuple(one.choice() for one in rows)
        return OptionGroup(self.id.data or "", self.name.data or "", choices, self.required.data, self.most.number or 1)


class ProductForm(Form):
    name = text_field(_l("Name"), checks.LONGEST_NAME, NAME_NEEDED)
    price = PriceField(_l("Price"), needed=True)
    pictures = FieldList(HiddenField(filters=[clean]), max_entries=MOST_PICTURES)
    text = long_text_field(_l("Text"), checks.LONGEST_TEXT)
    category = SelectField(_l("Category"), validate_choice=False, default="")
    new_category = text_field(_l("Or a new category"), checks.LONGEST_CATEGORY)
    compare_at = PriceField(_l("Price before"))
    options = FieldList(FormField(OptionForm), max_entries=MOST_GROUPS)
    stock_kind = _radio(_l("In stock"), STOCKS, "off")
    stock = NumberField(_l("Pieces left"), 0, checks.MOST_STOCK)
    most = NumberField(_l("At most in one order"), 1, MOST_PIECES)
    hidden = BooleanField(_l("Hide it for now"))

    def offer(self, categories: list[Category]) -> ProductForm:
        """Let one of these categories be chosen."""
        found = [SelectChoice(str(one.id), one.name) for one in categories]
        self.category.choices = [SelectChoice("", _l("None")), *found]
        return self

    def values(self) -> dict[str, Any]:
        """Return what the catalogue stores, the category and the pictures left out."""
        groups = (one.form.group() for one in self.options)
        return {
            "name": self.name.data,
            "text": self.text.data,
            "price": self.price.amount,
            "compare_at": self.compare_at.amount,
            "options": tuple(group for group in groups if group),
            "stock_kind": self.stock_kind.data,
            "stock": self.stock.number or 0,
            "most": self.most.number or MOST_PIECES,
            "hidden": self.hidden.data,
        }

    @classmethod
    def of(cls, product: Product, shop: Shop) -> ProductForm:
        """Return the form filled with a product."""
        language = str(get_locale())
        groups = [
            {
                "id": group.id,
                "name": group.name,
                "required": group.required,
                "most": str(group.most),
                "choices": [
                    {
                        "id": one.id,
                        "name": one.name,
                        "difference": difference_text(one.difference, shop.currency, language),
                        "sold_out": one.sold_out,
                    }
                    for one in group.choices
                ],
            }
            for group in product.options
        ]
        return cls(
            data={
                "name": product.name,
                "text": product.text,
                "price": price_text(product.price, shop.currency, language),
                "compare_at": price_text(product.compare_at, shop.currency, language),
                "category": str(product.category_id or ""),
                "options": groups,
                "pictures": [picture.file_id for picture in product.pictures],
                "stock_kind": product.stock_kind,
                "stock": str(product.stock),
                "most": str(product.most) if product.most < MOST_PIECES else "",
                "hidden": product.hidden,
            }
        )


class ServiceForm(Form):
    name = text_field(_l("Name"), checks.LONGEST_NAME, NAME_NEEDED)
    price = PriceField(_l("Price"))
    price_kind = _radio(_l("What the price means"), PRICE_KINDS, "fixed")
    pictures = FieldList(HiddenField(filters=[clean]), max_entries=1)
    action = _radio(_l("Button"), ACTIONS, "whatsapp")
    link = text_field(_l("Address of the link"), 2000)
    minutes = NumberField(_l("How long it takes, in minutes"), 1, 60 * 24 * 365)
    text = long_text_field(_l("Text"), checks.LONGEST_TEXT)
    hidden = BooleanField(_l("Hide it for now"))

    def values(self) -> dict[str, Any]:
        """Return what the catalogue stores, the picture left out."""
        return {
            "name": self.name.data,
            "text": self.text.data,
            "price": None if self.price_kind.data == "on request" else self.price.amount,
            "price_kind": self.price_kind.data,
            "minutes": self.minutes.number,
            "action": self.action.data,
            "link": self.link.data,
            "hidden": self.hidden.data,
        }

    @classmethod
    def of(cls, service: Service, shop: Shop) -> ServiceForm:
        """Return the form filled with a service."""
        names = ("name", "text", "price_kind", "action", "link", "hidden")
        return cls(
            data={
                **{name: getattr(service, name) for name in names},
                "price": price_text(service.price, shop.currency, str(get_locale())),
                "minutes": str(service.minutes or ""),
                "pictures": [service.file_id] if service.file_id else [],
            }
        )


class CategoryForm(Form):
    """One category a row: its name may be changed; the last row makes a new one."""

    name = text_field(_l("New category"), checks.LONGEST_CATEGORY, InputRequired(_l("Please give it a name.")))
