"""The house rules about code. Each can fail; a new exception needs a reason in its list."""

import ast
import re
from pathlib import Path

import pytest

from ressort.core.units import UNITS

from .sources import PURE, ROOT, SOURCE, functions, modules, named, public, tracked, tree

MOST_FUNCTION_LINES = 40
MOST_MODULE_LINES = 300
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "data2"}


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    every = [*modules(), *(path for folder in ("tests", "bench") for path in sorted((ROOT / folder).rglob("*.py")))]
    long = {named(path): len(path.read_text("utf-8").splitlines()) for path in every}
    assert {name: lines for name, lines in long.items() if lines > MOST_MODULE_LINES} == {}


def test_no_function_is_longer_than_forty_lines_its_docstring_aside() -> None:
    long = {}
    for path in modules():
        for function in functions(path):
            body = function.body[1:] if ast.get_docstring(function) else function.body
            lines = (function.end_lineno or 0) - body[0].lineno + 1 if body else 0
            if lines > MOST_FUNCTION_LINES:
                long[f"{named(path)}:{function.name}"] = lines
    assert long == {}


def test_no_module_bears_a_name_that_says_nothing() -> None:
    assert [named(path) for path in tracked() if path.suffix == ".py" and path.stem in BANNED_NAMES] == []


@pytest.mark.parametrize("folder", PURE)
def test_every_public_thing_says_what_it_gives(folder: str) -> None:
    silent = [named(path) for path in modules(folder) if path.stat().st_size and not ast.get_docstring(tree(path))]
    for path in modules(folder):
        silent += [f"{named(path)}:{node.name}" for node in public(path) if not ast.get_docstring(node)]
    assert silent == []


#: what the core must not touch: clock, chance without a seed, disk, network
FORBIDDEN_IN_CORE = re.compile(
    r"\bopen\(|\.read_text\(|\.write_text\(|datetime\.now|date\.today|time\.time\(|(?<!np\.)\brandom\.|os\.environ|import os\b|pathlib|"
    r"default_rng\(\)|np\.random\.(?!default_rng|Generator)|read_parquet|read_csv|httpx|socket"
)


