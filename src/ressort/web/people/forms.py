"""Forms of accounts and rights."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ressort.web.people.models import Grant, Person


class ProfileForm(forms.ModelForm):
    """How a person is called, in which language."""

    language = forms.ChoiceField(label=_("Language of the letters"), choices=[("fr", "Français"), ("en", "English")])

    class Meta:
        model = Person
        fields = ("name", "language")
        labels = {"name": _("Name shown to the people of your territories")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class GrantForm(forms.Form):
    """A role given on a territory."""

    email = forms.EmailField(label=_("E-mail of the person"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    territory = forms.CharField(
        label=_("Territory"),
        max_length=120,
        help_text=_("Name or code, such as “Pau”, “64445” or “CA Pau Béarn Pyrénées”."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Grant.Role.choices, initial=Grant.Role.CONTRIBUTOR)


class LeaveForm(forms.Form):
    """A deletion that cannot happen by accident."""

    email = forms.EmailField(
        label=_("To confirm, write your e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
