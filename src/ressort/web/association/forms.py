"""What the desk fills."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ressort.core.currency import balance_of, cents_of
from ressort.core.currency.bank import iban
from ressort.core.errors import InputError, RuleBroken
from ressort.language import told
from ressort.reference.territories import resolve
from ressort.web.association import queries
from ressort.web.association.models import Office, Post, Programme, Series, Standing
from ressort.web.association.operations import plan
from ressort.web.currency import access
from ressort.web.currency.models import Listing, Wallet

DAY = {"type": "date"}


class CentsField(forms.CharField):
    """Euros or units as people type them, in whole cents."""

    read = staticmethod(cents_of)

    def __init__(self, **named: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **named)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return 0
        try:
            return self.read(text)
        except InputError as error:
            raise forms.ValidationError(told(error)) from error


class BalanceField(CentsField):
    """What an account holds: zero is a balance."""

    read = staticmethod(balance_of)


def typed(cents: int) -> str:
    """Cents as people type them, with the comma or the point of their language."""
    return f"{cents / 100:.2f}".replace(".", get_format("DECIMAL_SEPARATOR"))


class IbanField(forms.CharField):
    """An account number whose digits agree."""

    def __init__(self, **named: Any) -> None:
        super().__init__(max_length=42, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}), **named)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return iban(text) if text else ""
        except RuleBroken as error:
            raise forms.ValidationError(told(error)) from error


def day_field(label: Any, **named: Any) -> forms.DateField:
    """A day, written by the browser's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY), **named)


