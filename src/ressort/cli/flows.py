"""Flows as commands write them: JSON, CSV, lines on a map, Parquet."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ressort.language import gettext as _
from ressort.whole_file import write_whole


def flow_options(shape: "argparse._MutuallyExclusiveGroup", table: str, told: str) -> None:
    """The shapes of an answer that holds flows: JSON, one of its tables in CSV, the flows as lines or as Parquet."""
    shape.add_argument("--json", action="store_true", help=_("answer in JSON"))
    shape.add_argument("--csv", nargs="?", const=table, metavar=_("TABLE"), help=told)
    shape.add_argument("--geojson", metavar=_("FILE"), help=_("write the flows as lines on a map"))
    shape.add_argument("--parquet", metavar=_("FILE"), help=_("write the flows as a Parquet file"))


def write_flows(options: argparse.Namespace, lines: Callable[[], Any], table: Callable[[], Any]) -> bool:
    """Writes the file of flows that the options ask for, and prints its name; False when they ask for none."""
    if options.geojson:
        path = Path(options.geojson)
        write_whole(path, json.dumps(lines(), ensure_ascii=False).encode())
    elif options.parquet:
        path = Path(options.parquet)
        write_whole(path, lambda draft: table().write_parquet(draft))
    else:
        return False
    print(path)
    return True
