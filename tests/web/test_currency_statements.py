"""Statements of an account on paper: their days, their balances, what a cell holds."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.test_currency_codes import ada, grocer, number, shop

from ressort.core.errors import RuleBroken
from ressort.web.currency import days, papers, queries, wallets
from ressort.web.currency.models import Wallet

__all__ = ["ada", "grocer", "number", "shop"]


def test_statements_on_paper_are_pdf_and_their_days_are_checked(client: Client, ada: Wallet, shop: Wallet) -> None:
    wallets.pay(ada.owner, ada, shop, 5, uuid4(), '#"[*_$é🐝')
    client.force_login(ada.owner)
    url = reverse("currency:statement_paper", args=[ada.alias])
    answer = client.get(url)
    assert answer.content.startswith(b"%PDF") and answer["Content-Type"] == "application/pdf"
    assert client.get(url, {"du": "2020-01-01", "au": "2020-01-31"}).content.startswith(b"%PDF")
    for wrong in ({"du": "x"}, {"du": "2026-02-30"}, {"du": "2026-02-02", "au": "2026-01-01"}):
        assert client.get(url, wrong).status_code in (400, 409, 422)
    today = timezone.localdate()
    told = papers._data(ada, days.between(ada, today, today, 9), today, today)
    Wallet.objects.filter(pk=shop.pk).update(name="É" + "m" * 119)
    long = papers._data(ada, days.between(ada, today, today, 9), today, today)["rows"][-1][1]
    assert max(map(len, long.replace("\u200b", " ").split())) <= 30, "no word runs over the amounts"
    assert [row[1] for row in told["balances"]] == [
        f"0,00 {queries.code_of(ada.currency)}",
        f"99,95 {queries.code_of(ada.currency)}",
    ]
    before = papers._data(ada, [], today - timedelta(days=9), today - timedelta(days=1))
    assert before["balances"][1][1].startswith("0,00")


def test_too_long_a_statement_is_refused(monkeypatch: pytest.MonkeyPatch, ada: Wallet) -> None:
    monkeypatch.setattr(papers, "MOST_LINES", 0)
    today = timezone.localdate()
    with pytest.raises(RuleBroken):
        papers.statement(ada, today, today)
