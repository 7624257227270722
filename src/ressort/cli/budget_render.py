"""How a count looks in a terminal and in CSV: a sentence for the whole, a table, a reason for each project."""

import csv
import io
from typing import Any

from rich.table import Table
from rich.text import Text

from ressort.budget_words import money, phase, sentence, tie_told, usual_words
from ressort.cli.render import console
from ressort.core.budget import Compared, Explanation, Loser, Outcome, Winner
from ressort.core.spreadsheet import neutral
from ressort.language import gettext as _
from ressort.language import ngettext, number, percent

SHOWN_LOSERS, SHOWN_TIES = 15, 10


def result(outcome: Outcome, told: Explanation) -> None:
    """The whole count on a screen or two."""
    election, voters = outcome.election, told.voters
    console.print(Text(_name(outcome), style="bold"))
    console.print(
        ngettext(
            "{count} project funded out of {all}, {spent} spent of {budget} ({share}).",
            "{count} projects funded out of {all}, {spent} spent of {budget} ({share}).",
            len(outcome.wins),
        ).format(
            count=len(outcome.wins),
            all=len(election.projects),
            spent=money(outcome.spent_cents),
            budget=money(election.budget_cents),
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
    _ties(told)
    console.print(_("Each project: --project NUMBER. Everything: --json, --csv projects."), style="dim")


def one(outcome: Outcome, told: Explanation, position: int) -> None:
    """One project and its reason."""
    project = outcome.election.projects[position]
    console.print(Text(f"{project.code} · {project.name or project.code}", style="bold"))
    console.print(
        _("{cost}, {votes} votes.").format(cost=money(project.cost_cents), votes=number(_votes(told, project.code)))
    )
    console.print(sentence(next(one for one in (*told.winners, *told.losers) if one.code == project.code)))


def _name(outcome: Outcome) -> str:
    meta = outcome.election.meta
    return " · ".join(filter(None, (meta.get("description"), meta.get("unit"), meta.get("instance")))) or _("Count")


def _endowment(outcome: Outcome) -> None:
    part = outcome.main
    if part.endowment is None or part.start is None:
        return
    words = _("Each voter started with {start}").format(start=money(float(part.start)))
    if part.endowment != part.start:
        words += ", " + _("raised to {end} by the completion").format(end=money(float(part.endowment)))
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
        price = "" if win.price_cents is None else money(win.price_cents)
        shown.add_row(
            win.code,
            Text(names[win.code]),
            money(win.cost_cents),
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
            lost.code, Text(names[lost.code]), money(lost.cost_cents), number(lost.votes), Text(sentence(lost))
        )
    console.print(shown)
    if len(nearest) > SHOWN_LOSERS:
        rest = len(nearest) - SHOWN_LOSERS
        console.print(ngettext("… and {count} other.", "… and {count} others.", rest).format(count=rest))


def _ties(told: Explanation) -> None:
    """The ties that parted the funded from the others first; the rest in the JSON."""
    parting = [one for one in told.ties if 0 < len(one.funded) < len(one.projects)]
    for tie in parting[:SHOWN_TIES]:
        console.print(Text(tie_told(tie)))
    if rest := len(told.ties) - len(parting[:SHOWN_TIES]):
        words = ngettext("{count} other tie, told by --json.", "{count} other ties, told by --json.", rest)
        console.print(words.format(count=rest), style="dim")


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
            usual_words(rule.name),
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
    """Winners, losers or all projects, with their reasons; or what each voter got."""
    if table == "voters":
        return csv_rows(_voter_rows(outcome, told))
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


def _voter_rows(outcome: Outcome, told: Explanation) -> list[dict[str, Any]]:
    """What each ballot chose, what of it is funded, and its part of the money: each winner's cost is shared among its supporters."""
    numbers = outcome.election.ballots.voters or range(1, len(outcome.election.ballots) + 1)
    got = told.voters
    return [
        {"voter": voter, "chosen": int(named), "funded": int(funded), "received_eur": f"{received_cents / 100:.2f}"}
        for voter, named, funded, received_cents in zip(
            numbers, got.named, got.supported, got.received_cents, strict=True
        )
    ]


def csv_rows(rows: list[dict[str, Any]]) -> str:
    """Rows in CSV; words that a spreadsheet would run as a formula are kept from it by an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(rows[0] if rows else ["project"])
    for row in rows:
        writer.writerow([neutral(value) for value in row.values()])
    return buffer.getvalue()


def _votes(told: Explanation, code: str) -> int:
    return next(one.votes for one in (*told.winners, *told.losers) if one.code == code)
