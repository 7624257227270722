"""Distances of one's own: read from CSV, or from a Parquet of one's own, refused at their line, for a few pairs of all the communes as for all pairs of a level."""

import io
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from ressort.core.errors import InputError, RessortError, RuleBroken, UnknownCode
from ressort.core.exchanges import verify
from ressort.exchanges import balances, cooperate, own_distances, read_distances
from ressort.reference.territories import territories


def test_distances_of_ones_own_replace_the_great_circle() -> None:
    near = cooperate(
        "DEP:29", ["cereals"], level="DEP", distances=read_distances("from,to,km\n29,22,60\n29,56,80\n22,56,90\n")
    )
    plan = near.nationals["cereals"].plan
    assert verify(near.nationals["cereals"].market, plan).holds
    assert len(plan.left_out) == len(near.held.rows) - 3  # those on no line stay out
    assert set(plan.km.tolist()) <= {60.0, 80.0, 90.0}
    one_way = read_distances("de;vers;km\n29;22;60,5\n22;29;70\n")
    assert one_way.pairs.select("from", "to", "km").rows() == [("29", "22", 60.5), ("22", "29", 70.0)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 0),
        ("  \n\t\n", 0),
        (";;\n,,\n", 0),
        ("\ufeff", 0),
        ('""\n"",""\n', 0),
        ("from,to,km\n", 0),
        ("\ufefffrom;to;km\n;;\n\n", 0),
        ("a,b,c\n1,2,3\n", 1),
        ("from|to|km\n29|22|4\n", 1),
        ("\n;;\nfrom to km\n29 22 4\n", 3),
        ("from,to,km,km\n29,22,4,5\n", 1),
        ("from,to,km\n29,22,60,5\n", 2),
        ("from,to,km\n29,22,4,,\n29,56,4,,9\n", 3),
        ("from,to,km\n29,22,-inf\n", 2),
        ("from;to;km\n29;22;NaN\n", 2),
        ("from,to,km\n29,22\n", 2),
        ("from,to,km\n29,22,loin\n", 2),
        ("from,to,km\n29,22,\n", 2),
        ("from,to,km\n\n29,22,-4\n", 3),
        ("from,to,km\n29,22,inf\n", 2),
        ("from,to,km\n29,29,4\n", 2),
        ("from,to,km\n29,22,4\n29,22,5\n", 3),
        ("from,to,km\n29,22,1_0\n", 2),
        ("from,to,km\n29,22,nan\n", 2),
        (f"from,to,km\n29,22,{'9' * 200_000}\n", 2),
        ("from,to,km\n" + "29,22,4\n" * 120_000 + "29,56\n", 120_002),
    ],
)
def test_a_file_of_distances_with_a_mistake_names_its_line(text: str, line: int) -> None:
    with pytest.raises(RessortError) as told:
        read_distances(text)
    assert told.value.facts.get("line", 0) == line and "{" not in str(told.value)


def test_codes_that_are_not_of_the_level_are_told_with_their_line() -> None:
    with pytest.raises(UnknownCode) as told:
        cooperate("DEP:29", ["cereals"], level="DEP", distances=read_distances("from,to,km\n29,22,60\n29,2222,4\n"))
    assert told.value.facts["line"] == 3
    with pytest.raises(InputError) as lost:
        cooperate("DEP:29", ["cereals"], level="DEP", distances=read_distances("from,to,km\n22,56,60\n"))
    assert "29" in str(lost.value)


def test_parquet_and_csv_say_the_same_and_what_is_no_parquet_is_refused() -> None:
    lines = "de;vers;km\n29;22;60,5\n29;56;1\u202f080\n"
    held, raw = io.BytesIO(), read_distances(lines)
    pl.DataFrame({"from": ["29", "29"], "to": ["22", "56"], "km": [60.5, 1080.0]}).write_parquet(held)
    assert read_distances(held.getvalue(), parquet=True).pairs.drop("line").equals(raw.pairs.drop("line"))
    wrong = io.BytesIO()
    pl.DataFrame({"from": ["29", None], "to": ["22", "56"], "km": [60.5, None]}).write_parquet(wrong)
    none = io.BytesIO()
    pl.DataFrame(schema={"from": pl.String, "to": pl.String, "km": pl.Float64}).write_parquet(none)
    for content in (b"PAR1 is not enough", wrong.getvalue(), none.getvalue(), b"\xff\xfe\x00"):
        with pytest.raises(InputError):
            read_distances(content, parquet=True)


def test_a_parquet_is_opened_only_where_one_asks_and_not_at_all_when_it_holds_too_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = io.BytesIO()
    pl.DataFrame({"from": ["29", "29"], "to": ["22", "56"], "km": [60.5, 80.0]}).write_parquet(held)
    monkeypatch.setattr(own_distances, "MOST_PAIRS", 1)
    monkeypatch.setattr(pl, "read_parquet", lambda *_: pytest.fail("the file was opened"))
    with pytest.raises(InputError, match="CSV"):
        read_distances(held.getvalue())
    with pytest.raises(RuleBroken):
        read_distances(held.getvalue(), parquet=True)


def test_a_mark_accents_capitals_and_trailing_blanks_do_not_count() -> None:
    read = read_distances("\ufeff De ; VERS;Cou\u0302t;;\n29;22;60,5;;\n".encode())
    assert read.pairs.select("from", "to", "km").rows() == [("29", "22", 60.5)]


def test_too_many_pairs_are_refused_with_what_to_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_distances, "MOST_PAIRS", 2)
    with pytest.raises(RuleBroken):
        read_distances("from,to,km\n29,22,60\n29,56,80\n22,56,90\n")


def test_pairs_that_are_not_written_run_along_the_great_circle_when_one_asks() -> None:
    text = "from,to,km\n29,22,1\n"
    whole = cooperate("DEP:29", ["cereals"], level="DEP")
    mixed = cooperate("DEP:29", ["cereals"], level="DEP", distances=read_distances(text, elsewhere=True))
    found = mixed.nationals["cereals"]
    assert verify(found.market, found.plan).holds and found.plan.certificate.proved
    assert len(found.plan.left_out) == len(whole.nationals["cereals"].plan.left_out)
    assert found.plan.certificate.total <= whole.nationals["cereals"].plan.certificate.total * (1 + 1e-9)
    there = {mixed.held.territory(at).code: km for at, km in enumerate(mixed.km.tolist())}
    assert there["22"] == 1 and there["75"] == pytest.approx(dict(zip(there, whole.km.tolist(), strict=True))["75"])


def test_each_commune_with_a_neighbour_or_two_is_a_matrix_of_all_communes() -> None:
    codes = [code for code in territories().table["code"][balances("COM").rows.tolist()].to_list() if code < "96"]
    text = "from,to,km\n" + "".join(f"{one},{other},7\n" for one, other in pairwise(codes))
    found = cooperate("COM:64445", ["cereals"], level="COM", distances=read_distances(text))
    plan = found.nationals["cereals"].plan
    assert plan.certificate.proved and set(plan.km.tolist()) == {7.0}
    assert np.bincount(plan.receiver).max() <= 2 and len(plan.left_out) < 2_000