class OperationForm(forms.Form):
    """One operation: it asks for what the accounts of its legs need, and nothing else."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, operation: str, currency: int, offices: list[Office], *given: Any, **named: Any) -> None:
        super().__init__(*given, initial={"key": uuid4()} | named.pop("initial", {}), **named)
        made = self.plan = plan(operation)
        self.currency, self.series = currency, []
        if made.needs_member:
            self.fields["wallet"] = forms.CharField(
                label=_("Account concerned"), max_length=40, help_text=_("Its short name, such as epicerie-du-port.")
            )
        if made.needs_office:
            self.fields["office"] = forms.ModelChoiceField(
                Office.objects.filter(pk__in=[one.pk for one in offices]), label=_("Office"), empty_label=None
            )
        if made.needs_programme:
            known = Programme.objects.filter(currency=currency)
            self.fields["programme"] = forms.ModelChoiceField(known, label=_("Programme"), empty_label=None)
        if made.funds:
            names = {"paper": _("notes"), "digital": _("digital units"), "operating": _("association")}
            self.fields["fund"] = forms.ChoiceField(label=_("Fund"), choices=[(one, names[one]) for one in made.funds])
        if made.notes_leg is not None:
            self.series = list(Series.objects.filter(currency=currency))
            for one in self.series:
                self.fields[f"series_{one.pk}"] = forms.IntegerField(
                    label=one.name, min_value=0, max_value=10_000_000, required=False, initial=0, help_text=_("number of notes")
                )  # fmt: skip
        elif operation != "settle_swap":
            self.fields["amount"] = CentsField(label=_("Amount"))
        if made.needs_reference:
            self.fields["reference"] = forms.CharField(label=_("Reference of the bank"), max_length=35)
        self.fields["reason"] = forms.CharField(
            label=_("Words for the journal"), max_length=200, required=False, help_text=_("Carrier, numbers of the notes, reason of a difference. No name of a person.")
        )  # fmt: skip

    def clean_wallet(self) -> Wallet:
        """An account of this currency."""
        found = Wallet.objects.filter(currency=self.currency, alias=self.cleaned_data["wallet"].strip().lower()).first()
        if found is None:
            raise forms.ValidationError(gettext("No account of this currency has that short name."))
        return found

    @property
    def counts(self) -> dict[Series, int]:
        """Notes of each series."""
        return {one: self.cleaned_data.get(f"series_{one.pk}") or 0 for one in self.series}


class MemberForm(forms.Form):
    """A new member."""

    kind = forms.ChoiceField(label=_("Kind of member"), choices=Wallet.Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=120)
    alias = forms.RegexField(
        access.ALIAS, label=_("Short name of the account"), max_length=40,
        help_text=_("3 to 40 small letters without accents, digits or hyphens; others pay to it."),
    )  # fmt: skip
    email = forms.EmailField(label=_("E-mail of who will use it"), required=False)
    branch = forms.CharField(label=_("Branch of activity"), max_length=80, required=False)
    iban = IbanField(label=_("Bank account (IBAN)"))

    def clean_alias(self) -> str:
        """Free."""
        if Wallet.objects.filter(alias=self.cleaned_data["alias"]).exists():
            raise forms.ValidationError(gettext("Another account has this short name."))
        return self.cleaned_data["alias"]


class ApprovalForm(forms.Form):
    """The charter that a member signed."""

    charter = forms.CharField(label=_("Charter signed"), max_length=80)
    signed_on = day_field(_("Signed on"))


class ChangeForm(forms.Form):
    """What of a member changes."""

    branch = forms.CharField(label=_("Branch of activity"), max_length=80, required=False)
    iban = IbanField(label=_("Bank account (IBAN)"))

    def __init__(self, currency: int, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        approved = Wallet.objects.filter(
            currency=currency, kind=Wallet.Kind.ASSOCIATION, member__standing=Standing.APPROVED
        )
        offered = approved.exclude(pk=queries.rules(currency).association_id)
        self.fields["sponsors"] = forms.ModelChoiceField(offered, label=_("Association sponsored"), required=False)


class ListingForm(forms.Form):
    """Where a professional is found: for the public list and map, and where allowances are spent by branch."""

    sector = forms.ChoiceField(label=_("Branch on the public list"), choices=[("", "–"), *Listing.Branch.choices], required=False)  # fmt: skip
    commune = forms.CharField(label=_("Commune (name or code)"), max_length=80, required=False)
    is_public = forms.BooleanField(label=_("Show on the public list and map: the professional agreed to it"), required=False)  # fmt: skip

    def clean_commune(self) -> str:
        """The code of one commune, none when nothing is written."""
        given = self.cleaned_data["commune"].strip()
        if not given:
            return ""
        try:
            found = resolve(given)
        except InputError as error:
            raise forms.ValidationError(told(error)) from error
        if found.kind != "COM":
            raise forms.ValidationError(gettext("Name one commune, or write its code."))
        return found.code


class DuesForm(forms.Form):
    """Dues called from every member of a kind."""

    kind = forms.ChoiceField(label=_("Kind of member"), choices=Wallet.Kind.choices)
    due_on = day_field(_("Due on"))
    amount = CentsField(label=_("Amount"))


class OfficeForm(forms.Form):
    """A new office."""

    name = forms.CharField(label=_("Name"), max_length=120)


class SeriesForm(forms.Form):
    """A new series of notes."""

    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("Value and printing, such as 5-2026A."))
    value = CentsField(label=_("Value of a note"))


class PostForm(forms.Form):
    """A post given to somebody."""

    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Post"), choices=Post.Role.choices)
    office = forms.ModelChoiceField(Office.objects.none(), label=_("Office"), required=False)

    def __init__(self, currency: int, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["office"].queryset = Office.objects.filter(currency=currency)  # type: ignore[attr-defined]


class StatementForm(forms.Form):
    """What the bank says of both reserves, to certify."""

    paper_reference = forms.CharField(label=_("Statement of the reserve of notes, reference"), max_length=60)
    paper = BalanceField(label=_("Balance of the reserve of notes"), help_text=_("Write 0 where there are no notes."))
    digital_reference = forms.CharField(label=_("Statement of the digital reserve, reference"), max_length=60)
    digital = BalanceField(label=_("Balance of the digital reserve"))


class YearForm(forms.Form):
    """Days of the accounting file."""

    first = day_field(_("First day"))
    last = day_field(_("Closing day"))


class DeclarationForm(forms.Form):
    """A declaration made."""

    clock = forms.ChoiceField(
        label=_("What was declared"),
        choices=(("payments", _("payments of twelve months")), ("outstanding", _("digital units outstanding"))),
    )
    declared_on = day_field(_("Declared on"))


class ReasonForm(forms.Form):
    """Why an operation is reversed."""

    reason = forms.CharField(label=_("Reason of the reversal"), max_length=200)


def today_form(form: type[forms.Form], data: Any, **initial: Any) -> forms.Form:
    """A form whose days begin with today."""
    return form(data, initial={"due_on": timezone.localdate(), "declared_on": timezone.localdate()} | initial)
