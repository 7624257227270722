"""What is filled about direct debits."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ressort.web.association.forms import CentsField, IbanField, day_field
from ressort.web.association.models import Collection, Member


class MandateForm(forms.Form):
    """A mandate that a member signs."""

    holder = forms.CharField(label=_("Holder of the bank account"), max_length=70)
    iban = IbanField(label=_("Bank account (IBAN)"))
    signed_on = day_field(_("Signed on"), required=False, help_text=_("Leave empty to print it for signature."))

    def __init__(self, member: Member, *given: Any, **named: Any) -> None:
        super().__init__(*given, initial={"holder": member.wallet.name[:70], "iban": member.iban}, **named)
        self.fields["iban"].required = True


class SignatureForm(forms.Form):
    """The day of a signature."""

    signed_on = day_field(_("Signed on"))

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
