"""The few words of an order's message in the languages that shops write in; pages are translated by gettext, messages here.

A message is in the shop's language whatever languages the interface speaks. Lines of right-to-left languages begin with a
letter of theirs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    order: str
    line: str  # {n} pieces of {name}
    more: str  # {n} further lines
    subtotal: str
    total: str
    pick_up: str
    delivery: str
    table: str
    name: str
    phone: str
    email: str
    address: str
    note: str
    wanted_for: str
    free: str
    comma: str = ", "
    is_rtl: bool = False


WORDS = {
    "en": Words(
        "New order {number}", "{n} x {name}", "... and {n} more", "Subtotal", "Total", "Pick-up", "Delivery", "At the table",
        "Name", "Phone", "E-mail", "Deliver to", "Note", "For", "free",
    ),
    "es": Words(
        "Nuevo pedido {number}", "{n} x {name}", "... y {n} más", "Subtotal", "Total", "Recogida", "Entrega", "En la mesa",
        "Nombre", "Teléfono", "Correo", "Entregar en", "Nota", "Para", "gratis",
    ),
    "pt": Words(
        "Novo pedido {number}", "{n} x {name}", "... e mais {n}", "Subtotal", "Total", "Retirada", "Entrega", "Na mesa",
        "Nome", "Telefone", "E-mail", "Entregar em", "Observação", "Para", "grátis",
    ),
    "fr": Words(
        "Nouvelle commande {number}", "{n} x {name}", "... et {n} de plus", "Sous-total", "Total", "Retrait", "Livraison",
        "À table", "Nom", "Téléphone", "E-mail", "Livrer à", "Remarque", "Pour", "gratuit",
    ),
    "de": Words(
        "Neue Bestellung {number}", "{n} x {name}", "... und {n} weitere", "Zwischensumme", "Summe", "Abholung", "Lieferung",
        "Am Tisch", "Name", "Telefon", "E-Mail", "Liefern an", "Anmerkung", "Für", "kostenlos",
    ),
    "it": Words(
        "Nuovo ordine {number}", "{n} x {name}", "... e altri {n}", "Subtotale", "Totale", "Ritiro", "Consegna", "Al tavolo",
        "Nome", "Telefono", "E-mail", "Consegnare a", "Nota", "Per", "gratis",
    ),
    "ar": Words(
        "طلب جديد {number}", "عدد {n} {name}", "وأصناف أخرى: {n}", "المجموع الفرعي", "الإجمالي", "استلام من المتجر", "توصيل",
        "على الطاولة", "الاسم", "الهاتف", "البريد", "العنوان", "ملاحظة", "الموعد", "مجانًا", "، ", True,
    ),
    "he": Words(
        "הזמנה חדשה {number}", "כמות {n} {name}", "ועוד {n} פריטים", "סכום ביניים", "סך הכול", "איסוף עצמי", "משלוח",
        "לשולחן", "שם", "טלפון", "דוא״ל", "כתובת", "הערה", "מועד", "חינם", ", ", True,
    ),
    "hi": Words(
        "नया ऑर्डर {number}", "{n} x {name}", "... और {n} अन्य", "उप-योग", "कुल", "दुकान से लेना", "डिलीवरी", "टेबल पर", "नाम", "फ़ोन",
        "ईमेल", "पता", "टिप्पणी", "समय", "मुफ़्त",
    ),
    "ja": Words(
        "新しい注文 {number}", "{n} x {name}", "... 他{n}点", "小計", "合計", "店頭受取", "配達", "テーブル",
        "お名前", "電話", "メール", "お届け先", "備考", "日時", "無料", "、",
    ),
}  # fmt: skip


def words_for(language: str) -> Words:
    """Return the words of a language ("pt-BR" is "pt"), English where there are none."""
    return WORDS.get(language.split("-")[0].split("_")[0].lower(), WORDS["en"])
