"""How rankings and choices of a call look in a terminal, and as rows."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ressort.cli.render import console, table
from ressort.core.calls.deliberation import MOST_COMPARED
from ressort.core.errors import NoSolution
from ressort.language import gettext as _
from ressort.language import money, named, number, percent, told

if TYPE_CHECKING:
    from ressort.core.calls import Deliberation, Grid, Portfolio, Ranked, RankRange, Severity, WeightInterval, YearOfAid
    from ressort.ingest import FileRow

__all__ = ["MOST_COMPARED", "choice", "choice_rows", "choice_summary", "ranking", "ranking_rows", "severity"]


def ranking_rows(
    ranked: Sequence["Ranked"], grid: "Grid", ranges: Mapping[str, "RankRange"], rows: Mapping[str, "FileRow"]
) -> list[dict[str, Any]]:
    """One line a file."""
    lines = []
    for one in ranked:
        span = ranges.get(one.application)
        marks = {
            c.code: None if mark is None else round(float(mark), 4)
            for c, mark in zip(grid.criteria, one.marks, strict=True)
        }
        lines.append(
            {
                "place": one.place,
                "application": one.application,
                "name": rows[one.application].name if one.application in rows else "",
                "score_on_100": round(float(100 * one.score), 4),
                "score_exact": str(one.score),
                **marks,
                "best_place": span.best if span else None,
                "worst_place": span.worst if span else None,
                "disagreements": " ".join(one.disagreements),
                "decided_by": one.decided_by,
                "tied_with": " ".join(one.tied_with),
                "not_fundable": " ".join(told(why) for why in one.failed),
            }
        )
    return lines


def ranking(
    ranked: Sequence["Ranked"], grid: "Grid", ranges: Mapping[str, "RankRange"], rows: Mapping[str, "FileRow"]
) -> None:
    """The ranking as a table, then what calls for attention."""
    shown = table(_("Application"), _("Place"), _("Out of 100"), _("Weights ±"), _("Disagreement"), folds=True)
    for one in ranked:
        span = ranges.get(one.application)
        shown.add_row(
            _named(one.application, rows),
            str(one.place or "–"),
            number(float(100 * one.score), 2),
            _span(span) if span else "–",
            ", ".join(one.disagreements),
            style="" if one.is_fundable else "dim",
        )
    console.print(shown)
    for one in ranked:
        for why in one.failed:
            console.print(f"✗ {named(one.application, told(why))}", soft_wrap=True, markup=False)
    for group in sorted({tuple(sorted((one.application, *one.tied_with))) for one in ranked if one.tied_with}):
        words = _("Nothing separates {names}: a public draw decides (--lot, --draw).").format(names=", ".join(group))
        console.print(f"= {words}", soft_wrap=True, markup=False)


def order_rows(intervals: Sequence["WeightInterval"]) -> list[dict[str, Any]]:
    """For each weight, between which shares the whole order, and the first place, stay the same."""
    return [
        {
            "criterion": one.criterion,
            "weight_share": round(float(one.weight_share), 6),
            "order_low": round(float(one.order_down if one.order_down is not None else 0), 6),
            "order_high": round(float(one.order_up if one.order_up is not None else 1), 6),
            "first_low": round(float(one.down.weight_share), 6) if one.down else 0.0,
            "first_high": round(float(one.up.weight_share), 6) if one.up else 1.0,
        }
        for one in intervals
    ]


def order(intervals: Sequence["WeightInterval"]) -> None:
    """How far one weight may move, the others in proportion, before the order or the first place changes."""
    if not intervals:
        return
    shown = table(_("Criterion"), _("Weight"), _("Same order"), _("Same first place"), folds=True)
    for row in order_rows(intervals):
        spans = [
            _("{low} to {high}").format(low=percent(row[f"{name}_low"], 1), high=percent(row[f"{name}_high"], 1))
            for name in ("order", "first")
        ]
        shown.add_row(row["criterion"], percent(row["weight_share"], 1), *spans)
    console.print(shown)


def severity(found: Sequence["Severity"]) -> None:
    """How much above or below the others each reviewer marks."""
    shown = table(_("Reviewer"), _("Criterion"), _("Offset taken out"), _("Files shared"), folds=True)
    for one in found:
        unsure = "" if one.is_sure else " ?"
        shown.add_row(one.reviewer, one.criterion, _signed(float(one.offset)) + unsure, str(one.shared))
    console.print(shown)


def choice_rows(
    ranked: Sequence["Ranked"], found: "Deliberation", rows: Mapping[str, "FileRow"], imposed: "Portfolio | None"
) -> list[dict[str, Any]]:
    """One line a file: funded or not by each choice, and why not."""
    lines = []
    for one in ranked:
        name = one.application
        why = found.in_order.refusals.get(name)
        lines.append(
            {
                "place": one.place,
                "application": name,
                "name": rows[name].name,
                "requested_cents": rows[name].requested_cents,
                "score_on_100": round(float(100 * one.score), 4),
                "in_order": name in found.in_order.funded,
                "best_score": _is_funded(name, found.best_score),
                "best_effect": _is_funded(name, found.best_effect),
                "imposed": _is_funded(name, imposed),
                "standing": found.standings.get(name, ""),
                "why_not_in_order": told(why) if why else " ".join(told(failure) for failure in one.failed),
                "why_not_best_score": _refusal(name, found.best_score),
            }
        )
    return lines


def choice_summary(found: "Deliberation", imposed: "Portfolio | None") -> dict[str, Any]:
    """Totals of each choice, and the weights that would change the first."""
    totals: dict[str, Any] = {"in_order": _totals(found, found.in_order.funded, found.in_order.spent_cents)}
    for name, one in (("best_score", found.best_score), ("best_effect", found.best_effect), ("imposed", imposed)):
        if isinstance(one, NoSolution):
            totals[name] = {"impossible": told(one)}
        elif one is not None:
            totals[name] = _totals(found, one.funded, one.spent_cents) | {"is_proven": one.is_proven}
    turns = [
        {
            "criterion": one.criterion,
            "weight_share": round(float(one.weight_share), 6),
            "low": round(float(one.down.weight_share), 6) if one.down else 0.0,
            "high": round(float(one.up.weight_share), 6) if one.up else 1.0,
        }
        for one in found.intervals
    ]
    return {"choices": totals, "weights": turns}


def choice(
    ranked: Sequence["Ranked"],
    grid: "Grid",
    found: "Deliberation",
    rows: Mapping[str, "FileRow"],
    imposed: "Portfolio | None",
) -> None:
    """The choices side by side, then the refusals explained and the weights that would change the first."""
    columns = [(_("In order"), found.in_order), (_("Best score"), found.best_score)]
    columns += [(_("Best effect"), found.best_effect)] if found.best_effect is not None else []  # type: ignore[list-item]
    columns += [(_("Imposed"), imposed)] if imposed is not None else []  # type: ignore[list-item]
    shown = table(
        _("Application"),
        _("Asks"),
        _("Out of 100"),
        *[title for title, _one in columns],
        _("Weights ±"),
        folds=True,
    )
    shown.columns[0].min_width = 12  # six columns beside it must fit a narrow terminal
    standings = {"funded": _("always"), "refused": _("never"), "open": _("may change")}
    for one in ranked:
        name = one.application
        ticks = ["✓" if _is_funded(name, chosen) else "" for _title, chosen in columns]
        standing = standings.get(found.standings.get(name, ""), "–")
        score = number(float(100 * one.score), 2)
        shown.add_row(_named(name, rows), money(rows[name].requested_cents), score, *ticks, standing)
    console.print(shown)
    for title, chosen in columns:
        console.print(named(title, _outcome(found, chosen)), soft_wrap=True, markup=False)
    for one in ranked:
        for failure in one.failed:
            console.print(f"✗ {named(one.application, told(failure))}", soft_wrap=True, markup=False)
    for name, why in found.in_order.refusals.items():
        console.print(f"✗ {named(name, told(why))}", soft_wrap=True, markup=False)
    for sentence in map(weight_sentence, found.intervals):
        console.print(f"• {sentence}", soft_wrap=True, markup=False)


def aid_rows(found: Sequence["YearOfAid"]) -> list[dict[str, Any]]:
    """One line a year."""
    return [
        {
            "year": one.year,
            "total_cents": one.total_cents,
            "under_cents": one.under_cents,
            "count": one.count,
            "under_count": one.under_count,
            "share": None if one.share is None else round(float(one.share), 6),
            "path_share": None if one.path_share is None else round(float(one.path_share), 6),
        }
        for one in found
    ]


def aid(found: Sequence["YearOfAid"]) -> None:
    """The share of aid under criteria, beside the path to the target."""
    shown = table(
        _("Year"), _("Aid granted"), _("Under criteria"), _("Share of the money"), _("Path to the target"), folds=True
    )
    for one in found:
        shares = ["–" if share is None else percent(float(share), 1) for share in (one.share, one.path_share)]
        shown.add_row(str(one.year), money(one.total_cents), money(one.under_cents), *shares)
    console.print(shown)


def weight_sentence(one: "WeightInterval") -> str:
    """How far one weight may move before the files funded change."""
    low = one.down.weight_share if one.down else 0
    high = one.up.weight_share if one.up else 1
    if not one.down and not one.up:
        return _("{criterion}: whatever its weight, the same files are funded.").format(criterion=one.criterion)
    words = _("{criterion} (weight {weight}): the same files are funded from {low} to {high}.")
    found = words.format(
        criterion=one.criterion, weight=percent(float(one.weight_share), 1), low=percent(float(low), 1),
        high=percent(float(high), 1),
    )  # fmt: skip
    for turn in (one.down, one.up):
        if turn:
            found += " " + _("At {weight}: {enters} instead of {leaves}.").format(
                weight=percent(float(turn.weight_share), 1),
                enters=", ".join(turn.enters) or "–",
                leaves=", ".join(turn.leaves) or "–",
            )
    return found


def _outcome(found: "Deliberation", chosen: Any) -> str:
    if isinstance(chosen, NoSolution):
        return told(chosen)
    words = _("{count} files, {spent}, total score {score}").format(
        count=len(chosen.funded), spent=money(chosen.spent_cents), score=number(float(found.score_of(chosen.funded)), 2)
    )
    return (
        words if getattr(chosen, "is_proven", True) else words + " " + _("(best found in the time given, not proven)")
    )


def _totals(found: "Deliberation", funded: Sequence[str], spent: int) -> dict[str, Any]:
    return {"funded": list(funded), "spent_cents": spent, "score": round(float(found.score_of(funded)), 4)}


def _is_funded(name: str, chosen: Any) -> bool | None:
    return name in chosen.funded if hasattr(chosen, "funded") else None


def _refusal(name: str, chosen: Any) -> str:
    why = getattr(chosen, "refusals", {}).get(name)
    return told(why) if why else ""


def _named(name: str, rows: Mapping[str, "FileRow"]) -> str:
    return f"{name} {rows[name].name}" if name in rows and rows[name].name else name


def _span(span: "RankRange") -> str:
    if span.best == span.worst:
        return str(span.best)
    return _("{low} to {high}").format(low=span.best, high=span.worst)


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + number(value, 2)
