"""Forms of a file: the applicant's, the reviewer's, the decision's and what follows."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from ressort.core.calls import Grid, Question, Ranked
from ressort.web.amounts import EuroField
from ressort.web.calls import rules
from ressort.web.calls.fields import DayField
from ressort.web.calls.models import Application, Call, Decision, Review


class StartForm(forms.Form):
    """Who applies."""

    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("The link of your file is sent there. It is not published."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    applicant = forms.CharField(
        label=_("Name of your body"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )


class LostForm(forms.Form):
    """A new link for those who lost theirs."""

    email = forms.EmailField(label=_("Your e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class ApplicationForm(forms.Form):
    """A draft: a few columns, then the questions of the call. Nothing is required before the submission."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    applicant = forms.CharField(label=_("Name of your body"), max_length=160)
    identifier = forms.CharField(
        label=_("SIRET, or RNA of an association"),
        max_length=20,
        required=False,
        help_text=_("A SIRET is needed to be paid."),
    )
    title = forms.CharField(label=_("Title of the project"), max_length=160, required=False)
    eligible_cents = EuroField(label=_("Cost of the project, in euros"), required=False)
    requested_cents = EuroField(label=_("Aid requested, in euros"), required=False)

    def __init__(self, *args: Any, application: Application, **rest: Any) -> None:
        columns = ("version", "applicant", "identifier", "title", "eligible_cents", "requested_cents", "area", "theme")
        initial = {name: getattr(application, name) for name in columns} | {"pledges": application.pledges}
        initial |= {f"q_{code}": value for code, value in application.answers.items()}
        super().__init__(*args, initial=initial, **rest)
        call = application.call
        options = rules.DEFAULTS | call.rules
        for name, label, choices in (
            ("area", _("Area"), options["areas"]),
            ("theme", _("Theme"), [one["name"] for one in options["themes"]]),
        ):
            if choices:
                self.fields[name] = forms.ChoiceField(
                    label=label, required=False, choices=[("", "–"), *((one, one) for one in choices)]
                )
        self.questions = [one for one in rules.questions_of(call) if one.kind != "file"]
        for one in self.questions:
            self.fields[f"q_{one.code}"] = _field(one)
        needed = {f"q_{one.code}" for one in self.questions if one.required}
        for name in (
            needed | {"identifier", "title", "eligible_cents", "requested_cents", "area", "theme"} & self.fields.keys()
        ):
            self.fields[name].needed_later = True  # type: ignore[attr-defined]
        offered = rules.commitments_of(call)
        if offered:
            self.fields["pledges"] = forms.MultipleChoiceField(
                label=_("Commitments that raise the aid"), required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(one.code, f"{one.label} (+{one.rate_bp / 100:g} %) – {one.evidence}") for one in offered],
            )  # fmt: skip

    def clean_identifier(self) -> str:
        text = "".join(self.cleaned_data["identifier"].split()).upper()
        if len(text) > 14:
            raise forms.ValidationError(_("A SIRET has 14 digits; an RNA is W and 9 digits."))
        return text

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        asked, cost = told.get("requested_cents"), told.get("eligible_cents")
        if asked == 0:
            self.add_error("requested_cents", _("The amount is above zero."))
        if asked and cost is not None and asked > cost:
            self.add_error("requested_cents", _("More is asked than the project costs."))
        return told

    def told(self) -> dict[str, Any]:
        """The columns of the file."""
        names = ("applicant", "identifier", "title", "eligible_cents", "requested_cents")
        rest = {name: self.cleaned_data.get(name, "") for name in ("area", "theme")}
        return (
            {name: self.cleaned_data[name] for name in names} | rest | {"pledges": self.cleaned_data.get("pledges", [])}
        )

    def raw(self) -> dict[str, Any]:
        """The answers, as typed."""
        return {one.code: self.cleaned_data[f"q_{one.code}"] for one in self.questions}


def _field(one: Question) -> forms.Field:
    """The field of a question; its rules are those of the model, which alone judges the answer."""
    words: dict[str, Any] = {"label": one.label, "required": False, "help_text": escape(one.help)}
    if one.kind == "choice":
        return forms.ChoiceField(choices=[("", "–"), *((c, c) for c in one.choices)], **words)
    if one.kind == "choices":
        return forms.MultipleChoiceField(
            choices=[(c, c) for c in one.choices], widget=forms.CheckboxSelectMultiple, **words
        )
    if one.kind == "yes_no":
        choices = [("", "–"), ("yes", _("yes")), ("no", _("no"))]
        return _YesNo(choices=choices, **words)
    if one.kind == "text":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 6}), max_length=one.most_length or 10_000, **words)
    if one.kind == "date":
        return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **words)
    return forms.CharField(max_length=one.most_length or 300, **words)


