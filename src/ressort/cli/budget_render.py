"""How a count looks in a terminal and in CSV: a sentence for the whole, a table, a reason for each project."""

import csv
import io
from typing import Any

from rich.table import Table
from rich.text import Text

from ressort.cli.render import console
from ressort.core.budget import Compared, Explanation, Loser, Outcome, Winner
from ressort.language import gettext as _
from ressort.language import number, percent

#: what a spreadsheet would take for a formula
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHOWN_LOSERS = 15


def result(outcome: Outcome, told: Explanation) -> None:
    """The whole count on a screen or two."""
    election, voters = outcome.election, told.voters
    console.print(Text(_name(outcome), style="bold"))
    console.print(
        _("{count} projects funded out of {all}, {spent} spent of {budget} ({share}).").format(
            count=len(outcome.wins),
            all=len(election.projects),
            spent=_money(outcome.spent_cents),
            budget=_money(election.budget_cents),
            share=percent(outcome.spent_cents / election.budget_cents),
        )
    )
    console.print(
        _("{none} of the {counted} voters have none of the projects they chose; on average a voter has {mean}.").format(
            none=percent(voters.none_share), counted=number(voters.counted), mean=number(voters.mean_projects, 1)
        )
    )
    _endowment(outcome)
    if outcome.lots:
        console.print(_("The lot told these projects apart: {projects}.").format(projects=", ".join(outcome.lots)))
    _winners(outcome, told)
    _losers(outcome, told)
    console.print(_("Each project: --project NUMBER. Everything: --json, --csv projects."), style="dim")


def one(outcome: Outcome, told: Explanation, position: int) -> None:
    """One project and its reason."""
    project = outcome.election.projects[position]
    console.print(Text(f"{project.code} · {project.name or project.code}", style="bold"))
    console.print(
        _("{cost}, {votes} votes.").format(cost=_money(project.cost_cents), votes=number(_votes(told, project.code)))
    )
    console.print(sentence(next(one for one in (*told.winners, *told.losers) if one.code == project.code)))


def sentence(about: Winner | Loser) -> str:
    """Why a project is funded or not, in plain words."""
    return _won(about) if isinstance(about, Winner) else _lost(about)


def _won(about: Winner) -> str:
    if about.stage == "decision":
        return _("Funded by decision of the authority.")
    if about.stage == "minimum":
        return _("Funded so that its group has the winners that the rules ask for.")
    if about.price_cents is not None and about.givers is not None:
        words = _("Funded by {givers} of its supporters, who paid at most {price} each.").format(
            givers=number(about.givers), price=_money(about.price_cents)
        )
        if about.drained:
            words += " " + _("{drained} of them gave all they had left.").format(drained=number(about.drained))
        return words
    if about.stage == "exhaustive":
        return _("Funded at the end: its supporters gave all they had left, the others lent the rest.")
    return _("Funded by its {votes} votes, the money left being enough when its turn came.").format(
        votes=number(about.votes)
    )


def _lost(about: Loser) -> str:
    reasons = {
        "excluded": _("Set aside by decision of the authority: {why}"),
        "no_vote": _("Nobody voted for it."),
        "below_threshold": _("Below the {asked} votes that the rules ask for."),
        "incompatible": _("Incompatible with {with}, which is funded."),
        "dearer_than_budget": _("It costs more than the whole envelope."),
        "group_only": _("It competed for its reserved envelope only, and lost there."),
        "replaced": _("The rule funded it, but the minimum asked in another group took its place."),
        "outvoted": _("The money left, {left}, or that of its supporters was not enough."),
    }
    facts = {key: ", ".join(value) if isinstance(value, list) else value for key, value in about.facts.items()}
    facts["left"] = _money(about.facts.get("left_cents", 0))
    words = reasons[about.reason].format(**facts)
    if about.held_cents is not None:
        words = _("Its supporters still held {held} together, for a cost of {cost}.").format(
            held=_money(about.held_cents), cost=_money(about.cost_cents)
        )
    if about.missing_votes is not None:
        words += " " + _("With {count} more votes it would have passed.").format(count=number(about.missing_votes))
    return words


def _name(outcome: Outcome) -> str:
    meta = outcome.election.meta
    return " · ".join(filter(None, (meta.get("description"), meta.get("unit"), meta.get("instance")))) or _("Count")


def _endowment(outcome: Outcome) -> None:
    part = outcome.main
    if part.endowment is None or part.start is None:
        return
    words = _("Each voter started with {start}").format(start=_money(float(part.start)))
    if part.endowment != part.start:
        words += ", " + _("raised to {end} by the completion").format(end=_money(float(part.endowment)))
    console.print(words + ".")
    if part.endowment > part.start * 3 / 2:
        console.print(
            _(
                "The endowment grew by more than half: part of the money of voters who have nothing was lent to the others."
            ),
            style="yellow",
        )


