"""The documentation tells the truth about names: paths, commands and variables that it gives exist, and none is left out."""

import argparse
import re
from pathlib import Path

import pytest

from ressort.cli.parser import build_parser

from .sources import ROOT, SOURCE, modules, tracked

PAGES = [path for path in tracked() if path.suffix == ".md"]
#: variables that only our own processes set or read
OURS = {"RESSORT_SUPERVISED", "RESSORT_DATABASE_ROLE"}
#: folders of the data folder, not of the tree
DATA_FOLDER = {"build", "synced", "raw", "postgres", "static", "mail"}
VARIABLE = re.compile(r"\bRESSORT_[A-Z_]+[A-Z]\b")


def _commands() -> set[str]:
    actions = [one for one in build_parser()._actions if isinstance(one, argparse._SubParsersAction)]
    return set(actions[0].choices)


def test_every_command_that_the_documentation_gives_exists() -> None:
    wrong = []
    for page in PAGES:
        for word in re.findall(
            r"(?:^\$ |`|bin/)ressort (?:--lang en )?([a-z]+)", page.read_text("utf-8"), re.MULTILINE
        ):
            if word not in _commands():
                wrong.append(f"{page.name}: ressort {word}")
    assert wrong == []


def test_every_variable_is_documented_and_every_documented_one_is_read() -> None:
    told = {name for page in PAGES for name in VARIABLE.findall(page.read_text("utf-8"))}
    read = {name for path in modules() for name in VARIABLE.findall(path.read_text("utf-8"))} - OURS
    tests = {name for path in (ROOT / "tests").rglob("*.py") for name in VARIABLE.findall(path.read_text("utf-8"))}
    install = set(VARIABLE.findall((ROOT / "docs" / "install.md").read_text("utf-8")))
    assert {name for name in told - read - tests if not name.startswith("RESSORT_MAIL")} == set()
    assert {name for name in read - install if not name.startswith("RESSORT_MAIL")} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(
        r"`((?:[\w-]+/)+[\w-]+\.(?:py|toml|csv|html|typ|md|po|yml))`|`((?:[\w-]+/)+)`", page.read_text("utf-8")
    )
    homes = (ROOT, ROOT / "src", ROOT / "tests", SOURCE, SOURCE / "web", SOURCE / "reference", SOURCE / "locale")
    lost = []
    for file, folder in named:
        name = file or folder
        if not any((home / name).exists() for home in homes) and name.rstrip("/") not in DATA_FOLDER:
            lost.append(name)
    assert lost == []