class _YesNo(forms.ChoiceField):
    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class ReviewForm(forms.Form):
    """Marks by criterion, a comment, an advice."""

    def __init__(self, *args: Any, grid: Grid, review: Review | None, **rest: Any) -> None:
        held = review.marks if review else {}
        initial: dict[str, Any] = {f"mark_{code}": mark for code, mark in held.items()}
        initial |= {"version": review.version if review else 0}
        initial |= {"comments": review.comments, "advice": review.advice} if review else {}
        super().__init__(*args, initial=initial, **rest)
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
        for one in grid.criteria:
            halves = [(f"{i / 2:g}", f"{i / 2:g}".replace(".", ",")) for i in range(2 * one.top + 1)]
            self.fields[f"mark_{one.code}"] = forms.ChoiceField(
                label=one.label, help_text=escape(one.help), required=False,
                choices=[("", _("not marked yet")), *halves, ("na", _("does not apply"))],
            )  # fmt: skip
            self.fields[f"mark_{one.code}"].needed_later = True  # type: ignore[attr-defined]
        self.fields["comments"] = forms.CharField(
            label=_("Comments for the committee"),
            required=False,
            max_length=10_000,
            widget=forms.Textarea(attrs={"rows": 6}),
        )
        self.fields["advice"] = forms.ChoiceField(
            label=_("Should it be funded?"), required=False, choices=[("", "–"), *Review.Advice.choices]
        )

    def marks(self) -> dict[str, str]:
        """Marks by code of criterion."""
        return {
            name.removeprefix("mark_"): told for name, told in self.cleaned_data.items() if name.startswith("mark_")
        }


class DecisionsForm(forms.Form):
    """The decisions of the assembly on every file of a call."""

    reference = forms.CharField(label=_("Reference of the deliberation"), max_length=64)
    decided_on = DayField(label=_("Day of the deliberation"))

    def __init__(
        self, *args: Any, files: Sequence[Application], advice: dict[str, tuple[str, str]], **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        self.files = files
        for one in files:
            outcome, motive = advice.get(one.reference, ("", ""))
            self.fields[f"outcome_{one.pk}"] = forms.ChoiceField(
                label=_("Outcome"), choices=[("", "–"), *Decision.Outcome.choices], initial=outcome
            )
            self.fields[f"motive_{one.pk}"] = forms.CharField(
                label=_("Motive"), max_length=2000, initial=motive, widget=forms.Textarea(attrs={"rows": 2})
            )

    def lines(self) -> Iterator[dict[str, Any]]:
        """One line a file."""
        for one in self.files:
            yield {"file": one, "outcome": self[f"outcome_{one.pk}"], "motive": self[f"motive_{one.pk}"]}

    def outcomes(self) -> dict[int, tuple[str, str]]:
        """Outcome and motive by key of file."""
        told = self.cleaned_data
        return {one.pk: (told[f"outcome_{one.pk}"], told[f"motive_{one.pk}"]) for one in self.files}


class CallUpForm(forms.Form):
    """A new decision on a file of the reserve list."""

    reference = forms.CharField(label=_("Reference of the deliberation"), max_length=64)
    decided_on = DayField(label=_("Day of the deliberation"))
    motive = forms.CharField(label=_("Motive"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class AgreementForm(forms.Form):
    """The agreement and up to four payments, each a part of the grant."""

    LINES = 4
    agreed_on = DayField(label=_("Day of the agreement"), required=False, help_text=_("Obligatory above 23,000 €."))

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for i in range(1, self.LINES + 1):
            needed = i == 1
            self.fields[f"label_{i}"] = forms.CharField(label=_("Payment"), max_length=120, required=needed)
            self.fields[f"due_{i}"] = DayField(label=_("Due on"), required=needed)
            self.fields[f"part_{i}"] = forms.DecimalField(
                label=_("Part, in %"), min_value=Decimal("0.01"), max_value=100, decimal_places=2, required=needed
            )

    def lines(self) -> list[list[forms.BoundField]]:
        """One line a payment."""
        return [[self[f"{name}_{i}"] for name in ("label", "due", "part")] for i in range(1, self.LINES + 1)]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and sum(part for _label, _day, part in self.parts()) != 10_000:
            raise forms.ValidationError(_("The parts of the payments sum to 100 %."))
        return told

    def parts(self) -> list[tuple[str, date, int]]:
        """Label, day and weight of each payment filled in."""
        told = self.cleaned_data
        filled = [i for i in range(1, self.LINES + 1) if told.get(f"part_{i}") and told.get(f"due_{i}")]
        return [(told[f"label_{i}"] or f"{i}", told[f"due_{i}"], int(told[f"part_{i}"] * 100)) for i in filled]


class ReportForm(forms.Form):
    """What was done with the grant."""

    spent_cents = EuroField(label=_("Spent on the project, in euros"))
    text = forms.CharField(
        label=_("What was done, what was learnt"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8})
    )


class EvidenceForm(forms.Form):
    """What shows that a commitment is kept."""

    evidence = forms.CharField(label=_("Evidence"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


def advised(ranked: Sequence[Ranked], funded: Sequence[str], motives: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Outcome and motive proposed for each file, which the committee changes as it decides."""
    return {
        one.application: ("funded" if one.application in funded else "refused", motives.get(one.application, ""))
        for one in ranked
    }


def open_calls_first(calls: Sequence[Call]) -> list[Call]:
    """Calls that can be answered first, then those to come, then the others."""
    order = {"open": 0, "coming": 1, "closed": 2, "decided": 3, "draft": 4}
    return sorted(calls, key=lambda one: order[one.stage])
