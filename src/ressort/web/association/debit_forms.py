"""What is filled about direct debits, in euros and in units."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ressort.web.association.forms import CentsField, IbanField, OperationForm, day_field
from ressort.web.association.models import Collection, Member
from ressort.web.currency.models import Wallet


class MandateForm(forms.Form):
    """A mandate that a member signs."""

    holder = forms.CharField(label=_("Holder of the bank account"), max_length=70)
    iban = IbanField(label=_("Bank account (IBAN)"))
    signed_on = day_field(_("Mandate signed on"), required=False, help_text=_("Leave empty to print it for signature."))

    def __init__(self, member: Member, *given: Any, **named: Any) -> None:
        super().__init__(*given, initial={"holder": member.wallet.name[:70], "iban": member.iban}, **named)
        self.fields["iban"].required = True


class SignatureForm(forms.Form):
    """The day of a signature."""

    signed_on = day_field(_("Mandate signed on"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, initial={"signed_on": timezone.localdate()}, **named)


class CreditForm(forms.Form):
    """Units bought each month."""

    amount = CentsField(label=_("Amount each month"))
    since = day_field(_("Since"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, initial={"since": timezone.localdate()} | named.pop("initial", {}), **named)


class CollectionForm(forms.Form):
    """What to collect, and when."""

    purpose = forms.ChoiceField(label=_("What is collected"), choices=Collection.Purpose.choices)
    on = day_field(_("Day of collection"))


class RejectForm(forms.Form):
    """Why the bank refused a debit."""

    reason = forms.CharField(label=_("Code of the bank"), max_length=20, required=False)


class UnitMandateForm(forms.Form):
    """A mandate in units, asked of whoever pays."""

    wallet = forms.CharField(label=_("Who pays: short name of the account"), max_length=40)
    what = forms.ChoiceField(
        label=_("What is taken"),
        choices=(("month", _("the same amount each month")), ("once", _("an amount, once")), ("dues", _("dues, when they are called"))),
    )  # fmt: skip
    creditor = forms.CharField(
        label=_("Who takes: short name of the account"), max_length=40, required=False, help_text=_("Empty: the association. Dues are always hers.")
    )  # fmt: skip
    purpose = forms.CharField(label=_("For what"), max_length=120, help_text=_("Both sides read it. No name of a person."))  # fmt: skip
    amount = CentsField(label=_("Amount"), help_text=_("For dues, the most of each."))
    first_on = day_field(_("First day"))

    def __init__(self, currency: int, *given: Any, **named: Any) -> None:
        super().__init__(*given, initial={"first_on": timezone.localdate()} | named.pop("initial", {}), **named)
        self.currency = currency

    clean_wallet = OperationForm.clean_wallet

    def clean_creditor(self) -> Wallet | None:
        """The account that takes; none for that of the association."""
        alias = self.cleaned_data["creditor"].strip().lower()
        found = Wallet.objects.filter(currency=self.currency, alias=alias).first() if alias else None
        if alias and found is None:
            raise forms.ValidationError(gettext("No account of this currency has that short name."))
        return found
