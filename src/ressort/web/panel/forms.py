"""Forms of a panel: what officials prepare, what volunteers tell, what the dice give."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.functional import lazystr
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ressort.core.panel import Quota as CoreQuota
from ressort.core.panel import beacon, quotas_from_population
from ressort.web.panel import queries
from ressort.web.panel.drawing import next_states
from ressort.web.panel.models import Panel, Seat

MOST_VALUES = 40


class Moment(forms.DateTimeInput):
    """A day and an hour, in the browser's own control."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class PanelForm(forms.ModelForm):
    """What a panel is about, its size, its dates."""

    class Meta:
        model = Panel
        fields = (
            "title", "about", "seats", "household_limit", "rule", "opens_on", "closes_on", "pool_purge_on",
            "members_purge_on", "is_public",
        )  # fmt: skip
        widgets = {
            name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            for name in ("opens_on", "closes_on", "pool_purge_on", "members_purge_on")
        } | {"about": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "household_limit": _("Leave empty when it does not matter. The address asked for is not kept."),
            "pool_purge_on": _(
                "Three months after the first session is usual. The draw can still be checked afterwards."
            ),
        }

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        days = [told.get(name) for name in ("opens_on", "closes_on", "pool_purge_on", "members_purge_on")]
        if all(days) and not (days[0] <= days[1] < days[2] <= days[3]):
            self.add_error(
                "closes_on",
                _now("The dates must follow each other: opening, closing, erasure of people not drawn, of members."),
            )
        if told.get("seats") == 0:
            self.add_error("seats", _now("A panel has one seat at least."))
        if told.get("household_limit") == 0:
            self.add_error("household_limit", _now("One person at least, or nothing."))
        return told

    @staticmethod
    def usual() -> dict[str, Any]:
        """The usual dates, seats and limit."""
        today = queries.today()
        days = {"opens_on": 0, "closes_on": 30, "pool_purge_on": 180, "members_purge_on": 540}
        return {"seats": 40, "household_limit": 1} | {name: today + timedelta(days=more) for name, more in days.items()}


class TerritoryPanelForm(PanelForm):
    """The same, with the territory."""

    territory = forms.ChoiceField(label=_("Territory"))
    field_order = ("territory",)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["territory"].choices = places


class CriterionForm(forms.Form):
    """One criterion: its values with their inhabitants, one a line; minimums and maximums follow."""

    name = forms.CharField(label=_("Criterion"), max_length=60, help_text=_("Such as “Sex”, “Age”, “Housing”."))
    lines = forms.CharField(
        label=_("Values and their inhabitants"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        help_text=_("One value a line, then a semicolon and its inhabitants (or its share): “16-24 ; 5210”."),
    )
    widen = forms.IntegerField(
        label=_("Seats of room on each side"), min_value=0, max_value=20, initial=0,
        help_text=_("0: the whole seats just below and just above the exact share."),
    )  # fmt: skip

    def clean_lines(self) -> dict[str, float]:
        people: dict[str, float] = {}
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), 1):
            if not line.strip():
                continue
            value, sign, count = (part.strip() for part in line.rpartition(";"))
            bare = "".join(count.split()).replace(",", ".").rstrip("%")
            if not sign or not value or not bare.replace(".", "", 1).isdecimal():
                raise forms.ValidationError(
                    _now("Line {line}: write a value, a semicolon and a number.").format(line=number)
                )
            if value in people:
                raise forms.ValidationError(_now("Line {line}: this value is already above.").format(line=number))
            if len(value) > 60:
                raise forms.ValidationError(_now("Line {line}: this value is too long.").format(line=number))
            people[value] = float(bare)
        if len(people) < 2 or len(people) > MOST_VALUES or sum(people.values()) <= 0:
            raise forms.ValidationError(_now("A criterion has from 2 to 40 values, and somebody who bears them."))
        return people

    def quotas(self, seats: int) -> tuple[CoreQuota, ...]:
        """The quotas of the criterion."""
        told = self.cleaned_data
        return quotas_from_population({" ".join(told["name"].split()): told["lines"]}, seats, told["widen"])


