"""Energy for programs."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from ressort.core.errors import UnknownCode
from ressort.energy import OWN, SHARES, Owners, as_dict, read_hypotheses, scenario
from ressort.web.diagnosis.queries import place_of
from ressort.web.energy import queries
from ressort.web.energy.forms import Asked

router = Router(tags=["energy"])
HYPOTHESES = Query([], description="Hypotheses of one's own on who earns: wind.investment=1200, roofs.return=0.04…")
#: words that the address may hold beside the levers
OTHERS = ("year", "authority_share", "citizens_share", "hypothesis", "lang")


@router.get("/{kind}/{code}", summary="Energy used and made, what could be under a scenario, flows, who would earn")
def energy(
    request: HttpRequest,
    kind: str,
    code: str,
    year: str = "",
    scenario_name: str = "today",
    roofs_share: float | None = None,
    wind_share: float | None = None,
    biogas_share: float | None = None,
    saved_share: float | None = None,
    roofs_kw: float | None = None,
    wind_kw: float | None = None,
    biogas_mwh: float | None = None,
    wood_mwh: float | None = None,
    wood_use_mwh: float | None = None,
    authority_share: float = 0.0,
    citizens_share: float = 0.0,
    hypothesis: list[str] = HYPOTHESES,
) -> dict[str, Any]:
    known = (*SHARES, *OWN, *OTHERS, "scenario_name")
    wrong = [word for word in request.GET if word not in known]
    if wrong:
        raise UnknownCode("{name} is not read here; the words are {choices}.", name=wrong[0], choices=list(known))
    levers = scenario(
        scenario_name, roofs_share=roofs_share, wind_share=wind_share, biogas_share=biogas_share, saved_share=saved_share,
        roofs_kw=roofs_kw, wind_kw=wind_kw, biogas_mwh=biogas_mwh, wood_mwh=wood_mwh, wood_use_mwh=wood_use_mwh,
    )  # fmt: skip
    owners = Owners(round(authority_share * 10_000), round(citizens_share * 10_000))
    asked = Asked(year, levers, owners, "electricity", read_hypotheses(hypothesis))
    return as_dict(queries.energy(place_of(request, kind, code), asked))