def _winners(outcome: Outcome, told: Explanation) -> None:
    shown = Table(title=_("Funded projects"), title_justify="left")
    for head, side in (
        (_("No."), "left"),
        (_("Project"), "left"),
        (_("Cost"), "right"),
        (_("Votes"), "right"),
        (_("Each paid"), "right"),
        (_("Phase"), "left"),
    ):
        shown.add_column(head, justify=side)  # type: ignore[arg-type]
    names = {project.code: project.name for project in outcome.election.projects}
    for win in told.winners:
        price = "" if win.price_cents is None else _money(win.price_cents)
        shown.add_row(
            win.code,
            Text(names[win.code]),
            _money(win.cost_cents),
            number(win.votes),
            price,
            phase(win.phase, win.stage),
        )
    console.print(shown)


def _losers(outcome: Outcome, told: Explanation) -> None:
    names = {project.code: project.name for project in outcome.election.projects}
    nearest = sorted(told.losers, key=lambda one: (one.missing_votes is None, one.missing_votes or 0))
    shown = Table(title=_("Not funded, the nearest first"), title_justify="left")
    for head, side in (
        (_("No."), "left"),
        (_("Project"), "left"),
        (_("Cost"), "right"),
        (_("Votes"), "right"),
        (_("Why"), "left"),
    ):
        shown.add_column(head, justify=side)  # type: ignore[arg-type]
    for lost in nearest[:SHOWN_LOSERS]:
        shown.add_row(
            lost.code, Text(names[lost.code]), _money(lost.cost_cents), number(lost.votes), Text(sentence(lost))
        )
    console.print(shown)
    if len(nearest) > SHOWN_LOSERS:
        console.print(_("… and {count} others.").format(count=len(nearest) - SHOWN_LOSERS))


def phase(label: str, stage: str) -> str:
    """How a project was funded, in a word."""
    stages = {
        "shares": _("equal shares"),
        "exhaustive": _("exhaustive completion"),
        "greedy": _("number of votes"),
        "phragmen": "Phragmén",
        "maximin-support": _("maximin support"),
        "decision": _("decision"),
        "minimum": _("minimum of its group"),
    }
    kind, _colon, name = label.partition(":")
    words = stages.get(stage, stage)
    return f"{words} ({name})" if kind == "envelope" else words


def compared(told: tuple[Compared, ...]) -> None:
    """Rules side by side."""
    shown = Table()
    shown.add_column(_("Rule"))
    for head in (
        _("Projects"),
        _("Spent"),
        _("Voters with nothing"),
        _("Projects by voter"),
        _("In common with the first"),
    ):
        shown.add_column(head, justify="right")
    for rule in told:
        shown.add_row(
            rule.name,
            number(len(rule.outcome.wins)),
            percent(rule.outcome.spent_cents / rule.outcome.election.budget_cents),
            percent(rule.voters.none_share),
            number(rule.voters.mean_projects, 2),
            number(rule.shared),
        )
    console.print(shown)


def compared_rows(told: tuple[Compared, ...]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "rule": rule.name,
            "winners": len(rule.outcome.wins),
            "spent_cents": rule.outcome.spent_cents,
            "none_share": rule.voters.none_share,
            "mean_projects": rule.voters.mean_projects,
            "gini_index": rule.voters.gini_index,
            "shared_with_first": rule.shared,
            "funded": " ".join(rule.outcome.winners),
        }
        for rule in told
    ]


def csv_table(outcome: Outcome, told: Explanation, table: str) -> str:
    """Winners, losers or all projects, with their reasons."""
    wanted: list[Winner | Loser] = [
        *(told.winners if table != "losers" else ()),
        *(told.losers if table != "winners" else ()),
    ]
    names = {project.code: project.name for project in outcome.election.projects}
    rows = [
        {
            "project": about.code,
            "name": names[about.code],
            "cost_eur": f"{about.cost_cents / 100:.2f}",
            "votes": about.votes,
            "funded": int(isinstance(about, Winner)),
            "missing_votes": about.missing_votes if isinstance(about, Loser) else None,
            "why": sentence(about),
        }
        for about in wanted
    ]
    return csv_rows(rows)


def csv_rows(rows: list[dict[str, Any]]) -> str:
    """Rows in CSV; words that a spreadsheet would run as a formula are kept from it by an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(rows[0] if rows else ["project"])
    for row in rows:
        writer.writerow([_harmless(value) for value in row.values()])
    return buffer.getvalue()


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _votes(told: Explanation, code: str) -> int:
    return next(one.votes for one in (*told.winners, *told.losers) if one.code == code)


def _money(amount_cents: float) -> str:
    euros = amount_cents / 100
    digits = 0 if euros == int(euros) else 2
    return f"{number(euros, digits)} €"