def test_the_core_knows_no_disk_clock_network_or_chance() -> None:
    found = []
    for path in modules("core"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            code = line.partition("#")[0]
            if FORBIDDEN_IN_CORE.search(code):
                found.append(f"{named(path)}:{number}: {line.strip()}")
    assert found == []


#: names of numbers that carry no unit, and why
PLAIN_NUMBERS = {
    "count", "limit", "seed", "most", "size", "level", "rows", "row", "index", "width", "digits", "significant",  # counts and positions
    "value", "low", "high", "median", "score", "total", "tolerance", "factor", "least_known",  # a figure, whose unit stands beside it
    "share", "lat", "lon", "x", "y", "u", "mode", "done", "n", "one", "several", "port", "bars", "column", "spread",
    "diet", "ration", "losses", "ruminant_factor", "inventory_factor", "ruminant_sd", "people", "heads", "farms", "land_model",
    "lunch", "meals", "start", "end", "line", "target", "height", "fewest", "status", "penalty", "reached", "atoms", "n_communes",
    "ascendency", "capacity", "overhead", "robustness", "fitness", "link_density", "roles", "beta", "delta", "sigma", "rank", "before",  # flows, laws
    "quantity", "need", "own", "imported", "more_imported", "dual", "world_cost", "rise", "missing", "unsent",
    "asked", "held", "entering", "forced_out",  # in the unit of the good exchanged
    "first", "second", "balance", "volume", "unbalanced",  # in the value that partners agree
    "avoided", "bound", "ratio", "fill", "mu", "central", "caution", "size_limit_mb", "oldest_days", "skip_lines", "age", "year", "years",
}  # fmt: skip


def test_numbers_given_to_public_functions_carry_their_unit() -> None:
    """A parameter or field that is a float ends with a unit of `core.units`, or is in the list above."""
    bare = []
    for path in modules("core", "reference", "diagnosis"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                bare += [
                    f"{named(path)}:{node.name}({a.arg})"
                    for a in node.args.args
                    if _is_float(a.annotation) and not _has_unit(a.arg)
                ]
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                fields = [f for f in node.body if isinstance(f, ast.AnnAssign) and isinstance(f.target, ast.Name)]
                bare += [
                    f"{named(path)}:{node.name}.{f.target.id}"
                    for f in fields
                    if _is_float(f.annotation) and not _has_unit(f.target.id)
                ]  # type: ignore[union-attr]
    assert bare == []


def _is_float(annotation: ast.expr | None) -> bool:
    return annotation is not None and ast.unparse(annotation) in ("float", "float | None")


def _has_unit(name: str) -> bool:
    ends = {name.rsplit("_", 1)[-1], name.split("_per_")[-1]}
    return name in PLAIN_NUMBERS or bool(ends & UNITS.keys()) or bool(ends & {"day", "person"})


def test_nothing_of_this_machine_nor_of_a_registry_is_in_the_tree() -> None:
    # spelled with a break, so that this file does not name them itself
    hosts = ("pypi~.org", "python~hosted", "registry~.npmjs", "deb~.debian.org", "/wor~k/", "/far~m/", "/opt/py~pi")
    wrong = re.compile("|".join(re.escape(host.replace("~", "")) for host in hosts))
    found = []
    for path in tracked():
        if path.suffix in (".parquet", ".mo", ".png", ".xlsx"):
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if wrong.search(line):
                found.append(f"{named(path)}:{number}")
    assert found == []


def test_locks_hold_versions_only() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = [line.partition(" ; ")[0] for line in (ROOT / name).read_text("utf-8").splitlines() if line.strip()]
        assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9][\w.+!]*", line)] == []


def test_templates_and_styles_call_nobody_and_borrow_no_state_design() -> None:
    foreign = re.compile(r"""(?:src|href|action|url)\s*[=(]\s*["']?(?:https?:)?//(?!\{)""")
    borrowed = re.compile(r"dsfr|fr-btn|Marianne", re.IGNORECASE)
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*(?:src=|application/json))", re.IGNORECASE)
    found = []
    for path in [p for p in tracked() if p.suffix in (".html", ".css", ".js", ".svg") and SOURCE in p.parents]:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if (
                borrowed.search(line)
                or (foreign.search(line) and "&lt;iframe" not in line)
                or (path.suffix == ".html" and inline.search(line))
            ):
                found.append(f"{named(path)}:{number}: {line.strip()[:80]}")
    assert found == []


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    broken = []
    for path in [p for p in tracked() if p.suffix == ".md"]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
            if not (path.parent / target).exists():
                broken.append(f"{named(path)} → {target}")
    assert broken == []


def test_the_commands_of_the_readme_exist() -> None:
    wanted = set(re.findall(r"\bmake ([a-z]+)", (ROOT / "README.md").read_text("utf-8")))
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert wanted
    assert wanted <= known


def test_the_glossary_names_every_folder() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    folders = {path.parent.name for path in modules() if path.name == "__init__.py" and path.parent != SOURCE}
    folders -= {"migrations", "management", "commands", "templatetags", "formats", "fr", "en", "actions", "models"}
    assert {folder for folder in folders if f"`{folder}`" not in glossary} == set()


def test_every_bench_prints_a_ratio() -> None:
    scripts = sorted(Path(ROOT / "bench").glob("[a-z]*.py"))
    assert scripts
    assert [named(path) for path in scripts if "ratio" not in path.read_text("utf-8")] == []


def test_migrations_of_an_application_follow_one_another() -> None:
    """Two changes made side by side may both be number ten: the database then refuses to start."""
    for folder in SOURCE.glob("web/*/migrations"):
        numbers = [int(path.name[:4]) for path in sorted(folder.glob("[0-9]*.py"))]
        assert numbers == list(range(1, len(numbers) + 1)), folder


#: figures of speed belong to what measures them
SPEED = re.compile(
    r"\d ?(?:µs|ms)\b|milliseconds?\b|\btimes (?:faster|quicker|slower)\b|\btwice as (?:fast|quick|much)\b"
)


def test_no_comment_claims_a_speed_without_what_measures_it() -> None:
    found = []
    for path in sorted(file for kind in ("py", "sql", "js") for file in SOURCE.rglob(f"*.{kind}")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if SPEED.search(line) and "bench/" not in line:
                found.append(f"{named(path)}:{number}: {line.strip()}")
    assert found == []


def test_accents_are_folded_in_one_place() -> None:
    folds = [named(path) for path in modules() if re.search(r'normalize\("NFK?D"', path.read_text("utf-8"))]
    assert folds == ["src/ressort/core/letters.py"]
