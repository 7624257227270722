"""The report and the charts of a diagnosis."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import ressort
from ressort.core.errors import RuleBroken
from ressort.diagnosis import Diagnosis, OwnData
from ressort.diagnosis.report import report, write_report
from ressort.language import language
from ressort.reference.territories import territories


@pytest.mark.parametrize("key", ["EPCI:200067254", "DEP:974", "COM:55039", "BE_PROV:60000"])
@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_report_is_a_tagged_pdf_and_the_same_twice(key: str, code: str) -> None:
    with language(code):
        found = ressort.diagnose(key)
        first, second = (report(found, "https://ressort.example/territoire", date(2026, 11, 24)) for _ in range(2))
    assert first.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in first
    assert first == second


def test_a_name_that_looks_like_markup_stays_text_in_the_report() -> None:
    place = replace(territories().territory("COM:26274"), label='#panic("x") $ *a* </script>', kind="CUSTOM", code="x")
    assert report(Diagnosis(place), day=date(2026, 1, 1)).startswith(b"%PDF-")


def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = ressort.diagnose("COM:26274")
    assert write_report(found, tmp_path / "r.pdf").stat().st_size > 10_000
    with pytest.raises(RuleBroken):
        write_report(found, tmp_path / "nowhere" / "r.pdf")
    before = (tmp_path / "r.pdf").read_bytes()
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        write_report(found, tmp_path / "r.pdf")
    assert (tmp_path / "r.pdf").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["r.pdf"]


def test_each_chart_is_drawn_from_its_table() -> None:
    found = ressort.scenario("EPCI:200067254", farm_starts_per_year=3.0)
    for name in found.charts():
        spec = found.chart(name).to_dict()
        assert spec["description"]
        assert "http" not in str({k: v for k, v in spec.items() if k != "$schema"})


def test_a_report_of_a_scenario_says_that_it_is_not_today() -> None:
    from ressort.diagnosis.report import _subtitle

    day = date(2026, 1, 1)
    assert "diet" not in _subtitle(ressort.diagnose("Pau"), day)
    own = OwnData(provenance=("mine {x}.csv",))
    with language("fr"):
        told = _subtitle(ressort.scenario("Pau", own, diet="vegan"), day)
    assert "végétalienne" in told and "diet" not in told
    assert "mine {x}.csv" in told


@pytest.mark.parametrize("key", ["EPCI:200067254", "DEP:44", "DEP:974", "COM:26274", "PAYS:FR", "BE_COM:62063"])
def test_a_report_takes_four_to_eight_pages(key: str) -> None:
    with language("fr"):
        content = report(ressort.diagnose(key), "https://ressort.example/territoire", date(2026, 11, 24))
    pages = re.search(rb"/Type/Pages/Count (\d+)", content)
    assert pages is not None
    assert 4 <= int(pages[1]) <= 8
