"""`python -m ressort.web serve [--host] [--port]`, and `python -m ressort.web manage <command>` for Django's commands."""

import argparse
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ressort.core.errors import RessortError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ressort.web.settings")
# one thread per worker thread is enough: numerical libraries must not start more
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(_variable, "1")


def main(arguments: list[str]) -> int:
    """Runs one command; the exit code is 0 when all went well, 2 when something given cannot be used."""
    if arguments[:1] == ["manage"]:
        return manage(arguments[1:])
    parser = argparse.ArgumentParser(prog="ressort", description="Ressort, in a browser.")
    commands = parser.add_subparsers(dest="command", required=True)
    server = commands.add_parser("serve", help="start the site on this machine")
    server.add_argument("--host", default="127.0.0.1", help="address to listen on (0.0.0.0: every network)")
    server.add_argument("--port", type=int, default=8000)
    commands.add_parser("manage", help="run a Django command", add_help=False)
    given = parser.parse_args(arguments)
    return serve(given.host, given.port)


def serve(host: str, port: int) -> int:
    """Serves until interrupted."""

    def run() -> None:
        import django
        from django.utils.translation import activate

        django.setup()
        from ressort.web.serve import serve as serve_until_interrupted

        activate(os.environ.get("RESSORT_LANGUAGE", "fr")[:2])
        serve_until_interrupted(host, port)

    return _guarded(run)


def manage(arguments: list[str]) -> int:
    """Runs a Django command with the database up."""

    def run() -> None:
        from django.core.management import execute_from_command_line

        from ressort.web import database

        with database.running(), _told_when_empty():
            execute_from_command_line(["ressort.web manage", *arguments])

    return _guarded(run)


@contextmanager
def _told_when_empty() -> "Iterator[None]":
    """A database that was never prepared is said so, in one sentence."""
    from django.db.utils import ProgrammingError
    from psycopg.errors import InvalidSchemaName, UndefinedTable

    from ressort.core.errors import RuleBroken

    try:
        yield
    except ProgrammingError as error:
        if isinstance(error.__cause__, UndefinedTable | InvalidSchemaName):
            raise RuleBroken("The database is empty or of an older version: run ressort serve once, or python -m ressort.web manage migrate.") from error  # fmt: skip
        raise


def _guarded(run: "Callable[[], None]") -> int:
    """Runs something; an error raised on purpose is said in one sentence, an interruption is no error."""
    from ressort.core.errors import RessortError

    try:
        run()
    except RessortError as error:
        print(_said(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _said(error: "RessortError") -> str:
    """The message in the reader's language, even when the settings themselves are what is wrong."""
    from ressort.language import told

    return told(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
