"""The rules of a currency, as who runs the site writes them."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ressort.core.currency.accounting import is_siren
from ressort.core.currency.bank import creditor_identifier
from ressort.core.errors import RuleBroken
from ressort.language import told
from ressort.web.association.forms import BalanceField, CentsField, IbanField, typed
from ressort.web.association.models import Rules
from ressort.web.currency.models import Wallet


class RateField(BalanceField):
    """A part of an amount, written in per cent: its hundredths are ten-thousandths."""

    def clean(self, value: Any) -> Any:
        rate_bp = super().clean(value)
        if rate_bp > 10_000:
            raise forms.ValidationError(gettext("Write a part between 0 and 100 %."))
        return rate_bp


class RulesForm(forms.ModelForm):
    """The rules of a currency."""

    four_eyes_cents = BalanceField(label=_("Amount from which two people are needed"))
    fee_bp = RateField(label=_("Fee of a redemption, in %"))
    gift_bp = RateField(label=_("Part of conversions given to the association sponsored, in %"))
    level0_cents = CentsField(label=_("Most held by an individual not checked"))
    level1_cents = CentsField(label=_("Most held by an individual checked once"))
    credit_least_cents = CentsField(label=_("Least of a monthly credit"))
    operating_iban = IbanField(label=_("Operating account (IBAN)"))
    paper_iban = IbanField(label=_("Reserve of notes (IBAN)"))
    digital_iban = IbanField(label=_("Digital reserve (IBAN)"))

    class Meta:
        model = Rules
        fields = (
            "association", "siren", "four_eyes_cents", "reversal_days", "fee_bp", "gift_bp", "gift_least_sponsors", "individuals_redeem",
            "level0_cents", "level1_cents", "operating_iban", "paper_iban", "digital_iban", "creditor_identifier", "prenotice_days", "credit_least_cents",
        )  # fmt: skip
        labels = {
            "siren": _("SIREN"), "reversal_days": _("Days within which an operation may be reversed"),
            "gift_least_sponsors": _("Members who must sponsor an association for it to receive gifts"),
            "individuals_redeem": _("Individuals may redeem (ask a jurist first)"),
            "creditor_identifier": _("Creditor identifier (ICS)"), "prenotice_days": _("Days before a direct debit when members are told"),
        }  # fmt: skip

    def __init__(self, currency: int, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        associations = Wallet.objects.filter(currency=currency, kind=Wallet.Kind.ASSOCIATION)
        label = _("Account of the association")
        self.fields["association"] = forms.ModelChoiceField(associations, label=label, required=False)
        for name in ("four_eyes_cents", "fee_bp", "gift_bp", "level0_cents", "level1_cents", "credit_least_cents"):
            self.initial[name] = typed(self.initial[name])

    def clean_siren(self) -> str:
        """A number whose check digit agrees, or none."""
        if self.cleaned_data["siren"] and not is_siren(self.cleaned_data["siren"]):
            raise forms.ValidationError(gettext("This is not a SIREN: check its nine digits."))
        return self.cleaned_data["siren"]

    def clean_creditor_identifier(self) -> str:
        """An identifier whose check digits agree, or none."""
        try:
            return creditor_identifier(self.cleaned_data["creditor_identifier"]) if self.cleaned_data["creditor_identifier"] else ""  # fmt: skip
        except RuleBroken as error:
            raise forms.ValidationError(told(error)) from error
