"""Forms of ideas, votes and paper ballots."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ressort.web.budget.count_forms import EurosField
from ressort.web.budget.models import Campaign, Idea, PaperEntry
from ressort.web.effects import SimulationForm


class IdeaForm(forms.Form):
    """An idea for the territory."""

    title = forms.CharField(label=_("Your idea in a few words"), max_length=120)
    text = forms.CharField(
        label=_("What it changes, for whom, where"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
    area = forms.CharField(label=_("Place or area"), max_length=80, required=False)
    category = forms.CharField(label=_("Category"), max_length=80, required=False)
    author_name = forms.CharField(
        label=_("Your name, as shown with the idea"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    author_email = forms.EmailField(
        label=_("Your e-mail"),
        required=False,
        help_text=_("Seen by the services only, to write to you about it; erased with the publication of the result."),
    )


class CommentForm(forms.Form):
    """What one adds to an idea."""

    author_name = forms.CharField(label=_("Your name, as shown with the idea"), max_length=80)
    text = forms.CharField(
        label=_("What you would add or change"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class StudyForm(SimulationForm):
    """What the services say of an idea."""

    state = forms.ChoiceField(
        label=_("Decision"), choices=[(one.value, one.label) for one in Idea.State if one != Idea.State.MERGED]
    )
    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(label=_("Text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    area = forms.CharField(label=_("Place or area"), max_length=80, required=False)
    category = forms.CharField(label=_("Category"), max_length=80, required=False)
    cost_cents = EurosField(label=_("Cost for the authority, in euros"), required=False)
    answer = forms.CharField(
        label=_("Answer to the author, published"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("state", "title", "text", "area", "category", "cost_cents", "answer")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("state") == Idea.State.FEASIBLE and not told.get("cost_cents"):
            self.add_error("cost_cents", _("A project put to the vote has a cost."))
        if told.get("state") == Idea.State.REFUSED and not told.get("answer"):
            self.add_error("answer", _("Say why the idea is not kept."))
        return told


class MergeForm(forms.Form):
    """The idea that takes this one over."""

    into = forms.ModelChoiceField(label=_("Merge into"), queryset=Idea.objects.none())
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, idea: Idea, *args: Any, **told: Any) -> None:
        super().__init__(*args, initial={"version": idea.version}, **told)
        others = idea.campaign.ideas.exclude(pk=idea.pk).exclude(state=Idea.State.MERGED)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]


class IdentityForm(forms.Form):
    """Who votes, as the campaign wants to know."""

    code = forms.CharField(
        label=_("Your code"),
        max_length=40,
        help_text=_("Twelve letters and figures, on the letter you received."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    name = forms.CharField(
        label=_("First name and name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    born = forms.DateField(
        label=_("Date of birth"), widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"})
    )

    def __init__(self, campaign: Campaign, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        kept = {"code": {"code"}, "declared": {"name", "born"}, "account": set[str]()}[campaign.identity]
        for name in set(self.fields) - kept:
            del self.fields[name]


class ReceiptForm(forms.Form):
    """A receipt to look for."""

    receipt = forms.CharField(label=_("Your receipt"), max_length=60)


class CodesForm(forms.Form):
    """How many codes."""

    count = forms.IntegerField(label=_("How many codes"), min_value=1, max_value=200_000)


class DecisionForm(forms.Form):
    """A decision against the rule."""

    number = forms.IntegerField(label=_("Number of the project"), min_value=1)
    funds = forms.ChoiceField(label=_("Decision"), choices=[("yes", _("fund it")), ("no", _("set it aside"))])
    reason = forms.CharField(label=_("Reason, published with the result"), max_length=400)


class LotForm(forms.Form):
    """The public words of the lot."""

    words = forms.CharField(
        label=_("Public words that draw the order of projects"),
        max_length=120,
        help_text=_("What was announced: the digits of the dice, or “drand”, the number of the round and its value."),
    )


class StationForm(forms.Form):
    """A polling place."""

    station = forms.CharField(label=_("Polling place"), max_length=80)


class SeriesForm(forms.Form):
    """Numbers of the ballots to print."""

    first = forms.IntegerField(label=_("First number"), min_value=1, max_value=1_000_000)
    count = forms.IntegerField(label=_("How many ballots"), min_value=1, max_value=200, initial=100)
    large = forms.BooleanField(label=_("Large print"), required=False)


class EntryForm(forms.Form):
    """One paper ballot."""

    number = forms.IntegerField(label=_("Number written on the ballot"), min_value=1)
    keying = forms.TypedChoiceField(
        label=_("Entry"), coerce=int, choices=[(1, _("first entry")), (2, _("second entry"))]
    )
    choices = forms.CharField(
        label=_("Projects chosen"),
        required=False,
        max_length=400,
        help_text=_("Numbers, such as “3, 7, 12”; with points, “3:2, 7:1”."),
    )
    invalid = forms.ChoiceField(
        label=_("Not valid because"), required=False, choices=[("", "–"), *PaperEntry.Invalid.choices]
    )

    def clean_choices(self) -> dict[int, int]:
        read: dict[int, int] = {}
        for part in filter(str.strip, self.cleaned_data["choices"].split(",")):
            number, _sign, points = part.partition(":")
            if not number.strip().isdigit() or not (points.strip() or "1").isdigit() or int(number) in read:
                raise forms.ValidationError(_("Write each number once, separated by commas."))
            read[int(number)] = int(points or "1")
        return read
