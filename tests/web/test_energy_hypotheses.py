"""Who invests and who earns: hypotheses shown one by one with their source, and replaced by one's own on every face."""

import csv
import html
import io

import pytest
from django.test import Client

from ressort.cli import main
from ressort.core.errors import InputError, RuleBroken, UnknownCode
from ressort.energy import energy_of, hypotheses, own_hypotheses, read_hypotheses

pytestmark = pytest.mark.django_db
METROPOLE = "/energie/EPCI/244400404/"


def test_a_published_hypothesis_gives_way_to_ones_own_and_cents_follow() -> None:
    own = own_hypotheses({"wind.investment": 1200, "wind.return": 0.1, "wind.tax": 0, "wind.rent": 0})
    published, mine = (energy_of("44109", levers="shared", own_terms=terms).returns for terms in ((), own))
    assert mine["roofs"] == published["roofs"]
    one = mine["wind"]["central"]
    invested = sum(one.investment_cents)
    assert invested == pytest.approx(sum(published["wind"]["central"].investment_cents) * 1200 / 1550, abs=1)
    assert sum(one.dividends_cents) == invested // 10 and one.tax_cents == one.rent_cents == 0


def test_every_hypothesis_says_where_it_was_read() -> None:
    published = hypotheses()
    assert len(published) == 8 and all(
        one.source and not one.is_own and one.low <= one.value <= one.high for one in published
    )
    (mine,) = [one for one in hypotheses(own_hypotheses({"roofs.tax": 3})) if one.is_own]
    assert (mine.name, mine.low, mine.high, mine.status) == ("roofs.tax", 3, 3, "hypothesis")


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (["wind.price=3"], UnknownCode), (["wind.return=8"], RuleBroken), (["wind.tax=-1"], RuleBroken), (["wind.tax=nan"], RuleBroken),
        (["wind.tax=inf"], RuleBroken), (["wind.tax"], InputError), (["wind.tax=dix"], InputError),
    ],
)  # fmt: skip
def test_a_hypothesis_that_cannot_be_read_is_refused(given: list[str], error: type[Exception]) -> None:
    with pytest.raises(error):
        read_hypotheses(given)


def test_a_person_reads_and_replaces_them_on_the_page(client: Client) -> None:
    told = html.unescape(client.get(METROPOLE, {"scenario": "shared"}).content.decode())
    assert (
        "1\u202f550 (1\u202f400 à 1\u202f700) € par kilowatt" in told and "5,5\u00a0% (3,0\u00a0% à 8,0\u00a0%)" in told
    )
    assert "janvier 2017" in told and "faute de chiffre" in told and "hypotheses.csv" in told
    words = {"scenario": "shared", "vent_cout": "1 200", "vent_rendement": "4"}
    told = html.unescape(client.get(METROPOLE, words).content.decode())
    assert "1\u202f200 € par kilowatt" in told and "4,0\u00a0%" in told and 'value="1 200"' in told
    table = client.get(METROPOLE + "hypotheses.csv", words).content.decode("utf-8-sig")
    rows = {row["hypothesis"]: row for row in csv.DictReader(io.StringIO(table))}
    assert float(rows["wind.investment"]["value"]) == 1200 and float(rows["wind.return"]["high"]) == 0.04
    assert client.get(METROPOLE, {"vent_rendement": "140"}).status_code == 400


def test_programs_and_the_command_line_replace_them_too(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    words = {"scenario_name": "shared", "hypothesis": ["wind.investment=1200", "roofs.return=0.04"]}
    told = client.get("/api/energy/EPCI/244400404", words).json()
    rows = {row["hypothesis"]: row for row in told["tables"]["hypotheses"]}
    assert (
        rows["wind.investment"]["is_own"] and rows["roofs.return"]["value"] == 0.04 and not rows["wind.tax"]["is_own"]
    )
    assert client.get("/api/energy/EPCI/244400404", {"hypothesis": "wind.price=3"}).status_code == 404
    assert main(["energy", "44109", "--scenario", "shared", "--hypothesis", "wind.tax=5", "--csv", "hypotheses"]) == 0
    assert "wind.tax,5.0,5.0,5.0" in capsys.readouterr().out
    assert main(["energy", "44109", "--hypothesis", "wind.tax"]) != 0
    assert "NOM=NOMBRE" in capsys.readouterr().err
