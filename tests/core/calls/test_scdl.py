"""Published tables: exact columns, every problem with its line, nothing written that would not pass."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.calls import Schema, is_rna, is_siren, is_siret, problems, written
from ressort.core.errors import RuleBroken
from ressort.core.spreadsheet import neutral
from ressort.reference.call_grids import grid_templates
from ressort.reference.scdl import schemas

SUBVENTIONS = schemas()["subventions"]


def row(schema: Schema, **changes: str) -> dict[str, str]:
    return {one.name: one.example for one in schema.fields} | changes


def found(schema: Schema, **changes: str) -> list[tuple[str, str]]:
    given = row(schema, **changes)
    return [
        (one.column, one.template)
        for one in problems(schema, schema.columns, [(7, [given[name] for name in schema.columns])])
        if one.line == 7
    ]


def test_the_columns_are_those_published_in_their_order() -> None:
    assert " ".join(SUBVENTIONS.columns) == (
        "nomAttribuant idAttribuant dateConvention referenceDecision nomBeneficiaire idBeneficiaire rnaBeneficiaire objet "
        "montant nature conditionsVersement datesPeriodeVersement idRAE notificationUE pourcentageSubvention dispositifAide"
    )
    assert " ".join(schemas()["deliberations"].columns) == (
        "COLL_NOM COLL_SIRET DELIB_ID DELIB_DATE DELIB_MATIERE_CODE DELIB_MATIERE_NOM DELIB_OBJET BUDGET_ANNEE BUDGET_NOM "
        "PREF_ID PREF_DATE VOTE_EFFECTIF VOTE_REEL VOTE_POUR VOTE_CONTRE VOTE_ABSTENTION DELIB_URL"
    )
    assert {name: len(one.fields) for name, one in schemas().items()} == {
        "deliberations": 17, "dispositif-aide": 15, "dispositif-aide-0.0.1": 28, "subventions": 16,
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_example_of_each_schema_conforms(name: str) -> None:
    assert found(schemas()[name]) == []


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("idAttribuant", "22330001300017"),
        ("idAttribuant", "223300013"),
        ("idAttribuant", "²2330001300016"),
        ("dateConvention", "30/06/2025"),
        ("dateConvention", "2025-02-30"),
        ("rnaBeneficiaire", "W1234"),
        ("objet", "x" * 257),
        ("objet", ""),
        ("objet", "=cmd|' /C calc'!A0"),
        ("montant", "1 200"),
        ("montant", "1200,50"),
        ("montant", "1e3"),
        ("montant", "NaN"),
        ("montant", "-5"),
        ("nature", "don"),
        ("conditionsVersement", "Unique"),
        ("datesPeriodeVersement", "2025-07-01/2025-06-01"),
        ("datesPeriodeVersement", "2025-07-01/2025-08-01/2025-09-01"),
        ("idRAE", "123456"),
        ("notificationUE", "true"),
        ("pourcentageSubvention", "100"),
        ("pourcentageSubvention", "0"),
        ("nomBeneficiaire", " Association"),
    ],
)
def test_a_wrong_cell_is_told_with_its_column(column: str, wrong: str) -> None:
    assert [name for name, _template in found(SUBVENTIONS, **{column: wrong})] == [column]


def test_one_of_the_two_numbers_names_the_beneficiary() -> None:
    assert found(SUBVENTIONS, idBeneficiaire="", rnaBeneficiaire="")[0][0] == "idBeneficiaire"
    assert found(SUBVENTIONS, idBeneficiaire="") == [
        ("idBeneficiaire", "An RNA alone is accepted for aid in kind only: give the SIRET.")
    ]
    assert found(SUBVENTIONS, idBeneficiaire="", nature="aide en nature") == []


def test_votes_of_a_decision_must_add_up() -> None:
    schema = schemas()["deliberations"]
    assert [name for name, _t in found(schema, VOTE_POUR="59")] == ["VOTE_REEL"]
    assert [name for name, _t in found(schema, VOTE_EFFECTIF="59")] == ["VOTE_EFFECTIF"]
    assert [name for name, _t in found(schema, VOTE_POUR="beaucoup")] == ["VOTE_POUR"]
    assert [name for name, _t in found(schema, DELIB_MATIERE_CODE="7.11")] == ["DELIB_MATIERE_CODE"]
    assert found(schema, PREF_ID="SPREF0331") == found(schema, PREF_ID="PREF02A") == []


def test_aid_schemes_of_both_generations_are_checked() -> None:
    new, old = schemas()["dispositif-aide"], schemas()["dispositif-aide-0.0.1"]
    assert [name for name, _t in found(new, porteurs='[{"nom": "x"}]')] == ["porteurs"]
    assert [name for name, _t in found(new, eligibilite_geographique="DEP-2A")] == ["eligibilite_geographique"]
    assert [name for name, _t in found(new, cibles="associations|robots")] == ["cibles"]
    assert [name for name, _t in found(new, date_cloture="2025-01-01T00:00:00")] == ["date_cloture"]
    assert found(old, beneficiaires_aide="Communes,Entreprises publiques locales (Sem, Spl, SemOp),Recherche") == []
    assert [name for name, _t in found(old, taux_subvention_minimum="60")] == ["taux_subvention_maximum"]
    assert found(old, porteur_siren="223300013,732829320") == []
    assert [name for name, _t in found(old, porteur_siren="223300013,732829321")] == ["porteur_siren"]


def test_columns_missing_unknown_twice_or_out_of_order_are_told_on_the_first_line() -> None:
    header = [*SUBVENTIONS.columns[1:], "nomattribuant", "objet"]
    told = {(one.column, one.template) for one in problems(SUBVENTIONS, header, [])}
    assert ("nomAttribuant", "This column is missing.") in told
    assert ("objet", "This column stands twice.") in told
    unknown = [one for one in problems(SUBVENTIONS, header, []) if one.column == "nomattribuant"]
    assert unknown[0].facts == {"nearest": "nomAttribuant"}
    swapped = [SUBVENTIONS.columns[1], SUBVENTIONS.columns[0], *SUBVENTIONS.columns[2:]]
    assert any("order" in one.facts for one in problems(SUBVENTIONS, swapped, []))


def test_a_file_without_row_and_a_line_of_another_length_are_told() -> None:
    assert [one.template for one in problems(SUBVENTIONS, SUBVENTIONS.columns, [])] == ["The file holds no row."]
    short = problems(SUBVENTIONS, SUBVENTIONS.columns, [(2, ["x"])])
    assert short[0].line == 2 and short[0].facts == {"given": 1, "expected": 16}


def test_problems_stop_at_a_thousand() -> None:
    assert len(problems(SUBVENTIONS, SUBVENTIONS.columns, ((i, ["?"]) for i in range(5000)))) == 1000


def test_nothing_is_written_when_one_record_is_wrong() -> None:
    with pytest.raises(RuleBroken) as refusal:
        written(SUBVENTIONS, [row(SUBVENTIONS), row(SUBVENTIONS, montant="beaucoup")])
    assert refusal.value.facts["all"][0].line == 3


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_what_is_written_conforms_and_holds_no_formula(text: str) -> None:
    name = text.strip() or "x"
    content = written(SUBVENTIONS, [row(SUBVENTIONS, nomBeneficiaire=name, objet=name)])
    header, line = list(csv.reader(io.StringIO(content)))
    assert header == SUBVENTIONS.columns
    assert problems(SUBVENTIONS, header, [(2, line)]) == []
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)
    assert line[4].removeprefix("'") == name.removeprefix("'")


def test_identifiers_follow_their_keys() -> None:
    assert (
        is_siren("223300013") and not is_siren("223300014") and not is_siren("22330001") and not is_siren("٢23300013")
    )
    assert is_siret("22330001300016") and is_siret("35600000000048") and not is_siret("22330001300016 ")
    assert is_rna("W332012345") and not is_rna("w332012345")
    assert neutral("\tx") == "'\tx" and neutral("5") == "5"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_template_grid_reads_in_both_languages_and_tells_how_its_numbers_are_known(language: str) -> None:
    for template in grid_templates().values():
        grid = template.grid(language)
        assert sum(grid.weights) == 100 and all(one.help for one in grid.criteria)
        assert template.title(language) and template.about(language) and template.source
        assert set(template.statuses.values()) <= {"observed", "hypothesis"} and "weights" in template.statuses
        assert sum(one["rate_bp"] for one in template.commitments(language)) == template.bonus_bp


def test_observed_numbers_of_the_templates_are_those_of_the_table() -> None:
    from ressort.reference import table

    known: dict[Any, float] = {
        (r["scheme"], r["parameter"]): r["value"] for r in table("decisions/french_schemes").to_dicts()
    }
    assert grid_templates()["resilience"].bonus_bp == 10_000 * known["rennes_metropole_bonus", "bonus_rate"]
    ceiling = grid_templates()["young_projects"].most_cents
    assert ceiling == 100 * known["gironde_participatory_budget", "max_project_eur"]
