"""Balances brought in from another system: tried first, whole, once."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.association_town import Desk

from ressort.core.currency.accounting import check_fec
from ressort.core.errors import RuleBroken
from ressort.web.association import importing, keeping, queries
from ressort.web.currency.models import Wallet
from ressort.web.currency.queries import balance_cents

TABLE = "compte;nom;sorte;solde;iban\nboulangerie-x;Boulangerie;professionnel;1 200,50;\nlea-x;Léa;particulier;40;\nbillets;;;300;\n"


def test_another_system_is_tried_then_brought_in_whole_and_once(client: Client, desk: Desk) -> None:
    client.force_login(desk.admin)
    address = reverse("association:opening", args=[desk.code])

    def send(table: str = TABLE, **given: Any) -> str:
        body = {"file": SimpleUploadedFile("m.csv", table.encode()), "digital": "1240,50", "paper": "300"} | given
        return client.post(address, body).content.decode()

    assert "Essai seulement" in send(is_dry_run="on") and not Wallet.objects.filter(alias="lea-x").exists()
    assert "réconciliez" in send(digital="1240,49").lower()
    assert "Essai seulement" in send(TABLE.replace("billets;;;300;\n", ""), paper="0,00", is_dry_run="on"), (
        "no notes: a balance of zero"
    )
    assert "Repris" in send() and "Repris" in send()
    held = queries.balances(desk.number)
    assert (held["member"], held["notes_circulation"], held["reserve_digital"], held["reserve_paper"]) == (
        124_050,
        30_000,
        124_050,
        30_000,
    )
    assert not queries.reserve(desk.number).broken
    assert (
        "ligne" in send(TABLE.replace("40;", "41;"), digital="1241,50").lower()
        and queries.balances(desk.number)["member"] == 124_050
    )
    year = timezone.localdate().year
    name, content = keeping.accounting_file(desk.auditor, desk.number, date(year, 1, 1), date(year, 12, 31))
    assert check_fec(content, name).conforms and content.decode().splitlines()[1].startswith("AN\t")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("A;Nom;particulier;1;", "compte"), ("abc;;particulier;1;", "nom"), ("abc;Nom;roi;1;", "sorte"), ("abc;Nom;particulier;-1;", "solde"),
        ("abc;Nom;particulier;1,234;", "solde"), ("abc;Nom;particulier;;", "solde"), ("abc;Nom;particulier;1;FR00", "iban"),
    ],
)  # fmt: skip
def test_each_fault_of_the_table_is_told_with_its_line(line: str, column: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        importing.read(f"compte;nom;sorte;solde;iban\nbon-compte;Bon;particulier;2;\n{line}\n".encode())
    assert [(one.line, one.column) for one in refused.value.facts["problems"]] == [(3, column)]


def test_an_empty_table_or_another_one_is_refused() -> None:
    for content in (
        b"",
        b"a;b\n1;2\n",
        b"compte;nom;sorte;solde\n",
        "compte;nom\n".encode("utf-16"),
        b"compte;nom;sorte;solde\nabc;A;particulier;1\nabc;B;particulier;1\n",
    ):
        with pytest.raises(RuleBroken):
            importing.read(content)


def test_the_command_line_tries_first_and_keeps_when_told(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "m.csv"
    path.write_text(TABLE)
    words = ("association_import", desk.code, str(path), "--digital", "1240.50", "--paper", "300")
    call_command(*words)
    assert not Wallet.objects.filter(alias="lea-x").exists()
    call_command(*words, "--do")
    assert balance_cents(Wallet.objects.get(alias="lea-x"))[0] == 4_000
    path.write_text(TABLE.replace("Léa", ""))
    with pytest.raises(RuleBroken):
        call_command(*words)
    assert "3" in capsys.readouterr().err
