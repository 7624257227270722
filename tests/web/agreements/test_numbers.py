"""Numbers of an agreement as people of each language write them, and places whose names are alike."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import override
from tests.web.agreements.terms import TERMS, YEAR, posted

from ressort.web.amounts import NumberField
from ressort.web.exchanges import actions, agreements
from ressort.web.exchanges.models import Agreement
from ressort.web.people.models import Grant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "text", "number"),
    [
        ("fr", "2,5", "2.5"), ("fr", "2.5", "2.5"), ("fr", "1\u202f234,5", "1234.5"), ("fr", "1 234", "1234"), ("fr", "1,234", "1.234"),
        ("en", "2,5", "2.5"), ("en", "2.5", "2.5"), ("en", "1,234.5", "1234.5"), ("en", "1,234", "1234"), ("en", "12,345,678", "12345678"),
    ],
)  # fmt: skip
def test_a_number_reads_the_same_in_both_languages_but_for_thousands(code: str, text: str, number: str) -> None:
    field = NumberField(decimal_places=3)
    with override(code):
        assert field.clean(text) == Decimal(number)
        shown = field.widget.format_value(field.prepare_value(Decimal(number)))
        assert field.clean(shown) == Decimal(number), "what a page shows is read back as it is"


@pytest.mark.parametrize("text", ["1.234,5", "1,23,45", "deux", "NaN", "-"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with override("en"), pytest.raises(ValidationError):
        NumberField().clean(text)


@pytest.mark.parametrize("path", ["", "/en"])
def test_terms_saved_as_shown_change_nothing(
    client: Client, administrator: Any, agreement: Agreement, path: str
) -> None:
    actions.change_terms(administrator, agreement, agreement.version, tolerance_bp=250)
    client.force_login(administrator)
    address = f"{path}/accord/{agreement.pk}/termes/"
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in TERMS}
    shown["tolerance_bp"] = form.fields["tolerance_bp"].widget.format_value(form["tolerance_bp"].value())
    agreement.refresh_from_db()
    assert client.post(address, shown | {"version": agreement.version}).status_code == 302
    agreement.refresh_from_db()
    assert agreement.tolerance_bp == 250 and "%" not in str(shown["tolerance_bp"])


def test_a_line_typed_in_english_with_a_comma_keeps_its_decimals(
    client: Client, administrator: Any, agreement: Agreement
) -> None:
    client.force_login(administrator)
    assert client.post(f"/en/accord/{agreement.pk}/lignes/", posted(agreement)).status_code == 302
    assert agreement.lines.get(what="Blé").quantity == Decimal("12.5")


def test_places_whose_names_are_alike_are_told_apart(administrator: Any) -> None:
    for kind, code in (("COM", "75056"), ("DEP", "75")):
        Grant.objects.create(person=administrator, kind=kind, code=code, role="administrator")
    labels = [label for _key, label in agreements.writes_for(administrator)]
    assert {"Paris (75) – commune", "Paris (75) – département"} <= set(labels)


@pytest.mark.parametrize("year", [1800, YEAR - 2, 9999])
def test_an_aim_for_a_year_before_the_agreement_or_after_the_century_is_refused(
    client: Client, administrator: Any, agreement: Agreement, year: int
) -> None:
    client.force_login(administrator)
    words = {"do": "add_indicator", "version": agreement.version, "indicator-label": "Emplois", "indicator-target": "3"}
    words |= {"indicator-unit": "ETP", "indicator-target_year": year}
    page = client.post(f"/accord/{agreement.pk}/changer/", words, follow=True).content.decode()
    assert f"Une cible vaut pour une année de {YEAR - 1} à 2100, et non {year}" in page
    assert not agreement.indicators.exists()


def test_an_amount_that_cannot_be_read_is_told_once(client: Client, administrator: Any, agreement: Agreement) -> None:
    client.force_login(administrator)
    page = client.post(f"/accord/{agreement.pk}/lignes/", posted(agreement, unit_value_cents="-10"))
    assert len(page.context["form"].errors["unit_value_cents"]) == 1
