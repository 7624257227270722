"""`ressort currency`: files checked and written, whole or not at all."""

from pathlib import Path

import pytest

from ressort.cli import main
from ressort.core.currency import OPERATIONS, kind

NAME = "732829320FEC20261231.txt"


def _export(folder: Path) -> Path:
    """An export of the ledger: 50 exchanged online, 20 redeemed for a fee of 1, a wrong 7 of dues taken back."""
    folder.mkdir()
    kinds = ["outside_eur", "reserve_digital", "digital_issue", "member", "payable_digital", "operating_bank", "office_eur_till_operating"]  # fmt: skip
    lines = [f"{number},1,{kind(code).id}" for number, code in enumerate(kinds, 1)]
    (folder / "accounts.csv").write_text("\n".join(["id,currency,kind", *lines, ""]))
    moves = [
        ("exchange_to_digital_online", 1, 2, 5000, 0), ("exchange_to_digital_online", 3, 4, 5000, 0), ("redeem_digital", 4, 3, 2000, 0),
        ("redeem_digital", 2, 5, 2000, 0), ("pay_redemption", 5, 1, 1900, 0), ("pay_redemption", 5, 6, 100, 0),
        ("dues_in_eur", 1, 7, 700, 0), ("dues_in_eur", 7, 1, 700, 7),
    ]  # fmt: skip
    header = "id,operation,state,debit_account,credit_account,amount_cents,reverses,effective_on"
    rows = [
        f"{number},{OPERATIONS.index(name) + 1},1,{debit},{credit},{cents},{reverses or ''},2026-03-0{number}"
        if name.startswith("dues")
        else f"{number},{OPERATIONS.index(name) + 1},1,{debit},{credit},{cents},,2026-03-01"
        for number, (name, debit, credit, cents, reverses) in enumerate(moves, 1)
    ]
    (folder / "transfers.csv").write_text("\n".join([header, *rows, ""]))
    (folder / "blocks.csv").write_text("id,last_transfer\n1,4\n2,8\n")
    return folder


def _write(tmp_path: Path, *words: str) -> int:
    export = tmp_path / "export"
    folder = export if export.exists() else _export(export)
    return main(["currency", "fec", str(folder), "--siren", "732829320", "--from", "2026-01-01", "--to", "2026-12-31", "--out", str(tmp_path), *words])  # fmt: skip


def test_the_books_are_written_from_an_export_and_conform(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _write(tmp_path) == 0
    text = (tmp_path / NAME).read_text("utf-8")
    lines = [line.split("\t") for line in text.splitlines()[1:]]
    assert {cells[2] for cells in lines} == {"1", "2", "3", "4", "5"}
    assert [cells[8] for cells in lines if cells[10].startswith("redeem")] == ["B1-B1", "B1-B1"]
    assert sum(cells[4] == "758000" and cells[12] == "1,00" for cells in lines) == 1
    assert main(["currency", "fec-check", str(tmp_path / NAME)]) == 0
    assert "conforme" in capsys.readouterr().out


def test_a_reversal_comes_off_whatever_operation_it_was_asked_under(tmp_path: Path) -> None:
    """Dues taken back under another code were left in the books."""
    export = _export(tmp_path / "export")
    table = export / "transfers.csv"
    lines = table.read_text().splitlines()
    lines[-1] = lines[-1].replace(
        f",{OPERATIONS.index('dues_in_eur') + 1},", f",{OPERATIONS.index('pay_member') + 1},", 1
    )
    table.write_text("\n".join([*lines, ""]))
    assert _write(tmp_path) == 0
    cells = [line.split("\t") for line in (tmp_path / NAME).read_text("utf-8").splitlines()[1:]]
    dues = [(row[11], row[12]) for row in cells if row[4] == "756000"]
    assert dues == [("0,00", "7,00"), ("7,00", "0,00")]


def test_a_movement_that_no_table_tells_is_refused_not_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = _export(tmp_path / "export")
    with (export / "transfers.csv").open("a") as table:
        table.write(f"9,{OPERATIONS.index('pay_member') + 1},1,5,2,100,,2026-03-09\n")
    assert _write(tmp_path) == 3
    assert "pay_member" in capsys.readouterr().err and not (tmp_path / NAME).exists()


def test_a_file_already_written_is_not_replaced(tmp_path: Path) -> None:
    assert _write(tmp_path) == 0
    assert _write(tmp_path) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == [NAME, "export"]


def test_own_accounts_are_used_and_wrong_ones_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "comptes.csv"
    own.write_text("role;account_code;name_fr\nfees;706100;Frais\n")
    assert _write(tmp_path, "--accounts", str(own)) == 0
    assert "706100" in (tmp_path / NAME).read_text()
    (tmp_path / NAME).unlink()
    own.write_text("role;account_code;name_fr\nfees;70X;Frais\n")
    assert _write(tmp_path, "--accounts", str(own)) == 4
    assert "CompteNum" in capsys.readouterr().out
    own.write_text("role;account_code;name_fr\nfee;706;Frais\n")
    assert _write(tmp_path, "--accounts", str(own)) == 3
    assert not (tmp_path / NAME).exists()


def test_faults_are_told_with_line_and_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _write(tmp_path) == 0
    path = tmp_path / NAME
    path.write_text(path.read_text("utf-8").replace("1,00", "1.00"), "utf-8")
    capsys.readouterr()
    assert main(["currency", "fec-check", str(path)]) == 4
    assert "Credit" in capsys.readouterr().out
    assert main(["currency", "fec-check", str(path), "--json"]) == 4
    assert '"conforms": false' in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b""])
