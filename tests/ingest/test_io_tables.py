"""The official input-output tables: two formats, one table; sub-totals left out; each broken identity named."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from ressort.core.errors import SourceRefused
from ressort.ingest import connectors
from ressort.ingest.clean import Codes, clean
from ressort.ingest.cpa import branch_of, divisions, leaves
from ressort.ingest.read import read_text

from .conftest import small
from .samples import Cells, cube, io_cells, sdmx


def table_of(content: bytes, tmp_path: Path, codes: Codes, country: str = "FR") -> pl.DataFrame:
    connector = small(connectors()[f"io_table_{country.lower()}"])
    path = tmp_path / connector.file_name
    path.write_bytes(content)
    return clean(read_text(path, connector), connector, codes)[0]


def test_the_two_formats_of_eurostat_give_the_same_table(tmp_path: Path, codes: Codes) -> None:
    cells = io_cells()
    one, other = table_of(cube(cells, "FR"), tmp_path, codes), table_of(sdmx(cells, "FR"), tmp_path, codes)
    assert one.equals(other) and set(one["branch"]) == {"AZ", "BZ", "CA", "DZ", "LZ"}
    assert set(one["year"]) == {2022} and set(one["country"]) == {"FR"}


def test_nothing_is_lost_nor_counted_twice_between_leaves_and_branches(tmp_path: Path, codes: Codes) -> None:
    cells = io_cells()
    found = table_of(cube(cells, "FR"), tmp_path, codes)
    total = found.filter(pl.col("origin") == "domestic")["value_meur"].sum()
    assert total == pytest.approx(cells["DOM", "CPA_TOTAL", "TU"])
    held = {tuple(row[:3]): row[3] for row in found.select("origin", "branch", "use", "value_meur").iter_rows()}
    assert held["domestic", "LZ", "households"] == pytest.approx(cells["DOM", "CPA_L68", "P3_S14"])
    others = sum(cells.get(("IMP", "CPA_A01", use), 0.0) for use in ("P3_S13", "P3_S15", "P5"))
    assert held["imported", "AZ", "others"] == pytest.approx(others)
    assert held["output", "BZ", ""] == pytest.approx(cells["DOM", "CPA_B", "TU"])


def changed(key: tuple[str, str, str], by: float) -> Cells:
    cells = io_cells()
    return cells | {key: cells.get(key, 0.0) + by}


def test_a_row_that_does_not_add_up_is_refused_and_named(tmp_path: Path, codes: Codes) -> None:
    with pytest.raises(SourceRefused) as caught:
        table_of(cube(changed(("DOM", "CPA_D", "P6"), 40.0), "FR"), tmp_path, codes)
    assert (caught.value.facts["product"], caught.value.facts["flow"]) == ("CPA_D", "DOM")


def test_an_output_that_differs_from_its_uses_is_refused_and_named(tmp_path: Path, codes: Codes) -> None:
    with pytest.raises(SourceRefused, match="not balanced") as caught:
        table_of(cube(changed(("DOM", "P1", "CPA_A01"), 40.0), "FR"), tmp_path, codes)
    assert caught.value.facts["branch"] == "AZ"


def test_a_negative_flow_is_refused_and_named(tmp_path: Path, codes: Codes) -> None:
    with pytest.raises(SourceRefused, match="negative") as caught:
        table_of(cube(changed(("IMP", "CPA_A01", "CPA_A01"), -50.0), "FR"), tmp_path, codes)
    assert (caught.value.facts["product"], caught.value.facts["use"], caught.value.facts["flow"]) == ("CPA_A01", "CPA_A01", "IMP")  # fmt: skip


def test_an_empty_answer_and_the_table_of_another_country_are_refused(tmp_path: Path, codes: Codes) -> None:
    for content in (cube(io_cells(), "BE"), sdmx(io_cells(), "BE")):
        with pytest.raises(SourceRefused, match="no value for FR"):
            table_of(content, tmp_path, codes)
    with pytest.raises(SourceRefused):
        table_of(cube({}, "FR"), tmp_path, codes)


@pytest.mark.parametrize(
    "broken",
    [b"{", b'{"id": ["geo"], "size": [1]}', b'{"id": ["geo"], "size": [1], "value": {"7": 1}, "dimension": {}}'],
)
def test_what_is_no_cube_is_refused(broken: bytes, tmp_path: Path, codes: Codes) -> None:
    with pytest.raises(SourceRefused, match="JSON-stat"):
        table_of(broken, tmp_path, codes)


def test_a_declared_table_of_a_few_branches_is_refused(tmp_path: Path, codes: Codes) -> None:
    connector = connectors()["io_table_be"]
    path = tmp_path / connector.file_name
    path.write_bytes(cube(io_cells(), "BE"))
    with pytest.raises(SourceRefused, match="rows, where"):
        clean(read_text(path, connector), replace(connector), codes)


def test_codes_are_read_as_divisions_and_every_division_has_a_branch() -> None:
    assert leaves(["CPA_C", "CPA_C10-12", "CPA_C10", "CPA_C11", "CPA_C12", "CPA_C31_32"]) == [
        "CPA_C10", "CPA_C11", "CPA_C12", "CPA_C31_32"
    ]  # fmt: skip
    assert divisions("OP_RES") == frozenset() and divisions("D21X31") == frozenset()
    known = {branch_of(f"CPA_{letter}{n:02d}") for letter, n in (("A", 1), ("C", 33), ("I", 56), ("T", 98), ("U", 99))}
    assert known == {"AZ", "CM", "IZ", "TU"}
    with pytest.raises(SourceRefused):
        branch_of("CPA_C")
