"""The README tells the truth: its Python lines give what it prints."""

import doctest

import pytest

from tests.tidy.sources import ROOT


def test_the_python_lines_of_the_readme_give_what_it_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESSORT_LANGUAGE", "en")
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False, encoding="utf-8")
    assert tried >= 5
    assert failed == 0
