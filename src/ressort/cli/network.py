"""`ressort network`: any network of arcs at least cost, from a DIMACS file; or why no flow does all that it asks."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ressort.cli.examples import examples
from ressort.language import LANGUAGES
from ressort.language import gettext as _

if TYPE_CHECKING:
    from ressort.core.exchanges import Network, Shortage

EXIT_NO_FLOW = 4
MOST_TOLD = 20


def add(kinds: "argparse._SubParsersAction[Any]") -> None:
    """The words of `ressort network`."""
    text = _("the cheapest flow of a network (DIMACS), or what cannot be met and why")
    parser = kinds.add_parser("network", help=text, description=text, epilog=examples("network"))
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.set_defaults(command=network)
    parser.add_argument("file", help=_("a DIMACS minimum-cost flow: p min, n and a lines; - for what is piped in"))
    parser.add_argument("--output", metavar=_("FILE"), help=_("write the solution there instead of on the screen"))
    parser.add_argument("--json", action="store_true", help=_("answer in JSON"))
    parser.add_argument("--lang", choices=LANGUAGES, help=argparse.SUPPRESS)


def network(options: argparse.Namespace) -> int:
    """Answer the cost and the flows, or the conflict."""
    from ressort.core.errors import NoSolution
    from ressort.core.exchanges import network_flow, read_dimacs, write_dimacs
    from ressort.whole_file import write_whole

    read = read_dimacs(_text(options.file))
    try:
        found = network_flow(read)
    except NoSolution as error:
        return _refuse(read, error.facts["shortage"], options.json)
    words = "ressort network: optimal\n" + Path(options.file).name
    text = _json(_flow_told(read, found)) if options.json else write_dimacs(read, found, words)
    if options.output:
        write_whole(Path(options.output), text.encode())
        print(options.output)
    else:
        sys.stdout.write(text)
    return 0


def _text(file: str) -> str:
    from ressort.core.errors import InputError

    if file == "-":
        return sys.stdin.buffer.read().decode("latin-1")
    path = Path(file)
    if not path.is_file():
        raise InputError("There is no file {path}.", path=file)
    # numbers are ASCII; comments may be in any alphabet
    return path.read_bytes().decode("latin-1")


def _flow_told(read: "Network", found: Any) -> dict[str, Any]:
    from ressort.core.exchanges import exact_total

    flows = [
        {"tail": tail + 1, "head": head + 1, "quantity": round(carried)}
        for tail, head, carried in zip(read.tail.tolist(), read.head.tolist(), found.carried.tolist(), strict=True)
    ]
    return {
        "status": "optimal",
        "cost": exact_total(read, found.carried),
        "flows": flows,
        "prices": found.price.tolist(),
    }


def _refuse(read: "Network", short: "Shortage", as_json: bool) -> int:
    if as_json:
        sys.stdout.write(_json(_shortage_told(read, short)))
    else:
        print("\n".join(sentences(read, short)), file=sys.stderr)
    return EXIT_NO_FLOW


def sentences(read: "Network", short: "Shortage") -> list[str]:
    """What no flow can do, group by group, in words."""
    from ressort.core.exchanges import arc_name
    from ressort.language import number

    told = [_("No flow does all that this network asks.")]
    for one in short.conflicts[:MOST_TOLD]:
        lacks = [f"{node + 1} ({number(lack)})" for node, lack in zip(one.short, one.lacks, strict=True)]
        told.append(
            _("• {missing} missing at {short}: the {count} nodes around ask {asked}, hold {held}, can receive {entering}.").format(
                missing=number(one.missing), short=_some(lacks), count=len(one.nodes), asked=number(one.asked),
                held=number(one.held), entering=number(one.entering),
            )
        )  # fmt: skip
        if len(one.full):
            told.append(_("  Full arcs: {arcs}.").format(arcs=_some([arc_name(read, int(arc)) for arc in one.full])))
        else:
            told.append(_("  No arc that could carry something enters them."))
        if len(one.forced):
            forced = [f"{read.tail[arc] + 1} → {read.head[arc] + 1} ({read.least[arc]:.0f})" for arc in one.forced]
            told.append(_("  Arcs that must carry something away: {arcs}.").format(arcs=_some(forced)))
    if short.unsent:
        left = [f"{node + 1} ({number(amount)})" for node, amount in zip(short.stuck, short.left, strict=True)]
        told.append(_("• {unsent} cannot leave: {nodes}.").format(unsent=number(short.unsent), nodes=_some(left)))
    hidden = len(short.conflicts) - MOST_TOLD
    if hidden > 0:
        told.append(_("{count} more groups: `--json` tells them all.").format(count=hidden))
    told.append(_("Widen the full arcs, ask less, or give more."))
    return told


def _some(things: list[str]) -> str:
    return ", ".join(things[:MOST_TOLD]) + ("…" if len(things) > MOST_TOLD else "")


def _shortage_told(read: "Network", short: "Shortage") -> dict[str, Any]:
    def arcs(which: Any, amount: Any) -> list[dict[str, int]]:
        return [
            {"arc": int(at) + 1, "tail": int(read.tail[at]) + 1, "head": int(read.head[at]) + 1, "quantity": round(amount[at])}
            for at in which
        ]  # fmt: skip

    conflicts = [
        {
            "missing": round(one.missing), "asked": round(one.asked), "held": round(one.held), "entering": round(one.entering),
            "forced_out": round(one.forced_out), "nodes": (one.nodes + 1).tolist(),
            "short": {str(node + 1): round(lack) for node, lack in zip(one.short, one.lacks, strict=True)},
            "full_arcs": arcs(one.full, read.most), "forced_arcs": arcs(one.forced, read.least),
        }
        for one in short.conflicts
    ]  # fmt: skip
    stuck = {str(node + 1): round(left) for node, left in zip(short.stuck, short.left, strict=True)}
    return {
        "status": "infeasible",
        "missing": round(short.missing),
        "unsent": round(short.unsent),
        "stuck": stuck,
        "conflicts": conflicts,
    }


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n"
