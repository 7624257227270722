"""Statements as banks really write them: lines above the header, two columns or one, words over several lines, who paid."""

from datetime import date

import pytest

from ressort.core.currency.bank import read_camt, read_statement_csv, xml_tree
from ressort.core.errors import RuleBroken
from tests.core.currency.test_bank import CAMT

BANKS = {
    "above the header": (
        "Numéro Compte   ;0000000S000\nDate            ;30/10/2026\nSolde (EUROS)   ;1234,56\n\nDate;Libellé;Montant(EUROS)\n"
        '01/03/2026;"VIREMENT DE ADA";50,50\n02/03/2026;"FRAIS, TENUE";-1 234,50\n',
        [(6, 5_050, "VIREMENT DE ADA"), (7, -123_450, "FRAIS, TENUE")],
    ),
    "labels over several lines": (
        "Téléchargement du 03/03/2026;\n\nSolde au 02/03/26 : 13,37 EUR\n\nDate;Libellé;Débit Euros;Crédit Euros;\n"
        '01/03/2026;"VIREMENT      \nADA\n\n";;50,50;\n02/03/2026;"FRAIS";1 234,50;;\n',
        [(6, 5_050, "VIREMENT ADA"), (10, -123_450, "FRAIS")],
    ),
    "two days, signs and more words": (
        "Date de comptabilisation;Libelle simplifie;Libelle operation;Reference;Informations complementaires;Debit;Credit;Date operation\n"
        "01/03/2026;ADA;VIR ADA;;abeille 12;;+50,50;28/02/2026\n02/03/2026;FRAIS;FRAIS;;;-1234,50;;02/03/2026\n",
        [(2, 5_050, "VIR ADA abeille 12"), (3, -123_450, "FRAIS")],
    ),
    "a column for the detail": (
        "=\"0123\";01/03/2026;2;1234,56 EUR\n\nDate de l'opération;Libellé;Détail de l'écriture;Montant de l'opération;Devise\n"
        "01/03/2026;VIR;VIR DE: ADA MOTIF: 12;50,50;EUR\n02.03.2026;FRAIS;FRAIS;-1234,50 €;EUR\n",
        [(4, 5_050, "VIR VIR DE: ADA MOTIF: 12"), (5, -123_450, "FRAIS")],
    ),
    "in English names, quoted": (
        'dateOp;dateVal;label;amount\n2026-03-01;2026-03-01;"VIR";"50,50"\n2026-03-02;2026-03-02;"FRAIS";"-1 234,50"\n',
        [(2, 5_050, "VIR"), (3, -123_450, "FRAIS")],
    ),
}


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-15", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", BANKS)
def test_statements_are_read_as_french_banks_write_them(name: str, encoding: str) -> None:
    text, lines = BANKS[name]
    if encoding == "iso-8859-15":
        text = text.replace(" €", "")
    found = read_statement_csv(text.encode(encoding)).lines
    assert [(one.line, one.amount_cents, one.label) for one in found] == lines
    assert [one.day for one in found] == [date(2026, 3, 1), date(2026, 3, 2)]


def test_what_moves_nothing_is_no_line_and_who_paid_is_told_beside_what_they_wrote() -> None:
    nothing = '<Ntry><Amt Ccy="EUR">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-01</Dt></BookgDt></Ntry>'
    payer = "<RmtInf><Ustrd>Conversion</Ustrd><Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf></Strd></RmtInf>"
    told = CAMT.replace("<RmtInf><Ustrd>Conversion</Ustrd></RmtInf>", f"<RltdPties><Dbtr><Pty><Nm>Ada  Lovelace</Nm></Pty></Dbtr></RltdPties>{payer}")  # fmt: skip
    (found,) = read_camt(told.replace("</Acct>", "</Acct>" + nothing).encode())
    assert [one.amount_cents for one in found.lines] == [5_050, -500, -1_500]
    assert found.lines[0].label == "Conversion RF18 Ada Lovelace"


def test_a_file_of_endless_elements_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_tree, "_MOST_ELEMENTS", 10)
    with pytest.raises(RuleBroken, match="10"):
        read_camt(CAMT.encode())
