"""Files of Pabulib that are odd and legal: read, counted by the points or the ranks that they hold."""

import pytest

from ressort.core.budget import announced, count, read_pb
from ressort.core.errors import RuleBroken

META = ("META", "key;value", "budget;100", "num_projects;3", "num_votes;3", "rule;greedy")
PROJECTS = ("PROJECTS", "project_id;cost;score;selected", "a;60;3;0", "b;60;6;1", "c;40;4;1")
RANKED = ("VOTES", "voter_id;vote", "1;b,a", "2;c,a", "3;b,a")


def _read(*lines: str) -> object:
    return read_pb("\n".join(lines).splitlines(keepends=True))


def test_ranks_are_points_for_the_greedy_rule_and_for_the_column_score() -> None:
    projects = ("PROJECTS", "project_id;cost;score", "a;60;6", "b;60;6", "c;40;3")
    reading = _read(*META, "vote_type;ordinal", "max_length;3", *projects, *RANKED)
    assert reading.election is not None and reading.warnings == ()
    assert reading.election.votes().tolist() == [3, 2, 1] and reading.election.scores().tolist() == [6, 6, 3]
    projects = ("PROJECTS", "project_id;cost", "a;60", "b;60", "c;40")
    again = _read(*META, "vote_type;ordinal", *projects, *RANKED).election
    assert again is not None and again.scores().tolist() == [3, 4, 2], "without a limit, the longest ballot"
    assert count(again, announced(again)).winners == ("b", "c"), "by votes it would have been a, then c"


def test_a_threshold_on_points_sets_projects_aside() -> None:
    votes = ("VOTES", "voter_id;vote;points", "1;a,b;1,3", "2;c;2", "3;b,a;3,2")
    reading = _read(*META, "vote_type;cumulative", "min_project_score_threshold;3", *PROJECTS, *votes)
    assert count(reading.election, announced(reading.election)).winners == ("b",)


def test_what_a_spreadsheet_or_a_long_word_leaves_in_a_file_does_not_stop_it() -> None:
    lines = (
        "META;;;", "key;value;;", "description;Arbres; bancs;", "budget;100.0;;", "num_projects;2.0;;", "num_votes;1;;",
        "vote_type;approval;;", "num_votes;1;;", "PROJECTS;;;", "project_id;cost;name;", "A 1;60;Un;", "B/2;40;Deux;",
        "VOTES;;;", "voter_id;vote;;", "7;A 1,B/2;;",
    )  # fmt: skip
    reading = _read(*lines)
    assert reading.election is not None, reading.problems
    assert reading.election.meta["description"] == "Arbres; bancs"
    assert [one.line for one in reading.warnings] == [3, 11], "a text with a semicolon, a number with a space"
    assert set(count(reading.election).winners) == {"A 1", "B/2"}


def test_a_key_told_twice_differently_or_a_field_that_means_something_is_still_refused() -> None:
    for wrong in ("budget;200", "rule;equalshares"):
        reading = _read(*META, wrong, "vote_type;ordinal", *PROJECTS, *RANKED)
        assert [one.line for one in reading.problems] == [7]
    reading = _read(*META, "vote_type;ordinal", *PROJECTS[:2], "a;60;3;0;9", *PROJECTS[3:], *RANKED)
    assert reading.problems[0].line == 10


def test_a_threshold_that_is_no_number_is_refused() -> None:
    reading = _read(*META, "vote_type;ordinal", "min_project_score_threshold;x", *PROJECTS, *RANKED)
    with pytest.raises(RuleBroken):
        announced(reading.election)
