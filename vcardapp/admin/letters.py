"""What mails tell people about what an admin did: subject and text of each."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import force_locale
from flask_babel import gettext as _

from vcardapp.accounts.letters import Letter
from vcardapp.mail import queue_mail
from vcardapp.web import settings

Writer = Callable[..., Letter]


def write_to_stranger(email: str, letter: Writer, *details: str) -> None:
    """Put a letter to somebody without an account into the outbox; the caller commits."""
    with force_locale(settings().language):
        queue_mail(email, *letter(*details))


def suspended(reason: str) -> Letter:
    return _("Your account is suspended"), _(
        "Hello,\n\n"
        "whoever runs this site has suspended your account: you cannot sign in until it is opened again. "
        "This is the reason:\n\n%(reason)s\n\n"
        "If you see it another way, please write to whoever runs this site.",
        reason=reason,
    )


def suspended_with_cards(reason: str) -> Letter:
    return _("Your account is suspended"), _(
        "Hello,\n\n"
        "whoever runs this site has suspended your account: you cannot sign in until it is opened again, and visitors "
        "do not see your cards. This is the reason:\n\n%(reason)s\n\n"
        "If you see it another way, please write to whoever runs this site.",
        reason=reason,
    )


def let_in_again(link: str) -> Letter:
    return _("Your account is open again"), _(
        "Hello,\n\nyour account is open again, and you can sign in:\n\n%(link)s",
        link=link,
    )


def let_in_again_with_cards(link: str) -> Letter:
    return _("Your account is open again"), _(
        "Hello,\n\n"
        "your account is open again, and your cards are back as they were. You can sign in:\n\n%(link)s",
        link=link,
    )


def let_in_again_without_cards(link: str) -> Letter:
    return _("Your account is open again"), _(
        "Hello,\n\n"
        "your account is open again, but visitors do not see the cards that were taken down with it. "
        "Sign in to read why, and to answer:\n\n%(link)s",
        link=link,
    )


def signed_out(reason: str, link: str) -> Letter:
    return _("You are signed out everywhere"), _(
        "Hello,\n\n"
        "whoever runs this site has signed you out in all your browsers. This is the reason:\n\n%(reason)s\n\n"
        "You can sign in again at any time:\n\n%(link)s",
        reason=reason,
        link=link,
    )


def now_an_admin(link: str) -> Letter:
    return _("You are an admin now"), _(
        "Hello,\n\n"
        "from now on you can look after this site together with its other admins. Please sign in again:\n\n%(link)s",
        link=link,
    )


def no_longer_an_admin(reason: str) -> Letter:
    return _("You are no longer an admin"), _(
        "Hello,\n\n"
        "the rights of an admin were taken from your account. Your cards stay as they are. "
        "This is the reason:\n\n%(reason)s",
        reason=reason,
    )


def account_deleted(reason: str) -> Letter:
    return _("Your account was deleted"), _(
        "Hello,\n\n"
        "whoever runs this site has deleted your account and your cards. This is the reason:\n\n%(reason)s",
        reason=reason,
    )


def card_taken_down(name: str, reason: str, link: str) -> Letter:
    return _("Your card was taken down"), _(
        "Hello,\n\n"
        "whoever runs this site has taken your card %(name)s from the public. This is the reason:\n\n%(reason)s\n\n"
        "All that is in it stays yours. Here you can read what holds now, and answer:\n\n%(link)s",
        name=name,
        reason=reason,
        link=link,
    )


def card_restored(name: str, link: str) -> Letter:
    return _("Your card is back"), _(
        "Hello,\n\nyour card %(name)s is yours to publish again, as it was before:\n\n%(link)s",
        name=name,
        link=link,
    )


def report_settled(address: str) -> Letter:
    return _("We have looked at your report"), _(
        "Hello,\n\nthank you for telling us about the card at %(address)s. We have looked at it.", address=address
    )


def report_settled_with_note(address: str, note: str) -> Letter:
    return _("We have looked at your report"), _(
        "Hello,\n\n"
        "thank you for telling us about the card at %(address)s. We have looked at it, and this is what we found:"
        "\n\n%(note)s",
        address=address,
        note=note,
    )


def report_taken_down(address: str) -> Letter:
    return _("We have looked at your report"), _(
        "Hello,\n\nthank you for telling us about the card at %(address)s. We have taken it down.", address=address
    )
