"""Every address of the site, knocked at by somebody unknown: what is not said to be open to all asks to sign in, read or written."""

import re
from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

#: what anybody may ask, by application; a secret link, a ballot's code or the rules of one's own view decide what they then see
OPEN = {
    "": "accessibility api_docs contact decide decide_of health hello legal_notice source_code account_confirm_email account_inactive "
    "account_email_verification_sent account_login account_logout account_reset_password account_reset_password_done account_signup "
    "account_reset_password_from_key account_reset_password_from_key_done",
    "association": "public_certificate",
    "budget": "campaign campaigns idea propose receipt result result_file vote",
    "calls": "aid application attach call calls detach evidence lost own_attachment published report start take_back withdraw",
    "currency": "contours currencies currency manifest offline offline_queue offline_state professionals purse read statistics statistics_file worker",
    "diagnosis": "chart contours embed field group_chart group_embed group_field group_report group_table group_territory map map_of own_template "
    "report sources table territory",
    "energy": "chart energy file group_chart group_energy group_file",
    "exchanges": "agreement agreement_file agreements computation country country_file file group_file group_partners group_rules partners rules",
    "panel": "document draw_file mine page panels register",
    "people": "invitation personal_data",
    "resilience": "chart choose file group_choose result stop table_template",
    "scenarios": "compare group_compare group_scenario scenario",
    "territories": "anything compose home search",
}  # fmt: skip
#: what may stand in an address; the first that fits is taken
WORDS = ("1", "x", "00000000-0000-0000-0000-000000000001", "a" * 16, "A" * 43, "EPCI", "200067254", "table.csv", "abc")


def addresses(patterns: list[Any], space: str = "", above: tuple[Any, ...] = ()) -> Iterator[tuple[str, str, tuple[Any, ...]]]:  # fmt: skip
    """The application and name of each address, and the patterns that make it."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, one.namespace or space, (*above, one.pattern))
        else:
            yield space, one.name or str(one.pattern), (*above, one.pattern)


def filled(pattern: Any) -> dict[str, str]:
    """Words that fit the holes of a pattern."""
    holes = [(name, hole.regex) for name, hole in pattern.converters.items()]
    holes = holes or re.findall(r"\(\?P<(\w+)>((?:[^()]|\([^()]*\))*)\)", str(pattern))
    return {
        name: next(word for word in (*WORDS, *hole.replace("\\", "").split("|")) if re.fullmatch(hole, word))
        for name, hole in holes
    }


def urls() -> Iterator[tuple[str, str]]:
    """The name of each address of the site that is not for programs, and such an address."""
    for space, name, patterns in addresses(get_resolver().url_patterns):
        if space != "api":
            yield f"{space}:{name}", _url(space, name, patterns)


def _url(space: str, name: str, patterns: tuple[Any, ...]) -> str:
    words = {hole: word for pattern in patterns for hole, word in filled(pattern).items()}
    return reverse(f"{space}:{name}" if space else name, kwargs=words)


def test_no_page_takes_a_form_of_another_site_from_whoever_runs_this_one(operator: Any) -> None:
    """Before anything else, whatever the page does with what is sent: a view exempted by one decorator is found here."""
    client, wrong, knocked = Client(enforce_csrf_checks=True), {}, 0
    client.force_login(operator)
    for name, url in urls():
        answer = client.post(url, {"x": "1"}, headers={"Origin": "https://elsewhere.example"})
        knocked += 1
        if answer.status_code != 403:
            wrong[name] = answer.status_code
    assert wrong == {} and knocked > 250


def test_a_session_opens_nothing_of_the_api_that_asks_for_a_key(operator: Any) -> None:
    """Otherwise a form of another site would pay with the session of whoever reads it."""
    client, asked = Client(), []
    client.force_login(operator)
    for path, methods in client.get("/api/openapi.json").json()["paths"].items():
        for method, told in methods.items():
            if "security" in told:
                url = re.sub(r"\{\w+\}", "00000000-0000-0000-0000-000000000001", path)
                answer = getattr(client, method)(url, data={}, content_type="application/json")
                assert answer.status_code == 401, (method, path, answer.status_code)
                asked.append(path)
    assert {"/api/payments", "/api/balance", "/api/asks", "/api/payments/{key}", "/api/asks/{short}"} <= set(asked)


def test_whoever_is_not_signed_in_is_asked_to_by_every_page_that_is_not_for_all(client: Client, db: None) -> None:
    knocked, seen, wrong = 0, set(), {}
    for space, name, patterns in addresses(get_resolver().url_patterns):
        seen.add((space, name))
        if space == "api" or name in OPEN.get(space, "").split():
            continue
        url = _url(space, name, patterns)
        answers = [client.get(url), client.post(url)]
        knocked += 1
        if not all(one.status_code == 302 and "/login/" in one["Location"] for one in answers):
            wrong[f"{space}:{name}"] = [one.status_code for one in answers]
    assert wrong == {}, "asks nobody to sign in: say so, or add it to what is open to all"
    assert knocked > 150
    assert {(space, name) for space, names in OPEN.items() for name in names.split()} <= seen
