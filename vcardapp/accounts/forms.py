"""What a visitor may send about an account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, Form, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from vcardapp.accounts import passwords, security
from vcardapp.accounts.security import LONGEST_EMAIL
from vcardapp.web import TypedForm


def _stripped(value: str | None) -> str:
    return (value or "").strip()


def _without_signs(value: str | None) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value or "").split())


def _is_email(_form: Form, field: Field) -> None:
    if not security.normal_email(field.data):
        raise ValidationError(_l("This is not an e-mail address. It looks like name@example.com."))


def _is_strong(form: Form, field: Field) -> None:
    reason = passwords.weakness_of(field.data, _stripped(form["email"].data) if "email" in form else "")
    if reason:
        raise ValidationError(_l(reason))


def _email_field(label: str, autocomplete: str = "username") -> EmailField:
    return EmailField(
        label,
        [
            InputRequired(_l("Please type your e-mail address.")),
            Length(max=LONGEST_EMAIL, message=_l("This e-mail address is too long.")),
            _is_email,
        ],
        filters=[_stripped],
        render_kw={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"},
    )


def _new_password_field(label: str) -> PasswordField:
    return PasswordField(
        label,
        [InputRequired(_l("Please choose a password.")), _is_strong],
        description=_l("8 characters or more. A short sentence is easy to remember and hard to guess."),
        render_kw={"autocomplete": "new-password", "minlength": passwords.SHORTEST, "dir": "ltr"},
    )


def _present_password_field() -> PasswordField:
    return PasswordField(
        _l("Your present password"),
        [InputRequired(_l("Please type your password."))],
        render_kw={"autocomplete": "current-password", "dir": "ltr"},
    )


class AccountForm(TypedForm):
    """Carries the token against forged requests; with no field of its own it is nothing but a button."""


class SignInForm(AccountForm):
    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Please type your e-mail address."))],
        filters=[_stripped],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Please type your password."))],
        render_kw={"autocomplete": "current-password", "dir": "ltr"},
    )


class SignUpForm(AccountForm):
    email = _email_field(_l("E-mail"))
    password = _new_password_field(_l("Password"))


class ResetRequestForm(AccountForm):
    email = _email_field(_l("E-mail"))


class ResetForm(AccountForm):
    password = _new_password_field(_l("New password"))


class ChangePasswordForm(AccountForm):
    password = _new_password_field(_l("New password"))


class ChangeEmailForm(AccountForm):
    email = _email_field(_l("New e-mail address"), "email")


class ProofForm(AccountForm):
    present = _present_password_field()


class CodeForm(AccountForm):
    code = StringField(
        _l("Code"),
        [InputRequired(_l("Please type a code.")), Length(max=40, message=_l("This code is too long."))],
        filters=[_stripped],
        render_kw={
            "autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr", "autofocus": True,
        },
    )  # fmt: skip


class PasskeyForm(AccountForm):
    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Please give the passkey a name.")),
            Length(max=60, message=_l("This name is too long. Use 60 characters or fewer.")),
        ],
        description=_l("So that you know it again: “My phone”, “Office computer”."),
        filters=[_without_signs],
        render_kw={"autocomplete": "off", "dir": "auto"},
    )
    answer = HiddenField()


class PasskeyAnswerForm(AccountForm):
    answer = HiddenField()
