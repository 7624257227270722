"""An input-output table of one's own: read whole, refused by its cell, played and replayed."""

import io
import json
import re

import numpy as np
import pytest

from ressort.core.errors import InputError, RuleBroken
from ressort.reference.national_economy import national_table
from ressort.resilience import digest_of, own_table, replay, stress
from ressort.resilience.own_table import template

PLACE = "CC Fumel Vallée du Lot"


def changed(pattern: str, line: str) -> bytes:
    """The template with the lines that match replaced by another one, or taken out."""
    text, count = re.subn(pattern, line, template().decode("utf-8-sig"), flags=re.M)
    assert count
    return text.encode()


def as_workbook(content: bytes) -> bytes:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for line in content.decode("utf-8-sig").splitlines():
        book.active.append(line.split(";"))
    book.save(out)
    return out.getvalue()


def test_the_template_read_again_is_the_national_table() -> None:
    nation, read = national_table("a38"), own_table(template(), "table.csv")
    for name in ("domestic", "imported", "households", "others", "exports", "households_imported", "others_imported"):
        assert np.allclose(getattr(read, name), getattr(nation, name), rtol=1e-12)
    assert digest_of(own_table(as_workbook(template()), "table.xlsx")) == digest_of(read)


def test_another_table_gives_other_numbers_and_is_asked_for_to_replay() -> None:
    read = own_table(changed(r"^(domestic;DZ;households;.*|output;DZ;.*)$\n", ""), "t.csv")
    found = stress(PLACE, "power_cut", runs=4, days=90, table=read)
    told = json.dumps(found.to_dict())
    assert replay(told, table=read)[1] == []
    with pytest.raises(InputError, match="Give the same file"):
        replay(told)
    plain = stress(PLACE, "power_cut", runs=4, days=90)
    assert plain.digest != found.digest and plain.request.table == ""


@pytest.mark.parametrize(
    ("pattern", "line", "message"),
    [
        (r"^domestic;AZ;CA;.*$", "domestic;AZ;CA;-4", r"line 4: the cell AZ → CA is negative \(-4\)"),
        (r"^domestic;AZ;CA;.*$", "domestic;AZ;CA;4", r"line \d+: the row of AZ is not balanced"),
        (r"^(domestic|output);CD;.*$\n", "", "CD makes nothing and yet buys"),
        (r"^domestic;AZ;CA;.*$", "domestic;AZ;ZZ;4", "line 4: use cannot be ZZ"),
        (r"^domestic;AZ;CA;.*$", "domestic;AZ;CA;many", "line 4: the cell AZ → CA is not a number"),
        (r"^domestic;AZ;CA;.*$", "domestic;AZ;AZ;4", "stands already on line 2"),
        (r"^domestic;AZ;CA;.*$", "elsewhere;AZ;CA;4", "line 4: origin cannot be elsewhere"),
        (r"^imported;AZ;CA;.*$", "imported;AZ;CA;999999", "without value added"),
        (r"^origin;branch;use;value_meur", "a;b;c;d", "the first line must hold"),
    ],
)  # fmt: skip
def test_a_bad_table_is_refused_whole_naming_the_cell(pattern: str, line: str, message: str) -> None:
    with pytest.raises((InputError, RuleBroken), match=message):
        own_table(changed(pattern, line), "table.csv")


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"origin;branch;use;value_meur\n", b"x" * 4_000_001])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises((InputError, RuleBroken)):
        own_table(content, "table.csv")
