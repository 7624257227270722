"""`ressort budget`: count a participatory budget, compare rules on its votes, count a published file again."""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ressort.cli.actions import actions_of
from ressort.cli.budget_reading import Options, rules_of, ties_of, votes_of
from ressort.core.errors import InputError, RuleBroken
from ressort.language import gettext as _
from ressort.language import ngettext
from ressort.whole_file import write_whole

if TYPE_CHECKING:
    from ressort.core.budget import Election

TABLES = ("winners", "losers", "projects", "voters")


def add(kinds: "argparse._SubParsersAction[Any]") -> None:
    """The words of `ressort budget`."""
    added = actions_of(kinds, "budget", _("participatory budgets"))

    def action(name: str, told: str, command: object) -> argparse.ArgumentParser:
        made = added(name, told, command)
        made.add_argument("file", help=_("votes, in the Pabulib format (.pb)"))
        made.add_argument("--lenient", action="store_true", help=_("keep ballots outside the limits, with a warning"))
        made.add_argument("--json", action="store_true", help=_("answer in JSON"))
        return made

    count = action("count", _("which projects are funded, and why"), count_votes)
    _rules_options(count)
    _limits_options(count)
    count.add_argument("--csv", nargs="?", const="projects", choices=TABLES, help=_("answer one table in CSV"))
    count.add_argument("--project", metavar=_("NUMBER"), help=_("explain one project only"))
    count.add_argument("--write", metavar=_("FILE"), help=_("write the votes with the result and its rules (.pb)"))
    other = action("compare", _("what other rules would have given on the same votes"), compare_rules)
    _ties_options(other)
    other.add_argument("--csv", action="store_true", help=_("answer in CSV"))
    action("replay", _("count a published file again, with the rules it holds"), replay)


def _rules_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rule", help=_("mes (equal shares), phragmen, maximin-support, greedy"))
    parser.add_argument("--utility", help=_("what a supported project is worth: cardinality, cost, points"))
    parser.add_argument(
        "--completion",
        metavar=_("STEPS"),
        help=_("after equal shares, comma-separated: add1, add-opt, exhaustive, greedy; or none (add1,greedy)"),
    )
    parser.add_argument("--step", metavar=_("EUROS"), help=_("what add1 adds to each endowment (1)"))
    parser.add_argument(
        "--past-exhaustive",
        action="store_true",
        help=_("let endowments grow until the first outcome that costs too much"),
    )
    parser.add_argument("--whole-start", action="store_true", help=_("start from shares in whole euros"))
    parser.add_argument(
        "--against-greedy",
        action="store_true",
        help=_("keep what the number of votes alone funds if more voters prefer it to equal shares"),
    )
    parser.add_argument("--no-skip", action="store_true", help=_("stop at the first project that does not fit"))
    parser.add_argument("--blank-counts", action="store_true", help=_("give an endowment to blank ballots too"))
    _ties_options(parser)


def _ties_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--ties", metavar=_("ORDER"), help=_("what settles ties before the lot: cost,votes (default), votes,cost, none")
    )
    parser.add_argument("--lot", metavar=_("WORDS"), help=_("public words that draw the order of projects (SHA-256)"))
    parser.add_argument("--lot-file", metavar=_("FILE"), help=_("order drawn in public: one project number a line"))


def _limits_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--least-votes", type=int, metavar="N", help=_("below that, no project wins"))
    for name, form, text in (
        ("rivals", "A,B", _("projects of which one at most wins")),
        (
            "envelope",
            _("NAME=EUROS:GROUP"),
            _(
                "money reserved for a group, such as climat=30000:category:climat; "
                "then ;kept (what is left is not given back), ;final (its losers do not compete again), ;age=11-17|18-30 (whose ballots count)"
            ),
        ),
        ("minimum", _("GROUP=N"), _("at least N winners in a group, such as district:Nord=1")),
        ("fund", _("NUMBER=REASON"), _("a project funded by decision")),
        ("exclude", _("NUMBER=REASON"), _("a project set aside by decision")),
    ):
        parser.add_argument(f"--{name}", action="append", default=[], metavar=form, help=text)
    parser.add_argument(
        "--repair", action="store_true", help=_("repair the result to meet minimums, instead of taking them first")
    )


