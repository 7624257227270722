"""What a payer fills."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ressort.core.currency import cents_of
from ressort.core.errors import InputError
from ressort.web.currency import queries
from ressort.web.currency.models import Wallet


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

    def __init__(self, payer: Wallet, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.payer = payer
        self.choices: list[Wallet] = []

    def clean_payee(self) -> Wallet:
        """The wallet meant; several keep the form open, with their names."""
        self.choices = queries.payees(self.payer, self.cleaned_data["payee"])
        if len(self.choices) == 1:
            return self.choices[0]
        if self.choices:
            raise forms.ValidationError(gettext("Several accounts bear these words: choose one below."))
        raise forms.ValidationError(
            gettext("Nobody is called so in this currency. Check the spelling, or ask for the name of the account.")
        )

    def clean_amount(self) -> int:
        """Whole cents."""
        try:
            return cents_of(self.cleaned_data["amount"])
        except InputError as error:
            raise forms.ValidationError(error.say(gettext)) from error

    @property
    def confirmed_key(self) -> UUID | None:
        """The key of a payment that its payer has confirmed."""
        return self.cleaned_data.get("key")

    def to_confirm(self) -> dict[str, Any]:
        """What the payer reads before the money moves."""
        return self.cleaned_data | {"key": uuid4(), "payee": self.cleaned_data["payee"]}
