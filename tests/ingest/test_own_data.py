"""A territory's own tables: read whole, or every problem told with its line."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ressort.core.errors import RessortError, RuleBroken, UnknownCode
from ressort.ingest import KINDS, dry_run, template

from .samples import workbook

HEAD = "crop_group;area_ha;organic_ha;year\n"


def _lines(text: str, kind: str = "crop_area") -> list[tuple[int, str]]:
    return [(p.line, p.column) for p in dry_run(text.encode(), "t.csv", kind).problems]


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("file_type", ["csv", "xlsx"])
def test_a_template_can_be_sent_back_as_it_is(kind: str, file_type: str) -> None:
    own = dry_run(template(kind, file_type), f"t.{file_type}", kind)
    assert own.problems == ()
    assert own.frame.height == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_french_spreadsheets_are_read(encoding: str, delimiter: str) -> None:
    text = "Crop_Group;AREA_HA ;organic_ha;year\nLégumes;1 035,5;12,25;2025\n".replace(";", delimiter)
    own = dry_run(text.encode(encoding), "t.csv", "crop_area")
    assert own.frame.row(0) == ("vegetables", 1035.5, 12.25, 2025.0)


def test_every_problem_is_told_at_once_with_its_line() -> None:
    text = (
        HEAD
        + "Légumes;35;;2024\nblé d'hiver;12;;2024\nforage;=1+1;;2024\ncereals;-4;;2024\nvegetables;40;50;2024\nfruit;;;2024\n"
    )
    assert _lines(text) == [
        (3, "crop_group"),
        (4, "area_ha"),
        (5, "area_ha"),
        (6, "organic_ha"),
        (7, "area_ha"),
        (6, "crop_group"),
    ]


def test_a_table_with_one_problem_keeps_no_row() -> None:
    assert dry_run((HEAD + "forage;1;;2024\nforage;2;;2024\n").encode(), "t.csv", "crop_area").frame.is_empty()


def test_a_percentage_typed_for_a_share_is_told() -> None:
    own = dry_run(b"name;guests_people;meals_per_day;days_per_year;organic_share\nA;10;1;100;40\n", "t.csv", "canteens")
    assert "0.4" in own.problems[0].template


def test_local_purchases_cannot_exceed_all_purchases() -> None:
    assert _lines("local_eur;total_eur;year\n10;5;2025\n", "purchases") == [(2, "local_eur")]


@pytest.mark.parametrize(
    "content", [b"", b"crop_group;area_ha;organic_ha;year\n", b"a;b\n1;2\n", b"PK\x03\x04\x00\x00", b"\x00\x01binary"]
)
def test_files_that_are_no_table_are_refused(content: bytes) -> None:
    with pytest.raises(RuleBroken):
        dry_run(content, "t.csv", "crop_area")


def test_a_broken_workbook_and_a_bomb_are_refused() -> None:
    with pytest.raises(RuleBroken, match="cannot be opened"):
        dry_run(workbook([["a"]])[:300], "t.xlsx", "crop_area")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b"0" * 110_000_000)
    with pytest.raises(RuleBroken, match="grow"):
        dry_run(bomb.getvalue(), "t.xlsx", "crop_area")


def test_a_formula_in_a_workbook_is_refused() -> None:
    own = dry_run(
        workbook([["crop_group", "area_ha", "organic_ha", "year"], ["forage", "=2+2", None, 2025]]),
        "t.xlsx",
        "crop_area",
    )
    assert [(p.line, p.column) for p in own.problems] == [(2, "area_ha")]


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(RuleBroken, match="weighs"):
        dry_run(b"0" * 10_000_001, "t.csv", "crop_area")


def test_an_unknown_kind_is_refused_with_the_choices() -> None:
    with pytest.raises(UnknownCode) as caught:
        dry_run(b"", "t.csv", "unicorns")
    assert "crop_area" in caught.value.facts["choices"]


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_no_content_ever_crashes(content: bytes) -> None:
    for name in ("t.csv", "t.xlsx"):
        try:
            dry_run(content, name, "crop_area")
        except RessortError:
            pass
