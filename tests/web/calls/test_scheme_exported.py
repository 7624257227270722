"""The scheme of a call as the national schema wants it, to the letter."""

import csv
import io
import re
from typing import Any

from tests.web.call_town import open_call

from ressort.core.calls import problems
from ressort.reference.scdl import schema
from ressort.web.calls import exports


def test_moments_are_universal_time_and_kinds_of_aid_are_those_of_the_schema(administrator: Any) -> None:
    call = open_call(administrator)
    rows = list(csv.reader(io.StringIO(exports.file_of(call, "dispositif-aide"))))
    assert rows[0] == [
        "id", "titre", "promesse", "description", "eligibilite", "types_aides", "porteurs", "programmes_parents", "url_source",
        "cibles", "eligibilite_geographique", "eligibilite_geographique_exclusions", "date_ouverture", "date_cloture",
        "date_mise_a_jour",
    ]  # fmt: skip
    told = dict(zip(*rows, strict=True))
    assert told["types_aides"] == "financement"
    for name in ("date_ouverture", "date_cloture", "date_mise_a_jour"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told[name])
    assert told["date_ouverture"][:13] == f"{call.opens_at:%Y-%m-%dT%H}"


def test_a_moment_without_its_hour_is_refused_and_a_matter_of_ones_own_is_not() -> None:
    scheme = schema("dispositif-aide")
    row = [one.example for one in scheme.fields]
    assert not problems(scheme, scheme.columns, [(2, row)])
    row[scheme.columns.index("date_ouverture")] = "2025-01-15"
    assert [one.column for one in problems(scheme, scheme.columns, [(2, row)])] == ["date_ouverture"]
    acts = schema("deliberations")
    row = [one.example for one in acts.fields]
    row[acts.columns.index("DELIB_MATIERE_NOM")] = "URBANISME"
    assert not problems(acts, acts.columns, [(2, row)])
