"""Forms of a territory's own data."""

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from ressort.web.diagnosis.models import OwnTable

SALT = "ressort.own-table"


class OwnTableForm(forms.Form):
    """A file, and where it comes from. Nothing is kept before the reader has seen what was understood."""

    sort = forms.ChoiceField(label=_("What the file holds"), choices=OwnTable.Sort.choices)
    file = forms.FileField(label=_("File"), help_text=_("CSV or Excel, from the template below."))
    source = forms.CharField(
        label=_("Where the figures come from"),
        max_length=160,
        help_text=_("Such as “RPG 2024, chamber of agriculture”."),
    )


class ConfirmForm(forms.Form):
    """The figures seen at the dry run, signed so that what is confirmed is what was seen."""

    draft = forms.CharField(widget=forms.HiddenInput, max_length=400_000)

    def clean_draft(self) -> dict[str, object]:
        try:
            return signing.loads(self.cleaned_data["draft"], salt=SALT, max_age=3600)
        except signing.BadSignature:
            raise forms.ValidationError(_("More than an hour has passed. Send the file again.")) from None
