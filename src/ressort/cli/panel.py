"""`ressort panel`: check quotas, freeze, draw in public, verify."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ressort.cli.actions import actions_of
from ressort.cli.panel_chance import chance_of, round_to_come
from ressort.cli.panel_files import (
    FROZEN,
    NUMBERS,
    ROWS,
    TRANSCRIPT,
    VERIFIER,
    ids_beside,
    listed,
    present,
    read_json,
    whole_folder,
)
from ressort.language import gettext as _
from ressort.whole_file import write_whole

if TYPE_CHECKING:
    from ressort.panel import Question

Options = argparse.Namespace


def add(kinds: "argparse._SubParsersAction[Any]") -> None:
    """The words of `ressort panel`."""
    action = actions_of(kinds, "panel", _("citizens’ panel drawn by lot"))
    quotas = action("quotas", _("quotas around the shares of the population"), make_quotas)
    quotas.add_argument("population", help=_("table (CSV): critere, valeur, population"))
    quotas.add_argument("--seats", type=int, required=True, help=_("people in the panel"))
    quotas.add_argument("--widen", type=int, default=0, metavar="N", help=_("seats of room on each side (0)"))
    check = action("check", _("what any draw could give, before anything is drawn"), check_question)
    _question_options(check)
    _shapes(check)
    chances = action("chances", _("the chance of each volunteer, and what any draw could give it"), show_chances)
    _question_options(chances)
    chances.add_argument(
        "--rule", choices=["leximin", "maximin"], default="leximin", help=_("what fairest means (leximin)")
    )
    _shapes(chances)
    seal = action("freeze", _("freeze the pool and the numbered panels before a public draw"), freeze_question)
    _question_options(seal)
    seal.add_argument("--title", required=True, help=_("title of the panel"))
    seal.add_argument("--source", required=True, help=_("what will give the number, where and when, in words"))
    seal.add_argument(
        "--drand", type=int, metavar="N", help=_("the number of the drand round to come, instead of dice")
    )
    seal.add_argument("--out", required=True, metavar=_("FOLDER"), help=_("folder to write"))
    seal.add_argument(
        "--disclose", action="store_true", help=_("publish the answers of each number, for anyone to check the quotas")
    )
    _lottery_options(seal)
    _add_draw(action("draw", _("draw: dice on a frozen pool, or a seed on two tables"), draw_question))
    _add_verify(action("verify", _("check a transcript"), verify_transcript))
    action("verifier", _("print the program with which anyone checks a transcript, without Ressort"), print_verifier)


def _add_draw(drawing: argparse.ArgumentParser) -> None:
    _question_options(drawing, two_tables=False)
    chance = drawing.add_mutually_exclusive_group(required=True)
    chance.add_argument("--dice", metavar=_("DIGITS"), help=_("digits of the public dice, such as 417"))
    chance.add_argument("--beacon", metavar="HEX", help=_("randomness of the drand round announced"))
    chance.add_argument("--seed", help=_("a seed, for a draw that needs no public proof"))
    drawing.add_argument("--round", type=int, default=0, metavar="N", help=_("number of the drand round"))
    drawing.add_argument("--signature", default="", metavar="HEX", help=_("signature of the drand round"))
    drawing.add_argument("--out", metavar=_("FILE"), help=_("where to write the transcript"))
    _lottery_options(drawing)
    _shapes(drawing)


def _add_verify(verify: argparse.ArgumentParser) -> None:
    verify.add_argument("transcript", help=_("transcript of a draw (JSON)"))
    verify.add_argument("--rows", metavar=_("FILE"), help=_("rows given to observers (JSON), to check the quotas too"))
    verify.add_argument("--fingerprint", metavar="HEX", help=_("fingerprint read out before the draw"))
    verify.add_argument("--json", action="store_true", help=_("answer in JSON"))


def _question_options(parser: argparse.ArgumentParser, two_tables: bool = True) -> None:
    if two_tables:
        parser.add_argument("volunteers", help=_("table of the volunteers (CSV)"))
        parser.add_argument("quotas", help=_("table of the quotas (CSV): critere, valeur, min, max, population"))
    else:
        parser.add_argument(
            "files", nargs="+", help=_("frozen document (JSON), or the volunteers and the quotas (CSV)")
        )
    parser.add_argument("--seats", type=int, required=two_tables, help=_("people in the panel"))
    parser.add_argument("--id", metavar=_("COLUMN"), help=_("column of the identifiers"))
    parser.add_argument("--household", metavar=_("COLUMN"), help=_("column that marks households"))
    parser.add_argument("--per-household", type=int, default=1, metavar="N", help=_("most people of one household (1)"))
    parser.add_argument("--missing", choices=["refuse", "set_aside", "free"], default="refuse", help=_("what an absent answer does"))  # fmt: skip
    parser.add_argument("--merge", action="store_true", help=_("take other spellings of a value for that value"))
    parser.add_argument("--seated", default="", metavar="ID,ID", help=_("people who stay, for a draw of replacements"))
    parser.add_argument("--gone", default="", metavar="ID,ID", help=_("people who left, for a draw of replacements"))


def _lottery_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rule", choices=["leximin", "maximin"], default="leximin", help=_("what fairest means (leximin)")
    )
    parser.add_argument(
        "--panels", type=int, default=1000, metavar="N", help=_("numbered panels (1000: three ten-sided dice)")
    )
    parser.add_argument("--reserves", type=int, metavar="N", help=_("substitutes to name (as many as seats)"))


def _shapes(parser: argparse.ArgumentParser) -> None:
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help=_("answer in JSON"))
    shape.add_argument("--csv", action="store_true", help=_("answer in CSV"))


def make_quotas(options: Options) -> int:
    """Print quotas around the shares of a population."""
    from ressort.cli import panel_render
    from ressort.panel import population_quotas

    sys.stdout.write(panel_render.quotas_csv(population_quotas(options.population, options.seats, options.widen)))
    return 0


def check_question(options: Options) -> int:
    """Print what any draw could give; 4 when no panel keeps to the quotas."""
    from ressort.cli import EXIT_RULE, panel_render
    from ressort.panel import feasibility

    question = _question(options, options.volunteers, options.quotas)
    found = feasibility(question)
    if options.json:
        _print_json(panel_render.feasibility_json(question, found))
    elif options.csv:
        sys.stdout.write(panel_render.feasibility_csv(question, found))
    else:
        panel_render.feasibility(question, found)
    return 0 if found.bounds else EXIT_RULE


def show_chances(options: Options) -> int:
    """Print the chances of the fairest lottery."""
    from ressort.cli import panel_render
    from ressort.core.panel import write_table
    from ressort.panel import chances_table

    question = _question(options, options.volunteers, options.quotas)
    lottery = _lottery(question, options.rule)
    each = chances_table(question, lottery)
    if options.json:
        _print_json(panel_render.chances_json(question, lottery, each))
    elif options.csv:
        sys.stdout.write(write_table(each.columns, each.iter_rows()))
    else:
        panel_render.chances(question, lottery)
    return 0


def freeze_question(options: Options) -> int:
    """Write the folder of a draw to come."""
    from secrets import token_bytes

    from ressort.cli import panel_render
    from ressort.core.errors import RuleBroken
    from ressort.core.panel import canonical, sealed_rows, write_table
    from ressort.panel import sealed, verifier

    folder = Path(options.out)
    if folder.exists():
        raise RuleBroken("{path} is already there: a draw is frozen once. Name another folder.", path=str(folder))
    question = _question(options, options.volunteers, options.quotas)
    lottery, secret = _lottery(question, options.rule), token_bytes(32)
    chance = {"source": "digits"} if options.drand is None else round_to_come(options.drand)
    frozen = sealed(
        question, lottery, title=options.title, source=options.source, chance=chance, panels=options.panels, rule=options.rule,
        secret=secret, disclose=options.disclose, reserves=options.reserves,
    )  # fmt: skip
    pairs = zip(question.pool.numbers, question.pool.ids, strict=True)
    with whole_folder(folder) as new:
        (new / FROZEN).write_bytes(canonical(frozen))
        (new / ROWS).write_bytes(canonical(sealed_rows(question.pool, secret)))
        (new / NUMBERS).write_text("\ufeff" + write_table(["numero", "id"], pairs), "utf-8")
        (new / VERIFIER).write_text(verifier(), "utf-8")
    panel_render.frozen(folder, frozen, lottery)
    return 0


def draw_question(options: Options) -> int:
    """Draw, print the panel, write the transcript."""
    from ressort.cli import panel_render
    from ressort.core.errors import InputError, RuleBroken
    from ressort.core.panel import canonical, draw
    from ressort.panel import sealed

    question = None
    if len(options.files) == 2 and options.seats is not None:
        question = _question(options, *options.files)
        lottery = _lottery(question, options.rule)
        frozen = sealed(
            question, lottery, title=Path(options.files[0]).stem, source="seed", seed=options.seed or "", panels=options.panels,
            rule=options.rule, chance={"source": chance_of(options)["source"]}, reserves=options.reserves,
        )  # fmt: skip
        ids = dict(zip(question.pool.numbers, question.pool.ids, strict=True))
        target = Path(options.out) if options.out else None
    elif len(options.files) == 1:
        path = Path(options.files[0])
        path = path / FROZEN if path.is_dir() else path
        frozen, ids = read_json(path), ids_beside(path)
        target = Path(options.out) if options.out else path.parent / TRANSCRIPT
    else:
        raise InputError("Give a frozen document, or the volunteers, the quotas and --seats.")
    transcript = draw(frozen, chance_of(options))
    if target is not None:
        if target.exists():
            raise RuleBroken("{path} is already there: a draw is made once.", path=str(target))
        write_whole(target, canonical(transcript))
    if options.json:
        _print_json(transcript)
    elif options.csv:
        sys.stdout.write(panel_render.panel_csv(transcript, ids, question))
    else:
        panel_render.panel(transcript, ids, question, target)
    return 0


def verify_transcript(options: Options) -> int:
    """Check a transcript step by step; 4 when one does not hold."""
    from ressort.cli import EXIT_RULE, panel_render
    from ressort.verifiers import panel_draw

    text = present(options.transcript).read_bytes()
    read_json(present(options.transcript))
    rows = read_json(present(options.rows)) if options.rows else None
    passed: list[str] = []
    wrong = ""
    try:
        for step in panel_draw.steps(text, rows, (options.fingerprint or "").lower() or None):
            passed.append(step)
    except KeyError as error:
        wrong = _("what it should hold is missing: {name}").format(name=error.args[0])
    except (ValueError, TypeError, IndexError, AttributeError) as error:
        wrong = str(error) or type(error).__name__
    if options.json:
        _print_json({"holds": not wrong, "steps": passed, "wrong": wrong})
    else:
        panel_render.verification(text, passed, wrong, bool(rows))
    return EXIT_RULE if wrong else 0


def print_verifier(options: Options) -> int:
    """Print the stand-alone program."""
    from ressort.panel import verifier

    print(verifier(), end="")
    return 0


def _question(options: Options, volunteers: str, quotas: str) -> "Question":
    from ressort.panel import ask

    return ask(
        volunteers, quotas, options.seats, identifier=options.id, household=options.household,
        household_limit=options.per_household, missing=options.missing, merge=options.merge,
        seated=listed(options.seated), gone=listed(options.gone),
    )  # fmt: skip


def _lottery(question: "Question", rule: Any) -> Any:
    from ressort.cli.render import building
    from ressort.panel import lottery_of

    with building(_("Looking for the fairest lottery")) as report:
        first: list[float] = []

        def told(_round: int, missing: float) -> None:
            first.append(missing) if not first else None
            report("", round(100 * (1 - missing / max(first[0], 1e-9))), 100)

        return lottery_of(question, rule, told)


def _print_json(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    print()
