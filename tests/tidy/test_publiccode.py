"""`publiccode.yml` keeps to the standard that catalogues of public software read, and invents neither a person nor an address."""

from datetime import date
from urllib.parse import urlsplit

import yaml

import ressort
from tests.tidy.sources import ROOT

CATEGORIES = {
    "budgeting",
    "data-analytics",
    "data-visualization",
    "digital-citizenship",
    "geographic-information-systems",
    "grant-management",
    "knowledge-management",
}
SCOPES = {"agriculture", "energy", "environment", "local-authorities", "society"}
TYPES = {"internal", "contract", "community", "none"}


def _written() -> dict[str, object]:
    found = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_every_mandatory_key_is_there_with_a_value_of_the_standard() -> None:
    told = _written()
    assert told["publiccodeYmlVersion"] == "0.4" and told["name"] == "Ressort"
    assert date.fromisoformat(str(told["releaseDate"])) and told["softwareVersion"] == ressort.__version__
    assert set(told["platforms"]) <= {"web", "windows", "mac", "linux", "ios", "android"}  # type: ignore[call-overload]
    assert set(told["categories"]) <= CATEGORIES, "the controlled list: docs/en/categories-list of the standard"  # type: ignore[call-overload]
    assert told["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert told["softwareType"] == "standalone/web" and told["legal"] == {"license": "AGPL-3.0-or-later"}
    assert told["localisation"] == {"localisationReady": True, "availableLanguages": ["fr", "en"]}
    assert set(told["intendedAudience"]["scope"]) <= SCOPES  # type: ignore[index]


def test_texts_keep_to_the_lengths_of_the_standard_and_pictures_are_there() -> None:
    for texts in _written()["description"].values():  # type: ignore[attr-defined]
        assert len(texts["genericName"]) <= 35 and len(texts["shortDescription"]) <= 150
        assert 150 <= len(texts["longDescription"]) <= 10_000
        assert all(len(feature) <= 100 for feature in texts["features"])
        assert all((ROOT / picture).is_file() for picture in texts["screenshots"])


def test_who_maintains_it_is_a_person_or_nobody_yet() -> None:
    maintenance = _written()["maintenance"]
    assert maintenance["type"] in TYPES  # type: ignore[index]
    is_promised = maintenance["type"] in {"internal", "community"}  # type: ignore[index]
    assert is_promised == bool(maintenance.get("contacts")), "a contact is a real person, and only where one promised"  # type: ignore[attr-defined]
    assert urlsplit(str(_written()["url"])).scheme == "https"
