"""What is asked: shocks, levers, how many runs, which weights."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from ressort.core.economy import NationalTable
from ressort.core.errors import RessortError
from ressort.core.territory import Territory, search_key
from ressort.diagnosis import place as find
from ressort.reference.resilience_library import Lever, Shock, levers, needs, shocks
from ressort.resilience import Request, digest_of, own_table, request_for
from ressort.resilience.intensity import check_intensity
from ressort.resilience.own_table import MOST_BYTES
from ressort.resilience.request import MOST_SHOCKS
from ressort.web.resilience.beside import reuse_of


def _by_title(library: Mapping[str, Shock | Lever], language: str) -> list[tuple[str, str]]:
    """Names and titles, in the order in which a reader looks for a title."""
    told = [(name, one.titles[language]) for name, one in library.items()]
    return sorted(told, key=lambda pair: search_key(pair[1]))


#: words of an address that begin a question
BEGUN = ("choc", "levier", "avec")


class StressForm(forms.Form):
    """A question to the shock model; the addresses use French words."""

    choc = forms.MultipleChoiceField(label=_("Shocks"), widget=forms.CheckboxSelectMultiple)
    levier = forms.MultipleChoiceField(label=_("Levers"), required=False, widget=forms.CheckboxSelectMultiple)
    tirages = forms.TypedChoiceField(
        label=_("Runs"), coerce=int, choices=[(50, "50"), (200, "200"), (500, "500")], initial=200
    )
    jours = forms.TypedChoiceField(
        label=_("Days played"), coerce=int, choices=[(120, "120"), (365, "365"), (730, "730")], initial=365
    )
    avec = forms.CharField(
        label=_("Neighbours and partner territories"),
        required=False,
        max_length=400,
        help_text=_("Names or codes, separated by semicolons; each is shown beside, with what hits it."),
    )
    avance = forms.TypedChoiceField(
        label=_("Levers decided before day 0"),
        coerce=int,
        required=False,
        empty_value=1095,
        choices=[(0, _("The same day")), (180, _("Six months")), (365, _("One year")), (1095, _("Three years"))],
        initial=1095,
        help_text=_(
            "A lever that is not whole when the shock begins counts in part if it grows little by little, else for nothing."
        ),
    )
    budget = forms.IntegerField(
        label=_("Budget, €: find the levers that avoid most"),
        required=False,
        min_value=1,
        max_value=10**10,
        help_text=_("Among the levers ticked, or all of them. Each set is played: it takes a minute or more."),
    )
    methode = forms.ChoiceField(
        label=_("How the levers are chosen"),
        required=False,
        choices=[
            ("greedy", _("One after the other, the best per euro first")),
            ("milp", _("The best set of a table of pairs")),
        ],
    )
    prudence = forms.TypedChoiceField(
        label=_("Judged on"),
        coerce=float,
        required=False,
        empty_value=1.0,
        choices=[(1.0, _("The mean of all runs")), (0.2, _("The mean of the worst fifth"))],
    )
    intensite = forms.CharField(
        label=_("How hard the events hit here, when you know it"),
        required=False,
        max_length=300,
        help_text=_(
            "Such as flood=1.5 (one and a half times) or flood.2=0.3 (one effect), separated by semicolons; each answer lists the effects and "
            "where their size comes from."
        ),
    )
    tableau = forms.FileField(
        label=_("Input-output table of one's own"),
        required=False,
        help_text=_("CSV or XLSX, one flow a line; in the place of the national table."),
    )
    graine = forms.IntegerField(label=_("Seed: same seed, same numbers"), min_value=0, max_value=2**31, initial=2026)

    table_bytes: bytes | None = None
    table_name = ""

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        language = get_language() or "fr"
        self.fields["choc"].choices = _by_title(shocks(), language)
        self.fields["levier"].choices = _by_title(levers(), language)
        for need in needs():
            label = need.labels[language]
            self.fields[f"poids_{need.name}"] = forms.FloatField(
                label=label, min_value=0, max_value=10, initial=1, required=False
            )

    @classmethod
    def begun(cls, words: QueryDict) -> dict[str, Any]:
        """What an address fills in before anything is asked: shocks, levers and partners, as on the page of an agreement."""
        several = {name: words.getlist(name) for name in ("choc", "levier")}
        return {name: given for name, given in (several | {"avec": words.get("avec", "")[:400]}).items() if given}

    def clean_choc(self) -> list[str]:
        """One to five shocks."""
        chosen: list[str] = self.cleaned_data["choc"]
        if len(chosen) > MOST_SHOCKS:
            raise forms.ValidationError(_("Choose five shocks at most."))
        return chosen

    def clean_avec(self) -> list[Territory]:
        """The territories named."""
        try:
            return [find(name.strip()) for name in self.cleaned_data["avec"].split(";") if name.strip()]
        except RessortError as refusal:
            raise forms.ValidationError(refusal.say(gettext)) from refusal

    def clean_intensite(self) -> tuple[str, ...]:
        """The words of the field, one an event or an effect."""
        return tuple(word.strip() for word in self.cleaned_data["intensite"].split(";") if word.strip())

    def clean(self) -> dict[str, Any]:
        """Weights are not all zero; intensities are about the shocks chosen."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                check_intensity(cleaned["intensite"], tuple(cleaned["choc"]))
            except RessortError as refusal:
                raise forms.ValidationError({"intensite": refusal.say(gettext)}) from refusal
        if not self.errors and sum(self._weights(cleaned)) <= 0:
            raise forms.ValidationError(_("Give a weight above 0 to one need at least."))
        return cleaned

    def clean_tableau(self) -> NationalTable | None:
        """The table that came, read whole; its bytes stay beside."""
        held = self.cleaned_data["tableau"]
        if held is None:
            return None
        if held.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too heavy."))
        self.table_bytes, self.table_name = held.read(), held.name
        try:
            return own_table(self.table_bytes, held.name)
        except RessortError as refusal:
            raise forms.ValidationError(refusal.say(gettext)) from refusal

    @property
    def more(self) -> dict[str, Any]:
        """What a question holds beside the request: a table, a budget."""
        words = self.cleaned_data
        found: dict[str, Any] = (
            {"table": self.table_bytes, "table_name": self.table_name[:120]} if self.table_bytes else {}
        )
        if words["budget"]:
            found |= {
                "budget_eur": words["budget"],
                "method": words["methode"] or "greedy",
                "caution_share": words["prudence"],
            }
        return found

    def request(self, place: Territory) -> Request:
        """The question about a territory."""
        words = self.cleaned_data
        weights = self._weights(words)
        measured = reuse_of(place) if "local_currency" in words["levier"] or words["budget"] else None
        reuse = {"reuse": measured.shares, "reuse_source": measured.source} if measured else {}
        return request_for(
            place, shocks=tuple(words["choc"]), levers=tuple(words["levier"]), runs=words["tirages"], days=words["jours"],
            seed=words["graine"], partners=tuple(words["avec"]), lead_days=words["avance"], intensity=words["intensite"],
            table=digest_of(words["tableau"]) if words["tableau"] else "", weights=() if set(weights) == {1.0} else tuple(weights), **reuse,
        )  # fmt: skip

    @property
    def weights(self) -> list[Any]:
        """The fields of weights, for the template."""
        return [self[f"poids_{need.name}"] for need in needs()]

    @staticmethod
    def _weights(words: dict[str, Any]) -> list[float]:
        given = [words.get(f"poids_{need.name}") for need in needs()]
        return [1.0 if weight is None else float(weight) for weight in given]
