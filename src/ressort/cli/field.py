"""`ressort field`: the inverse question. How many people does a field feed? How many market gardens for a tenth of the vegetables?"""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ressort.cli.examples import examples
from ressort.language import LANGUAGES, number
from ressort.language import gettext as _

if TYPE_CHECKING:
    from ressort.core.food import FarmsNeeded
    from ressort.diagnosis import Field

Options = argparse.Namespace


def add(kinds: "argparse._SubParsersAction[Any]") -> None:
    """The words of `ressort field`."""
    from ressort.cli.parser import levers

    help_text = _("how many people a field feeds, or how many gardens a share of the vegetables takes")
    parser = kinds.add_parser("field", help=help_text, description=help_text, epilog=examples("field"))
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.set_defaults(command=answer)
    parser.add_argument("--lang", choices=LANGUAGES, help=argparse.SUPPRESS)
    parser.add_argument("territory", nargs="+", help=_("where the field is: its region gives the yields"))
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--hectares", metavar="HA", help=_("size of the field: how many people does it feed?"))
    asked.add_argument("--vegetables", metavar="0-1", help=_("share of the vegetables: how many gardens of 2 ha?"))
    parser.add_argument(
        "--food",
        default="all",
        metavar=_("FAMILY"),
        help=_("count one family of food only, such as fruit_vegetables (all by default)"),
    )
    levers(parser)
    parser.add_argument("--json", action="store_true", help=_("answer in JSON"))


def answer(options: Options) -> int:
    """Print the answer to the question asked."""
    from ressort.cli import commands
    from ressort.core.food import number_in
    from ressort.diagnosis import place
    from ressort.diagnosis.inverse import field, gardens

    commands.prepare()
    where, levers = place(commands.territory_of(options.territory)), commands.levers_of(options)
    if options.vegetables is not None:
        needed = gardens(where, number_in("--vegetables", options.vegetables), levers)
        told: Any = {name: asdict(one) for name, one in needed.items()}
    else:
        fed = field(where, number_in("--hectares", options.hectares), options.food, levers)
        told = asdict(fed)
    if options.json:
        commands.print_json(told)
    elif options.vegetables is not None:
        _gardens(needed)
    else:
        _field(fed)
    return 0


def _field(fed: "Field") -> None:
    from ressort.cli.render import console
    from ressort.diagnosis.rows import labels
    from ressort.diagnosis.words import with_range

    named = labels("food/families", "family") | {"all": _("all food")}
    text = _("A field of {hectares} ha feeds {people} in: {food}. One person takes {land} of it.")
    console.print(
        text.format(
            hectares=number(fed.field_ha, 2 if fed.field_ha < 10 else 0),
            people=with_range(fed.people),
            food=named[fed.family].lower(),
            land=with_range(fed.land_m2_per_people),
        ),
        soft_wrap=True,
    )


def _gardens(found: "dict[str, FarmsNeeded]") -> None:
    from ressort.cli.render import console

    central, fewest = found["central"], found["high_yield"]
    text = _("It takes from {fewest} to {most} market gardens of 2 ha, that is {least} to {whole} ha.")
    console.print(
        text.format(
            fewest=number(fewest.farms),
            most=number(max(central.farms, found["low_yield"].farms)),
            least=number(fewest.land_ha),
            whole=number(max(central.land_ha, found["low_yield"].land_ha)),
        ),
        soft_wrap=True,
    )
