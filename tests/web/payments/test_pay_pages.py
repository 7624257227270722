"""The pages of a payment: to choose, to read again, to change, to go back to; and the receipt."""

from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from tests.web.payments.test_people import pay_page, signed_in

from ressort.web.currency import wallets
from ressort.web.currency.models import Wallet

__all__ = ["signed_in"]


def test_several_accounts_of_one_name_are_shown_to_choose(signed_in: Client, ada: Wallet, grocer: Wallet) -> None:
    wallets.open_wallet(None, ada.currency, "Épicerie du haut", "epicerie-haut", "professional", None)
    page = pay_page(signed_in, ada, payee="épicerie", amount="1").content.decode()
    assert 'value="epicerie-essai"' in page and 'value="epicerie-haut"' in page
    chosen = pay_page(signed_in, ada, payee="épicerie", amount="1", label="pain", choice="epicerie-haut")
    assert chosen.context["payee"].alias == "epicerie-haut" and chosen.context["amount"] == 100, (
        "what was typed is kept"
    )
    assert chosen.context["label"] == "pain"


def test_a_payment_is_read_again_at_an_address_that_says_nothing_of_it_and_changed_without_typing_it_again(
    signed_in: Client, ada: Wallet, grocer: Wallet
) -> None:
    first = signed_in.post(reverse("currency:pay", args=[ada.alias]), {"payee": grocer.alias, "amount": "12,50", "label": "pain"})  # fmt: skip
    assert first.status_code == 302 and "12" not in first.url.partition("?relire=")[0] and grocer.alias not in first.url
    page = signed_in.get(first.url)
    assert f"?modifier={page.context['key']}" in page.content.decode()
    changed = signed_in.get(reverse("currency:pay", args=[ada.alias]), {"modifier": page.context["key"]}).content.decode()  # fmt: skip
    assert 'value="12,50"' in changed and 'value="epicerie-essai"' in changed and 'value="pain"' in changed


def test_going_back_to_a_payment_that_is_made_leads_to_its_receipt(
    signed_in: Client, ada: Wallet, grocer: Wallet
) -> None:
    page = pay_page(signed_in, ada, payee=grocer.alias, amount="12,50")
    back = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    done = pay_page(signed_in, ada, payee=grocer.alias, amount=page.context["typed"], key=page.context["key"])
    assert signed_in.get(back).url == done.url
    gone = signed_in.get(reverse("currency:pay", args=[ada.alias]), {"relire": str(uuid4())})
    assert gone.status_code == 302 and gone.url == reverse("currency:pay", args=[ada.alias])


def test_a_payment_to_confirm_is_read_by_its_own_account_and_session_only(
    signed_in: Client, ada: Wallet, grocer: Wallet, person: Any
) -> None:
    other = wallets.open_wallet(None, ada.currency, "Ada bis", "ada-bis", "individual", person)
    page = pay_page(signed_in, ada, payee=grocer.alias, amount="12,50")
    asked = {"relire": page.context["key"]}
    assert signed_in.get(reverse("currency:pay", args=[other.alias]), asked).status_code == 302
    elsewhere = Client()
    elsewhere.force_login(person)
    assert elsewhere.get(reverse("currency:pay", args=[ada.alias]), asked).status_code == 302


def test_more_than_the_account_may_spend_is_said_before_anything_is_read_again(
    signed_in: Client, ada: Wallet, grocer: Wallet
) -> None:
    page = pay_page(signed_in, ada, payee=grocer.alias, amount="100,01").content.decode()
    assert "Relire avant de payer" in page and "100,01" in page and "100,00" in page and "au plus" in page


def test_ones_own_account_is_named_as_such(signed_in: Client, ada: Wallet, grocer: Wallet) -> None:
    assert "compte qui paie" in pay_page(signed_in, ada, payee=" Ada-Essai ", amount="1").content.decode()


def test_a_receipt_says_that_the_payment_is_made_received_or_given_back(
    signed_in: Client, person: Any, ada: Wallet, grocer: Wallet
) -> None:
    transfer = wallets.pay(person, ada, grocer, 500, uuid4()).transfers[0]
    url = reverse("currency:receipt", args=[ada.alias, transfer])
    assert "Le paiement est fait." in signed_in.get(url).content.decode()
    grocer.owner = person
    grocer.save()
    assert "Le paiement est reçu." in signed_in.get(reverse("currency:receipt", args=[grocer.alias, transfer])).content.decode()  # fmt: skip
    wallets.refund(person, grocer, transfer)
    assert "a été remboursé" in signed_in.get(url).content.decode()
