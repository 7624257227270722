"""Who may do what at the desk of an association, screen by screen."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from tests.web.association.pages import IBANS, opened
from tests.web.association_town import Desk, member_of

from ressort.core.errors import RuleBroken
from ressort.web.association import access, debits, deeds, keeping, mandates, members, statements, unit_mandates, urls
from ressort.web.association.models import BankLine, Certificate, Dues, Post, Rules
from ressort.web.currency import actions
from ressort.web.currency.queries import code_of
from ressort.web.people.actions import add_person

#: view → roles that see it; everybody else is refused (403 with a post, 404 without)
SEEN = {
    "home": {"staff", "office", "auditor", "admin"},
    "operations": {"staff", "office"}, "operation": {"staff"}, "journal": {"staff", "office", "auditor"},
    "deed": {"staff", "auditor"}, "decide": {"staff"}, "reverse": {"staff"},
    "members": {"staff", "auditor"}, "new_member": {"staff"}, "member": {"staff", "auditor"}, "approve": {"staff"},
    "change_member": {"staff"}, "show_member": {"staff"}, "move_member": {"staff"}, "dues": {"staff"}, "waive": {"staff"}, "gifts": {"staff"},
    "posts": {"staff", "auditor", "admin"}, "dismiss": {"staff", "admin"}, "rules": {"admin"}, "offline": {"staff", "auditor"},
    "offices": {"staff", "office", "auditor"}, "notes": {"staff", "office", "auditor"}, "reserve": {"staff", "auditor"},
    "confirm": {"staff"}, "certificate_file": {"staff", "auditor"},
    "certificate_paper": {"staff", "auditor"}, "declaration_pack": {"staff", "auditor"}, "books": {"staff", "auditor"}, "clocks": {"staff", "auditor"},
    "bank": {"staff"}, "payout_file": {"staff"}, "bank_account": {"staff"}, "match": {"staff"}, "opening": {"admin"},
    "match_sure": {"staff"}, "record_mandate": {"staff"}, "sign_mandate": {"staff"}, "end_mandate": {"staff"}, "mandate_paper": {"staff"},
    "set_credit": {"staff"}, "stop_credit": {"staff"}, "collections": {"staff"}, "collection": {"staff"}, "collection_file": {"staff"},
    "move_collection": {"staff"}, "reject_debit": {"staff"},
    "unit_mandates": {"staff"}, "run_unit_mandates": {"staff"}, "end_unit_mandate": {"staff"},
    "answer_unit_mandate": {"individual", "professional"},
    "programmes": {"staff"}, "programme": {"staff"}, "euro_file": {"staff"}, "programme_report": {"staff"},
    "holder": {"professional", "individual", "public_body", "association"},
}  # fmt: skip


def _collected(desk: Desk) -> tuple[int, int, int]:
    """A mandate, a collection proposed with it, its debit."""
    members.set_rules(desk.admin, desk.number, creditor_identifier="FR72ZZZ123456", **IBANS)
    today = timezone.localdate()
    mandate = mandates.record_mandate(desk.staff, member_of(desk.ada), "Ada", "DE89370400440532013000", today)
    mandates.set_credit(desk.staff, member_of(desk.ada), 6_000, today)
    made = debits.propose(desk.staff, desk.number, "credits", debits.earliest(Rules.objects.get(currency=desk.number)))
    return mandate.pk, made.pk, made.debits.get().pk


def _objects(desk: Desk) -> dict[str, list[object]]:
    """View → what its address names, each there."""
    deed = desk.issue(desk.grocer, 100, "VIR 1")
    members.call_dues(desk.staff, desk.number, "professional", date(2026, 1, 1), 100)
    proposed = keeping.propose_certificate(desk.staff, desk.number, ("R", 0), ("R", 100))
    certificate = keeping.confirm_certificate(desk.second, proposed, proposed.proposal)
    programme = opened(desk)
    statements.bring(desk.staff, desk.number, "digital", b"date;montant\n2026-03-01;12\n")
    post = Post.objects.filter(currency=desk.number, role="auditor").get()
    mandate, collection, debit = _collected(desk)
    in_units = unit_mandates.ask(desk.staff, desk.ada, desk.grocer, "Panier", 100, timezone.localdate()).pk
    member = member_of(desk.grocer).pk
    return {
        "operation": ["exchange_to_digital_online"], "deed": [deed.pk], "decide": [deed.pk], "reverse": [deed.pk], "member": [member],
        "approve": [member], "change_member": [member], "show_member": [member], "move_member": [member, "niveau-1"],
        "waive": [Dues.objects.get(member=member).pk], "dismiss": [post.pk], "confirm": [certificate.pk],
        "bank_account": ["digital"], "programme": [programme.pk], "euro_file": [programme.pk], "programme_report": [programme.pk],
        "match": [BankLine.objects.get(currency=desk.number).pk], "certificate_file": [certificate.pk],
        "certificate_paper": [certificate.pk], "declaration_pack": ["csv"],
        "match_sure": ["digital"], "record_mandate": [member], "set_credit": [member], "stop_credit": [member], "sign_mandate": [mandate],
        "end_mandate": [mandate], "mandate_paper": [mandate], "collection": [collection], "collection_file": [collection],
        "move_collection": [collection, "accord"], "reject_debit": [debit], "end_unit_mandate": [in_units], "answer_unit_mandate": [in_units],
    }  # fmt: skip


def test_every_view_refuses_every_role_but_those_it_is_for(client: Client, desk: Desk) -> None:
    given = _objects(desk)
    assert {one.name for one in urls.urlpatterns} == SEEN.keys() | {"public_certificate"}, (
        "every view stands in the table, or is public"
    )
    people = {"staff": desk.staff, "office": desk.keeper, "auditor": desk.auditor, "admin": desk.admin} | desk.people
    assert people.keys() == set(access.ROLES)
    for name, seen in SEEN.items():
        address = reverse(f"association:{name}", args=[desk.code, *given.get(name, [])])
        client.logout()
        assert {client.get(address).status_code, client.post(address).status_code} == {302}, f"{name} asks to sign in"
        for role, who in people.items():
            client.force_login(who)
            status = client.get(address).status_code
            if role in seen:
                assert status in (200, 302) or (name == "decide" and status == 404), (name, role, status)
            else:
                assert {status, client.post(address).status_code} <= {403, 404}, (name, role, status)


#: what the forms of the pages that several roles see ask for, all together
EVERY_FORM = {
    "name": "Autre", "value": "5", "paper_reference": "R", "paper": "0", "digital_reference": "R", "digital": "0", "clock": "payments",
    "declared_on": "2026-01-02", "email": "nouvelle@example.fr", "role": "auditor", "do": "x", "what": "x",
}  # fmt: skip
#: pages where some only read, and the staff writes
WRITTEN = ("offices", "notes", "reserve", "clocks", "posts")


def _kept(skip: tuple[str, ...] = ()) -> dict[str, str]:
    """What each table around the ledger holds, as one digest a table."""
    tables = [
        one._meta.db_table
        for one in apps.get_models()
        if one._meta.db_table.startswith(("association_", "currency_", "people_"))
    ]
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(set(tables) - set(skip)):
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t")
            found[table] = cursor.fetchone()[0]
    return found


def test_who_may_only_read_a_page_of_the_desk_changes_nothing_by_sending_its_forms(client: Client, desk: Desk) -> None:
    given = _objects(desk)
    Certificate.objects.update(day=timezone.localdate() - timedelta(1))  # there is one a day: the form would be refused
    people = {"office": desk.keeper, "auditor": desk.auditor, "admin": desk.admin}
    # where its own forms are: what it may do elsewhere is not the matter
    own = {
        "admin": {"posts", "dismiss", "rules", "opening"},
        "office": {"operation", "operations"},
        "auditor": set[str](),
    }
    counted = ("people_signin", "association_daytotal", "association_tally")
    for role, who in people.items():
        client.force_login(who)
        before = _kept(counted)
        for name, seen in SEEN.items():
            if role in seen and name not in own[role]:
                address = reverse(f"association:{name}", args=[desk.code, *given.get(name, [])])
                assert client.post(address, EVERY_FORM).status_code in (200, 302), name
                assert _kept(counted) == before, (role, name)
    client.force_login(desk.staff)
    for name in WRITTEN:
        before = _kept(counted)
        assert client.post(reverse(f"association:{name}", args=[desk.code]), EVERY_FORM).status_code in (200, 302)
        assert _kept(counted) != before, f"the staff writes on {name}: the form is right"


def test_the_things_of_one_currency_are_not_reached_through_another(client: Client, desk: Desk) -> None:
    """Walking the numbers in an address, read or written, as somebody who has every right elsewhere."""
    given = _objects(desk)
    other = actions.found_currency("T" + uuid4().hex[:7].upper(), "Autre")
    members.appoint(desk.admin, other, desk.second.email, Post.Role.STAFF)
    Post.objects.filter(currency=desk.number, person=desk.second).delete()
    client.force_login(desk.second)
    walked = {name: words for name, words in given.items() if words and isinstance(words[0], int)}
    assert len(walked) > 20
    for name, words in walked.items():
        address = reverse(f"association:{name}", args=[code_of(other), *words])
        assert {client.get(address).status_code, client.post(address).status_code} <= {403, 404, 405}, name


def test_rights_on_one_currency_open_no_other(client: Client, desk: Desk) -> None:
    other = actions.found_currency("T" + uuid4().hex[:7].upper(), "Autre")
    deed = desk.issue(desk.grocer, 100, "VIR 1")
    members.appoint(desk.admin, other, desk.staff.email, Post.Role.STAFF)
    code = code_of(other)
    client.force_login(desk.staff)
    assert client.get(reverse("association:home", args=[code])).status_code == 200
    assert client.get(reverse("association:deed", args=[code, deed.pk])).status_code == 404
    assert client.get(reverse("association:member", args=[code, member_of(desk.grocer).pk])).status_code == 404
    client.force_login(desk.second)
    assert client.get(reverse("association:home", args=[code])).status_code == 404
    with pytest.raises(RuleBroken):
        deeds.ask(
            desk.staff,
            other,
            deeds.Asked("exchange_to_digital_online", uuid4(), 100, wallet=desk.grocer, reference="x"),
        )


def test_the_link_of_an_account_that_existed_is_given_to_nobody_who_adds_a_member(client: Client, desk: Desk) -> None:
    """An operator named from the command line has no password yet: whoever held that link would run the site."""
    someone = add_person("operateur@example.fr", is_operator=True)
    client.force_login(desk.staff)
    page = reverse("association:new_member", args=[desk.code])
    given = {"name": "X", "kind": "individual", "alias": f"x-{desk.code.lower()}", "email": "Operateur@example.fr"}
    told = client.post(page, given)
    assert (
        someone.wallets.count() == 1 and not told.context["link"] and "/compte/password/" not in told.content.decode()
    )
    told = client.post(page, given | {"alias": f"y-{desk.code.lower()}", "email": "nouvelle@example.fr"})
    assert told.context["link"], "a new person gets one"


def test_who_runs_the_site_names_the_staff_and_moves_no_money(desk: Desk) -> None:
    for action in ("operate", "decide", "certify", "keep_members"):
        assert not access.may(desk.admin, action, desk.number)
    with pytest.raises(PermissionDenied):
        members.appoint(desk.staff, desk.number, "x@example.fr", Post.Role.STAFF)
    with pytest.raises(RuleBroken):
        members.appoint(desk.admin, desk.number, desk.admin.email, Post.Role.STAFF)
    with pytest.raises(PermissionDenied):
        members.set_rules(desk.staff, desk.number, four_eyes_cents=10**9)


def test_the_rules_say_no_to_what_makes_no_sense(client: Client, desk: Desk) -> None:
    client.force_login(desk.admin)
    form = {
        "siren": "123456789",
        "four_eyes_cents": "500",
        "reversal_days": "30",
        "fee_bp": "2,5",
        "gift_bp": "3",
        "gift_least_sponsors": "30",
        "level0_cents": "250",
        "level1_cents": "1000",
        "prenotice_days": "14",
        "credit_least_cents": "20",
    }
    answer = client.post(reverse("association:rules", args=[desk.code]), form)
    assert "SIREN" in answer.content.decode() and Rules.objects.get(currency=desk.number).fee_bp == 500
    answer = client.post(reverse("association:rules", args=[desk.code]), form | {"siren": "732829320"})
    assert answer.status_code == 302 and Rules.objects.get(currency=desk.number).fee_bp == 250
    answer = client.post(reverse("association:rules", args=[desk.code]), form | {"siren": "", "fee_bp": "101"})
    assert "entre 0 et 100" in answer.content.decode() and Rules.objects.get(currency=desk.number).fee_bp == 250
    shown = client.get(reverse("association:rules", args=[desk.code])).content.decode()
    assert 'value="2,50"' in shown and 'value="500,00"' in shown


def test_no_address_of_the_desk_is_hidden_by_another(desk: Desk) -> None:
    for one in urls.urlpatterns:
        given = {"operation": "redeem_digital"}
        extra = {"move_member": {"way": "fermer", "member_id": 1}, "bank_account": {"account": "digital"}}
        extra |= {"declaration_pack": {"kind": "pdf"}, "public_certificate": {"kind": "pdf"}}
        extra |= {"match_sure": {"account": "digital"}, "move_collection": {"way": "accord", "collection_id": 1}}
        named = {name: given.get(name, 1) for name in one.pattern.converters} | extra.get(one.name or "", {})
        named |= {"code": desk.code}
        address = reverse(f"association:{one.name}", kwargs=named)
        assert get_resolver().resolve(address).view_name == f"association:{one.name}"
