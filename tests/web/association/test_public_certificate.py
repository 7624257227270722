"""The certificate of the reserve that two people signed is for anybody; one that waits is for nobody."""

import json

from django.test import Client
from django.urls import reverse
from tests.web.association_town import Desk

from ressort.web.association import keeping
from ressort.web.association.models import Certificate


def test_anybody_reads_the_last_signed_certificate_and_none_that_waits(client: Client, desk: Desk) -> None:
    page = reverse("currency:currency", args=[desk.code.lower()])
    address = reverse("association:public_certificate", args=[desk.code.lower(), "json"])
    desk.issue(desk.grocer, 100, "VIR 1")
    proposed = keeping.propose_certificate(desk.staff, desk.number, ("R1", 0), ("R2", 100))
    assert client.get(address).status_code == 404 and "Aucun certificat" in client.get(page).content.decode()
    signed = keeping.confirm_certificate(desk.second, proposed, proposed.proposal)
    told = json.loads(client.get(address).content)
    assert told == {"body": signed.body, "signature": signed.signature, "public_key": signed.public_key}
    body = json.loads(told["body"])
    assert (body["currency"], body["nature"]) == (desk.code, "real"), "the signature is of this currency"
    assert client.get(address.replace("json", "pdf")).content[:4] == b"%PDF"
    assert address in client.get(page).content.decode()
    assert client.get(reverse("association:public_certificate", args=["nowhere", "json"])).status_code == 404


def test_a_certificate_that_bears_an_email_stays_at_the_desk(client: Client, desk: Desk) -> None:
    """Certificates signed before names took the place of e-mails: a signature does not let them be rewritten."""
    given = {"day": "2026-01-02", "paper_reference": "", "paper_cents": 0, "digital_reference": "", "digital_cents": 0}
    Certificate.objects.create(currency=desk.number, body='{"signed_by": ["staff@example.fr"]}', signature="s", public_key="k", **given)  # fmt: skip
    address = reverse("association:public_certificate", args=[desk.code.lower(), "json"])
    assert client.get(address).status_code == 404
