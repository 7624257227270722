"""What an agreement promises, kept in the optimum of its good."""

from dataclasses import replace

import pytest

from ressort.core.errors import InputError, UnknownCode
from ressort.core.exchanges import Promise, optimum, verify
from ressort.exchanges import Cooperation, Rules, answers, cooperate, require_one_good
from ressort.exchanges.promised import Promised, read_promises
from ressort.language import language


def test_promises_are_read_as_people_write_them() -> None:
    assert read_promises("45>64=1000; dep:47 > 64 = 12,5 ;") == (
        Promised("45", "64", 1000.0),
        Promised("DEP:47", "64", 12.5),
    )


@pytest.mark.parametrize("text", ["45>64", "45=64", "45>64=-3", "45>64=beaucoup", "1>2=1;" * 51])
def test_what_is_no_promise_is_refused_in_words(text: str) -> None:
    with pytest.raises(InputError, match=r"GIVER>RECEIVER=QUANTITY|at most"):
        read_promises(text)


def test_a_promise_kept_moves_and_makes_the_country_no_shorter() -> None:
    found = cooperate("DEP:83", ["cereals"])
    market, plan = found.nationals["cereals"].market, found.nationals["cereals"].plan
    codes = [found.held.territory(at).code for at in range(len(found.held.rows))]
    asked = replace(market, promises=(Promise(codes.index("45"), found.at, 1000.0),))
    other = optimum(asked)
    assert verify(asked, other).holds and other.certificate.total >= plan.certificate.total
    with language("en"):
        told = answers(found, "cereals", Rules.of({"promise": "45>83=1000"}))[0]
    total = {row["measure"]: (row["least_distance"], row["with_the_rule"]) for row in told.table.to_dicts()}["total"]
    assert total == (pytest.approx(plan.certificate.total), pytest.approx(other.certificate.total))
    assert "% of what it has left over" in told.sentences[0] and "% of what Var (83) lacks" in told.sentences[0]


def test_a_promise_that_the_shortest_flows_keep_costs_no_distance() -> None:
    found = cooperate("DEP:75", ["cereals"])
    giver = found.flows("cereals").row(0, named=True)
    asked = Rules.of({"promise": f"{giver['giver_code']}>75={giver['quantity'] / 2}"})
    with language("en"):
        assert answers(found, "cereals", asked)[0].sentences[-1].endswith("it costs no distance.")


def test_promises_of_one_giver_share_what_it_has_left_over_and_those_to_one_receiver_what_it_lacks() -> None:
    found = cooperate("DEP:83", ["cereals"])
    with language("en"):
        alone, *_words = _told(found, "45>83=100000")
        shared = _told(found, "45>83=100000; 45>06=200000")[:2]
        joined = _told(found, "45>83=100000; 28>83=100000")[:2]
    assert "other promises" not in alone and "in all" not in alone
    for told in shared:
        assert "With its other promises, it gives 300,000 t." in told
        assert _share(told, "of what it has left over") == pytest.approx(
            3 * _share(alone, "of what it has left over"), rel=0.1
        )
    for told in joined:
        assert "Var (83) is promised 200,000 t in all." in told and "other promises" not in told
        assert _share(told, "of what Var") == pytest.approx(2 * _share(alone, "of what Var"), rel=0.1)


def _told(found: Cooperation, promise: str) -> list[str]:
    sentences = answers(found, "cereals", Rules.of({"promise": promise}))[0].sentences
    return [one.replace("\N{NO-BREAK SPACE}", " ") for one in sentences]


def _share(told: str, what: str) -> float:
    return float(told.split(f"% {what}")[0].rsplit(" ", 1)[1])


def test_a_promise_beyond_what_the_giver_has_says_so_and_the_other_rules_answer() -> None:
    found = cooperate("DEP:83", ["cereals"])
    told = answers(found, "cereals", Rules.of({"promise": "05>83=99000000", "most_from_one": "0.5"}))
    assert [one.rule for one in told] == ["most_from_one", "promise"] and told[1].status == "none"
    assert "Hautes-Alpes (05): 98" in told[1].sentences[0] and "e+" not in told[1].sentences[0]


def test_a_promise_of_someone_who_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownCode):
        answers(cooperate("DEP:83", ["cereals"]), "cereals", Rules.of({"promise": "99>83=1"}))


def test_a_promise_of_a_departement_is_not_played_for_the_region_of_the_same_number() -> None:
    with pytest.raises(UnknownCode, match="DEP:76"):
        answers(cooperate("REG:75", ["cereals"]), "cereals", Rules.of({"promise": "DEP:76>REG:75=1"}))


def test_a_promise_asked_of_several_goods_is_refused() -> None:
    with pytest.raises(InputError, match="cereals"):
        require_one_good(Rules.of({"promise": "45>64=1"}), ["cereals", "electricity"])
