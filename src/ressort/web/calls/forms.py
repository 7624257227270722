"""Forms of a call for the authority. Amounts are typed in euros and kept in cents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ressort.core.calls import KINDS, Question, is_siret
from ressort.reference.call_grids import grid_templates
from ressort.web.amounts import EuroField
from ressort.web.calls import rules
from ressort.web.calls.fields import (
    MomentField,
    code_of,
    commitment,
    commitment_line,
    theme,
    theme_line,
)
from ressort.web.calls.models import Call


class CallForm(forms.ModelForm):
    """What a call says, when, and how much money it shares."""

    authority_siret = forms.CharField(label=_("SIRET of the authority"), max_length=20)
    opens_at = MomentField(label=_("Opens on"), help_text=_("Time of Paris."))
    closes_at = MomentField(label=_("Closes on"), help_text=_("Nothing can be handed in from that minute on."))
    envelope_cents = EuroField(label=_("Envelope, in euros"))
    rate = forms.IntegerField(label=_("Aid, % of the eligible cost at most"), min_value=1, max_value=100)
    most_cents = EuroField(label=_("Aid per project, in euros at most"), required=False)
    bonus = forms.IntegerField(
        label=_("Bonus for commitments, % of the aid at most"),
        min_value=0,
        max_value=100,
        help_text=_("Rennes Métropole gave 20 % in 2020."),
    )
    areas = forms.CharField(
        label=_("Areas"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, such as cantons."),
    )
    each_area = forms.IntegerField(label=_("Files funded in each area, at least"), min_value=0, max_value=50)
    area_most = forms.IntegerField(
        label=_("Part of the envelope in one area, % at most"), min_value=1, max_value=100, required=False
    )
    themes = forms.CharField(
        label=_("Themes and sub-envelopes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: name; minimum in euros; maximum in euros. The amounts are optional."),
    )
    commitments = forms.CharField(
        label=_("Commitments that raise the aid"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: name; evidence asked; bonus in %."),
    )
    effect = forms.CharField(
        label=_("Effect to compare"),
        max_length=80,
        required=False,
        help_text=_("Such as tonnes of CO₂ avoided a year: estimated file by file before the deliberation."),
    )
    targets = forms.MultipleChoiceField(
        label=_("Who is aimed at"), choices=[(t, t) for t in rules.TARGETS], widget=forms.CheckboxSelectMultiple
    )
    following = forms.ChoiceField(
        label=_("When a ranked file no longer fits the money left"),
        choices=[("skip", _("skip it and try the next ones")), ("stop", _("stop there"))],
    )
    normalise = forms.ChoiceField(
        label=_("Scales of the reviewers"),
        choices=[("none", _("marks as they are")), ("severity", _("take the severity of each reviewer out"))],
    )
    lot_source = forms.CharField(
        label=_("What will draw the lot between files that nothing separates, and when"),
        max_length=200,
        required=False,
        help_text=_(
            "Such as “six ten-sided dice thrown in the town hall on 3 June at 6 pm”, or “drand round 5 000 000”. Announced with the "
            "call, it leaves no tie to anybody’s choice."
        ),
    )

    class Meta:
        model = Call
        fields = (
            "title", "summary", "eligibility", "contact", "authority_name", "authority_siret", "scheme", "under_criteria",
            "opens_at", "closes_at", "envelope_cents", "is_blind",
        )  # fmt: skip
        help_texts = {"scheme": _("Such as resilience-2026: it names the scheme in published files.")}
        widgets = {"summary": forms.Textarea(attrs={"rows": 5}), "eligibility": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        held = rules.DEFAULTS | (self.instance.rules or {})
        most = held["area_most_bp"]
        self.initial |= {
            "rate": held["rate_bp"] // 100, "most_cents": held["most_cents"], "bonus": held["bonus_cap_bp"] // 100,
            "areas": "\n".join(held["areas"]), "each_area": held["each_area"],
            "area_most": None if most is None else most // 100, "themes": "\n".join(map(theme_line, held["themes"])),
            "commitments": "\n".join(map(commitment_line, self.instance.commitments or [])),
            "targets": held["targets"], "following": held["following"],
            "effect": held["effect"], "normalise": held["normalise"], "lot_source": held["lot_source"],
        }  # fmt: skip

    def clean_authority_siret(self) -> str:
        digits = "".join(self.cleaned_data["authority_siret"].split())
        if not is_siret(digits):
            raise forms.ValidationError(_("A SIRET has 14 digits and a right key."))
        return digits

    def clean_envelope_cents(self) -> int:
        if not self.cleaned_data["envelope_cents"]:
            raise forms.ValidationError(_("The envelope is above zero."))
        return int(self.cleaned_data["envelope_cents"])

    def clean_areas(self) -> list[str]:
        return list(
            dict.fromkeys(line.strip()[:80] for line in self.cleaned_data["areas"].splitlines() if line.strip())
        )

    def clean_themes(self) -> list[dict[str, Any]]:
        read = [theme(line) for line in self.cleaned_data["themes"].splitlines() if line.strip()]
        if len({one["name"] for one in read}) != len(read):
            raise forms.ValidationError(_("A theme stands twice."))
        return read

    def clean_commitments(self) -> list[dict[str, Any]]:
        known = {one["label"]: one["code"] for one in self.instance.commitments or []}
        kept: list[dict[str, Any]] = []
        for line in self.cleaned_data["commitments"].splitlines():
            if line.strip():
                kept.append(commitment(line, known, {one["code"] for one in kept}))
        if sum(one["rate_bp"] for one in kept) > 10_000:
            raise forms.ValidationError(_("The bonuses of the commitments exceed 100 %."))
        return kept

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("opens_at") and told.get("closes_at") and told["opens_at"] >= told["closes_at"]:
            self.add_error("closes_at", _("The call closes after it opens."))
        if told.get("each_area") and not told.get("areas"):
            self.add_error("areas", _("Name the areas that are to have their files."))
        return told

    def told(self) -> dict[str, Any]:
        """The columns of the call, its rules apart under “rules”."""
        told = self.cleaned_data
        most = told["area_most"]
        own = {
            "rate_bp": told["rate"] * 100, "overall_rate_bp": min(10_000, told["rate"] * 100), "most_cents": told["most_cents"],
            "bonus_cap_bp": told["bonus"] * 100, "areas": told["areas"], "each_area": told["each_area"],
            "area_most_bp": None if most is None else most * 100, "themes": told["themes"], "targets": told["targets"],
            "following": told["following"], "effect": told["effect"], "normalise": told["normalise"],
            "lot_source": told["lot_source"],
        }  # fmt: skip
        own["overall_rate_bp"] = min(10_000, own["rate_bp"] * (10_000 + own["bonus_cap_bp"]) // 10_000)
        words = {"commitments": told["commitments"]} if "commitments" in self.fields else {}
        return {name: told[name] for name in self.Meta.fields} | words | {"rules": own}


class NewCallForm(CallForm):
    """The same, with the territory and the template of the grid."""

    territory = forms.ChoiceField(label=_("Territory"))
    template = forms.ChoiceField(label=_("Grid to start from"))
    field_order = ("territory", "template")

    def __init__(self, *args: Any, places: list[tuple[str, str]], language: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        del self.fields["commitments"]  # they come from the template, and are changed afterwards
        self.fields["territory"].choices = places
        self.fields["template"].choices = [(name, one.title(language)) for name, one in grid_templates().items()]


class GridForm(forms.Form):
    """Labels, weights and thresholds of a grid; an empty weight removes a criterion, the last line adds one."""

    score_threshold = forms.DecimalField(
        label=_("Least total out of 100"), min_value=0, max_value=100, decimal_places=2, required=False
    )
    least_reviews = forms.IntegerField(label=_("Reviews a file needs"), min_value=1, max_value=20)
    missing = forms.ChoiceField(
        label=_("A criterion that does not apply"),
        choices=[("renormalise", _("leaves its weight to the others")), ("zero", _("counts as nothing"))],
    )

    def __init__(self, *args: Any, call: Call, **rest: Any) -> None:
        grid = call.grid
        super().__init__(*args, initial={name: grid[name] for name in self.base_fields}, **rest)
        self.criteria = [*grid["criteria"], {"code": "new", "label": "", "weight": None, "threshold": None, "help": ""}]
        for one in self.criteria:
            code = one["code"]
            self.fields[f"label_{code}"] = forms.CharField(
                label=_("Name"), max_length=160, required=code != "new", initial=one["label"]
            )
            self.fields[f"help_{code}"] = forms.CharField(
                label=_("What is looked at"), max_length=400, required=False, initial=one["help"]
            )
            self.fields[f"weight_{code}"] = forms.IntegerField(
                label=_("Weight"), min_value=0, max_value=1000, required=False, initial=one["weight"]
            )
            self.fields[f"threshold_{code}"] = forms.DecimalField(
                label=_("Least mark"),
                min_value=0,
                max_value=5,
                decimal_places=1,
                required=False,
                initial=one["threshold"],
            )
            self.fields[f"evidence_{code}"] = forms.BooleanField(
                label=_("Evidence asked"), required=False, initial=one.get("evidence", False)
            )

    def lines(self) -> list[dict[str, Any]]:
        """One line a criterion: its bound fields, for the table of the page."""
        return [
            {
                "title": one["label"],
                "fields": [
                    self[f"{name}_{one['code']}"] for name in ("label", "help", "weight", "threshold", "evidence")
                ],
            }
            for one in self.criteria
        ]

    def grid(self) -> dict[str, Any]:
        """The grid as a column keeps it."""
        told = self.cleaned_data
        kept = []
        for one in self.criteria:
            code = one["code"]
            label, weight, least = (told.get(f"{name}_{code}") for name in ("label", "weight", "threshold"))
            if weight is None or not label:
                continue
            codes = {line["code"] for line in kept} | {line["code"] for line in self.criteria}
            kept.append(
                {
                    "code": code_of(label, codes) if code == "new" else code, "label": label,
                    "help": told.get(f"help_{code}", ""), "weight": weight, "top": one.get("top", 5),
                    "threshold": None if least is None else str(least), "evidence": bool(told.get(f"evidence_{code}")),
                }
            )  # fmt: skip
        least_total = told["score_threshold"]
        return {
            "criteria": kept, "score_threshold": None if least_total is None else str(least_total),
            "least_reviews": told["least_reviews"], "missing": told["missing"],
        }  # fmt: skip


KIND_WORDS = {
    "line": _("a line"), "text": _("a text"), "number": _("a number"), "amount": _("an amount in euros"), "date": _("a date"),
    "yes_no": _("yes or no"), "choice": _("one choice among several"), "choices": _("several choices"),
    "siret": _("a SIRET or RNA"), "file": _("a file"),
}  # fmt: skip


class QuestionForm(forms.Form):
    """A typed question."""

    label = forms.CharField(label=_("Question"), max_length=300)
    kind = forms.ChoiceField(label=_("The answer is"), choices=[(kind, KIND_WORDS[kind]) for kind in KINDS])
    required = forms.BooleanField(label=_("An answer is needed"), required=False, initial=True)
    help = forms.CharField(label=_("Help"), max_length=400, required=False)
    choices = forms.CharField(
        label=_("Choices"), required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("One a line.")
    )
    low = forms.DecimalField(label=_("Least"), required=False, max_digits=15, decimal_places=4)
    high = forms.DecimalField(label=_("Most"), required=False, max_digits=15, decimal_places=4)
    most_length = forms.IntegerField(label=_("Most characters"), min_value=1, max_value=10_000, required=False)

    def question(self, taken: set[str]) -> Question:
        """The question, its code made from its words."""
        told = self.cleaned_data
        return Question(
            code=code_of(told["label"], taken), label=told["label"], kind=told["kind"], required=told["required"],
            help=told["help"], choices=tuple(line.strip() for line in told["choices"].splitlines() if line.strip()),
            low=told["low"], high=told["high"], most_length=told["most_length"],
        )  # fmt: skip
