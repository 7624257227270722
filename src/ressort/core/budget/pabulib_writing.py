"""Writing `.pb` files: the order of Pabulib's sections and columns, every key and column that was read kept."""

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence

from ressort.core.budget.election import Election
from ressort.core.budget.pabulib_rules import RULES_KEY, pabulib_word
from ressort.core.budget.rules import Rules, rules_facts


def write_pb(election: Election, winners: Collection[str] | None = None, rules: Rules | None = None) -> Iterator[str]:
    """The lines of a `.pb` file, each ended.

    Args:
        winners: numbers of the funded projects, written in the column `selected`.
        rules: those of the count, written in META so that anybody can count again.
    """
    yield from _section("META", ("key", "value"), _meta(election, rules).items())
    columns = list(dict.fromkeys(key for project in election.projects for key in project.columns))
    if winners is not None and "selected" not in columns:
        columns.append("selected")
    counted = {"votes": election.votes(), "score": election.scores()}
    rows = []
    for at, project in enumerate(election.projects):
        told = dict(project.columns) | {key: str(int(counted[key][at])) for key in ("votes", "score") if key in columns}
        if winners is not None:
            told["selected"] = str(int(project.code in winners))
        rows.append([project.code, euros(project.cost_cents), *(told.get(key, "") for key in columns)])
    yield from _section("PROJECTS", ("project_id", "cost", *columns), rows)
    yield from _section("VOTES", _ballot_heads(election), _ballots(election))


def euros(amount_cents: int) -> str:
    """An amount with a decimal point, as few digits as it needs.

    >>> euros(400000), euros(1250), euros(5)
    ('4000', '12.50', '0.05')
    """
    whole, rest = divmod(amount_cents, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def _meta(election: Election, rules: Rules | None) -> Mapping[str, str]:
    told = dict(election.meta) | {
        "num_projects": str(len(election.projects)),
        "num_votes": str(len(election.ballots)),
        "budget": euros(election.budget_cents),
        "vote_type": election.vote,
    }
    if rules is not None:
        told["rule"] = pabulib_word(rules)
        told[RULES_KEY] = json.dumps(rules_facts(rules), ensure_ascii=False)
    return told


def _ballot_heads(election: Election) -> tuple[str, ...]:
    given = () if election.ballots.points is None else ("points",)
    return ("voter_id", "vote", *given, *election.ballots.columns)


def _ballots(election: Election) -> Iterator[Sequence[str]]:
    ballots = election.ballots
    codes = [project.code for project in election.projects]
    starts, chosen = ballots.starts.tolist(), ballots.chosen.tolist()
    points = None if ballots.points is None else ballots.points.tolist()
    for at in range(len(ballots)):
        row = slice(starts[at], starts[at + 1])
        given = () if points is None else (",".join(map(str, points[row])),)
        rest = (values[at] for values in ballots.columns.values())
        voter = ballots.voters[at] if ballots.voters else str(at + 1)
        yield (voter, ",".join(codes[p] for p in chosen[row]), *given, *rest)


def _section(
    name: str, heads: Sequence[str], rows: "Collection[Sequence[str]] | Iterator[Sequence[str]]"
) -> Iterator[str]:
    yield f"{name}\n"
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    for row in [heads]:
        writer.writerow(row)
    for row in rows:
        writer.writerow(row)
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
