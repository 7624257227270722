"""Forms of the rules of a participatory budget."""

from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ressort.web.budget.count_forms import ENVELOPES, CountForm, EurosField
from ressort.web.budget.models import Campaign

#: the answers that are columns of a campaign; the others are rules of its count
CAMPAIGN_FIELDS = (
    "title", "text", "budget_cents", "ideas_open_at", "ideas_close_at", "vote_opens_at", "vote_closes_at", "identity", "ballot",
    "least_choices", "most_choices", "most_points_each", "most_points", "order", "one_per_area", "lot_source",
)  # fmt: skip
SECTIONS = {
    "campaign": ("territory", "title", "text", "budget_cents"),
    "dates": ("ideas_open_at", "ideas_close_at", "vote_opens_at", "vote_closes_at"),
    "ballot": (
        "identity", "ballot", "least_choices", "most_choices", "most_points_each", "most_points", "order",
    ),
    "count": (
        "rule", "utility", "completion", "step_cents", "whole_start", "greedy_challenges", "stops_at_misfit", "blank_counts", "least_votes",
    ),
    "ties": ("ties", "lot_source"),
    "around": ("one_per_area", "minima_category", "minima_district", "minima_rule", "rivals"),
}  # fmt: skip
TITLES = {
    "campaign": _("The budget"),
    "dates": _("Dates"),
    "ballot": _("The ballot"),
    "count": _("The count"),
    "ties": _("Ties"),
    "around": _("Minimums and incompatible projects"),
}


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


class CampaignForm(CountForm):
    """Rules and dates."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("What it is about"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    budget_cents = EurosField(label=_("Envelope, in euros"))
    ideas_open_at = _moment(_("Ideas open on"))
    ideas_close_at = _moment(_("Ideas close on"))
    vote_opens_at = _moment(_("Vote opens on"))
    vote_closes_at = _moment(_("Vote closes on"))
    identity = forms.ChoiceField(
        label=_("Who votes is recognised by"),
        choices=Campaign.Identity.choices,
        help_text=_("A declared name is the weakest: the level is told with the result."),
    )
    ballot = forms.ChoiceField(label=_("Ballot"), choices=Campaign.Ballot.choices)
    least_choices = forms.IntegerField(label=_("Projects at least"), min_value=1, max_value=100, initial=1)
    most_choices = forms.IntegerField(label=_("Projects at most"), min_value=1, max_value=500, initial=5)
    most_points_each = forms.IntegerField(
        label=_("Points at most for one project"), min_value=1, max_value=100, initial=3
    )
    most_points = forms.IntegerField(label=_("Points at most in all"), min_value=1, max_value=1000, initial=7)
    order = forms.ChoiceField(label=_("Order of projects on the ballot"), choices=Campaign.Order.choices)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=1)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        names = ("ideas_open_at", "ideas_close_at", "vote_opens_at", "vote_closes_at")
        dates = [told.get(name) for name in names]
        for at, (before, after) in enumerate(pairwise(dates)):
            if before and after and (before > after or (before == after and at != 1)):
                self.add_error(names[at + 1], _("This date comes before the one above."))
        if (told.get("least_choices") or 0) > (told.get("most_choices") or 999):
            self.add_error("most_choices", _("This is less than the least number of projects."))
        if (told.get("most_points_each") or 0) > (told.get("most_points") or 9999):
            self.add_error("most_points", _("This is less than the points allowed for one project."))
        return told

    def told(self) -> dict[str, Any]:
        """The fields of a campaign; the rules as `core.budget` writes them."""
        held = {name: self.cleaned_data[name] for name in CAMPAIGN_FIELDS}
        if "territory" in self.cleaned_data:
            held["territory"] = self.cleaned_data["territory"]
        return held | {"rules": self.rules()}

    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The questions in groups, each with its title."""
        fields = {name: [self[one] for one in names if one in self.fields] for name, names in SECTIONS.items()}
        told: list[tuple[Any, list[forms.BoundField]]] = [(TITLES[name], some) for name, some in fields.items()]
        for at in ENVELOPES:
            names = [name for name in self.fields if name.startswith(f"envelope{at}_")]
            told.append((_("Reserved envelope %(number)s") % {"number": at}, [self[name] for name in names]))
        return told

    @classmethod
    def of(cls, campaign: Campaign) -> "CampaignForm":
        """The form filled with a campaign."""
        held = {name: getattr(campaign, name) for name in (*CAMPAIGN_FIELDS, "version")}
        return cls(initial=held | cls.filled_with(campaign.rules))


class NewCampaignForm(CampaignForm):
    """The same, for a territory."""

    territory = forms.CharField(
        label=_("Territory"),
        max_length=120,
        help_text=_("Name or code, such as “Pau”, “64445” or “CA Pau Béarn Pyrénées”."),
    )
    field_order = ("territory",)
