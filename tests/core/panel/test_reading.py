"""Tables as people bring them: what is refused, where, and what is proposed."""

import pytest

from ressort.core.errors import InputError
from ressort.core.panel import TableRefused, merged, read_pool, read_quotas, read_table, seat_problems, write_table

QUOTAS = """critere;valeur;min;max;population
sexe;Femme;1;2;1 200
sexe;Homme;1;2;1100
âge;16-24;0;2;300,5
âge;25 à 64 ans;0;2;1500
âge;65 et plus;0;2;500
"""


def _quotas(text: str = QUOTAS):  # type: ignore[no-untyped-def]
    return read_quotas(read_table(text.encode()))


def _refused(volunteers: str, **words) -> list[tuple[int, str, str]]:  # type: ignore[no-untyped-def]
    with pytest.raises(TableRefused) as caught:
        read_pool(read_table(volunteers.encode()), _quotas(), **words)
    return [(problem.line, problem.column, problem.template.format(**problem.facts)) for problem in caught.value.facts["list"]]  # fmt: skip


def test_quotas_know_their_population_however_it_is_written() -> None:
    assert [quota.population_people for quota in _quotas()] == [1200, 1100, 300.5, 1500, 500]


def test_quotas_with_wrong_bounds_are_all_told_with_their_lines() -> None:
    with pytest.raises(TableRefused) as caught:
        _quotas("critere,valeur,min,max\nsexe,F,3,2\nsexe,H,un,2\nsexe,F,0,1\nsexe,,0,1\nsexe,X,-1,2\n")
    assert [(p.line, p.column) for p in caught.value.facts["list"]] == [
        (2, "sexe"), (3, "min"), (5, "valeur"), (6, "min"),
    ]  # fmt: skip


def test_a_value_named_twice_in_the_quotas_is_refused() -> None:
    with pytest.raises(TableRefused) as caught:
        _quotas("critere,valeur,min,max\nsexe,F,1,2\nsexe,F,0,1\n")
    assert [(p.line, p.column) for p in caught.value.facts["list"]] == [(3, "sexe")]


def test_the_original_column_names_of_the_published_pools_are_understood() -> None:
    (quota,) = _quotas("category,feature,min,max\ngender,female,9,20")
    assert (quota.criterion, quota.value, quota.least, quota.most) == ("gender", "female", 9, 20)


def test_an_age_falls_in_its_band() -> None:
    pool = read_pool(read_table("id,sexe,âge\n1,Femme,24\n2,Homme,16-24\n3,Femme,80\n".encode()), _quotas())
    assert [person[1] for person in pool.answers] == ["16-24", "16-24", "65 et plus"]


def test_ages_out_of_every_band_or_missing_are_told_with_their_lines() -> None:
    told = _refused("id,sexe,age\n1,Femme,12\n2,Homme,\n3,,30\n")
    assert [(line, column) for line, column, _said in told] == [(2, "âge"), (3, "âge"), (4, "sexe")]


def test_a_missing_answer_can_set_the_person_aside_or_count_for_no_quota() -> None:
    table = read_table("id,sexe,âge\n1,Femme,\n2,Homme,30\n".encode())
    aside = read_pool(table, _quotas(), missing="set_aside")
    free = read_pool(table, _quotas(), missing="free")
    assert aside.ids == ("2",) and aside.notes[0].facts["line"] == 2
    assert free.answers == (("Femme", ""), ("Homme", "25 à 64 ans"))
    assert merged(free, _quotas(), 2).holds is not None


def test_duplicates_are_told_with_the_line_they_repeat() -> None:
    told = _refused("numero,sexe,âge\nA7,Femme,20\nB1,Homme,30\nA7,Homme,40\n")
    assert told == [(4, "numero", "“A7” is already on line 2.")]


def test_another_spelling_is_proposed_then_merged_on_request() -> None:
    text = "id,sexe,âge\n1,FEMME ,20\n2,homme,30\n"
    assert [near for _line, _column, near in _refused(text)] == [
        "“FEMME” is written “Femme” in the quotas: merge them, or correct the row.",
        "“homme” is written “Homme” in the quotas: merge them, or correct the row.",
    ]
    pool = read_pool(read_table(text.encode()), _quotas(), merge=True)
    assert [person[0] for person in pool.answers] == ["Femme", "Homme"]


def test_a_value_unknown_to_the_quotas_is_told_with_those_they_know() -> None:
    told = _refused("id,sexe,âge\n1,Autre,20\n")
    assert told == [(2, "sexe", "“Autre” is no value of the quotas: Femme, Homme.")]


def test_a_row_without_identifier_is_left_out_and_said() -> None:
    pool = read_pool(read_table("id,sexe,âge\n,Femme,20\n2,Homme,30\n".encode()), _quotas())
    assert pool.ids == ("2",) and pool.notes[0].facts == {"line": 2}


def test_line_numbers_hold_after_a_cell_of_several_lines() -> None:
    told = _refused('id,sexe,âge,note\n1,Femme,20,"deux\nlignes"\n2,X,30,\n')
    assert told[0][0] == 4


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"id,sexe\n", b"\x00\x01", b"id,id\n1,2\n", b'id,sexe\n"1,Femme\n'],
    ids=["empty", "blank lines", "header only", "binary", "one name twice", "quote left open"],
)
def test_a_file_that_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        read_pool(read_table(content), _quotas())


def test_rows_with_too_many_cells_are_told() -> None:
    with pytest.raises(TableRefused) as caught:
        read_table(b"a,b\n1,2\n1,2,3\n")
    assert caught.value.facts["list"][0].line == 3


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(InputError, match="50 MB"):
        read_table(b"a" * 50_000_001)


def test_a_windows_file_keeps_its_accents() -> None:
    assert read_table("id;âge\n1;été\n".encode("cp1252")).rows[0] == {"id": "1", "âge": "été"}


def test_an_absent_column_is_named_with_those_that_are_there() -> None:
    with pytest.raises(InputError, match="âge"):
        read_pool(read_table(b"id,sexe\n1,Femme\n"), _quotas())


def test_formulas_are_neutralised_on_export() -> None:
    text = write_table(["nom"], [["=HYPERLINK(1)"], ["+1"], ["@x"], ["-2"], ["\t="], ["Ada"], [-3]])
    assert text.splitlines()[1:] == ["'=HYPERLINK(1)", "'+1", "'@x", "'-2", "'\t=", "Ada", "-3"]


def test_seats_that_no_quota_allows_are_told_criterion_by_criterion() -> None:
    quotas = _quotas("critere,valeur,min,max\nsexe,Femme,3,3\nsexe,Homme,2,2\n")
    pool = read_pool(read_table(b"id,sexe\n1,Femme\n2,Homme\n3,Homme\n4,Homme\n5,Homme\n6,Homme\n"), quotas)
    told = [problem.template.format(**problem.facts) for problem in seat_problems(pool, quotas, 4)]
    assert told == [
        "The minimums add up to 5, above the 4 seats: lower some.",
        "“Femme”: the minimum is 3 and 1 volunteers bear it: lower it, or invite more.",
    ]


@pytest.mark.parametrize("seats", [0, -1, 7])
def test_a_panel_of_nobody_or_larger_than_its_pool_is_refused(seats: int) -> None:
    pool = read_pool(read_table("id,sexe,âge\n1,Femme,20\n2,Homme,30\n".encode()), _quotas())
    with pytest.raises(InputError):
        merged(pool, _quotas(), seats)
