"""Forms of accounts and rights."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
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


class AcceptInvitationForm(forms.Form):
    """A button: who has an account only says yes."""


class OpenAccountForm(forms.Form):
    """The account that an invitation opens."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("Password (again)"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, email: str, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.email = email

    def clean_password(self) -> str:
        """A password that the rules of the site accept."""
        password: str = self.cleaned_data["password"]
        validate_password(password, Person(email=self.email, name=self.cleaned_data.get("name", "")))
        return password

    def clean(self) -> dict[str, Any]:
        """The password, the same twice."""
        given: dict[str, Any] = super().clean() or {}
        if "password" in given and given["password"] != given.get("again"):
            self.add_error("again", _("The two passwords differ."))
        return given
