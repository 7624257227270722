"""Forms of the rules of a participatory budget."""

from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ressort.core.budget import cents
from ressort.web.budget.models import Campaign

RULES = (
    ("mes", _("equal shares, then by votes (recommended)")),
    ("phragmen", _("Phragmén")),
    ("greedy", _("number of votes")),
)


class EurosField(forms.CharField):
    """An amount in euros, kept in cents."""

    def __init__(self, **told: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **told)

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace(" ", "").replace("\u202f", "").replace("\u00a0", "").replace(",", ".")
        if not text:
            return None
        amount = cents(text)
        if amount is None or amount <= 0:
            raise forms.ValidationError(_("Write a positive amount, such as 20000 or 12.50."))
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value / 100:.2f}".removesuffix(".00") if isinstance(value, int) else value


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


class CampaignForm(forms.Form):
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
    rule = forms.ChoiceField(label=_("Rule of count"), choices=RULES)
    least_votes = forms.IntegerField(label=_("Votes below which no project wins"), min_value=0, initial=0)
    one_per_area = forms.BooleanField(label=_("At least one winner in each area"), required=False)
    reserved_category = forms.CharField(
        label=_("Category with a reserved envelope"),
        max_length=80,
        required=False,
        help_text=_("Such as “climat” or “jeunes”."),
    )
    reserved_cents = EurosField(label=_("Amount of the reserved envelope, in euros"), required=False)
    rivals = forms.CharField(
        label=_("Incompatible projects"),
        max_length=400,
        required=False,
        help_text=_("Numbers of which one at most wins: “3,7” or “3,7 ; 2,9”."),
    )
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
        if bool(told.get("reserved_category")) != bool(told.get("reserved_cents")):
            self.add_error("reserved_cents", _("Give both the category and the amount, or neither."))
        if told.get("reserved_cents") and told.get("budget_cents") and told["reserved_cents"] > told["budget_cents"]:
            self.add_error("reserved_cents", _("The reserved envelope is larger than the whole."))
        return told

    def told(self) -> dict[str, Any]:
        """The fields of a campaign; the rules as `core.budget` writes them."""
        held = dict(self.cleaned_data)
        rules: dict[str, Any] = {"rule": held.pop("rule"), "least_votes": held.pop("least_votes")}
        category, amount, rivals = (held.pop(name) for name in ("reserved_category", "reserved_cents", "rivals"))
        if amount:
            rules["envelopes"] = [{"name": category, "amount_cents": amount, "group": f"category:{category}"}]
        sets = [[code.strip() for code in part.split(",") if code.strip()] for part in rivals.split(";")]
        rules["rivals"] = [one for one in sets if len(one) > 1]
        del held["version"]
        return held | {"rules": rules}

    @classmethod
    def of(cls, campaign: Campaign) -> "CampaignForm":
        """The form filled with a campaign."""
        names = [name for name in cls.base_fields if hasattr(campaign, name)]
        rules, initial = campaign.rules, {name: getattr(campaign, name) for name in names}
        envelope = (rules.get("envelopes") or [{}])[0]
        return cls(
            initial=initial
            | {
                "rule": rules.get("rule", "mes"),
                "least_votes": rules.get("least_votes", 0),
                "reserved_category": envelope.get("name", ""),
                "reserved_cents": envelope.get("amount_cents"),
                "rivals": " ; ".join(",".join(one) for one in rules.get("rivals", [])),
            }
        )


class NewCampaignForm(CampaignForm):
    """The same, for a territory."""

    territory = forms.CharField(
        label=_("Territory"),
        max_length=120,
        help_text=_("Name or code, such as “Pau”, “64445” or “CA Pau Béarn Pyrénées”."),
    )
    field_order = ("territory",)
