"""Every question of the API, asked by schemathesis with what its description allows: no fault, and no answer it does not tell of."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ressort.web.currency.models import Wallet

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: cases of each question; the half of them with words that mean something
CASES = 12
SIGNALS = (request_started, request_finished)


@pytest.fixture
def described(db: None) -> Iterator[Any]:
    """The API and its description. Its connection stays open between requests, as in Django's own client."""
    for signal in SIGNALS:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
    for signal in SIGNALS:
        signal.connect(close_old_connections)


def test_whatever_is_asked_is_answered_as_described(described: Any, code: str, grocer: Wallet, machine: str) -> None:
    meaning = {
        "kind": "EPCI", "code": "200067254", "name": "groups", "key": "adequacy_capped_share", "communes": "64445,64037", "good": "sugar", "pk": 1,
        "payee": grocer.alias, "amount_cents": 100,
    }  # fmt: skip
    faults: dict[str, str] = {}
    answers: dict[str, Counter[int]] = {}
    for found in described.get_all_operations():
        asked = found.ok()
        known = meaning | ({"code": code} if asked.path.startswith("/api/currencies") else {})
        answers[asked.label] = _asked(asked, known, machine, faults)
    assert not faults, "\n".join(f"{case}\n    {why}" for case, why in faults.items())
    assert len(answers) > 30 and all(answers.values())
    assert sum(any(status < 300 for status in one) for one in answers.values()) > 20, answers


def _asked(asked: Any, known: dict[str, Any], key: str, faults: dict[str, str]) -> Counter[int]:
    """What was answered, by status; faults are added to those found."""
    answers: Counter[int] = Counter()

    @seed(6)
    @settings(max_examples=CASES, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=asked.as_strategy(), means_something=st.booleans())
    def play(case: Any, means_something: bool) -> None:
        if means_something:
            for given_words in (case.path_parameters, case.query, case.body):
                if isinstance(given_words, dict):
                    given_words |= {name: known[name] for name in given_words if name in known}
        before = transaction.savepoint()
        answer = case.call(headers={"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"})
        transaction.savepoint_rollback(before)  # nothing that is done in a case is found by the next
        answers[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except BaseException as fault:
            faults.setdefault(f"{asked.label} {answer.status_code} {type(fault).__name__}", str(fault)[:900])

    play()
    return answers
