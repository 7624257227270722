"""The largest hospital and employer of a territory, from the official list of establishments: how hard their closure hits."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from ressort.language import language
from ressort.reference import establishments
from ressort.reference.tables import write_table
from ressort.reference.territories import resolve
from ressort.resilience import Request, _ground_for, stress
from ressort.resilience.ground import Ground, ground_of, of_territory
from ressort.resilience.intensity import at_home
from ressort.resilience.intensity_words import intensity_rows
from ressort.resilience.places import gaps
from ressort.resilience.settings import planned

PAU, FUMEL = "EPCI:200067254", "EPCI:200068930"
#: commune, activity, branch, staff of the band, how many
ROWS = [
    ("64445", "86.10Z", "QZ", 2_000, 4_999, 1), ("64445", "86.10Z", "QZ", 100, 199, 1), ("64445", "88.10A", "QZ", 20, 49, 10),
    ("64445", "30.30Z", "CL", 1_000, 1_999, 1), ("64445", "30.30Z", "CL", 20, 49, 2), ("64445", "10.71C", "CA", 3, 5, 40),
    ("47106", "88.10A", "QZ", 20, 49, 1),
]  # fmt: skip


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The list of establishments is fetched."""
    rows = pl.DataFrame(
        ROWS, orient="row", schema=["commune_code", "activity", "branch", "low_jobs", "high_jobs", "establishments"]
    )
    (tmp_path / "synced").mkdir()
    held = rows.with_columns(pl.col("low_jobs").cast(pl.String).alias("size_band"), pl.lit(2024).alias("year"))
    write_table(held, tmp_path / "synced" / "establishments_commune.parquet")
    of_territory(resolve(PAU))  # the territories are read before the data folder changes
    monkeypatch.setenv("RESSORT_HOME", str(tmp_path))
    _forget()
    yield
    _forget()


def _forget() -> None:
    for kept in (establishments._by_row, ground_of, _ground_for):
        kept.cache_clear()


def ground(key: str) -> Ground:
    return of_territory(resolve(key))


def test_the_largest_hospital_closes_against_the_staff_of_health_and_social_work_here(listed: None) -> None:
    pau = ground(PAU)
    hospital = pau.largest["hospital"]
    assert (hospital.low_jobs, hospital.high_jobs, hospital.establishments) == (2_000, 4_999, 2)
    size = at_home(planned(("hospital_closure",), 0), pau, ())[0].shock.effects[0].amount
    assert size.low == pytest.approx(2_000 / (2_000 + 199 + 490)) and size.high == pytest.approx(
        4_999 / (4_999 + 100 + 200)
    )
    assert size.central == pytest.approx(3_499.5 / (3_499.5 + 149.5 + 345))
    with language("en"):
        told = intensity_rows(Request(PAU, ("hospital_closure",)), pau).row(0, named=True)
        assert told["origin"] == "local" and "2,000 to 4,999 staff" in told["source"]
        assert not any("hospital" in one for one in gaps(pau, ("hospital_closure",)))


def test_the_first_employer_is_the_largest_establishment_not_the_largest_branch(listed: None) -> None:
    pau = ground(PAU)
    assert pau.largest_industry == "CL"
    size = at_home(planned(("employer_closure",), 0), pau, ("employer_closure=0.5",))[0].shock.effects[0].amount
    assert size.low == pytest.approx(0.5 * 1_000 / (1_000 + 98))


def test_where_no_hospital_and_no_industry_is_listed_nothing_closes_and_it_is_said(listed: None) -> None:
    fumel = ground(FUMEL)
    assert fumel.largest["hospital"].branch == fumel.largest["first_employer"].branch == ""
    with language("en"):
        for name in ("hospital_closure", "employer_closure"):
            answer = stress(FUMEL, name, runs=4, days=60)
            assert answer.ensemble.metric("whole.person_days").max() == pytest.approx(0, abs=1e-6)
            assert any("is listed here" in one for one in gaps(fumel, (name,)))
            assert all("is listed here" in one for one in intensity_rows(answer.request, fumel)["source"])


def test_while_the_list_is_not_fetched_the_hypothesis_is_named_with_what_would_replace_it() -> None:
    pau = ground(PAU)
    assert pau.largest == {}
    with language("en"):
        told = intensity_rows(Request(PAU, ("hospital_closure",)), pau).row(0, named=True)
    assert told["origin"] == "national" and (told["low_share"], told["high_share"]) == (0.2, 0.5)
    assert "establishments_commune" in told["source"]
