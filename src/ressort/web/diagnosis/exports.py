"""The tables of a diagnosis as files: CSV for spreadsheets, Parquet and JSON for programs, GeoJSON for maps."""

import io
import json
from collections.abc import Callable
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from ressort.core.spreadsheet import csv_of
from ressort.diagnosis import Diagnosis
from ressort.diagnosis.exports import with_producers
from ressort.reference.territories import territories
from ressort.web.territories.shapes import geometry

#: tables whose rows are territories, which alone make a map
PLACES = ("comparison", "similar")


def file_of(diagnosis: Diagnosis, name: str, extension: str) -> tuple[bytes, str]:
    """A table as a file, and its media type.

    Raises:
        UnknownCode: no table bears that name.
    """
    write, media = WRITERS[extension]
    return write(with_producers(diagnosis.table(name)), diagnosis), media


def _csv(frame: pl.DataFrame, diagnosis: Diagnosis) -> bytes:
    return csv_of(frame)


def _parquet(frame: pl.DataFrame, diagnosis: Diagnosis) -> bytes:
    target = io.BytesIO()
    frame.write_parquet(target)
    return target.getvalue()


def _json(frame: pl.DataFrame, diagnosis: Diagnosis) -> bytes:
    return json.dumps({"territory": diagnosis.territory.key, "rows": frame.to_dicts()}, ensure_ascii=False).encode()


def _geojson(frame: pl.DataFrame, diagnosis: Diagnosis) -> bytes:
    """One feature per territory of the table; a table of anything else hangs on the territory itself."""
    if "territory" in frame.columns:
        features = [_feature(row["territory"], row, diagnosis) for row in frame.to_dicts()]
    else:
        features = [
            _feature(diagnosis.territory.key, {"label": diagnosis.territory.label, "rows": frame.to_dicts()}, diagnosis)
        ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def _feature(key: str, properties: dict[str, Any], diagnosis: Diagnosis) -> dict[str, Any]:
    place = diagnosis.territory if key == diagnosis.territory.key else territories().territory(key)
    return {"type": "Feature", "geometry": geometry(place), "properties": properties}


WRITERS: dict[str, tuple[Callable[[pl.DataFrame, Diagnosis], bytes], str]] = {
    "csv": (_csv, "text/csv; charset=utf-8"),
    "parquet": (_parquet, "application/vnd.apache.parquet"),
    "json": (_json, "application/json"),
    "geojson": (_geojson, "application/geo+json"),
}


def table_titles() -> dict[str, str]:
    """The tables offered, with their names."""
    return {
        "figures": _("All the figures"),
        "groups": _("Land by crop group"),
        "families": _("Land, jobs and gases by family of food"),
        "products": _("Land, jobs and gases by product"),
        "production": _("What is grown and raised here"),
        "scales": _("Autonomy as the perimeter grows"),
        "comparison": _("Comparison with the larger territories"),
        "similar": _("The most similar territories"),
        "drivers": _("What makes the range wide"),
        "choices": _("Land under each method"),
        "farm_starts": _("Market gardens year by year"),
        "canteens": _("Canteens: meals, kilograms, land"),
        "energy": _("Electricity and gas by sector"),
        "disasters": _("Natural disaster orders by hazard"),
        "food_projects": _("Territorial food projects"),
    }
