"""The votes and the rules that the words of `ressort budget` name."""

import argparse
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ressort.core.errors import InputError, RuleBroken
from ressort.language import gettext as _

if TYPE_CHECKING:
    from ressort.core.budget import Election, Problem, Rules

Options = argparse.Namespace


def votes_of(options: Options) -> "Election":
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


def rules_of(options: Options, election: "Election") -> "Rules":
    """The rules that the words of the command say, over those that the file holds."""
    from dataclasses import replace

    from ressort.core.budget import Minimum, Override, Rules, rules_in

    held = rules_in(election)
    given: dict[str, Any] = (
        {"ties": ties_of(options, election)} if held is None or options.lot or options.lot_file else {}
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
        ("whole_start", options.whole_start, True),
        ("greedy_challenges", options.against_greedy, True),
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


def ties_of(options: Options, election: "Election") -> Any:
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
