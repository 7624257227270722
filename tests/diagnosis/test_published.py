"""The published results are recomputed, and the page that shows them says what the program says."""

import runpy

from tests.tidy.sources import ROOT

PUBLISHED = runpy.run_path(str(ROOT / "bench" / "published.py"))


def test_every_published_case_with_a_tolerance_holds() -> None:
    found = PUBLISHED["cases"]()
    assert len(found) > 30
    assert [case.title for case in found if case.verdict == "FAILS"] == []


def test_the_page_shows_the_table_that_the_program_prints() -> None:
    page = (ROOT / "docs" / "methods" / "published.md").read_text("utf-8")
    table = "\n".join(PUBLISHED["lines"](PUBLISHED["cases"]()))
    assert table in page, "write the table again from `make published`"
