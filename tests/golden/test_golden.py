"""Whole diagnoses of pilot territories. A change here is a change of result: the commit that makes it says why.

To write them again: `RESSORT_GOLDEN=write make test`.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

import ressort
from ressort.language import language

PILOTS = {
    "ca-pau-bearn-pyrenees": "EPCI:200067254",
    "val-de-drome-en-biovallee": "EPCI:242600252",
    "fumel-vallee-du-lot": "EPCI:200068930",
    "metropole-de-lyon": "EPCI:200046977",
    "la-reunion": "DEP:974",
    "rochefourchat": "COM:26274",
    "nouvelle-aquitaine": "REG:75",
    "france-metropolitaine": "PAYS:FRM",
    "province-de-liege": "BE_PROV:60000",
}
HERE = Path(__file__).parent


def _rounded(value: Any) -> Any:
    """Floats to six significant digits: enough to see a change, too few to see another machine."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list) else value


def _near(found: Any, kept: Any, where: str = "") -> list[str]:
    if isinstance(kept, dict) and isinstance(found, dict):
        missing = [f"{where}.{key}: only on one side" for key in found.keys() ^ kept.keys()]
        return missing + [
            line for key in found.keys() & kept.keys() for line in _near(found[key], kept[key], f"{where}.{key}")
        ]
    if isinstance(kept, list) and isinstance(found, list) and len(kept) == len(found):
        return [line for i, (a, b) in enumerate(zip(found, kept, strict=True)) for line in _near(a, b, f"{where}[{i}]")]
    same = (
        found == pytest.approx(kept, rel=2e-5)
        if isinstance(kept, float) and isinstance(found, float | int)
        else found == kept
    )
    return [] if same else [f"{where}: {kept} → {found}"]


@pytest.mark.parametrize("name", PILOTS)
def test_the_diagnosis_of_a_pilot_territory_has_not_moved(name: str) -> None:
    with language("fr"):
        diagnosis = ressort.diagnose(PILOTS[name])
        found = _rounded(diagnosis.to_dict() | {"similar": [place.key for place, _ in diagnosis.similar]})
    path = HERE / f"{name}.json"
    if os.environ.get("RESSORT_GOLDEN") == "write":
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    moved = _near(json.loads(json.dumps(found)), json.loads(path.read_text("utf-8")))
    assert moved == []
