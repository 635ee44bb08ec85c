"""The sections of the editor and their state in one line of words."""

from __future__ import annotations

import os.path
from collections.abc import Sequence

from babel.dates import get_day_names
from flask_babel import get_locale, gettext, ngettext

from vcardapp.cards.content import Content, Hours
from vcardapp.cards.kept import Change
from vcardapp.design.design import Design
from vcardapp.editor.designing import in_words
from vcardapp.i18n import N_
from vcardapp.public.page import birthday_in_words

LONGEST_SHOWN = 200  # characters of a changed text
BEFORE_A_CHANGE = 40  # of them, where a text is longer

TITLES = {
    "name": N_("Role and company"),
    "pictures": N_("Pictures"),
    "reach": N_("Phone and e-mail"),
    "links": N_("Links"),
    "places": N_("Addresses"),
    "text": N_("Text"),
    "hours": N_("Opening hours"),
    "more": N_("More"),
    "design": N_("Look and colours"),
    "address": N_("Page and language"),
    "kept": N_("What phones will keep"),
}
FIELDS = {
    "name": [
        "display_name", "is_company", "given", "additional", "family", "prefix", "suffix", "nickname", "phonetic_given",
        "phonetic_family", "pronouns", "headline", "title", "company", "department", "role",
    ],
    "pictures": ["photo_alt", "photo", "logo", "cover"],
    "reach": ["phones", "emails"],
    "links": ["links", "websites"],
    "places": ["addresses"],
    "text": ["about"],
    "hours": ["week", "exceptions"],
    "more": ["birthday", "note"],
    "design": ["design", "backdrop", "favicon"],
    "address": ["slug", "unlisted", "country", "time_zone", "language"],
}


def states(content: Content, slug: str, kept: int) -> dict[str, str]:
    """Return what each section holds, in a line; `kept` is how many things phones will keep otherwise."""
    pictures = [gettext(name) for sort, name in PICTURES.items() if getattr(content, sort)]
    return {
        "name": one_line(content.title, content.company, content.headline) or gettext("What you do, and where"),
        "pictures": one_line(*pictures) or gettext("A photo makes it yours"),
        "reach": _first([p.number for p in content.phones] + [e.address for e in content.emails])
        or gettext("How can people reach you?"),
        "links": _count_links(len(content.links) + len(content.websites)),
        "places": _first([one_line(a.street, a.city) for a in content.addresses]) or gettext("Where can people find you?"),
        "text": content.about.split("\n")[0][:80].replace("**", "") or gettext("A few sentences about you or your shop"),
        "hours": hours_in_words(content.hours) or gettext("When are you open?"),
        "more": one_line(birthday_in_words(content.birthday), content.note.split("\n")[0][:60]) or gettext("Birthday and a note"),
        "design": in_words(content.design),
        "address": f"/{slug}" if slug else gettext("Made from the name"),
        "kept": _count_changes(kept),
    }


def filled(content: Content) -> list[str]:
    """Return the sections that hold something."""
    holds = {
        "name": [getattr(content, name) for name in FIELDS["name"] if name != "display_name"],
        "pictures": [content.photo, content.logo, content.cover],
        "reach": [content.phones, content.emails],
        "links": [content.links, content.websites],
        "places": [content.addresses],
        "text": [content.about],
        "hours": [*content.hours.week, content.hours.exceptions],
        "more": [content.birthday, content.note],
        "design": [content.design != Design()],
        "address": [True],
    }
    return [section for section, parts in holds.items() if any(parts)]


def kept_otherwise(changes: Sequence[Change], labels: dict[str, str]) -> list[dict[str, str]]:
    """Return what address books will hold otherwise than it was typed: label, before and after (empty: left out)."""
    lists = {
        "phones": gettext("Phones"),
        "emails": gettext("E-mail"),
        "addresses": gettext("Addresses"),
        "websites": gettext("Web sites"),
        "links": gettext("Links"),
        "hours": gettext("Opening hours"),
    }
    return [
        {"label": lists.get(field) or labels[field], "before": _around(before, after), "after": _around(after, before)}
        for field, before, after in changes
    ]


def _around(text: str, other: str) -> str:
    """Return a text, or of a long one the part in which it begins to differ from another."""
    same = len(os.path.commonprefix([text, other]))
    start = same - BEFORE_A_CHANGE if same > LONGEST_SHOWN - BEFORE_A_CHANGE else 0
    return ("…" if start else "") + text[start : start + LONGEST_SHOWN]


def section_of(field: str) -> str:
    """Return the section in which a field or row stands: "phones-0-number", "phones:0"."""
    first = field.split(":")[0].split("-")[0]
    return next((section for section, names in FIELDS.items() if first in names), "name")


def hours_in_words(hours: Hours) -> str:
    """Return the first run of equal days, such as "Mon – Fri 09:00–17:00, …"."""
    names = get_day_names("abbreviated", locale=get_locale() or "en")
    open_days = [day for day in range(7) if hours.week[day]]
    if not open_days:
        return ""
    first = last = open_days[0]
    while last + 1 in open_days and hours.week[last + 1] == hours.week[first]:
        last += 1
    days = names[first] if first == last else f"{names[first]} – {names[last]}"
    times = one_line(*(f"{span.start}–{span.end}" for span in hours.week[first]))
    return one_line(f"{days} {times}", "…" if last != open_days[-1] else "")


PICTURES = {"photo": N_("Photo"), "logo": N_("Logo"), "cover": N_("Cover")}


def one_line(*parts: str) -> str:
    """Join what there is of several texts."""
    lines = [line for part in parts for line in part.split("\n") if line]
    return str(gettext(", ")).join(lines)  # Translators: what stands between the parts of a list


def _first(values: list[str]) -> str:
    real = [value for value in values if value]
    if len(real) <= 1:
        return "".join(real)
    return str(ngettext("%(first)s and %(num)d more", "%(first)s and %(num)d more", len(real) - 1, first=real[0]))


def _count_changes(count: int) -> str:
    return str(ngettext("%(num)d thing a little differently", "%(num)d things a little differently", count)
               if count else gettext("All as you typed it"))  # fmt: skip


def _count_links(count: int) -> str:
    return str(ngettext("%(num)d link", "%(num)d links", count) if count else gettext("Instagram, WhatsApp, your shop …"))
