"""Files that a connector refuses: damaged, of another kind, of another place, off their totals."""

import io
from pathlib import Path

import polars as pl
import pytest

from ressort.core.errors import SourceRefused
from ressort.ingest import Anchor, connectors
from ressort.ingest.clean import Codes
from tests.ingest.reading import ZIPPED, run

from .conftest import ALL
from .energy_and_harvest import HARVEST_WIDE
from .samples import SAMPLES, archive

LAYOUTS = {name: connectors()[name].layout for name in ALL}
CSV = [name for name, layout in LAYOUTS.items() if not layout.sheet and not layout.member and not layout.parquet]
PARQUET = [name for name, layout in LAYOUTS.items() if layout.parquet]


@pytest.mark.parametrize("name", ALL)
def test_a_web_page_is_never_read_as_data(name: str, tmp_path: Path, codes: Codes) -> None:
    with pytest.raises(SourceRefused, match="web page") as caught:
        run(name, b"\xef\xbb\xbf <!DOCTYPE html><html><body>Page d\xc3\xa9plac\xc3\xa9e</body></html>", tmp_path, codes)
    assert caught.value.facts["page"] == connectors()[name].page


@pytest.mark.parametrize("name", CSV)
def test_a_missing_column_refuses_the_file_and_names_it(name: str, tmp_path: Path, codes: Codes) -> None:
    connector = connectors()[name]
    alias = next(a for a in connector.fields[0].aliases if a.encode(connector.layout.encoding) in SAMPLES[name])
    broken = SAMPLES[name].replace(alias.encode(connector.layout.encoding), b"autre_colonne", 1)
    with pytest.raises(SourceRefused, match="not in the file") as caught:
        run(name, broken, tmp_path, codes)
    assert caught.value.facts["missing"] == [connector.fields[0].aliases[0]]


@pytest.mark.parametrize("name", ZIPPED)
def test_a_truncated_archive_is_refused(name: str, tmp_path: Path, codes: Codes) -> None:
    with pytest.raises(SourceRefused):
        run(name, SAMPLES[name][: len(SAMPLES[name]) // 2], tmp_path, codes)


@pytest.mark.parametrize("name", [n for n in ALL if connectors()[n].layout.sheet])
def test_a_truncated_workbook_is_refused(name: str, tmp_path: Path, codes: Codes) -> None:
    with pytest.raises(SourceRefused, match="workbook"):
        run(name, SAMPLES[name][:500], tmp_path, codes)


@pytest.mark.parametrize("name", PARQUET)
def test_a_parquet_file_cut_short_or_of_another_kind_or_without_a_column_is_refused(
    name: str, tmp_path: Path, codes: Codes
) -> None:
    for content in (SAMPLES[name][:200], b"siret;activite\n1;2\n", b""):
        with pytest.raises(SourceRefused, match="no Parquet table"):
            run(name, content, tmp_path, codes)
    field = connectors()[name].fields[0]
    out = io.BytesIO()
    pl.read_parquet(io.BytesIO(SAMPLES[name])).rename({field.aliases[0]: "autre_colonne"}).write_parquet(out)
    with pytest.raises(SourceRefused, match="not in the file") as caught:
        run(name, out.getvalue(), tmp_path, codes)
    assert caught.value.facts["missing"] == [field.aliases[0]]


def test_an_archive_that_climbs_out_of_its_folder_is_refused(tmp_path: Path, codes: Codes) -> None:
    with pytest.raises(SourceRefused, match="outside its folder"):
        run("commuting", archive("../../evil.csv", b"a"), tmp_path, codes)


def test_an_archive_that_would_grow_too_large_is_refused(tmp_path: Path, codes: Codes) -> None:
    with pytest.raises(SourceRefused, match="too large"):
        run("commuting", archive("base.csv", b"0" * 5_000_000), tmp_path, codes)


def test_an_archive_without_its_member_says_what_it_holds(tmp_path: Path, codes: Codes) -> None:
    with pytest.raises(SourceRefused) as caught:
        run("income_epci", archive("autre.csv", b"a;b"), tmp_path, codes)
    assert "autre.csv" in caught.value.facts["found"]


def test_a_town_and_its_districts_in_one_file_are_refused(tmp_path: Path, codes: Codes) -> None:
    both = b"idcom;idcomtxt;naf09art24\n75056;Paris;10\n75101;Paris 1er;5\n"
    with pytest.raises(SourceRefused, match="count people twice"):
        run("land_take", both, tmp_path, codes)


def test_zeros_eaten_by_a_spreadsheet_are_given_back_when_every_code_then_passes(tmp_path: Path, codes: Codes) -> None:
    eaten = b"idcom;idcomtxt;naf09art24\n1001;L'Abergement;10000\n64445;Pau;20000\n"
    frame, _ = run("land_take", eaten, tmp_path, codes)
    assert frame["commune_code"].to_list() == ["01001", "64445"]
    with pytest.raises(SourceRefused, match="codes of"):
        run("land_take", eaten.replace(b"64445", b"9999"), tmp_path, codes)


def test_unknown_codes_beyond_a_few_refuse_the_file(tmp_path: Path, codes: Codes) -> None:
    with pytest.raises(SourceRefused) as caught:
        run("land_take", b"idcom;idcomtxt;naf09art24\n64445;Pau;1\nZZZZZ;Nulle part;2\n", tmp_path, codes)
    assert caught.value.facts["examples"] == ["ZZZZZ"]


def test_a_key_given_twice_is_refused_where_nothing_says_to_add(tmp_path: Path, codes: Codes) -> None:
    twice = HARVEST_WIDE + "64;Maïs grain;2022;1;1\n".encode()
    with pytest.raises(SourceRefused, match="share their key"):
        run("yields_departement", twice, tmp_path, codes)


def test_a_total_off_its_anchor_is_refused(tmp_path: Path, codes: Codes) -> None:
    near = Anchor("capacity_kw", 1245.5)
    assert run("electricity_plants", SAMPLES["electricity_plants"], tmp_path, codes, anchors=(near,))[0].height == 2
    with pytest.raises(SourceRefused, match="--accept-change") as caught:
        run(
            "electricity_plants", SAMPLES["electricity_plants"], tmp_path, codes, anchors=(Anchor("capacity_kw", 1400),)
        )
    assert caught.value.facts["expected"] == 1400


def test_an_empty_file_is_refused(tmp_path: Path, codes: Codes) -> None:
    for content in (b"", b"\n", b"idcom;naf09art24\n"):
        with pytest.raises(SourceRefused):
            run("land_take", content, tmp_path, codes)
