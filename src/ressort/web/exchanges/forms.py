"""Forms of an agreement: its terms, its lines, its indicators, its signatures, what was delivered."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ressort.core.errors import RessortError
from ressort.exchanges import goods
from ressort.language import told
from ressort.web.amounts import EuroField, NumberField
from ressort.web.exchanges import agreements
from ressort.web.exchanges.models import Agreement, Indicator, Line, Party, Signature
from ressort.web.exchanges.templatetags.agreement_words import decimal

MOST_CENTS = 10**12


class PercentField(NumberField):
    """A percentage, kept in basis points."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(min_value=0, max_value=100, decimal_places=2, **rest)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return None if found is None else int(found * 100)

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(Decimal(value) / 100 if isinstance(value, int) else value)


class TermsForm(forms.ModelForm):
    """What an agreement says of itself."""

    tolerance_bp = PercentField(
        label=_("Tolerance of the balance, %"), initial=1000,
        help_text=_("Most gap between what a party gives and receives in a year, over the sum of both."),
    )  # fmt: skip
    shadow_rate_cents = EuroField(
        label=_("Euros for one unit carried one kilometre"), initial=10,
        help_text=_("A hypothesis of yours: it turns the kilometres of shadow prices into euros."),
    )  # fmt: skip

    class Meta:
        model = Agreement
        fields = (
            "type",
            "title",
            "purpose",
            "first_year",
            "last_year",
            "tolerance_bp",
            "shadow_rate_cents",
            "conditions",
            "governance",
        )
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("purpose", "conditions", "governance")}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first_year"), found.get("last_year")
        if first is not None and last is not None and not (2000 <= first <= last <= min(2100, first + 29)):
            self.add_error("last_year", _now("The years follow each other, between 2000 and 2100, thirty at most."))
        if (found.get("shadow_rate_cents") or 0) > 100_000:
            self.add_error("shadow_rate_cents", _now("At most 1,000 euros."))
        return found


