"""Notices to programs: what is signed, what is refused, when they are sent again, where they may go."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ressort.core.currency.notices import TOLERANCE_S, TRIES, check, is_public, signature, wait_s
from ressort.core.errors import InputError, RuleBroken


@given(st.text(min_size=1), st.integers(0, 2**40), st.binary(max_size=200), st.integers(0, 255), st.integers(0, 10**6))
def test_a_notice_is_taken_whole_and_fresh_and_no_byte_of_it_may_change(secret: str, at_s: int, body: bytes, byte: int, place: int) -> None:  # fmt: skip
    try:
        secret.encode()
    except UnicodeEncodeError:
        return
    header = signature(secret, at_s, body)
    check(secret, header, body, at_s + TOLERANCE_S)
    with pytest.raises(RuleBroken):
        check(secret, header, body, at_s + TOLERANCE_S + 1)
    changed = bytearray(body or b"x")
    changed[place % len(changed)] ^= byte or 1
    with pytest.raises(RuleBroken):
        check(secret, header, bytes(changed), at_s)
    with pytest.raises(RuleBroken):
        check(secret + "x", header, body, at_s)
    with pytest.raises(RuleBroken):
        check(secret, header.replace(f"t={at_s}", f"t={at_s + 1}"), body, at_s)


@pytest.mark.parametrize(
    "header",
    ["", "t=1", "v1=ab", "t=x,v1=a", "t=-1,v1=a", "t=١,v1=a", "t=1,v1=é", "t=" + "9" * 40 + ",v1=a", "garbage"],
)
def test_what_holds_no_signature_is_refused_without_falling(header: str) -> None:
    with pytest.raises((InputError, RuleBroken)):
        check("secret", header, b"{}", 1)


def test_tries_are_further_and_further_apart_then_given_up() -> None:
    waits = [wait_s(tries) for tries in range(1, TRIES)]
    assert None not in waits and waits == sorted(waits) and wait_s(TRIES) is None  # type: ignore[type-var]
    assert 2 * 86_400 < sum(filter(None, waits)) < 4 * 86_400


@pytest.mark.parametrize("address", [
    "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::",
    "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:9.9.9.9", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1", "ff02::1", "nonsense", "", "0x7f000001",
])  # fmt: skip
def test_no_notice_goes_to_this_machine_its_network_or_one_in_disguise(address: str) -> None:
    assert not is_public(address)


def test_a_notice_goes_to_the_internet() -> None:
    assert is_public("9.9.9.9") and is_public("2620:fe::fe")


def test_the_machine_of_the_example_takes_a_notice_once_and_no_forged_one() -> None:
    import time

    folder = Path(__file__).parents[3] / "docs/examples/ticket_machine.py"
    machine: dict[str, Any] = {"__name__": "machine"}
    exec(compile(folder.read_text("utf-8"), str(folder), "exec"), machine)
    body, now_s, seen = b'{"id":"1-2"}', int(time.time()), set()  # type: ignore[var-annotated]
    assert machine["is_genuine"]("secret", signature("secret", now_s, body), body, seen)
    assert not machine["is_genuine"]("secret", signature("secret", now_s, body), body, seen)
    assert not machine["is_genuine"]("secret", signature("other", now_s, body), body, set())
    assert not machine["is_genuine"]("secret", signature("secret", now_s - 400, body), body, set())
