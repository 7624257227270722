"""`ressort budget`: count a participatory budget, compare rules on its votes, count a published file again."""

import argparse
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ressort.core.errors import InputError, RuleBroken
from ressort.language import LANGUAGES
from ressort.language import gettext as _

if TYPE_CHECKING:
    from ressort.core.budget import Election, Problem, Rules

Options = argparse.Namespace
TABLES = ("winners", "losers", "projects")


def add(kinds: "argparse._SubParsersAction[Any]") -> None:
    """The words of `ressort budget`."""
    parser = kinds.add_parser("budget", help=_("participatory budgets"), description=_("Participatory budgets."))
    actions = parser.add_subparsers(title=_("actions"), required=True, metavar=_("ACTION"))

    def action(name: str, help_text: str, command: object) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = actions.add_parser(name, help=help_text, description=help_text)
        made.set_defaults(command=command)
        made.add_argument("--lang", choices=LANGUAGES, help=argparse.SUPPRESS)
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

    election = _election(options)
    outcome = count(election, _rules(options, election))
    told = explain(outcome)
    if options.write:
        path = Path(options.write)
        text = "".join(write_pb(election, outcome.winners, outcome.rules))
        path.with_name(path.name + ".part").write_text(text, "utf-8")
        path.with_name(path.name + ".part").replace(path)
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

    election = _election(options)
    ties = _ties(options, election)
    usual = dict(USUAL)
    if election.ballots.points is not None:
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


def replay(options: Options) -> int:
    """Count again a file that holds its rules and its result; the exit code tells whether they agree."""
    from ressort.core.budget import count, rules_in

    election = _election(options)
    rules = rules_in(election)
    if rules is None:
        raise InputError("{path} does not hold the rules of its count. Use “ressort budget count”.", path=options.file)
    ours = set(count(election, rules).winners)
    theirs = {one.code for one in election.projects if one.columns.get("selected", "0") not in ("", "0")}
    facts = {"same": ours == theirs, "counted": sorted(ours), "published": sorted(theirs)}
    if options.json:
        json.dump(facts, sys.stdout, ensure_ascii=False, indent=2)
        print()
    if ours != theirs:
        raise RuleBroken(
            "The count gives another result than the one published. Only counted: {counted}. Only published: {published}.",
            counted=sorted(ours - theirs) or ["–"],
            published=sorted(theirs - ours) or ["–"],
        )
    if not options.json:
        print(
            _("The same {count} projects are funded: the published result is that of its ballots.").format(
                count=len(ours)
            )
        )
    return 0


def _election(options: Options) -> "Election":
    """The election of a file; warnings on the error stream.

    Raises:
        InputError: there is no such file. RuleBroken: its problems, each with its line.
    """
    from ressort.votes import reading_of

    reading = reading_of(options.file, lenient=options.lenient)
    for warning in reading.warnings:
        print(_told(warning), file=sys.stderr)
    if reading.election is None:
        more = reading.problem_count - len(reading.problems)
        told = [_told(one) for one in reading.problems]
        told += [_("… and {count} more.").format(count=more)] if more else []
        raise RuleBroken("{path} was not read:\n{problems}", path=options.file, problems="\n".join(told))
    return reading.election


def _told(problem: "Problem") -> str:
    words = RuleBroken(problem.template, **problem.facts).say(_)
    return _("line {line}: {problem}").format(line=problem.line, problem=words) if problem.line else words


def _rules(options: Options, election: "Election") -> "Rules":
    """The rules that the words of the command say, over those that the file holds."""
    from dataclasses import replace

    from ressort.core.budget import Minimum, Override, Rules, rules_in

    held = rules_in(election)
    given: dict[str, Any] = (
        {"ties": _ties(options, election)} if held is None or options.lot or options.lot_file else {}
    )
    for name in ("rule", "utility", "least_votes"):
        if getattr(options, name) is not None:
            given[name] = getattr(options, name)
    if options.completion is not None:
        given["completions"] = () if options.completion == "none" else tuple(options.completion.split(","))
    if options.step is not None:
        given["step_cents"] = Fraction(_cents(options.step))
    for name, word, value in (
        ("skips", options.no_skip, False),
        ("blank_counts", options.blank_counts, True),
        ("until_exhaustive", options.past_exhaustive, False),
    ):
        if word:
            given[name] = value
    if options.repair:
        given["minima_rule"] = "repair"
    for name, made in (
        ("rivals", tuple(tuple(one.split(",")) for one in options.rivals)),
        ("envelopes", tuple(_envelope(one) for one in options.envelope)),
        ("minima", tuple(Minimum(group, _whole(number)) for group, number in map(_pair, options.minimum))),
        ("overrides", tuple(Override(code, funds, why) for funds, code, why in _decisions(options))),
    ):
        if made:
            given[name] = made
    return replace(held or Rules(), **given)


def _decisions(options: Options) -> list[tuple[bool, str, str]]:
    return [(True, *_pair(one)) for one in options.fund] + [(False, *_pair(one)) for one in options.exclude]


def _ties(options: Options, election: "Election") -> Any:
    from ressort.core.budget import CRITERIA, TieRule, drawn_order

    criteria: Any = () if options.ties == "none" else tuple(options.ties.split(",")) if options.ties else CRITERIA
    codes = [project.code for project in election.projects]
    if options.lot_file:
        path = Path(options.lot_file)
        if not path.is_file():
            raise InputError("There is no file {path}.", path=str(path))
        return TieRule(criteria, tuple(path.read_text("utf-8").split()))
    return TieRule(criteria, drawn_order(codes, options.lot) if options.lot else None)


def _envelope(text: str) -> Any:
    """`climat=30000:category:climat`, then `;kept`, `;final`, `;age=11-17|18-30` in any order."""
    from ressort.core.budget import Envelope

    head, *more = text.split(";")
    name, rest = _pair(head)
    amount, _colon, group = rest.partition(":")
    voters = None
    for word in more:
        if "=" in word:
            column, values = _pair(word)
            voters = (column, tuple(values.split("|")))
        elif word not in ("kept", "final"):
            raise InputError(
                "“{given}” says nothing of an envelope: kept, final, or COLUMN=VALUE|VALUE for its voters.", given=word
            )
    return Envelope(name, _cents(amount), group, "kept" not in more, "final" not in more, voters)


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.rpartition("=") if text.count("=") == 1 else text.partition("=")
    if not sign or not name or not value:
        raise InputError("“{given}” should be written NAME=VALUE.", given=text)
    return name, value


def _whole(text: str) -> int:
    if not text.isdigit():
        raise InputError("“{given}” is not a whole number.", given=text)
    return int(text)


def _cents(text: str) -> int:
    from ressort.core.budget import cents

    amount = cents(text.replace(",", "."))
    if amount is None or amount <= 0:
        raise InputError("“{given}” is not a positive amount in euros.", given=text)
    return amount
