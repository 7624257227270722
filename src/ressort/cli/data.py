"""`ressort data`: what figures are known, how old they are, and how to fetch the official ones."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from ressort.cli import render
from ressort.ingest import KINDS, SyncReport
from ressort.language import current_language
from ressort.language import gettext as _
from ressort.reference import cards
from ressort.whole_file import write_whole

Options = argparse.Namespace


def show(options: Options) -> int:
    """List the tables shipped with the program and the official files, fetched or not."""
    from ressort.ingest import status

    official = status(date.today())
    if options.json:
        shipped = [
            {"table": key, "title": c.title, "producer": c.producer, "year": c.year, "status": c.status}
            for key, c in cards().items()
        ]
        json.dump(
            {"shipped": shipped, "official": [asdict(row) for row in official]},
            sys.stdout,
            ensure_ascii=False,
            indent=2,
        )
        print()
        return 0
    known = render.table(_("Shipped with Ressort"), _("Producer"), _("Year"))
    for key, c in cards().items():
        known.add_row(key, _(c.producer)[:40], _(c.year)[:24])
    render.console.print(known)
    fetched = render.table(_("Official files"), _("Producer"), _("State"))
    for row in official:
        state = _("to fetch") if row.age_days is None else _("fetched on {day}").format(day=row.retrieved)
        state += f" ({_('old')})" if row.is_old else ""
        fetched.add_row(
            f"{row.source} · {row.title_en if current_language() == 'en' else row.title_fr}", row.producer[:30], state
        )
    render.console.print(fetched)
    unseen = sum(not row.is_checked for row in official)
    render.console.print(
        _(
            "The format of {count} of them is known from documentation only: a real file may be refused, saying why."
        ).format(count=unseen),
        style="dim",
    )
    render.console.print(
        _("Fetch them with: ressort data sync [SOURCE…] — from a folder: --mirror FOLDER"), style="dim"
    )
    return 0


def sync(options: Options) -> int:
    """Fetch official files; a failure of one never stops the others, and the exit code tells it."""
    from ressort.cli import EXIT_SOURCE
    from ressort.ingest import sync as run

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("Fetching"), total=None)

        def progress(source: str, done: int, total: int) -> None:
            bar.update(task, description=source, completed=done, total=total or None)

        reports = run(
            options.names or None, progress=progress, mirror=options.mirror, accept_change=options.accept_change
        )
    for report in reports:
        _tell(report)
    if any(report.error is None for report in reports):
        render.console.print(_("The next commands use them; pages being served show them within seconds."), style="dim")
    return EXIT_SOURCE if any(report.error for report in reports) else 0


def template(options: Options) -> int:
    """Write an empty table of one's own figures to fill, beside an explanation."""
    from ressort.ingest import template as make

    if not options.names:
        render.console.print(
            _("Tables of your own: {kinds}. For example: ressort data template crop_area").format(
                kinds=", ".join(KINDS)
            )
        )
        return 0
    for name in options.names:
        path = Path(f"{name}.csv")
        content = make(name)
        if path.exists():
            render.console.print(_("{path} is already there: it is left as it is.").format(path=path))
            continue
        write_whole(path, content)
        render.console.print(
            _("{path} written: fill it, then `ressort diagnose TERRITORY --own {path}`.").format(path=path)
        )
    return 0


def _tell(report: SyncReport) -> None:
    if report.error:
        render.console.print(f"✗ {report.error.say(_)}", style="red")
        return
    render.console.print(
        _("✓ {source}: {rows} rows (before: {before}), {seconds} s").format(
            source=report.source, rows=report.rows, before=report.rows_before, seconds=round(report.seconds, 1)
        )
    )
    if report.findings.unknown_codes:
        render.console.print(
            _("  codes not known, left out: {codes}").format(codes=", ".join(report.findings.unknown_codes[:10]))
        )
    if report.findings.unreadable:
        render.console.print(_("  cells not read: {cells}").format(cells=", ".join(report.findings.unreadable[:10])))
