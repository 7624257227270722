"""What the desk fills about the bank, other systems, and programmes."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ressort.core.currency import cents_of
from ressort.core.errors import InputError
from ressort.language import told
from ressort.web.association.covering import Seller
from ressort.web.association.forms import BalanceField, CentsField, OperationForm, day_field
from ressort.web.association.models import BankLine
from ressort.web.currency.models import Listing, Wallet


class StatementFileForm(forms.Form):
    """A statement of the bank."""

    account = forms.ChoiceField(label=_("Bank account"), choices=BankLine.Account.choices)
    file = forms.FileField(label=_("Statement (camt.053 or CSV)"))


class PayoutForm(forms.Form):
    """Which redemptions the bank pays, and when."""

    fund = forms.ChoiceField(label=_("Fund"), choices=(("digital", _("digital units")), ("paper", _("notes"))))
    on = day_field(_("Day of execution"))
    again = forms.BooleanField(label=_("Also those of files made already, which the bank did not take"), required=False)


class IssueForm(forms.Form):
    """The account that euros received are for."""

    wallet = forms.CharField(label=_("Issue to the account"), max_length=40)

    def __init__(self, currency: int, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.currency = currency

    clean_wallet = OperationForm.clean_wallet


class GiftDaysForm(forms.Form):
    """The days whose conversions give; they go on from where the last ones ended."""

    since = day_field(_("From the day"))
    until = day_field(_("Until (left out)"))

    def __init__(self, since: date | None, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if since:
            self.fields["since"].widget.attrs["readonly"] = True
            self.initial["since"] = since

    def clean(self) -> dict[str, Any]:
        """Days in order."""
        found = super().clean() or {}
        if found.get("since") and found.get("until") and found["until"] <= found["since"]:
            raise forms.ValidationError(gettext("These days end before they begin."))
        return found


class AsideForm(forms.Form):
    """Why a line of the bank concerns no operation; nothing, when it is taken up again."""

    aside = forms.CharField(label=_("Why it concerns no operation"), max_length=200, required=False)


class OpeningForm(forms.Form):
    """What another system held."""

    file = forms.FileField(
        label=_("Table (CSV)"), help_text=_("Columns compte, nom, sorte, solde; and if known courriel, branche, iban. One line billets for the notes in circulation.")
    )  # fmt: skip
    digital = BalanceField(label=_("Balance of the digital reserve"), required=False)
    paper = BalanceField(label=_("Balance of the reserve of notes"), required=False)
    is_dry_run = forms.BooleanField(label=_("Try only: nothing is kept"), required=False, initial=True)


class ProgrammeForm(forms.Form):
    """A programme of allowances."""

    name = forms.CharField(label=_("Name"), max_length=80)
    start = day_field(_("First day"))
    end = day_field(_("Last day"))
    budget_cents = CentsField(label=_("Budget, euros and units together"))
    month_cents = CentsField(
        label=_("A month, for each person"), help_text=_("Poverty line known today + 1 € by default.")
    )
    by_household = forms.BooleanField(
        label=_("Multiply it by the consumption units of each household (1, then 0.5 from 14 years, 0.3 under 14)"), required=False
    )  # fmt: skip
    local_bp = forms.DecimalField(
        label=_("Part paid in local units, %"), min_value=0, max_value=100, decimal_places=2, initial=85, help_text=_("The rest is paid in euros."),
    )  # fmt: skip
    in_order = forms.BooleanField(
        label=_("When the budget is short, pay in the order of arrival (else nobody)"), required=False
    )
    expiry_days = forms.IntegerField(
        label=_("Days to spend a month"), min_value=1, max_value=3_650, required=False,
        help_text=_("Then its local units return to the fund, and are spent only where the programme is accepted. Empty: units like any other."),
    )  # fmt: skip
    cap_cents = CentsField(
        label=_("Most of these units that one person holds"), required=False, help_text=_("Empty: no cap.")
    )

    def clean_local_bp(self) -> int:
        """People write a percentage; the ledger splits by ten-thousandths."""
        return int(self.cleaned_data["local_bp"] * 100)

    def clean_cap_cents(self) -> int | None:
        """No cap when nothing is written."""
        return self.cleaned_data["cap_cents"] or None


class AcceptForm(forms.Form):
    """Where the units of a programme are spent, and for which part of a basket."""

    alias = forms.CharField(label=_("One account: its short name"), max_length=40, required=False)
    branch = forms.ChoiceField(
        label=_("Or every professional of a branch"), choices=[("", "–"), *Listing.Branch.choices], required=False
    )
    share = forms.IntegerField(label=_("Part of a basket that they pay, %"), min_value=1, max_value=100, initial=100)

    def __init__(self, currency: int, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.currency = currency

    def clean_alias(self) -> Wallet | None:
        """The account of that name."""
        alias = self.cleaned_data["alias"].strip().lower()
        found = Wallet.objects.filter(currency=self.currency, alias=alias).first() if alias else None
        if alias and found is None:
            raise forms.ValidationError(gettext("No account has this short name."))
        return found


class JoinForm(IssueForm):
    """Somebody who enters a programme."""

    wallet = forms.CharField(label=_("Account of the person: its short name"), max_length=40)
    on = day_field(_("Since"))
    adults = forms.IntegerField(
        label=_("People of 14 years and more in the household"), min_value=1, max_value=20, initial=1
    )
    children = forms.IntegerField(label=_("Children under 14"), min_value=0, max_value=20, initial=0)


class LeaveForm(forms.Form):
    """Somebody who leaves a programme."""

    beneficiary = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    on = day_field(_("Leaves on"))


class MonthForm(forms.Form):
    """A month to pay."""

    period = day_field(_("First day of the month"))


class EuroForm(MonthForm):
    """The month whose euros the bank pays, and when."""

    on = day_field(_("Day of execution"))


class SimulationForm(forms.Form):
    """Who would sell to the people of a programme."""

    acceptors = forms.CharField(
        label=_("Who would accept it, and most sold a month"), widget=forms.Textarea(attrs={"rows": 5}), max_length=5_000,
        help_text=_("One a line: name ; commune = amount a month in local units. Without a commune, for people of every commune."),
    )  # fmt: skip
    is_local = forms.BooleanField(label=_("People buy in their own commune only (hypothesis)"), required=False, initial=True)  # fmt: skip
    months = forms.IntegerField(label=_("Months played"), min_value=1, max_value=60, initial=12)
    subsidy = CentsField(
        label=_("Redemptions that a subsidy pays, a month"), required=False, help_text=_("Empty: none.")
    )

    def clean_acceptors(self) -> list[Seller]:
        """Names, communes and amounts."""
        found = []
        for number, line in enumerate(self.cleaned_data["acceptors"].splitlines(), 1):
            name, equals, amount = line.rpartition("=")
            if line.strip():
                try:
                    name, _semicolon, place = name.partition(";")
                    found.append(Seller(name.strip(), place.strip(), cents_of(amount)))
                except InputError as error:
                    raise forms.ValidationError(told(error)) from error
                if not equals or not name.strip():
                    raise forms.ValidationError(
                        gettext("Line {line}: write a name, =, and an amount.").format(line=number)
                    )
        return found


class AskForm(forms.Form):
    """A redemption asked by a holder."""

    wallet = forms.ModelChoiceField(Wallet.objects.none(), label=_("Account"), empty_label=None)
    amount = CentsField(label=_("Amount to redeem"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, own: Any, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["wallet"].queryset = own  # type: ignore[attr-defined]
