"""What the mails about an account say: subject and text of each."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

Letter = tuple[str, str]


def confirm_your_address(link: str) -> Letter:
    return _("Please confirm your e-mail address"), _(
        "Hello,\n\n"
        "thank you for making a card with us. Please open this link and press the button there, "
        "so that we know that our mail reaches you:\n\n%(link)s\n\n"
        "If this was not you, you need not do anything.",
        link=link,
    )


def you_have_an_account(link: str) -> Letter:
    return _("You have an account already"), _(
        "Hello,\n\n"
        "somebody, probably you, wanted to sign up with this e-mail address. You have an account already: "
        "just sign in. If you do not know your password any more, set a new one here:\n\n%(link)s\n\n"
        "If this was not you, you need not do anything.",
        link=link,
    )


def set_your_password(link: str) -> Letter:
    return _("Set a new password"), _(
        "Hello,\n\n"
        "here you can choose a new password. The link works once and for four hours:\n\n%(link)s\n\n"
        "If you did not ask for this, you need not do anything: your password stays as it is.",
        link=link,
    )


def your_password_has_changed(link: str) -> Letter:
    return _("Your password has changed"), _(
        "Hello,\n\n"
        "the password of your account has just been changed, and everywhere else you are signed out. "
        "If this was not you, set a new one right away:\n\n%(link)s",
        link=link,
    )


def confirm_your_new_address(link: str) -> Letter:
    return _("Please confirm your new e-mail address"), _(
        "Hello,\n\n"
        "to sign in with this address from now on, open this link within four hours and press the button there:"
        "\n\n%(link)s\n\n"
        "If this was not you, you need not do anything.",
        link=link,
    )


def your_address_has_changed(email: str) -> Letter:
    return _("Your e-mail address has changed"), _(
        "Hello,\n\n"
        "from now on you sign in with another address: %(email)s\n\n"
        "If this was not you, please answer to whoever runs this server.",
        email=email,
    )


def you_signed_in_elsewhere(browser: str, link: str) -> Letter:
    return _("You have signed in with another browser"), _(
        "Hello,\n\n"
        "somebody, probably you, has just signed in to your account with a browser that we had not seen before: "
        "%(browser)s\n\n"
        "If this was not you, end that sign-in here and change your password:\n\n%(link)s",
        browser=browser,
        link=link,
    )


def a_passkey_was_added(name: str, link: str) -> Letter:
    return _("Your account has a new passkey"), _(
        "Hello,\n\n"
        "from now on this passkey signs you in: %(name)s\n\n"
        "If this was not you, remove it here and change your password:\n\n%(link)s",
        name=name,
        link=link,
    )


def a_passkey_was_removed(name: str, link: str) -> Letter:
    return _("A passkey was removed from your account"), _(
        "Hello,\n\n"
        "this passkey does not sign you in any more: %(name)s\n\n"
        "If this was not you, look at your account and change your password:\n\n%(link)s",
        name=name,
        link=link,
    )


def your_second_step_is_on(link: str) -> Letter:
    return _("Signing in now takes two steps"), _(
        "Hello,\n\n"
        "from now on you are asked for a code from your app after your password. "
        "Please keep the recovery codes in a safe place: each lets you in once, should your phone be lost.\n\n"
        "If this was not you, set a new password right away and look at your account:\n\n%(link)s",
        link=link,
    )


def your_second_step_is_off(link: str) -> Letter:
    return _("Signing in takes one step again"), _(
        "Hello,\n\n"
        "from now on your password alone signs you in; you are not asked for a code any more.\n\n"
        "If this was not you, set a new password right away and look at your account:\n\n%(link)s",
        link=link,
    )


def a_recovery_code_was_used(left: int, link: str) -> Letter:
    return _("A recovery code of yours was used"), ngettext(
        "Hello,\n\n"
        "somebody, probably you, has just signed in with a recovery code. %(num)d code is left.\n\n"
        "If this was not you, set a new password right away; if it was, you can make new codes here:\n\n%(link)s",
        "Hello,\n\n"
        "somebody, probably you, has just signed in with a recovery code. %(num)d codes are left.\n\n"
        "If this was not you, set a new password right away; if it was, you can make new codes here:\n\n%(link)s",
        left,
        link=link,
    )


def show_that_it_is_you(link: str) -> Letter:
    return _("Please show that it is you"), _(
        "Hello,\n\n"
        "you are about to change something important in your account. Open this link within ten minutes, in the "
        "browser in which you are signed in, and press the button there:\n\n%(link)s\n\n"
        "If this was not you, you need not do anything: nothing is changed.",
        link=link,
    )


def you_are_invited(link: str) -> Letter:
    return _("You are invited to make your card"), _(
        "Hello,\n\n"
        "you are invited to make your digital business card. This link opens the door once, within 30 days:"
        "\n\n%(link)s",
        link=link,
    )


def your_account_is_deleted() -> Letter:
    return _("Your account is deleted"), _(
        "Hello,\n\n"
        "your account and your cards are deleted, as you wished. Whoever scans one of their codes now reads a "
        "friendly note that the card is gone. Thank you for having been here."
    )
