"""Data to collect first, on a territory: the size of the event comes before what it does not touch."""

import pytest

from ressort.core.errors import RuleBroken
from ressort.language import language
from ressort.reference.territories import resolve
from ressort.resilience import Request, data_to_collect_first, of_territory

REQUEST = Request("EPCI:200067254", ("power_cut",), days=60)


def test_the_event_comes_before_what_it_does_not_touch_and_twice_is_the_same() -> None:
    ground, told = of_territory(resolve(REQUEST.territory)), []
    with language("en"):
        found = data_to_collect_first(
            REQUEST, ground, paths=3, sample=16, progress=lambda done, total: told.append((done, total))
        )
        again = data_to_collect_first(REQUEST, ground, paths=3, sample=16)
    assert found.equals(again)
    assert found["hypothesis"][0].split(":")[1] == "power_cut" and found["label"][0].endswith("Power cut")
    assert found["total_share"].drop_nulls().len() == 10 and found["total_share"].drop_nulls().is_sorted(
        descending=True
    )
    quiet = found.filter(found["hypothesis"] == "home:food")
    assert quiet["strength_person_days"][0] < 0.01 * found["strength_person_days"].max()
    assert told[-1][0] == told[-1][1] == 3 * (found.height + 1) + 12 * 16
    with pytest.raises(RuleBroken):
        data_to_collect_first(REQUEST, ground, paths=0)
    with pytest.raises(RuleBroken):
        data_to_collect_first(REQUEST, ground, sample=1)
