"""The rules of a count as questions in plain words; every rule that `core.budget` knows can be asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ressort.core.budget import cents
from ressort.web.budget.models import Campaign

RULES = (
    ("mes", _("equal shares: each voter holds an equal part of the envelope (recommended)")),
    ("phragmen", _("Phragmén: each voter earns at the same pace, projects are bought when supporters can pay")),
    ("maximin-support", _("maximin support: no voter bears more than needed")),
    ("greedy", _("number of votes: the most voted first, as long as they fit")),
)
UTILITIES = (
    ("cardinality", _("each project chosen counts the same")),
    ("cost", _("a project counts for its cost")),
    ("points", _("a project counts for the points it received (ballots with points)")),
)
COMPLETIONS = (
    ("add1,greedy", _("shares grow by equal steps, then number of votes (recommended)")),
    ("add1", _("shares grow by equal steps, and nothing more")),
    ("add-opt,greedy", _("shares grow by steps ten times finer, then number of votes")),
    ("exhaustive", _("supporters give all they hold, the others lend the rest")),
    ("greedy", _("number of votes")),
    ("none", _("nothing: what is left stays unspent")),
)
TIES = (
    ("cost,votes", _("the cheaper, then the more voted, then the lot (recommended)")),
    ("votes,cost", _("the more voted, then the cheaper, then the lot")),
    ("none", _("the lot at once")),
)
MINIMA = (
    ("first", _("taken first, group by group, then the rule on the rest")),
    ("repair", _("the rule first, then the fewest votes lost to mend its result")),
)
SORTS = (("category", _("category")), ("district", _("area")))
ENVELOPES = (1, 2, 3, 4)


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


class MinimaField(forms.CharField):
    """Winners asked in groups: a line each, `name ; how many`, kept as pairs."""

    def __init__(self, **told: Any) -> None:
        area = forms.Textarea(attrs={"rows": 3})
        super().__init__(max_length=2000, required=False, widget=area, **told)

    def clean(self, value: Any) -> Any:
        found: dict[str, int] = {}
        for at, line in enumerate(super().clean(value).splitlines(), 1):
            if not line.strip():
                continue
            name, _sign, number = (part.strip() for part in line.rpartition(";"))
            if not name or not number.isdigit() or not 1 <= int(number) <= 100:
                raise forms.ValidationError(
                    _("Line %(line)s: write a name, a semicolon, a number."), params={"line": at}
                )
            if name in found:
                raise forms.ValidationError(_("Line %(line)s: this name comes twice."), params={"line": at})
            found[name] = int(number)
        return found

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{name} ; {number}" for name, number in value.items()) if isinstance(value, dict) else value


def _choice(label: Any, choices: Any, **told: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, initial=choices[0][0], **told)


class CountForm(forms.Form):
    """How votes are counted."""

    rule = forms.ChoiceField(label=_("Rule of count"), choices=RULES)
    utility = _choice(_("What a project brings to a voter who chose it"), UTILITIES)
    completion = _choice(_("After equal shares, what is left of the envelope"), COMPLETIONS)
    step_cents = EurosField(
        label=_("Step by which shares grow, in euros"), required=False, help_text=_("Empty: 1 €, or 0.10 € with finer steps.")
    )  # fmt: skip
    whole_start = forms.BooleanField(label=_("Shares start from whole euros"), required=False)
    greedy_challenges = forms.BooleanField(
        label=_("Fund the most voted projects instead, if more voters prefer them to those of equal shares"), required=False
    )  # fmt: skip
    stops_at_misfit = forms.BooleanField(
        label=_("Stop at the first project that does not fit, instead of passing over it"), required=False
    )
    blank_counts = forms.BooleanField(label=_("Blank ballots hold a share of the envelope"), required=False)
    least_votes = forms.IntegerField(label=_("Votes below which no project wins"), min_value=0, initial=0)
    ties = _choice(_("Between projects that come equal"), TIES)
    lot_source = forms.CharField(
        label=_("What will draw the lot, and when"),
        max_length=200,
        required=False,
        help_text=_(
            "Such as “six ten-sided dice thrown in the town hall on 3 June at 6 pm”, or “drand round 5 000 000”. Announced before the "
            "vote, it leaves no tie to anybody’s choice."
        ),
    )
    one_per_area = forms.BooleanField(label=_("At least one winner in each area"), required=False)
    minima_category = MinimaField(
        label=_("Winners at least, by category"), help_text=_("A line each, such as “climat ; 2”.")
    )
    minima_district = MinimaField(label=_("Winners at least, by area"), help_text=_("A line each, such as “Nord ; 1”."))
    minima_rule = _choice(_("How these minimums are kept"), MINIMA)
    rivals = forms.CharField(
        label=_("Incompatible projects"),
        max_length=400,
        required=False,
        help_text=_("Numbers of which one at most wins: “3,7” or “3,7 ; 2,9”."),
    )

    def __init__(self, *words: Any, **told: Any) -> None:
        super().__init__(*words, **told)
        for at in ENVELOPES:
            self.fields |= _envelope_fields(at)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("utility") == "points" and told.get("ballot") != Campaign.Ballot.POINTS:
            self.add_error("utility", _("Ballots without points cannot count points."))
        total = 0
        for at in ENVELOPES:
            name, amount = told.get(f"envelope{at}_name"), told.get(f"envelope{at}_cents")
            total += amount or 0
            if bool(name) != bool(amount):
                self.add_error(f"envelope{at}_cents", _("Give both the name and the amount, or neither."))
            elif total > (told.get("budget_cents") or total):
                self.add_error(f"envelope{at}_cents", _("The reserved envelopes are larger than the whole."))
        return told

    def rules(self) -> dict[str, Any]:
        """The rules as `core.budget` writes them."""
        held = self.cleaned_data
        sets = [[code.strip() for code in part.split(",") if code.strip()] for part in held["rivals"].split(";")]
        criteria = held["ties"] or TIES[0][0]
        completion = held["completion"] or COMPLETIONS[0][0]
        return {
            "rule": held["rule"],
            "utility": held["utility"] or UTILITIES[0][0],
            "completions": [] if completion == "none" else completion.split(","),
            "step_cents": str(held["step_cents"]) if held["step_cents"] else None,
            "whole_start": held["whole_start"],
            "greedy_challenges": held["greedy_challenges"],
            "skips": not held["stops_at_misfit"],
            "blank_counts": held["blank_counts"],
            "least_votes": held["least_votes"],
            "ties": {"criteria": [] if criteria == "none" else criteria.split(","), "lot": None},
            "rivals": [one for one in sets if len(one) > 1],
            "envelopes": [one for at in ENVELOPES if (one := self._envelope(at))],
            "minima": [
                {"group": f"{sort}:{name}", "winners": number}
                for sort, _label in SORTS
                for name, number in held[f"minima_{sort}"].items()
            ],
            "minima_rule": held["minima_rule"] or "first",
        }

    def _envelope(self, at: int) -> dict[str, Any]:
        held = {name: self.cleaned_data[f"envelope{at}_{name}"] for name in ("sort", "name", "cents", "kept", "final")}
        if not held["cents"]:
            return {}
        return {
            "name": held["name"],
            "amount_cents": held["cents"],
            "group": f"{held['sort'] or 'category'}:{held['name']}",
            "leftover_returns": not held["kept"],
            "losers_compete": not held["final"],
        }

    @staticmethod
    def filled_with(rules: dict[str, Any]) -> dict[str, Any]:
        """What the questions hold for rules kept earlier."""
        completions = rules.get("completions", ["add1", "greedy"])
        criteria = rules.get("ties", {}).get("criteria", ["cost", "votes"])
        step = rules.get("step_cents")
        told: dict[str, Any] = {
            "rule": rules.get("rule", "mes"),
            "utility": rules.get("utility", "cardinality"),
            "completion": ",".join(completions) or "none",
            "step_cents": int(step) if step else None,
            "whole_start": rules.get("whole_start", False),
            "greedy_challenges": rules.get("greedy_challenges", False),
            "stops_at_misfit": not rules.get("skips", True),
            "blank_counts": rules.get("blank_counts", False),
            "least_votes": rules.get("least_votes", 0),
            "ties": ",".join(criteria) or "none",
            "rivals": " ; ".join(",".join(one) for one in rules.get("rivals", [])),
            "minima_rule": rules.get("minima_rule", "first"),
        }
        minima = [(*one["group"].split(":", 1), one["winners"]) for one in rules.get("minima", [])]
        for sort, _label in SORTS:
            told[f"minima_{sort}"] = {name: number for kind, name, number in minima if kind == sort}
        for at, one in enumerate(rules.get("envelopes", [])[: len(ENVELOPES)], 1):
            told |= {
                f"envelope{at}_sort": one["group"].partition(":")[0],
                f"envelope{at}_name": one["group"].partition(":")[2],
                f"envelope{at}_cents": one["amount_cents"],
                f"envelope{at}_kept": not one.get("leftover_returns", True),
                f"envelope{at}_final": not one.get("losers_compete", True),
            }
        return told


def _envelope_fields(at: int) -> dict[str, forms.Field]:
    name = forms.CharField(
        label=_("Name of the category or area"),
        max_length=80,
        required=False,
        help_text=_("Such as “climat” or “jeunes”."),
    )
    return {
        f"envelope{at}_sort": _choice(_("Envelope kept for a"), SORTS),
        f"envelope{at}_name": name,
        f"envelope{at}_cents": EurosField(label=_("Amount, in euros"), required=False),
        f"envelope{at}_kept": forms.BooleanField(
            label=_("What it does not spend is kept for later, and does not go back to the whole"), required=False
        ),
        f"envelope{at}_final": forms.BooleanField(
            label=_("Its projects that lose do not compete again for the rest"), required=False
        ),
    }
