"""What an association shows: certificates, books, daily totals, legal clocks, the declaration pack."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.association.pages import page
from tests.web.association_town import Desk

from ressort.core.currency import Leg, Reason, Request, operation
from ressort.core.currency.accounting import check_fec
from ressort.core.currency.association import check_signed
from ressort.core.errors import RuleBroken
from ressort.web.association import declaring, deeds, keeping, papers, queries, totals
from ressort.web.association.models import Certificate, DayTotal
from ressort.web.currency import actions
from ressort.web.currency.models import Standing


def test_a_certificate_is_signed_by_two_people_and_checked_by_anybody(client: Client, desk: Desk) -> None:
    desk.issue(desk.grocer, 5_000, "VIR 1")
    client.force_login(desk.staff)
    given = {"paper_reference": "R1", "paper": "", "digital_reference": "R2", "digital": "49"}
    address = reverse("association:reserve", args=[desk.code])
    assert client.post(address, given).status_code == 200 and not Certificate.objects.filter(currency=desk.number)
    assert client.post(address, given | {"paper": "0"}).status_code == 302, "a balance that nobody wrote is not zero"
    proposed = Certificate.objects.get(currency=desk.number)
    confirm, read = reverse("association:confirm", args=[desk.code, proposed.pk]), proposed.proposal
    client.post(confirm, {"read": read})
    assert not Certificate.objects.get(pk=proposed.pk).body, "whoever proposed it does not confirm it"
    client.force_login(desk.second)
    shown = client.get(address).content.decode()
    assert "R2" in shown and "49,00" in shown and "−1,00" in shown, "whoever signs reads what is signed, and the gap"
    keeping.propose_certificate(desk.staff, desk.number, ("R1", 0), ("R2", 5_000))
    client.post(confirm, {"read": read})
    assert not Certificate.objects.get(pk=proposed.pk).body, "proposed again with other figures since it was read"
    proposed = Certificate.objects.get(pk=proposed.pk)
    assert f'value="{proposed.proposal}"' in client.get(address).content.decode()
    client.post(confirm, {"read": proposed.proposal})
    told = json.loads(page(client, desk, "certificate_file", proposed.pk).content)
    body = json.loads(check_signed(told, keeping.signing_key(desk.number).public_key().public_bytes_raw().hex()))
    assert body["funds"]["digital"]["claims_cents"] == 5_000 and body["funds"]["digital"]["difference_cents"] == 0
    assert body["confirmed_by"] == ["Second", "Staff"] and body["head"] != "0" * 64
    assert page(client, desk, "certificate_paper", proposed.pk).content[:5] == b"%PDF-"
    with pytest.raises(RuleBroken):
        keeping.propose_certificate(desk.staff, desk.number, ("R1", 0), ("R2", 1))


def test_the_page_of_an_operation_names_accounts_in_words(client: Client, desk: Desk) -> None:
    deed = desk.issue(desk.grocer, 5_000, "VIR 1")
    client.force_login(desk.staff)
    shown = page(client, desk, "deed", deed.pk).content.decode()
    assert "Compte d’adhérent" in shown and "Fonds de garantie numérique" in shown and "reserve_digital" not in shown
    english = client.get(f"/en{reverse('association:deed', args=[desk.code, deed.pk])}").content.decode()
    assert "Digital reserve" in english and "Fonds de garantie numérique" not in english


def test_the_books_come_out_of_the_same_entries_and_conform(client: Client, desk: Desk) -> None:
    desk.issue(desk.grocer, 10_000, "VIR 1")
    desk.done(
        "pay_redemption", settles=desk.done("redeem_digital", wallet=desk.grocer, amount_cents=4_000), fund="digital"
    )
    wrong = desk.done("dues_digital", wallet=desk.grocer, amount_cents=500)
    deeds.decide(desk.second, deeds.reverse(desk.staff, wrong, "erreur"), "done")
    client.force_login(desk.auditor)
    year = timezone.localdate().year
    given = {"first": f"{year}-01-01", "last": f"{year}-12-31"}
    answer = client.post(reverse("association:books", args=[desk.code]), given)
    name = answer["Content-Disposition"].split('"')[1]
    report = check_fec(answer.content, name)
    assert report.conforms and name == f"732829320FEC{year}1231.txt"
    cells = [line.split("\t") for line in answer.content.decode().splitlines()[1:]]
    total = {
        code: sum(
            float((row[11] or "0").replace(",", ".")) - float(row[12].replace(",", "."))
            for row in cells
            if row[4] == code
        )
        for code in {row[4] for row in cells}
    }
    assert total["467200"] == -60 and total["758000"] == -2 and total["512200"] == 60
    assert total.get("756000", 0) == 0, "dues taken back are no longer in the books"


def test_daily_totals_are_those_of_the_ledger_however_often_they_are_renewed(desk: Desk) -> None:
    for number in range(5):
        desk.issue(desk.grocer, 1_000, f"VIR {number}")
        actions.seal()
        totals.renew()
        totals.renew()
    kept = DayTotal.objects.filter(currency=desk.number, operation=operation("exchange_to_digital_online"))
    assert sorted((one.amount_cents, one.transfers) for one in kept) == [(5_000, 5), (5_000, 5)]
    assert all(one.first_block < one.last_block for one in kept)


def test_clocks_watch_payments_and_units_outstanding(client: Client, desk: Desk) -> None:
    desk.issue(desk.grocer, 80_000_000, "VIR 1")
    pay = Leg(operation("pay_member"), desk.grocer.account, desk.association.account, 7_100_000)
    for _one in range(10):
        assert actions.submit(Request(uuid4(), (pay,))).reason is Reason.ACCEPTED
    actions.seal()
    totals.renew()
    found = queries.clocks(desk.number, timezone.localdate())
    assert (found["payments"].value_cents, found["payments"].alert_share) == (71_000_000, 0.7)
    assert (found["outstanding"].value_cents, found["outstanding"].alert_share) == (80_000_000, 0.7)
    client.force_login(desk.staff)
    today = timezone.localdate()
    client.post(
        reverse("association:clocks", args=[desk.code]), {"clock": "payments", "declared_on": today.isoformat()}
    )
    assert str(today.year + 1) in page(client, desk, "clocks").content.decode()
    with pytest.raises(RuleBroken):
        keeping.declare(desk.staff, desk.number, "payments", today + timedelta(1))


def test_a_declaration_pack_holds_the_figures_and_dates_of_the_ledger(
    client: Client, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.issue(desk.grocer, 120_000, "VIR 1")
    leg = Leg(operation("pay_member"), desk.grocer.account, desk.association.account, 45_000)
    actions.require(actions.submit(Request(uuid4(), (leg,))))
    keeping.declare(desk.staff, desk.number, "payments", date(2026, 2, 28))
    Standing.objects.create(currency=desk.number, nature="real", territory="EPCI:200067254")
    client.force_login(desk.auditor)
    csv_text = client.get(reverse("association:declaration_pack", args=[desk.code, "csv"])).content.decode()
    today = timezone.localdate()
    assert csv_text.splitlines()[-1] == f"{today};450,00;450,00;1200,00" and len(csv_text.splitlines()) == 2
    told: list[Any] = []
    printed = papers.printed
    monkeypatch.setattr(papers, "printed", lambda *given: told.append(given) or printed(*given))
    paper = client.get(reverse("association:declaration_pack", args=[desk.code, "pdf"]))
    assert paper.content[:5] == b"%PDF-" and paper["Content-Disposition"].endswith(f'{today}.pdf"')
    words = str(told[0][3])
    for fact in (
        "732829320",
        "450,00",
        "Ferme du haut",
        "charte 2026",
        "28 février 2027",
        "L521-3",
        "Pau Béarn Pyrénées",
    ):
        assert fact in words, fact


def test_each_month_of_a_pack_is_its_own_and_rolls_over_a_year(desk: Desk) -> None:
    pay, issue = 20, (8, 9)
    rows = [(date(2024, 12, 31), 7), (date(2025, 1, 1), 100), (date(2025, 3, 31), 10), (date(2026, 1, 1), 1)]
    DayTotal.objects.filter(currency=desk.number).delete()
    for day, cents in rows:
        for number, ends, sum_cents in ((pay, (9, 9), cents), (10, issue, 2 * cents)):
            DayTotal.objects.create(
                currency=desk.number, day=day, operation=number, from_kind=ends[0], to_kind=ends[1], amount_cents=sum_cents,
                transfers=1, first_block=1, last_block=1,
            )  # fmt: skip
    found = {one.last: (one.paid_cents, one.rolling_cents, one.outstanding_cents) for one in declaring.months(desk.number, date(2026, 1, 15))}  # fmt: skip
    assert len(found) == 13 and min(found) == date(2025, 1, 31)
    assert found[date(2025, 1, 31)] == (100, 107, 214) and found[date(2025, 3, 31)] == (10, 117, 234)
    assert found[date(2025, 12, 31)] == (0, 110, 234) and found[date(2026, 1, 15)] == (1, 11, 236)
