"""What a visitor may type to book: a name, a way to be reached, answers to the owner's questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext

from vcardapp.booking.models import AppointmentType
from vcardapp.cards.file_text import email_of, one_line, printable
from vcardapp.cards.phones import read_phone

LONGEST = {"name": 120, "email": 254, "phone": 40, "place": 300}
LONGEST_ANSWER = 1000


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, kept whatever is wrong with it."""

    name: str = ""
    email: str = ""
    phone: str = ""
    place: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)  # by the question's key

    def said(self, kind: AppointmentType) -> list[tuple[str, str]]:
        """Return questions with their answers, as people read them."""
        answers = []
        for question in kind.questions:
            given = self.answers.get(question["key"], "")
            if question["sort"] == "tick":
                given = gettext("Yes") if given else gettext("No")
            if given:
                answers.append((str(question["label"]), str(given)))
        return answers


def typed_in(form: Mapping[str, str], kind: AppointmentType | None = None) -> Typed:
    """Return what was typed; answers only to questions that are asked."""
    asked = kind.questions if kind else []
    answers = {one["key"]: printable(form.get(f"q-{one['key']}", ""))[: LONGEST_ANSWER + 1] for one in asked}
    texts = {name: one_line(form.get(name, ""))[: longest + 1] for name, longest in LONGEST.items()}
    return Typed(**texts, answers=answers)


def problems_of(typed: Typed, kind: AppointmentType, country: str) -> dict[str, str]:
    """Return what is wrong, by the field beside which it is said."""
    found = contact_problems(typed, country)
    if not (typed.email or typed.phone):
        found["email"] = gettext("Please type an e-mail address or a phone number, so that you can be reached.")
    if kind.place_sort == "visitor" and not typed.place:
        found["place"] = gettext("Please say where it shall take place.")
    for question in kind.questions:
        if problem := _problem_of_answer(question, typed.answers[question["key"]]):
            found[f"q-{question['key']}"] = problem
    return found


def contact_problems(typed: Typed, country: str) -> dict[str, str]:
    """Return what is wrong with name, e-mail and phone as far as they are filled in."""
    found = {}
    for name, longest in LONGEST.items():
        if len(getattr(typed, name)) > longest:
            found[name] = gettext("This is too long: at most %(max)d characters.", max=longest)
    if not typed.name:
        found["name"] = gettext("Please type your name.")
    if typed.email and not (email_of(typed.email) and typed.email.isascii()):
        found["email"] = gettext("This is not an e-mail address. It looks like name@example.com.")
    if typed.phone and read_phone(typed.phone, country) is None:
        found["phone"] = gettext("This is not a phone number. It looks like +44 20 7946 0018.")
    return found


def _problem_of_answer(question: Mapping[str, Any], answer: str) -> str:
    if len(answer) > LONGEST_ANSWER:
        return str(gettext("This is too long: at most %(max)d characters.", max=LONGEST_ANSWER))
    if question["sort"] == "choice" and answer and answer not in question["choices"]:
        return str(gettext("Please choose one of these."))
    if question["required"] and not answer:
        words = {"choice": gettext("Please choose one of these."), "tick": gettext("Please tick this to go on.")}
        return str(words.get(question["sort"], gettext("Please answer this.")))
    return ""
