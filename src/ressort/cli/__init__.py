"""The command line: `ressort find|diagnose|scenario|compare|data|report|serve|doctor`.

Exit codes: 0 done, 2 bad words, 3 unknown or ambiguous territory or missing figure, 4 a rule is broken, 5 a source was refused,
6 the machine stood in the way (disk, port, database), 130 interrupted.
"""

import os
import sys

EXIT_USAGE, EXIT_INPUT, EXIT_RULE, EXIT_SOURCE, EXIT_MACHINE, EXIT_INTERRUPTED = 2, 3, 4, 5, 6, 130


def main(argv: list[str] | None = None) -> int:
    """Run one command and give its exit code."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    words = sys.argv[1:] if argv is None else argv
    words = words or ["--help"]
    from ressort.cli.parser import build_parser, chosen_language
    from ressort.language import gettext, language, problem

    with language(chosen_language(words)):
        options = build_parser().parse_args(words)
        try:
            code = int(options.command(options) or 0)
            sys.stdout.flush()
            return code
        except KeyboardInterrupt:
            return _tell(gettext("Interrupted; nothing is half-written."), EXIT_INTERRUPTED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except OSError as error:
            cause = problem(error)
            named = f"{cause}, {error.filename}" if error.filename else cause
            return _tell(gettext("The machine stood in the way: {error}.").format(error=named), EXIT_MACHINE)
        except Exception as error:
            return _tell_ours(error)


def _tell_ours(error: Exception) -> int:
    from ressort.core.errors import InputError, NoSolution, RessortError, RuleBroken, SourceRefused
    from ressort.language import told

    if not isinstance(error, RessortError):
        raise error
    codes = {InputError: EXIT_INPUT, RuleBroken: EXIT_RULE, NoSolution: EXIT_RULE, SourceRefused: EXIT_SOURCE}
    code = next((code for kind, code in codes.items() if isinstance(error, kind)), EXIT_RULE)
    return _tell(told(error), code)


def _tell(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code
