"""Reading and writing `.pb` files: what is accepted, what is refused and at which line, nothing lost on a round trip."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from ressort.core.budget import Election, Rules, count, read_election, read_pb, rules_in, write_pb
from ressort.core.errors import RuleBroken
from tests.core.budget.conftest import elections, toulouse

GOOD = '''META
key;value
description;Essai
budget;1000.50
num_projects;2
num_votes;3
vote_type;approval
max_length;2
odd_key;kept as it is
PROJECTS
project_id;cost;votes;name;category
a;600;2;"Un banc; puis un ""arbre""";nature,eau
b;400.5;2;Vélos;mobilité
VOTES
voter_id;vote;age
1;a,b;15
2;a;40
3;b;
'''
POINTS = """META
key;value
budget;10
num_projects;2
num_votes;1
vote_type;cumulative
max_sum_points;5
PROJECTS
project_id;cost
a;6
b;4
VOTES
voter_id;vote;points
1;a,b;3,2
"""


def _read(text: str, **options: bool) -> Election:
    return read_election(text.splitlines(keepends=True), **options)


def test_a_file_is_read_to_the_cent_with_its_groups_and_columns() -> None:
    of = _read(GOOD)
    assert of.budget_cents == 100050
    assert [p.cost_cents for p in of.projects] == [60000, 40050]
    assert of.projects[0].name == 'Un banc; puis un "arbre"'
    assert of.projects[0].groups == ("category:nature", "category:eau")
    assert list(of.ballots.columns["age"]) == ["15", "40", ""]
    assert of.votes().tolist() == [2, 2]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_ends_of_lines_and_the_mark_of_excel_change_nothing(ends: str, mark: str) -> None:
    of = _read(mark + GOOD.replace("\n", ends))
    assert of.votes().tolist() == [2, 2]
    assert of.projects[1].groups == ("category:mobilité",)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("3;b;", "1;b;", 18, "already votes at line 16"),
        ("2;a;40", "2;z;40", 17, "z, which is not a project"),
        ("2;a;40", "2;a,a;40", 17, "a twice"),
        ("2;a;40", ";a;40", 17, "no number"),
        ("2;a;40", "2;a", 17, "2 fields"),
        ("1;a,b;15", "1;a,b;15;9", 16, "4 fields"),
        ("a;600", "a;-600", 12, "-600"),
        ("a;600", "a;0", 12, "not positive"),
        ("a;600", "a;6oo", 12, "6oo"),
        ("a;600;2", "a;600,50;2", 12, "comma"),
        ("a;600", "a;600.125", 12, "two decimals"),
        ("b;400.5", "a;400.5", 13, "comes twice"),
        ("b;400.5", ";400.5", 13, "project number"),
        ("b;400.5", "b,c;400.5", 13, "project number"),
        ("budget;1000.50", "budget;0", 4, "not positive"),
        ("budget;1000.50", "budget;beaucoup", 4, "beaucoup"),
        ("budget;1000.50\n", "", 0, "amount"),
        ("num_votes;3", "num_votes;4", 6, "the file holds 3"),
        ("num_projects;2", "num_projects;5", 5, "the file holds 2"),
        ("budget;1000.50", "budget;1000.50\nbudget;2", 5, "comes twice"),
        ("max_length;2", "max_length;1", 16, "at most 1"),
        ("voter_id;vote;age", "voter_id;choice;age", 15, "vote"),
        ("PROJECTS", "VOTES\nvoter_id;vote\nPROJECTS", 10, "in order"),
        ("budget;1000.50\n", "", 0, "does not tell"),
        ("budget;1000.50", "budget;", 4, "does not tell"),
        ("Vélos", "V\udce9los", 13, "UTF-8"),
        ("Vélos", '"Vélos', 13, "never closed"),
    ],
)
def test_what_would_change_a_result_is_refused_at_its_line(old: str, new: str, line: int, said: str) -> None:
    assert old in GOOD
    reading = read_pb(GOOD.replace(old, new, 1).splitlines(keepends=True))
    assert reading.election is None
    told = [(one.line, str(RuleBroken(one.template, **one.facts))) for one in reading.problems]
    assert any(at == line and said in text for at, text in told), told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("a,b;3,2", "a,b;3", "1 points for 2"),
        ("a,b;3,2", "a,b;3,-2", "-2"),
        ("a,b;3,2", "a,b;4,2", "at most 5"),
        ("voter_id;vote;points\n1;a,b;3,2", "voter_id;vote\n1;a,b", "gives no points"),
    ],
)
def test_points_that_do_not_fit_their_ballot_are_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        _read(POINTS.replace(old, new))


def test_all_the_problems_of_a_file_are_told_at_once() -> None:
    with pytest.raises(RuleBroken) as refused:
        _read(GOOD.replace("a;600", "a;-1").replace("2;a;40", "2;z;40"))
    assert [one.line for one in refused.value.facts["listed"]] == [12, 17]


@pytest.mark.parametrize("text", ["", "\n", "hello\n", "META\n", "PK\x03\x04\x00binary", "META\nkey;value\nbudget;5\n"])
def test_what_is_not_such_a_file_is_refused(text: str) -> None:
    with pytest.raises(RuleBroken):
        _read(text)


def test_limits_may_be_waived_with_a_warning_for_each_ballot() -> None:
    reading = read_pb(GOOD.replace("max_length;2", "max_length;1").splitlines(), lenient=True)
    assert reading.election is not None
    assert [one.line for one in reading.warnings] == [16]


def test_counts_that_lie_about_votes_are_a_warning() -> None:
    reading = read_pb(GOOD.replace("a;600;2", "a;600;99").splitlines())
    assert reading.election is not None
    assert reading.warnings[0].facts["expected"] == 2


def test_a_hostile_quote_does_not_swallow_the_file() -> None:
    lines = (line for line in [*GOOD.splitlines(keepends=True)[:12], '"' + "x" * 50 + "\n", *["1;a;2\n"] * 100_000])
    assert read_pb(lines).election is None


def test_a_large_file_is_read_as_a_stream() -> None:
    def lines() -> Iterator[str]:
        yield from "META\nkey;value\nbudget;100\nnum_projects;2\nnum_votes;50000\nvote_type;approval\n".splitlines()
        yield from ("PROJECTS", "project_id;cost", "a;60", "b;40", "VOTES", "voter_id;vote")
        yield from (f"{voter};{'a,b' if voter % 2 else 'b'}" for voter in range(50_000))

    assert read_election(lines()).votes().tolist() == [25_000, 50_000]


@settings(deadline=None, max_examples=60)
@given(elections(with_points=True))
def test_what_is_written_is_read_back(of: Election) -> None:
    again = _read("".join(write_pb(of)))
    assert again.budget_cents == of.budget_cents
    assert [(p.code, p.cost_cents) for p in again.projects] == [(p.code, p.cost_cents) for p in of.projects]
    assert again.ballots.starts.tolist() == of.ballots.starts.tolist()
    assert again.ballots.chosen.tolist() == of.ballots.chosen.tolist()
    assert again.ballots.points is not None
    assert of.ballots.points is not None
    assert again.ballots.points.tolist() == of.ballots.points.tolist()


@pytest.mark.parametrize("year", [2019, 2022])
def test_a_real_file_survives_a_round_trip_and_counts_the_same(year: int) -> None:
    of = toulouse(year)
    rules = Rules(rule="greedy")
    outcome = count(of, rules)
    again = _read("".join(write_pb(of, outcome.winners, rules)))
    assert again.meta["unit"] == of.meta["unit"]
    assert rules_in(again) == rules
    assert count(again, rules_in(again)).winners == outcome.winners
    assert {p.code for p in again.projects if p.columns["selected"] == "1"} == set(outcome.winners)


def test_the_official_greedy_result_of_toulouse_2019_is_found_again() -> None:
    """The file says `rule;greedy`: points until the envelope of 1 M€ is exhausted."""
    of = toulouse(2019)
    assert of.scores().tolist() == [int(p.columns["score"]) for p in of.projects]
    assert of.votes().tolist() == [int(p.columns["votes"]) for p in of.projects]
