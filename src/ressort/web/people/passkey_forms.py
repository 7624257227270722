"""The forms of passkeys, in words that say what happened and what to do: those of the library are about codes."""

from json import JSONDecodeError, JSONDecoder
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.core.exceptions import ValidationError
from django.forms import Form
from django.utils.translation import gettext_lazy as _

_UNKNOWN = _("No account here knows this passkey any more, or its signature came too late. Try again, or use another way offered on this page.")  # fmt: skip
#: what the library raises on a signature that no browser writes
_UNREADABLE = (TypeError, ValueError, KeyError, AttributeError, RecursionError)
_NO_SIGNATURE = _("The browser sent no signature: passkeys need JavaScript. Use another way offered on this page.")


class _Shallow(JSONDecoder):
    """Reads what a browser writes; brackets without end are a fault of whoever sent them."""

    def decode(self, s: str, *given: Any) -> Any:
        try:
            return super().decode(s, *given)
        except RecursionError as error:
            raise JSONDecodeError("too deep", s[:80], 0) from error


def _reads(form: Form) -> None:
    field: Any = form.fields["credential"]
    field.decoder = _Shallow
    field.error_messages |= {"required": _NO_SIGNATURE, "invalid": _UNKNOWN}


class _Signed(AuthenticateWebAuthnForm):
    """What a device signed, known or not."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        _reads(self)

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except (ValidationError, *_UNREADABLE) as error:
            if getattr(error, "code", "incorrect_code") != "incorrect_code":  # asked too often
                raise
            raise ValidationError(_UNKNOWN) from error


class SignIn(_Signed, LoginWebAuthnForm):
    """A passkey opens a session."""


class SecondFactor(_Signed):
    """A passkey after the password."""


class SignAgain(_Signed, ReauthenticateWebAuthnForm):
    """A passkey before what touches the account."""


class AddPasskey(AddWebAuthnForm):
    """A device is registered, under a name that its holder knows."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["name"].label = _("Name")
        _reads(self)

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except (ValidationError, *_UNREADABLE) as error:
            raise ValidationError(_("The passkey could not be added: its answer came too late, or cannot be read. Try again.")) from error  # fmt: skip


class RenamePasskey(EditWebAuthnForm):
    """A device takes another name."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["name"].label = _("Name")
