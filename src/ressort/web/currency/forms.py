"""What a payer fills."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ressort.core.currency import cents_of
from ressort.core.errors import InputError
from ressort.web.currency import naming, queries
from ressort.web.currency.keys import Terms
from ressort.web.currency.models import Key, Seat, Wallet


def whole_cents(given: str) -> int:
    """An amount as it was typed.

    Raises:
        ValidationError: it is none, said in the reader's language.
    """
    try:
        return cents_of(given)
    except InputError as error:
        raise forms.ValidationError(error.say(gettext)) from error


class PaymentForm(forms.Form):
    """Whom, how much, what for. Once whole it is shown again to be confirmed, with a key that is paid once."""

    payee = forms.CharField(
        label=_("Pay to"), max_length=120, help_text=_("The name of the account, such as epicerie-du-port, or words of who holds it.")
    )  # fmt: skip
    amount = forms.CharField(label=_("Amount"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    label = forms.CharField(
        label=_("Words for the statement"), max_length=140, required=False, help_text=_("Erased after thirteen months."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    secret = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    credential = forms.CharField(required=False, max_length=8000, widget=forms.HiddenInput)

    def __init__(self, payer: Wallet, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.payer = payer
        self.choices: list[Wallet] = []

    def clean_payee(self) -> Wallet:
        """The wallet meant; several keep the form open, with their names."""
        words = self.cleaned_data["payee"]
        if words.strip().lower() == self.payer.alias:
            raise forms.ValidationError(gettext("This is the account that pays: write the name of another one."))
        found = queries.payees(self.payer, words)
        self.choices = found[: queries.MOST_PAYEES]
        if len(found) == 1:
            return found[0]
        if len(found) > queries.MOST_PAYEES:
            raise forms.ValidationError(gettext("Many accounts bear these words: write more of the name, or choose one."))  # fmt: skip
        if found:
            raise forms.ValidationError(gettext("Several accounts bear these words: choose one."))
        if not naming.says_enough(words):
            raise forms.ValidationError(gettext("Write a word of three letters at least of the name, or the name of the account exactly."))  # fmt: skip
        raise forms.ValidationError(
            gettext("Nobody is called so in this currency. Check the spelling, or ask for the name of the account.")
        )

    def clean_amount(self) -> int:
        """Whole cents."""
        return whole_cents(self.cleaned_data["amount"])

    @property
    def confirmed_key(self) -> UUID | None:
        """The key of a payment that its payer has confirmed."""
        return self.cleaned_data.get("key")


_DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}


class AskForm(forms.Form):
    """How much is asked, and what for."""

    amount = forms.CharField(label=_("Amount"), max_length=20, widget=forms.TextInput(attrs=_DECIMAL))
    label = forms.CharField(label=_("Words for the statement"), max_length=140, required=False)

    def clean_amount(self) -> int:
        """Whole cents."""
        return whole_cents(self.cleaned_data["amount"])


class TakeForm(forms.Form):
    """The code that a client shows, and how much is taken."""

    code = forms.CharField(
        label=_("Code shown by the client"), max_length=400, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    taken = forms.CharField(label=_("Amount"), max_length=20, widget=forms.TextInput(attrs=_DECIMAL))

    def clean_taken(self) -> int:
        """Whole cents."""
        return whole_cents(self.cleaned_data["taken"])


class SeatForm(forms.Form):
    """Who takes payments, and what else they may do."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=Seat.Role.choices)


class PaidForm(forms.Form):
    """The key of a payment that its payer has confirmed."""

    key = forms.UUIDField()
    secret = forms.CharField(required=False, max_length=200)
    credential = forms.CharField(required=False, max_length=8000)


class KeyForm(forms.Form):
    """What a key is for, and what it may do; from whoever may not pay, it asks for payments only."""

    label = forms.CharField(label=_("What the program is"), max_length=80)
    scope = forms.ChoiceField(label=_("What it does"), choices=Key.Scope.choices, required=False)
    most = forms.CharField(
        label=_("Most of one payment"), max_length=20, required=False, help_text=_("No limit when empty."),
        widget=forms.TextInput(attrs=_DECIMAL),
    )  # fmt: skip
    most_day = forms.CharField(
        label=_("Most in a day"), max_length=20, required=False, help_text=_("No limit when empty."),
        widget=forms.TextInput(attrs=_DECIMAL),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Last day"), required=False, help_text=_("Until it is withdrawn when empty."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, may_pay: bool) -> None:
        super().__init__(data)
        self._otherwise = Key.Scope.ALL if may_pay else Key.Scope.ASK
        if not may_pay:
            self.fields["scope"] = forms.ChoiceField(
                label=_("What it does"), choices=[(Key.Scope.ASK.value, Key.Scope.ASK.label)], required=False
            )

    def clean_most(self) -> int | None:
        """Whole cents; none when empty."""
        return whole_cents(self.cleaned_data["most"]) if self.cleaned_data["most"] else None

    def clean_most_day(self) -> int | None:
        """Whole cents; none when empty."""
        return whole_cents(self.cleaned_data["most_day"]) if self.cleaned_data["most_day"] else None

    @property
    def terms(self) -> Terms:
        """What the key may do."""
        given = self.cleaned_data
        return Terms(given["scope"] or self._otherwise, given["most"], given["most_day"], given["until"])


class HookForm(forms.Form):
    """Where to tell what is received."""

    url = forms.CharField(
        label=_("Address of the program"),
        max_length=300,
        help_text=_("It begins with https:// and answers within five seconds."),
    )


class LoadForm(forms.Form):
    """How much a device holds, and the key with which it signs."""

    amount = forms.CharField(max_length=20)
    device_key = forms.RegexField(r"^[0-9a-f]{64}$")
    key = forms.UUIDField()

    def clean_amount(self) -> int:
        """Whole cents."""
        return whole_cents(self.cleaned_data["amount"])


class SurrenderForm(forms.Form):
    """The last state of a purse, signed by its device."""

    state = forms.CharField(max_length=400)
    certificate = forms.CharField(max_length=400)


class NoteForm(forms.Form):
    """A payment made without network: its two codes."""

    certificate = forms.CharField(label=_("Code of the purse"), max_length=400, widget=forms.TextInput(attrs={"autocomplete": "off"}))  # fmt: skip
    payment = forms.CharField(label=_("Code of the payment"), max_length=400, widget=forms.TextInput(attrs={"autocomplete": "off"}))  # fmt: skip


class GuaranteeForm(forms.Form):
    """What an association sets aside for payments signed twice."""

    amount = forms.CharField(label=_("Amount to set aside"), max_length=20, widget=forms.TextInput(attrs=_DECIMAL))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean_amount(self) -> int:
        """Whole cents."""
        return whole_cents(self.cleaned_data["amount"])
