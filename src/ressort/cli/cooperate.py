"""`ressort cooperate`: what a territory lacks and can offer, who fits it, and the flows at least distance."""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ressort.language import LANGUAGES
from ressort.language import gettext as _

if TYPE_CHECKING:
    from ressort.exchanges import Cooperation

Options = argparse.Namespace


def add(kinds: "argparse._SubParsersAction[Any]") -> None:
    """The words of `ressort cooperate`."""
    text = _("which territories could supply yours, and what you could offer them")
    parser = kinds.add_parser("cooperate", help=text, description=text)
    parser.set_defaults(command=cooperate)
    parser.add_argument("territory", nargs="+", help=_("a name or a code"))
    parser.add_argument(
        "--good",
        action="append",
        metavar=_("GOOD"),
        help=_("cereals, oilseeds, sugar, forage, electricity… (all by default; may be repeated)"),
    )
    parser.add_argument(
        "--with",
        dest="partners",
        action="append",
        metavar=_("TERRITORY"),
        help=_("a partner to look at (the best ones by default; may be repeated)"),
    )
    parser.add_argument(
        "--level", help=_("COM, EPCI, BV, DEP or REG: among which territories (those of the same kind by default)")
    )
    parser.add_argument("--scheduler", default="", metavar="tcp://…", help=_("address of a Dask scheduler"))
    parser.add_argument("--lang", choices=LANGUAGES, help=argparse.SUPPRESS)
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help=_("answer in JSON"))
    shape.add_argument(
        "--csv",
        nargs="?",
        const="goods",
        metavar=_("TABLE"),
        help=_("answer one table in CSV: goods (by default), partners, flows"),
    )
    shape.add_argument("--geojson", metavar=_("FILE"), help=_("write the flows as lines on a map"))
    shape.add_argument("--parquet", metavar=_("FILE"), help=_("write the flows as a Parquet file"))


def cooperate(options: Options) -> int:
    """Answer in the shape asked for."""
    from ressort.cli.commands import prepare
    from ressort.diagnosis import place
    from ressort.exchanges import cooperate as run

    prepare()
    territory = place(" ".join(options.territory))
    partners = [place(name) for name in options.partners] if options.partners else None
    with _progress() as watch:
        found = run(territory, options.good, partners, options.level, watch=watch, scheduler=options.scheduler)
    return _answer(found, options)


def _answer(found: "Cooperation", options: Options) -> int:
    from ressort.core.errors import UnknownCode
    from ressort.exchanges import TABLES, flows_geojson, flows_table

    if options.json:
        print(json.dumps(_as_dict(found), ensure_ascii=False, indent=2, allow_nan=False))
    elif options.csv:
        if options.csv not in TABLES:
            raise UnknownCode(
                "{name} is not a table; the tables are {choices}.", name=options.csv, choices=list(TABLES)
            )
        sys.stdout.write(TABLES[options.csv](found).write_csv())
    elif options.geojson:
        text = json.dumps(flows_geojson(found), ensure_ascii=False)
        write_whole(Path(options.geojson), lambda path: path.write_text(text, "utf-8"))
    elif options.parquet:
        write_whole(Path(options.parquet), lambda path: flows_table(found).write_parquet(path))
    else:
        _show(found)
    return 0


def _as_dict(found: "Cooperation") -> dict[str, Any]:
    from dataclasses import asdict

    from ressort.exchanges import TABLES

    tables = {name: build(found).to_dicts() for name, build in TABLES.items()}
    proofs = {key: asdict(national.plan.certificate) for key, national in found.nationals.items()}
    return (
        {"territory": {"key": found.territory.key, "label": found.territory.label}, "level": found.level}
        | tables
        | {"certificates": proofs}
    )


def _show(found: "Cooperation") -> None:
    from ressort.cli.render import console, table
    from ressort.exchanges.words import amount, interest, scarcity, sentence, why
    from ressort.language import number, percent

    console.print(f"[bold]{found.territory.label}[/bold]")
    for line in found.lines:
        console.print(f"• {sentence(line)} {scarcity(line)}".rstrip())
    together = table(_("Part of the need covered"), _("Alone"), _("With neighbours"), _("With partners"))
    for line in found.lines:
        if line.alone is not None:
            shares = (line.alone, line.with_neighbours, line.with_partners)
            together.add_row(line.good.label, *["" if share is None else percent(share) for share in shares])
    console.print(together)
    console.print(f"[bold]{_('Partners')}[/bold]")
    for one in found.partners:
        console.print(f"{one.territory.label} — {interest(one)}", style="bold")
        console.print(f"  {why(one, found.territory)}")
    flows = table(_("Flows at least distance"), _("Quantity"), _("km"))
    for key in found.nationals:
        good = found.held.goods[found.held.column(key)]
        for row in found.flows(key).head(5).to_dicts():
            flows.add_row(
                f"{good.label} — {row['giver_name']} → {row['receiver_name']}",
                amount(good, row["quantity"]),
                number(row["distance_km"]),
            )
    console.print(flows)
    console.print(_("What could be, at least distance, on estimated figures: not the flows of today."))


def write_whole(path: Path, write: Any) -> None:
    """A file that is there whole or not at all; its name is printed."""
    handle, draft = tempfile.mkstemp(prefix=".ressort-", dir=path.parent or Path())
    os.close(handle)
    try:
        write(Path(draft))
        os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
    print(path)


class _progress:
    """Tells each round on standard error when a person watches; Ctrl-C stops it and nothing is kept."""

    def __enter__(self) -> Any:
        return self._tell

    def __exit__(self, *_ended: object) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\033[K")

    def _tell(self, done: int, least: float) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(
                "\r\033[K"
                + _("Computing, round {count}: {km} km left to gain on a pair").format(count=done, km=round(-least, 3))
            )
            sys.stderr.flush()