class PlaceField(forms.CharField):
    """A territory, by name or code."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return agreements.place_named(text) if text else None
        except RessortError as refusal:
            raise forms.ValidationError(told(refusal)) from refusal


class StartForm(TermsForm):
    """A new agreement: one's own territory, a partner, and whether lines are drawn from the figures."""

    territory = forms.ChoiceField(label=_("On behalf of"))
    partner = PlaceField(label=_("With"), max_length=120, help_text=_("A name or a code; others can join afterwards."))
    drawn_bp = PercentField(
        label=_("Draw lines from the figures: part of the possible exchange, %"), required=False,
        help_text=_("Goods that one has and the other lacks, balanced at shadow prices. Empty: no line yet."),
    )  # fmt: skip
    mwh_value_cents = EuroField(
        label=_("Value of a megawatt-hour of electricity or wood, euros"), required=False,
        help_text=_("Agreed between you: lines of energy are drawn when it is given. Empty: no line of energy."),
    )  # fmt: skip
    wood_received_mwh = NumberField(
        label=_("Wood received each year, MWh"), required=False, min_value=0, max_value=10**9, decimal_places=3,
        help_text=_("Your own figure, instead of what the figures tell once the official files of wood are fetched."),
    )  # fmt: skip
    wood_given_mwh = NumberField(
        label=_("Wood given each year, MWh"), required=False, min_value=0, max_value=10**9, decimal_places=3
    )
    field_order = (
        "type",
        "title",
        "territory",
        "partner",
        "first_year",
        "last_year",
        "drawn_bp",
        "mwh_value_cents",
        "wood_received_mwh",
        "wood_given_mwh",
        "tolerance_bp",
        "shadow_rate_cents",
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["territory"].choices = places

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if (found.get("wood_received_mwh") or found.get("wood_given_mwh")) and not found.get("drawn_bp"):
            self.add_error(
                "drawn_bp", _now("Wood is drawn with the other lines: say which part of the possible exchange.")
            )
        return found


class PartyForm(forms.Form):
    """A territory more."""

    partner = PlaceField(label=_("Another party"), max_length=120, help_text=_("A name or a code."))


class LineForm(forms.ModelForm):
    """One line: who gives what to whom, how much a year, at which value."""

    quantity = NumberField(label=_("Quantity a year"), max_digits=14, decimal_places=3)
    good = forms.ChoiceField(label=_("Good"), required=False, help_text=_("Needed for a shadow price only."))
    unit_value_cents = EuroField(
        label=_("Value of a unit, euros"), required=False, help_text=_("Needed for a value agreed by the parties.")
    )
    event = forms.ChoiceField(label=_("Only after this event"), required=False, help_text=_("A line that waits for an event weighs in no ordinary year."))  # fmt: skip

    class Meta:
        model = Line
        fields = (
            "theme", "what", "giver", "receiver", "quantity", "unit", "basis", "unit_value_cents", "good", "first_year",
            "last_year", "event", "remark",
        )  # fmt: skip

    def __init__(self, *args: Any, agreement: Agreement, **words: Any) -> None:
        super().__init__(*args, **words)
        self.agreement = agreement
        parties = Party.objects.filter(agreement=agreement)
        for name in ("giver", "receiver"):
            self.fields[name] = forms.ModelChoiceField(
                parties, label=_("From") if name == "giver" else _("To"), empty_label=None
            )
        self.fields["good"].choices = [("", "–"), *((one.key, one.label) for one in goods())]
        self.fields["event"].choices = [("", _now("no event: every year")), *agreements.events()]
        if not self.instance.pk and not self.is_bound and len(parties) > 1:
            self.initial |= {"giver": parties[0].pk, "receiver": parties[1].pk}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        basis, value = found.get("basis"), found.get("unit_value_cents")
        if found.get("giver") and found.get("giver") == found.get("receiver"):
            self.add_error("receiver", _now("A line goes from one party to another: choose another receiver."))
        if found.get("quantity") is not None and found["quantity"] <= 0:
            self.add_error("quantity", _now("A quantity above 0."))
        if basis == Line.Basis.OWN and value is None and "unit_value_cents" not in self.errors:
            self.add_error("unit_value_cents", _now("Give the value agreed for a unit, in euros."))
        if value is not None and value > MOST_CENTS:
            self.add_error("unit_value_cents", _now("This value is too large."))
        if basis == Line.Basis.SHADOW and not found.get("good"):
            self.add_error("good", _now("Choose the good whose shadow price is read."))
        if basis != Line.Basis.OWN:
            found["unit_value_cents"] = 0
        self._check_years(found)
        return found

    def _check_years(self, found: dict[str, Any]) -> None:
        first = found.get("first_year") or self.agreement.first_year
        last = found.get("last_year") or self.agreement.last_year
        if not self.agreement.first_year <= first <= last <= self.agreement.last_year:
            self.add_error(
                "last_year",
                _now("The years of a line follow each other, within {first}–{last}.").format(
                    first=self.agreement.first_year, last=self.agreement.last_year
                ),
            )


class IndicatorForm(forms.ModelForm):
    """Something to watch, and the aim."""

    target = NumberField(label=_("Aim"), max_digits=14, decimal_places=3)

    class Meta:
        model = Indicator
        fields = ("label", "target", "unit", "target_year")


class SignatureForm(forms.ModelForm):
    """Who signs for a party, in what role, on which day."""

    class Meta:
        model = Signature
        fields = ("name", "role", "signed_on", "reference")
        widgets = {"signed_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}


class RecordsForm(forms.Form):
    """What was delivered of each line in a year, and what each indicator reads."""

    def __init__(self, *args: Any, agreement: Agreement, year: int, **words: Any) -> None:
        super().__init__(*args, **words)
        lines = agreement.lines.prefetch_related("records").select_related("giver", "receiver")
        for line in lines:
            if (line.first_year or agreement.first_year) <= year <= (line.last_year or agreement.last_year):
                label = f"{line.what} ({line.unit}), {line.giver} → {line.receiver}"
                self._add(f"line_{line.pk}", label, line, year, line.quantity, Decimal(0))
        for one in agreement.indicators.prefetch_related("records"):
            self._add(f"indicator_{one.pk}", f"{one.label} ({one.unit})", one, year, one.target, None)

    def _add(
        self, name: str, label: str, row: Line | Indicator, year: int, promised: Decimal, least: Decimal | None
    ) -> None:
        told = next((record.quantity for record in row.records.all() if record.year == year), None)
        help_text = _now("promised: {quantity}").format(quantity=decimal(promised))
        self.fields[name] = NumberField(
            label=label, required=False, min_value=least, max_digits=14, decimal_places=3, initial=told, help_text=help_text,
        )  # fmt: skip

    def told(self, kind: str) -> dict[int, Decimal | None]:
        """Quantities by row, for lines or for indicators."""
        return {
            int(name.partition("_")[2]): value
            for name, value in self.cleaned_data.items()
            if name.startswith(f"{kind}_")
        }
