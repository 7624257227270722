"""Forms of a panel that sits: sessions, documents, the opinion and its answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ressort.web.amounts import NumberField
from ressort.web.panel.forms import Moment
from ressort.web.panel.models import Meeting, Point


class MeetingForm(forms.ModelForm):
    """A session, and its allowance in euros."""

    allowance = NumberField(
        label=_("Allowance of each person who attends, in euros"), min_value=0, max_value=10_000, decimal_places=2, initial=0
    )  # fmt: skip

    class Meta:
        model = Meeting
        fields = ("title", "starts_at", "place")
        widgets = {"starts_at": Moment()}

    def told(self) -> dict[str, Any]:
        """The session, money in cents."""
        told = {name: self.cleaned_data[name] for name in ("title", "starts_at", "place")}
        return told | {"allowance_cents": int(self.cleaned_data["allowance"] * 100)}


class PayForm(forms.Form):
    """The proof that a large payment asks for."""

    secret = forms.CharField(required=False, max_length=200)
    credential = forms.CharField(required=False, max_length=8000)


class DocumentForm(forms.Form):
    """A document for the panel."""

    title = forms.CharField(label=_("Title"), max_length=140)
    author = forms.CharField(label=_("Author"), max_length=140, required=False)
    file = forms.FileField(label=_("File (PDF)"))


class PointForm(forms.ModelForm):
    """A point of the opinion."""

    class Meta:
        model = Point
        fields = ("text", "support")
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"support": _("Such as “36 for, 2 against, 2 blank”.")}


class AnswerForm(forms.Form):
    """The answer of the authority to a point."""

    answer = forms.ChoiceField(label=_("Answer"), choices=Point.Answer.choices[1:])
    answer_text = forms.CharField(
        label=_("Why, and what will be done, by when"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, point: Point, **words: Any) -> None:
        super().__init__(*args, auto_id=f"id_point{point.pk}_%s", **words)