class BoundsForm(forms.Form):
    """The minimum and maximum of every value, side by side."""

    def __init__(self, *args: Any, quotas: tuple[CoreQuota, ...], **words: Any) -> None:
        super().__init__(*args, **words)
        self.quotas_before = quotas
        for place, quota in enumerate(quotas):
            for side, value, label in (("least", quota.least, _("Minimum")), ("most", quota.most, _("Maximum"))):
                self.fields[f"{side}_{place}"] = forms.IntegerField(
                    label=lazystr(f"{label} – {quota.criterion}, {quota.value}"),
                    min_value=0,
                    max_value=1000,
                    initial=value,
                )

    def rows(self) -> list[tuple[CoreQuota, Any, Any]]:
        """Each value with its two fields."""
        return [(quota, self[f"least_{i}"], self[f"most_{i}"]) for i, quota in enumerate(self.quotas_before)]

    def quotas(self) -> tuple[CoreQuota, ...]:
        """The quotas told."""
        told = self.cleaned_data
        return tuple(
            CoreQuota(q.criterion, q.value, told[f"least_{i}"], told[f"most_{i}"], q.population_people)
            for i, q in enumerate(self.quotas_before)
        )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for i, quota in enumerate(self.quotas_before):
            least, most = told.get(f"least_{i}"), told.get(f"most_{i}")
            if least is not None and most is not None and least > most:
                self.add_error(
                    f"least_{i}", _now("{value}: the minimum is above the maximum.").format(value=quota.value)
                )
        return told


class ImportForm(forms.Form):
    """A table of volunteers."""

    file = forms.FileField(label=_("Table of the volunteers (CSV)"))


class RegistrationForm(forms.Form):
    """What a volunteer tells: how to be reached, one answer a criterion, and its agreement."""

    name = forms.CharField(
        label=_("First name and name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    phone = forms.CharField(
        label=_("Telephone"), max_length=30, required=False, widget=forms.TextInput(attrs={"autocomplete": "tel"})
    )

    def __init__(self, *args: Any, panel: Panel, **words: Any) -> None:
        super().__init__(*args, **words)
        if panel.household_limit:
            self.fields["address"] = forms.CharField(
                label=_("Address (number, street, commune)"), max_length=160,
                help_text=_("It serves only to avoid drawing several people of one household, and is not kept as you write it."),
                widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
            )  # fmt: skip
        self.criteria = queries.choices_of(panel)
        for place, (criterion, values) in enumerate(self.criteria.items()):
            choices = [("", "–"), *((value, value) for value in values)]
            self.fields[f"answer_{place}"] = forms.ChoiceField(label=criterion, choices=choices)
        self.fields["agreed"] = forms.BooleanField(
            label=_("I volunteer for this panel, and I have read what is done with my data."),
        )

    def contact(self) -> dict[str, str]:
        """How to reach the volunteer."""
        return {name: self.cleaned_data.get(name, "") for name in ("name", "email", "phone", "address")}

    def answers(self) -> dict[str, str]:
        """One answer a criterion."""
        return {criterion: self.cleaned_data[f"answer_{place}"] for place, criterion in enumerate(self.criteria)}


class FreezeForm(forms.Form):
    """How and when the number will be drawn, announced beforehand."""

    source = forms.CharField(
        label=_("What will give the number, and where"), max_length=300,
        help_text=_("Such as “three ten-sided dice thrown by the town clerk, hall of the town house, before the public”."),
    )  # fmt: skip
    draw_at = forms.DateTimeField(label=_("Day and hour of the draw"), widget=Moment())
    beacon = forms.BooleanField(
        label=_("The public beacon drand gives the number, instead of dice"), required=False,
        help_text=_("Its round of that hour is announced with the draw. Only what is announced here can give the number."),
    )  # fmt: skip

    def told(self) -> dict[str, Any]:
        """The source, the hour, and the round of the beacon that comes out then, if it is to give the number."""
        told = dict(self.cleaned_data)
        return told | {"drand_round": beacon.round_at(told["draw_at"]) if told.pop("beacon") else None}


class BeaconForm(forms.Form):
    """The value of the drand round announced, as its relays publish it."""

    randomness = forms.CharField(
        label=_("Randomness of the round"), max_length=64,
        validators=[RegexValidator(r"^[0-9a-fA-F]{64}$", _("64 hexadecimal characters."))],
    )  # fmt: skip
    signature = forms.CharField(
        label=_("Signature of the round"), max_length=192,
        validators=[RegexValidator(r"^([0-9a-fA-F]{96}|[0-9a-fA-F]{192})$", _("96 or 192 hexadecimal characters."))],
    )  # fmt: skip


class DiceForm(forms.Form):
    """The three digits of the dice, read out and typed one after the other."""

    digits = forms.CharField(
        label=_("Digits of the three dice, in order"), max_length=3,
        validators=[RegexValidator(r"^[0-9]{3}$", _("Three digits, from 000 to 999."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9]{3}"}),
    )  # fmt: skip


class SeatForm(forms.Form):
    """What became of a seat."""

    state = forms.ChoiceField(label=_("New state"))
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", "–"), *Seat.Reason.choices], required=False)

    def __init__(self, *args: Any, seat: Seat, **words: Any) -> None:
        super().__init__(*args, auto_id=f"id_seat{seat.pk}_%s", **words)
        self.fields["state"].choices = next_states(seat.state)
