"""Where exchanges reach: overseas nothing is drawn, abroad the reason is said."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_where_nothing_is_known_no_flow_is_claimed(client: Client) -> None:
    page = client.get("/cooperer/REG/04/", headers={"accept-language": "fr"}).content.decode()
    assert "Aucun partenaire ne peut être trouvé" in page
    assert "Rien n’a besoin de bouger" not in page and "Flux à moindre distance" not in page


def test_abroad_the_reason_is_said(client: Client) -> None:
    answer = client.get("/cooperer/BE_COM/62063/", headers={"accept-language": "fr"})
    assert answer.status_code == 400
    assert "Les échanges se calculent entre territoires de France\u00a0; Liège" in answer.content.decode()


def test_a_place_without_a_known_use_says_so_instead_of_an_empty_table(client: Client) -> None:
    page = client.get("/energie/BE_COM/62063/", headers={"accept-language": "fr"}).content.decode()
    assert "Aucune consommation n’est connue ici" in page and "<tbody></tbody>" not in page
