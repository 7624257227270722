"""Forms about territories."""

from django import forms
from django.utils.translation import gettext_lazy as _


class GroupForm(forms.Form):
    """One's own group of communes, kept in the address."""

    nom = forms.CharField(label=_("Name of the group"), max_length=80, required=False)
    communes = forms.CharField(
        label=_("Communes"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_(
            "One code or name per line, or codes separated by commas: INSEE codes (64445), the code of an intercommunality "
            "for all its communes (200067254). You can paste a column of a spreadsheet."
        ),
    )