def count_votes(options: Options) -> int:
    """Count, and tell the result with its reasons."""
    from ressort.cli import budget_render as render
    from ressort.core.budget import count, explain, outcome_facts, write_pb

    election = votes_of(options)
    outcome = count(election, rules_of(options, election))
    told = explain(outcome)
    if options.write:
        path = Path(options.write)
        text = "".join(write_pb(election, outcome.winners, outcome.rules))
        write_whole(path, text.encode())
    if options.project:
        render.one(outcome, told, election.position(options.project))
    elif options.json:
        json.dump(outcome_facts(outcome, told), sys.stdout, ensure_ascii=False, indent=2)
        print()
    elif options.csv:
        sys.stdout.write(render.csv_table(outcome, told, options.csv))
    else:
        render.result(outcome, told)
    return 0


def compare_rules(options: Options) -> int:
    """Tell what several rules give."""
    from dataclasses import replace

    from ressort.cli import budget_render as render
    from ressort.core.budget import USUAL, compare

    election = votes_of(options)
    ties = ties_of(options, election)
    usual = dict(USUAL)
    if election.points is not None:
        usual["mes-points/add1+greedy"] = replace(usual["mes/add1+greedy"], utility="points")
    told = compare(election, {name: replace(rules, ties=ties) for name, rules in usual.items()})
    rows = render.compared_rows(told)
    if options.json:
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=2)
        print()
    elif options.csv:
        sys.stdout.write(render.csv_rows(rows))
    else:
        render.compared(told)
    return 0


def _counted_again(election: "Election", theirs: set[str], apart: set[str]) -> tuple[set[str], bool]:
    """What the count gives, and whether ties that no announced rule settles had to be taken as published."""
    from ressort.core.budget import TieRule, announced, count

    rules = announced(election)
    try:
        ours = set(count(election, rules).winners) - apart
    except RuleBroken as error:
        if rules.ties.lot is not None or "changed" not in error.facts:
            raise
        ours = set()
    if ours == theirs or "ressort_rules" in election.meta:
        return ours, False
    first = sorted((one.code for one in election.projects), key=lambda code: code not in theirs)
    published = set(count(election, replace(rules, ties=TieRule((), tuple(first)))).winners) - apart
    return (published, True) if published == theirs or not ours else (ours, False)


def replay(options: Options) -> int:
    """Count again a file that holds its rules and its result; the exit code tells whether they agree."""
    election = votes_of(options)
    if not any("selected" in one.columns for one in election.projects):
        raise InputError("{path} holds no result: no column “selected”. Use “ressort budget count”.", path=options.file)
    told = {one.code: one.columns.get("selected", "0") or "0" for one in election.projects}
    theirs = {code for code, selected in told.items() if selected == "1"}
    apart = {code for code, selected in told.items() if selected not in ("0", "1")}
    ours, settled = _counted_again(election, theirs, apart)
    facts = {
        "same": ours == theirs,
        "ties_as_published": settled,
        "counted": sorted(ours),
        "published": sorted(theirs),
        "decided_apart": sorted(apart),
    }
    if apart:
        words = _("Left out, as the file says they were decided otherwise: {projects}.")
        print(words.format(projects=", ".join(sorted(apart))), file=sys.stderr)
    if options.json:
        json.dump(facts, sys.stdout, ensure_ascii=False, indent=2)
        print()
    if ours != theirs:
        raise RuleBroken(
            "The count gives another result than the one published. Only counted: {counted}. Only published: {published}.",
            counted=sorted(ours - theirs) or ["–"],
            published=sorted(theirs - ours) or ["–"],
        )
    if settled:
        print(_("Ties that the file does not settle are taken as published."), file=sys.stderr)
    if not options.json:
        print(
            ngettext(
                "The same project is funded: the published result is that of its ballots.",
                "The same {count} projects are funded: the published result is that of its ballots.",
                len(ours),
            ).format(count=len(ours))
        )
    return 0
