"""Somebody is found by name however it is typed, namesakes are told apart, and a name is never what it does not look like."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ressort.core.errors import RuleBroken
from ressort.core.letters import bare
from ressort.web.currency import queries, wallets
from ressort.web.currency.models import Listing, Wallet
from ressort.web.people.models import Person


def opened(ada: Wallet, name: str, alias: str, kind: str = "professional") -> Wallet:
    return wallets.open_wallet(None, ada.currency, name, alias, kind, None)


def searched(client: Client, ada: Wallet, words: str) -> str:
    client.force_login(ada.owner)
    return client.post(
        reverse("currency:pay", args=[ada.alias]), {"payee": words, "amount": "1"}, follow=True
    ).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        "epicerie du port",
        "ÉPICERIE PORT",
        "port épicerie",
        "E\u0301picerie",
        "épicérie",
        "  Epicerie   du  port ",
        "ﬁn epicerie"[3:],
    ],
)
def test_a_name_is_found_whatever_its_accents_capitals_and_composition(ada: Wallet, grocer: Wallet, typed: str) -> None:
    assert queries.payees(ada, typed) == [grocer]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("L’Œuf à la coque", "l'oeuf a la coque"), ("Cœur d'artichaut", "cœur d’artichaut"), ("Straßenbäckerei", "strassenbackerei"),
        ("Мёд и хлеб", "мед"), ("عسل", "عسل"), ("蜂蜜商店", "蜂蜜商店"), ("100 % bio", "100 % b"), ("A_B_C", "a_b_c"), ("Ñandú", "nandu"),
    ],
)  # fmt: skip
def test_names_of_every_script_are_found(ada: Wallet, grocer: Wallet, name: str, typed: str) -> None:
    made = opened(ada, name, "autre-essai")
    assert queries.payees(ada, typed) == [made]


@pytest.mark.parametrize("typed", ["%%%", "___", "\\\\\\", "' OR 1=1 --", "a" * 120, "\u202e\u202e\u202e", "🐝🐝🐝"])
def test_what_names_nobody_finds_nobody(client: Client, ada: Wallet, grocer: Wallet, typed: str) -> None:
    assert queries.payees(ada, typed) == []
    assert "id_payee" in searched(client, ada, typed)


def test_namesakes_are_shown_with_what_tells_them_apart(client: Client, ada: Wallet) -> None:
    opened(ada, "Jean Martin", "jean-martin", "individual")
    opened(ada, "JEAN MARTIN", "jean-martin-2", "professional")
    page = searched(client, ada, "jean martin")
    assert (
        'value="jean-martin"' in page
        and 'value="jean-martin-2"' in page
        and "particulier" in page
        and "professionnel" in page
    )
    assert queries.payees(ada, "jean-martin") == [Wallet.objects.get(alias="jean-martin")], "the alias names one"


def test_more_namesakes_than_are_shown_are_not_hidden(client: Client, ada: Wallet) -> None:
    for number in range(12):
        opened(ada, f"Ferme {number}", f"ferme-{number:02d}")
    page = searched(client, ada, "ferme")
    assert page.count('value="ferme-') == 10 and "précisez" in page


def test_the_list_of_members_is_not_read_letter_by_letter(client: Client, ada: Wallet, grocer: Wallet) -> None:
    page = searched(client, ada, "é")
    assert "Épicerie" not in page and "trois lettres" in page


@pytest.mark.parametrize(
    "name",
    [
        "\u202eedalaM",
        "Épi\u2066cerie",
        "a\x07b",
        "",
        "  ",
        "\u200b\u200b",
        "...",
        "Port\x00",
        "Epi\u200bcerie",
        "\u061cEpicerie",
        "Epi\xadcerie",
        "é" * 121,
    ],
)
def test_a_name_that_hides_or_turns_words_is_refused(ada: Wallet, name: str) -> None:
    with pytest.raises(RuleBroken):
        opened(ada, name, "autre-essai")
    assert not Wallet.objects.filter(alias="autre-essai").exists()


def test_a_name_is_kept_composed_with_single_spaces(ada: Wallet) -> None:
    assert opened(ada, " E\u0301picerie \n du  port ", "autre-essai").name == "Épicerie du port"
    assert bare("Épicerie") == bare("E\u0301PICERIE") == "epicerie"


def test_the_name_of_an_individual_is_for_those_of_the_currency(
    client: Client, ada: Wallet, grocer: Wallet, person: Any
) -> None:
    bob = opened(ada, "Bob Durand", "bob-essai", "individual")
    read = reverse("currency:read")

    def page(alias: str) -> str:
        return client.get(read, {"c": alias}).content.decode()

    assert "Durand" not in page(bob.alias) and bob.alias in page(bob.alias) and "Épicerie du port" in page(grocer.alias)
    stranger = Person.objects.create_user("eve@example.fr", "Correct-Horse-9-Battery")
    client.force_login(stranger)
    assert "Durand" not in page(bob.alias)
    client.force_login(person)
    assert "Durand" in page(bob.alias)


def test_professionals_are_looked_up_without_accents_too(
    client: Client, ada: Wallet, grocer: Wallet, code: str
) -> None:
    Listing.objects.create(wallet=grocer, branch="food_retail", is_public=True)
    page = client.get(reverse("currency:professionals", args=[code.lower()]), {"q": "epicerie PORT"}).content.decode()
    assert "Épicerie du port" in page
