"""`ressort ledger`: recompute a whole ledger, from its database or from an export alone; export it."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ressort.cli.actions import actions_of
from ressort.core.errors import InputError, RessortError, RuleBroken
from ressort.language import gettext as _
from ressort.language import ngettext, number

if TYPE_CHECKING:
    from ressort.core.currency import Rows, Verdict

Options = argparse.Namespace
#: a hash in hexadecimal, as published
_HEAD_DIGITS = 64


def add(kinds: "argparse._SubParsersAction[Any]") -> None:
    """The words of `ressort ledger`."""
    told = _("the ledger of local currencies: verify it, export it")
    action = actions_of(kinds, "ledger", told)
    check = action("verify", _("recompute every balance, every rule and the chain"), verify)
    check.add_argument("folder", nargs="?", help=_("an export; without it, the database of this machine"))
    check.add_argument("--head", metavar=_("HASH"), help=_("a head published before: it must be in the chain"))
    check.add_argument("--json", action="store_true", help=_("answer in JSON"))
    out = action("export", _("write the whole ledger as CSV files, without any name"), export)
    out.add_argument("folder", help=_("a folder that does not exist yet"))
    out.add_argument("--beancount", metavar=_("FILE"), help=_("also write it for Beancount, another accountant"))


def verify(options: Options) -> int:
    """Tell what was recomputed; 4 when something is wrong."""
    from ressort.cli.ledger_files import read_export, read_sent

    if options.folder:
        return _verified(read_export(Path(options.folder)), options)
    with tempfile.TemporaryDirectory(prefix="ressort-ledger-") as home:
        folder = Path(home) / "sent"
        _export_from_database(folder, "--binary")
        return _verified(read_sent(folder), options)


def _verified(rows: "Rows", options: Options) -> int:
    from ressort.core.currency import verify as recompute

    verdict = recompute(rows)
    faults = [*verdict.faults, *_head_fault(options.head, [bytes(one).hex() for one in rows.blocks["hash"]])]
    print(_in_json(verdict, faults) if options.json else "\n".join(_sentences(verdict, faults)))
    return 4 if faults else 0


def _head_fault(head: str | None, hashes: list[str]) -> list[RessortError]:
    """What is wrong with a chain that should hold a head published before."""
    if head is None:
        return []
    head = head.strip().lower()
    if len(head) != _HEAD_DIGITS or set(head) - set("0123456789abcdef"):
        raise InputError("{head} is not a head: it has 64 digits, 0 to 9 and a to f.", head=head)
    if head in hashes or head == "0" * _HEAD_DIGITS:
        return []
    return [RuleBroken("The head {head} is not in this chain: what was published has been changed.", head=head, invariant="I6")]  # fmt: skip


def _sentences(verdict: "Verdict", faults: list[RessortError]) -> list[str]:
    lines = [
        _("Recomputed: accounts {accounts}, transfers {transfers}, entries {entries}, blocks {blocks}.").format(
            accounts=number(verdict.accounts),
            transfers=number(verdict.transfers),
            entries=number(verdict.entries),
            blocks=number(verdict.blocks),
        )
    ]
    if verdict.unsealed:
        told = ngettext(
            "{count} transfer is not sealed yet.", "{count} transfers are not sealed yet.", verdict.unsealed
        )
        lines.append(told.format(count=number(verdict.unsealed)))
    lines += [f"{fault.facts['invariant']}: {fault.say(_)}" for fault in faults]
    lines.append(_("Something is wrong: stop paying, keep a copy, compare it with the last export.") if faults else _("Nothing is wrong."))  # fmt: skip
    return [*lines, _("Head of the chain: {head}").format(head=verdict.head.hex())]


def _in_json(verdict: "Verdict", faults: list[RessortError]) -> str:
    told = {
        "accounts": verdict.accounts,
        "transfers": verdict.transfers,
        "entries": verdict.entries,
        "blocks": verdict.blocks,
        "unsealed": verdict.unsealed,
        "head": verdict.head.hex(),
        "faults": [{"says": fault.say(_), **fault.facts} for fault in faults],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def export(options: Options) -> int:
    """Write the ledger of the database; nothing is left half-written."""
    from ressort.cli.ledger_files import codes, read_export
    from ressort.core.currency import beancount

    folder = Path(options.folder)
    _export_from_database(folder)
    print(_("The ledger is in {folder}.").format(folder=folder))
    if options.beancount:
        path = Path(options.beancount)
        draft = path.with_name(f".{path.name}.draft")
        with draft.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in beancount(read_export(folder), codes(folder)))
        draft.replace(path)
        print(_("Written: {path}").format(path=path))
    return 0


def _export_from_database(folder: Path, *words: str) -> None:
    """Asks the web's side to export: this one speaks to no database."""
    command = [sys.executable, "-m", "ressort.web", "manage", "ledger_export", str(folder), *words]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise RuleBroken("The ledger was not exported: {cause}", cause=last)
