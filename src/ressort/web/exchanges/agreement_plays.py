"""Where an agreement is played: in a shock that hits one of its parties, and in the flows of each good that it promises."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from ressort.core.errors import UnknownCode
from ressort.core.territory import Territory
from ressort.exchanges import balances, good, known_goods, territory_today
from ressort.web.diagnosis.queries import link
from ressort.web.exchanges import agreements
from ressort.web.exchanges.models import Agreement, Line
from ressort.web.exchanges.queries import QUICK

RECIPROCITY = "reciprocity"


def plays(held: Agreement, lines: list[Line]) -> dict[str, Any]:
    """For each party a shock to play with the others beside it; for each good promised, the optimum with the promise kept."""
    today = {party.pk: _today(party.kind, party.code) for party in held.parties.all()}
    known = [place for place in today.values() if place is not None]
    return {"shocks": [(place, _shock(place, known)) for place in known], "promises": _promises(lines, today)}


def _shock(place: Territory, known: list[Territory]) -> str:
    """The question of a shock on one party, with the lever of reciprocity and the other parties named."""
    others = "; ".join(dict.fromkeys(other.key for other in known if other.key != place.key))
    return link(place, "resilience:choose", query={"levier": RECIPROCITY, "avec": others})


def _today(kind: str, code: str) -> Territory | None:
    try:
        return territory_today(kind, code)
    except UnknownCode:
        return None


def _promises(lines: list[Line], today: dict[int, Territory | None]) -> list[dict[str, str]]:
    """Lines of goods that move in every year, between territories of one level; those of one good and receiver together."""
    gathered: dict[tuple[str, str], list[tuple[Territory, Territory, Line]]] = {}
    for line in lines:
        giver, receiver = today.get(line.giver_id), today.get(line.receiver_id)
        if line.event or not line.good:
            continue
        if giver is None or receiver is None or giver.kind != receiver.kind or giver.kind not in QUICK:
            continue
        if line.good in known_goods(balances(giver.kind)) and line.unit == agreements.unit_of(line.good):
            gathered.setdefault((line.good, receiver.key), []).append((giver, receiver, line))
    found = []
    for (key, _receiver), several in gathered.items():
        receiver = several[0][1]
        told = "; ".join(f"{giver.code}>{receiver.code}={line.quantity.normalize():f}" for giver, _r, line in several)
        words = urlencode(
            {"bien": key, "avec": [giver.key for giver, _r, _line in several], "promesse": told}, doseq=True
        )
        url = f"{reverse('exchanges:rules', args=(receiver.kind, receiver.code))}?{words}"
        found.append({"good": good(key).label, "receiver": receiver.label, "url": url})
    return found
