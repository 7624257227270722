"""What the house rules look at: the tracked files, their modules, functions and words."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "ressort"
PURE = ("core", "reference", "diagnosis", "ingest")


@cache
def tracked() -> list[Path]:
    """Every file of the tree: those git tracks, or all of them outside a checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.decode()
    if listed:
        return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not {".venv", ".git"} & set(path.parts)]


def modules(*folders: str) -> list[Path]:
    """The Python modules of some folders of the program (all by default), migrations left out."""
    homes = [SOURCE / folder for folder in folders] or [SOURCE]
    return sorted(path for home in homes for path in home.rglob("*.py") if "migrations" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def public(path: Path) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """The public functions and classes of a module."""
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def words(name: str) -> list[str]:
    """The words of a name: `land_needed_m2_per_people` → land, needed, m2, per, people."""
    return re.split(r"[_\W]+", name)
