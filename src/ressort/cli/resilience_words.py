"""The options of `ressort stress` and `ressort replay`."""

import argparse

from ressort.language import LANGUAGES
from ressort.language import gettext as _


def draws(stress: argparse.ArgumentParser) -> None:
    """How many runs, which seed, partners, weights."""
    stress.add_argument("--days", type=int, default=365, help=_("days played (365)"))
    stress.add_argument("--runs", type=int, default=200, help=_("draws of the hypotheses (200)"))
    stress.add_argument("--seed", type=int, default=2026, help=_("same seed, same numbers (2026)"))
    stress.add_argument("--start", type=int, default=0, help=_("days before the shock, added to its own start"))
    stress.add_argument(
        "--with",
        dest="partners",
        action="append",
        default=[],
        metavar=_("TERRITORY"),
        help=_("a neighbour or partner territory, shown beside; several may be given"),
    )
    stress.add_argument(
        "--lead",
        type=int,
        default=1095,
        metavar=_("DAYS"),
        help=_(
            "days between the decision on levers and day 0 (1095): a lever not whole in time counts in part if it grows little by little, else for nothing"
        ),
    )
    stress.add_argument(
        "--intensity",
        action="append",
        default=[],
        metavar=_("EVENT=FACTOR"),
        help=_(
            "how hard an event hits here, when you know it: flood=1.5, or flood.2=0.3 for one effect (--csv intensities lists them)"
        ),
    )
    stress.add_argument(
        "--weight",
        action="append",
        default=[],
        metavar=_("NEED=W"),
        help=_("weight of a need in the mean (1 each by default)"),
    )


def purse(stress: argparse.ArgumentParser) -> None:
    """A budget and how levers are chosen."""
    stress.add_argument(
        "--currency",
        metavar=_("FILE"),
        help=_("measures of the local currency (JSON of `ressort currency statistics`): its re-use rate replaces the hypothesis of the lever"),
    )  # fmt: skip
    stress.add_argument(
        "--budget", type=float, metavar="EUR", help=_("find the levers that avoid most under this budget")
    )
    stress.add_argument(
        "--method", choices=["greedy", "milp"], default="greedy", help=_("how the levers are chosen (greedy)")
    )
    stress.add_argument(
        "--caution",
        type=float,
        default=1.0,
        metavar="0-1",
        help=_("judge on the worst share of runs (1: the mean of all)"),
    )


def shapes(parser: argparse.ArgumentParser) -> None:
    """The shape of the answer, the table of one's own, processes."""
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help=_("answer in JSON"))
    shape.add_argument(
        "--csv", nargs="?", const="needs", metavar=_("TABLE"), help=_("answer one table in CSV (needs by default)")
    )
    shape.add_argument(
        "--pdf", metavar=_("FILE"), help=_("write the annex of the safeguard plan (PDF, or CSV when the name ends so)")
    )
    shape.add_argument(
        "--continuity", metavar=_("FILE"), help=_("write the continuity plan (PDF, or CSV when the name ends so)")
    )
    parser.add_argument(
        "--table",
        metavar=_("FILE"),
        help=_("an input-output table of one's own (CSV or XLSX), in the form of --table-template"),
    )
    parser.add_argument("--workers", type=int, default=1, help=_("processes; the numbers do not depend on it (1)"))
    parser.add_argument("--scheduler", default="", metavar="tcp://…", help=_("address of a Dask scheduler"))
    parser.add_argument("--lang", choices=LANGUAGES, help=argparse.SUPPRESS)