def test_no_file_or_an_empty_one_is_an_error_of_input(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / NAME
    if content is not None:
        path.write_bytes(content)
    assert main(["currency", "fec-check", str(path)]) == 3


PAYMENTS = "jour;nature;payeur;beneficiaire;montant\n2026-01-01;conversion;;P;100\n2026-01-02;paiement;P;C;60\n2026-01-11;paiement;C;D;30\n"  # fmt: skip


def test_statistics_are_told_with_their_ranges(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    payments, accounts = tmp_path / "p.csv", tmp_path / "a.csv"
    payments.write_text(PAYMENTS)
    accounts.write_text("compte,role\nP,personne\nC,pro\nD,pro\n")
    words = ["currency", "statistics", str(payments), "--accounts", str(accounts)]
    assert main([*words, "--json"]) == 0
    told = {one["measure"]: one for one in json.loads(capsys.readouterr().out)["measures"]}
    assert told["payments"]["value"] == 9_000
    assert told["reuse"]["value"] == pytest.approx(30 / 90)
    assert told["velocity"]["value"] == pytest.approx(90 / 100 * 365 / 11)
    assert main([*words, "--until", "2026-01-05"]) == 0
    assert "Vitesse" in capsys.readouterr().out
    assert main([*words, "--until", "2026-01-01"]) == 4
    assert main([*words, "--days", "0"]) == 4


def test_a_fault_in_the_payments_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "p.csv"
    path.write_text(PAYMENTS.replace("60", "6O"))
    assert main(["currency", "statistics", str(path)]) == 4
    assert "ligne 3" in capsys.readouterr().err


def _with_balances(tmp_path: Path, reserve_cents: int = 5_000) -> Path:
    folder = _export(tmp_path / "balances")
    held = {"outside_eur": -reserve_cents, "reserve_digital": reserve_cents, "digital_issue": -5_000, "member": 5_000}
    lines = [f"{number},1,{kind(code).id},{cents}" for number, (code, cents) in enumerate(held.items(), 1)]
    (folder / "accounts.csv").write_text("\n".join(["id,currency,kind,balance_cents", *lines, ""]))
    (folder / "blocks.csv").write_text(f"id,last_transfer,hash\n1,4,{'ab' * 32}\n")
    (folder / "currencies.csv").write_text("id,code,name,closed_until\n1,ABE,Abeille,1999-12-31\n")
    return folder


def test_a_certificate_is_written_signed_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, path, key = _with_balances(tmp_path), tmp_path / "certificate.json", tmp_path / "key.pem"
    words = ["currency", "reserve", str(folder), "--certificate", str(path), "--key", str(key)]
    dated = [*words, "--day", "2026-06-30", "--confirmed", "Ana", "--statement-digital", "R12=49,90"]
    assert main(words) == 3
    assert main(dated) == 4 and not path.exists()
    assert main([*dated, "--confirmed", "Bo"]) == 0
    assert key.stat().st_mode & 0o077 == 0
    import json

    told = json.loads(path.read_text())
    assert '"difference_cents":-10' in told["body"] and '"currency":"ABE"' in told["body"]
    capsys.readouterr()
    assert main(["currency", "certificate-check", str(path), "--public-key", told["public_key"]]) == 0
    assert '"day": "2026-06-30"' in capsys.readouterr().out
    path.write_text(path.read_text().replace("5000", "9000"))
    assert main(["currency", "certificate-check", str(path), "--public-key", told["public_key"]]) == 4


def test_a_fund_that_is_short_is_told_and_never_certified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _with_balances(tmp_path, reserve_cents=4_999)
    assert main(["currency", "reserve", str(folder)]) == 4
    assert "I7_digital" in capsys.readouterr().out


def test_clocks_tell_since_when_an_alert_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    path = tmp_path / "p.csv"
    path.write_text(
        "jour;nature;payeur;beneficiaire;montant\n2026-01-01;conversion;;P;800000\n2026-01-02;paiement;P;C;750000\n2026-01-05;paiement;C;P;250001\n"
    )
    assert main(["currency", "clocks", str(path), "--declared", "2025-03-01", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    payments, outstanding = told["clocks"]
    assert payments["value_cents"] == 100_000_100
    assert payments["crossed"] == {"0.7": "2026-01-02", "0.9": "2026-01-05", "1.0": "2026-01-05"}
    assert (outstanding["value_cents"], outstanding["crossed"]["0.7"], told["declaration_due"]) == (
        80_000_000,
        "2026-01-01",
        "2026-03-01",
    )
    assert main(["currency", "clocks", str(path)]) == 0
    assert "ACPR" in capsys.readouterr().out


def test_an_allowance_is_played_before_it_is_paid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    path = tmp_path / "accepteurs.csv"
    path.write_text("nom;ventes_par_mois;lieu;reemploi_min;reemploi_max\nFerme;2000;Masquières;0,1;0,2\nCoop;500;Tournon;;\n")  # fmt: skip
    words = ["currency", "simulate", str(path), "--people", "Masquières=2,Tournon=2", "--on", "2026-01-01"]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["amount_cents"], told["local_cents"], told["poverty_line_year"]) == (128_900, 109_565, 2023)
    assert told["people"][1]["unspent_cents"][0] > 0
    assert told["covered_draws_share"] == 0
    assert told["unsourced"]["respent_bp"]["acceptors"] == ["Coop"] and told["unsourced"]["spent"] == "0.8-1"
    assert main([*words, "--amount", "100"]) == 0
    out = capsys.readouterr().out
    assert "Masquières" in out and out.count("Hypothèse sans source") == 3
    assert main([*words, "--spent", "0.5-0.6"]) == 0
    assert capsys.readouterr().out.count("Hypothèse sans source") == 2
    assert main([*words[:3], "--people", "4"]) == 4
    assert main([*words[:3], "--people", "Paris=4"]) == 4
    assert main([*words[:3], "--people", "quatre"]) == 3
    assert main([*words, "--local", "85"]) == 3
    assert main([*words, "--on", "2019-01-01"]) == 3


def test_faults_of_the_acceptors_are_told_with_their_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "accepteurs.csv"
    path.write_text("nom;ventes_par_mois;reemploi_min;reemploi_max\nFerme;beaucoup;;\nCoop;500;0,6;0,5\n;5;;\n")
    assert main(["currency", "simulate", str(path), "--people", "4"]) == 4
    told = capsys.readouterr().err
    assert all(f"ligne {line}, " in told for line in (2, 3, 4))
    for text in ("", "a;b\n1;2\n", "\xff"):
        path.write_text(text, "latin-1")
        assert main(["currency", "simulate", str(path), "--people", "4"]) in (3, 4)


PAYOUTS = "reference;nom;iban;montant;libelle\nR-1;Épicerie;DE89370400440532013000;95,00;Reconversion\n"
BANK = ["--name", "L’Abeille", "--iban", "FR7630006000011234567890189", "--on", "2999-03-02", "--message", "PAY-1"]


def test_a_bank_file_is_written_whole_or_not_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, out = tmp_path / "p.csv", tmp_path / "pay.xml"
    words = ["currency", "bank-file", str(table), *BANK, "--out", str(out)]
    table.write_text(PAYOUTS + "R-2;X;DE89370400440532013001;5;x\nR-3;X;DE89370400440532013000;zéro;x\n")
    assert main(words) == 4
    assert "ligne 3" in (told := capsys.readouterr().err) and "ligne 4" in told
    table.write_text(PAYOUTS.replace("montant", "bic;montant").replace(";95", ";XX;95"))
    assert main(words) == 4 and "ligne 2" in (told := capsys.readouterr().err) and "BIC" in told
    assert not out.exists()
    table.write_text(PAYOUTS)
    assert main(words) == 0
    assert b"pain.001.001.09" in out.read_bytes() and b">95.00<" in out.read_bytes()
    assert main(words) == 4
    assert main([*words, "--version", "pain.001.001.02"]) == 3
    out.unlink()
    table.write_text("reference;nom;iban;montant;libelle;mandat;signe_le;sequence\nC-1;X;DE89370400440532013000;5;Dues;MD1;2026-01-01;FRST\n")  # fmt: skip
    assert main([*words, "--debits", "--ics", "FR72ZZZ123456"]) == 0
    assert b"pain.008.001.08" in out.read_bytes()


def test_a_statement_is_told_beside_what_was_expected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    statement, expected = tmp_path / "s.csv", tmp_path / "e.csv"
    statement.write_text("date;libelle;montant\n2026-03-01;virement CONV-1;50\n2026-03-02;inconnu;7\n")
    expected.write_text("cle;jour;montant;reference\nop1;2026-02-20;50;CONV-1\nop2;2026-03-02;-3;\n")
    assert main(["currency", "bank-statement", str(statement)]) == 0
    assert main(["currency", "bank-statement", str(statement), "--expected", str(expected)]) == 4
    capsys.readouterr()
    assert main(["currency", "bank-statement", str(statement), "--expected", str(expected), "--json"]) == 4
    told = json.loads(capsys.readouterr().out)
    assert [one["key"] for one in told["matches"]] == ["op1"] and told["operations_left"] == ["op2"]
    statement.write_text('<!DOCTYPE x [<!ENTITY a "b">]><Document/>')
    assert main(["currency", "bank-statement", str(statement)]) == 4
    statement.write_text("date;libelle;montant\n2026-03-32;x;50\n")
    assert main(["currency", "bank-statement", str(statement)]) == 4
    assert "ligne 2" in capsys.readouterr().err


def test_opening_balances_are_asked_of_the_web_side_and_refused_here_when_they_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(
        "ressort.cli.currency_opening.subprocess.run",
        lambda words, check: asked.append(words) or type("Done", (), {"returncode": 2})(),
    )
    table = tmp_path / "membres.csv"
    table.write_text("compte;nom;sorte;solde\n")
    assert main(["currency", "opening", "ABE", str(table), "--digital", "12,50"]) == 2
    assert asked[0][2:] == ["ressort.web", "manage", "association_import", "ABE", str(table), "--digital=12,50"]
    main(["currency", "opening", "ABE", str(table), "--paper", "3", "--do"])
    assert asked[1][-2:] == ["--paper=3", "--do"]
    for words in ([str(tmp_path / "rien.csv")], [str(table), "--digital", "douze"]):
        assert main(["currency", "opening", "ABE", *words]) != 0
    assert len(asked) == 2 and "douze" in capsys.readouterr().err
