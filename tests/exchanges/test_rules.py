"""Other rules than least distance, groups of communes, and distances of one's own, on the real figures."""

from itertools import count

import numpy as np
import pytest

from ressort.core.errors import RessortError, RuleBroken, UnknownCode
from ressort.core.exchanges import verify
from ressort.exchanges import Rules, answers, balances, cooperate, goods_shocks
from ressort.exchanges.answer import rule_title
from ressort.language import language

GROUP = ["Crest", "Die", "26289"]
ALL = {"most_from_one": "0.2", "fair_km": "100", "present": "400", "balance": "0.1"}


def test_a_group_of_communes_takes_its_place_and_nothing_counts_twice() -> None:
    found, whole = cooperate(GROUP, ["cereals"]), balances("EPCI")
    assert found.territory.kind == "CUSTOM" and len(found.held.own) == 3  # the group, and what it leaves of two
    for name in ("supply", "need"):
        column = found.held.column("cereals")
        assert np.nansum(getattr(found.held, name)[:, column]) == pytest.approx(
            np.nansum(getattr(whole, name)[:, column])
        )
    assert verify(found.nationals["cereals"].market, found.nationals["cereals"].plan).holds
    line = found.lines[0]
    assert line.need is not None and line.basin is not None
    assert line.basin.own + line.received + line.imported == pytest.approx(line.need)
    assert "Crest + Die + Saillans" in found.flows("cereals")["receiver_name"].to_list()


def test_a_group_that_is_a_whole_intercommunality_reads_as_it_does() -> None:
    alone = cooperate("CC du Diois", ["cereals"])
    members = [f"COM:{code}" for code in _codes("CC du Diois")]
    group = cooperate(members, ["cereals"])
    assert len(group.held.rows) == len(alone.held.rows)
    for name in ("supply", "need"):
        assert getattr(group.lines[0], name) == pytest.approx(getattr(alone.lines[0], name), rel=1e-6)


def _codes(name: str) -> list[str]:
    from ressort.diagnosis import place
    from ressort.reference.territories import territories

    return [territories().key(int(row)).removeprefix("COM:") for row in place(name).members]


def test_every_rule_answers_in_words_and_figures() -> None:
    found = cooperate("Brest Métropole", ["cereals", "forage", "oilseeds"])
    for extra in ({"shock": "supplier_failure"}, {"shock": "drought"}, {"present": "radiation"}):
        told = answers(found, "cereals", Rules.of(ALL | extra))
        assert [one.rule for one in told if one.rule != "shock"] == ["most_from_one", "fair_km", "present", "balance"]
        for one in told:
            assert one.title and one.sentences and "{" not in "".join(one.sentences)
            assert one.title == rule_title(one.rule) or one.rule == "shock"
        assert next(one for one in told if one.rule == "present").status == "estimated"


@pytest.mark.parametrize(
    "words",
    [{"most_from_one": "0.2"}, {"fair_km": "100"}, {"shock": "supplier_failure"}, {"shock": "drought"}, {"shock": "heatwave"},
     {"present": "400"}, {"promise": "28>75=1000"}, {"balance": "0.1"}],
)  # fmt: skip
def test_every_rule_tells_its_steps_and_ends_where_its_watch_says_so(words: dict[str, str]) -> None:
    found = cooperate("DEP:75", ["oilseeds", "cereals"], ["DEP:28"])

    def steps(most: int) -> int:
        told = count(1)

        def watch(_step: int, _least: float) -> None:
            if next(told) == most:
                raise KeyboardInterrupt

        assert answers(found, "cereals", Rules.of(words), watch)
        return next(told) - 1

    every = steps(0)
    assert every > 1 or "balance" in words  # a dozen parties at most: an instant
    for most in {1, every}:
        with pytest.raises(KeyboardInterrupt):
            steps(most)


def test_no_partner_brings_more_than_the_part_asked() -> None:
    found = cooperate("Brest Métropole", ["cereals"])
    rows = dict(
        answers(found, "cereals", Rules.of({"most_from_one": "0.1"}))[0]
        .table.select("measure", "with_the_rule")
        .iter_rows()
    )
    before = dict(
        answers(found, "cereals", Rules.of({"most_from_one": "1"}))[0]
        .table.select("measure", "with_the_rule")
        .iter_rows()
    )
    assert rows["largest_partner_share"] <= 0.1 + 1e-9 and rows["suppliers"] >= before["suppliers"]
    assert rows["total"] >= before["total"] - 1e-6


def test_a_drought_lowers_supply_where_harvests_were_lost() -> None:
    found = cooperate("Brest Métropole", ["cereals", "electricity"])
    table = answers(found, "cereals", Rules.of({"shock": "drought"}))[0].table
    rows = {name: (before, after) for name, before, after in table.iter_rows()}
    assert rows["covered_share"][1] <= rows["covered_share"][0] + 1e-9
    nantes = cooperate("Nantes Métropole", ["electricity"])
    assert "sécheresse" in answers(nantes, "electricity", Rules.of({"shock": "drought"}))[0].sentences[0]


def test_what_has_no_answer_says_why_and_the_others_still_answer() -> None:
    found = cooperate("CA Pau Béarn Pyrénées", ["cereals"])
    with language("en"):
        told = {
            one.rule: one
            for one in answers(found, "cereals", Rules.of({"balance": "0", "present": "2", "fair_km": "50"}))
        }
    assert told["balance"].status == "none" and "go one way" in told["balance"].sentences[0]
    assert told["present"].status == "none" and "out of reach" in told["present"].sentences[0]
    assert told["fair_km"].table.height == 4


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ({"most_from_one": "0"}, RuleBroken),
        ({"most_from_one": "beaucoup"}, RuleBroken),
        ({"fair_km": "-1"}, RuleBroken),
        ({"fair_km": "nan"}, RuleBroken),
        ({"shock": "hospital_closure"}, UnknownCode),
        ({"present": "loin"}, RuleBroken),
        ({"balance": "1,5"}, RuleBroken),
    ],
)
def test_a_rule_out_of_range_is_refused(words: dict[str, str], kind: type[RessortError]) -> None:
    with pytest.raises(kind) as told:
        Rules.of(words)
    assert "{" not in str(told.value)


def test_overseas_no_rule_is_played_on_nothing() -> None:
    with pytest.raises(RuleBroken):
        answers(cooperate("CA La Riviera du Levant"), "cereals", Rules.of(ALL))


def test_any_shock_that_lowers_supplies_is_played_by_the_part_of_a_year_that_it_takes() -> None:
    found = cooperate("Brest Métropole", ["cereals"])
    assert {"supplier_failure", "drought", "heatwave", "flood", "water_pollution"} <= set(goods_shocks())
    for name in goods_shocks():
        table = answers(found, "cereals", Rules.of({"shock": name}))[0].table
        rows = {one[0]: one[1:] for one in table.iter_rows()}
        assert not rows or "covered_share" not in rows or rows["covered_share"][1] <= rows["covered_share"][0] + 1e-9, (
            name
        )
    # heatwave, central: 15 % for 10 days and 5 of recovery, then 4 % everywhere for as long: (0.15 + 0.04) × 12.5 / 365
    assert "0,6 %" in answers(found, "cereals", Rules.of({"shock": "heatwave"}))[0].sentences[0].replace(
        "\u202f", " "
    ).replace("\xa0", " ")
    with pytest.raises(UnknownCode, match="heatwave"):
        Rules.of({"shock": "hospital_closure"})
