"""Codes and the offline purse: forged, expired, copied, replayed, reordered; and a loss that stays bounded."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.currency.purse import (
    CERTIFICATE_DAYS,
    MOST_BYTES,
    PAYER_SECONDS,
    PAYMENT_CAP_CENTS,
    PURSE_CAP_CENTS,
    Certificate,
    PayerCode,
    RequestCode,
    Settlement,
    StaticCode,
    accept,
    digest,
    loaded,
    payer_code,
    read_payer,
    read_payment,
    read_request,
    read_static,
    request_code,
    static_code,
)
from ressort.core.errors import InputError, RessortError, RuleBroken
from ressort.reference.currency_parameters import parameter

SERVER, DEVICE, THIEF = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))
PUBLIC = SERVER.public_key()
DAY, NOW = date(2026, 3, 2), 1_800_000_000
ASKED = RequestCode(7, 2**63, 10**15, b"n" * 16, NOW + 600)
SHOWN = PayerCode(7, b"p" * 16, NOW + 60)


def certificate(purse: int = 1, key: Ed25519PrivateKey = DEVICE, expires: date = DAY + timedelta(7)) -> bytes:
    return Certificate(7, purse, key.public_key().public_bytes_raw(), PURSE_CAP_CENTS, 0, expires).signed(SERVER)


HELD = certificate()


def test_every_code_fits_a_qr_code_and_is_read_as_it_was_written() -> None:
    shop = StaticCode(7, "é" * 32)
    paid, _purse = loaded(HELD, PUBLIC).pay(DEVICE, 2**63, 2_000, DAY)
    codes = [static_code(shop), request_code(ASKED, SERVER), payer_code(SHOWN, SERVER), HELD, paid]
    assert max(map(len, codes)) <= MOST_BYTES
    assert read_static(codes[0], 7) == shop
    assert read_request(codes[1], 7, PUBLIC, NOW, ()) == ASKED
    assert read_payer(codes[2], 7, PUBLIC, NOW, ()) == SHOWN


def test_a_code_expired_used_or_of_another_currency_is_refused() -> None:
    for code, read in ((request_code(ASKED, SERVER), read_request), (payer_code(SHOWN, SERVER), read_payer)):
        expires = ASKED.expires if read is read_request else SHOWN.expires
        nonce = ASKED.nonce if read is read_request else SHOWN.nonce
        for ledger, now, used in ((8, NOW, ()), (7, expires, ()), (7, NOW, {nonce})):
            with pytest.raises(RuleBroken):
                read(code, ledger, PUBLIC, now, used)
    with pytest.raises(RuleBroken):
        read_payer(payer_code(replace(SHOWN, expires=NOW + 61), SERVER), 7, PUBLIC, NOW, ())
    with pytest.raises(RuleBroken):
        read_static(static_code(StaticCode(8, "a")), 7)
    for alias in ("", "a" * 65):
        with pytest.raises(RuleBroken):
            static_code(StaticCode(7, alias))


def test_an_unknown_version_or_another_kind_is_told_apart() -> None:
    code = request_code(ASKED, SERVER)
    with pytest.raises(InputError) as refused:
        read_request(code[:1] + b"\x02" + code[2:], 7, PUBLIC, NOW, ())
    assert refused.value.facts["given"] == 2
    with pytest.raises(InputError):
        read_payer(code, 7, PUBLIC, NOW, ())


@given(st.integers(0, 10**4), st.integers(1, 255))
def test_no_byte_of_a_signed_code_can_be_changed(place: int, flip: int) -> None:
    paid, _purse = loaded(HELD, PUBLIC).pay(DEVICE, 5, 100, DAY)
    for code, read in (
        (request_code(ASKED, SERVER), lambda c: read_request(c, 7, PUBLIC, NOW, ())),
        (HELD, lambda c: loaded(c, PUBLIC)),
        (paid, lambda c: read_payment(c, HELD, PUBLIC)),
    ):
        changed = bytearray(code)
        changed[place % len(code)] ^= flip
        with pytest.raises(InputError):
            read(bytes(changed))


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_and_never_crash(content: bytes) -> None:
    reads = (
        lambda: read_static(content, 7), lambda: read_request(content, 7, PUBLIC, NOW, ()), lambda: read_payer(content, 7, PUBLIC, NOW, ()),
        lambda: loaded(content, PUBLIC), lambda: read_payment(content, HELD, PUBLIC), lambda: read_payment(content, content, PUBLIC),
    )  # fmt: skip
    for read in reads:
        with suppress(RessortError):
            read()


# the purse


def test_a_device_signs_no_more_than_its_purse_holds_nor_after_its_end() -> None:
    purse = loaded(HELD, PUBLIC)
    for cents in (2_000, 2_000, 1_000):
        _paid, purse = purse.pay(DEVICE, 5, cents, DAY)
    for some, cents, day in (
        (purse, 1, DAY),
        (loaded(HELD, PUBLIC), 2_001, DAY),
        (loaded(HELD, PUBLIC), 0, DAY),
        (loaded(HELD, PUBLIC), 1, DAY + timedelta(8)),
    ):
        with pytest.raises(RuleBroken):
            some.pay(DEVICE, 5, cents, day)
    with pytest.raises(RuleBroken):
        Certificate(7, 1, bytes(32), PURSE_CAP_CENTS + 1, 0, DAY).signed(SERVER)


def test_a_merchant_accepts_what_follows_and_refuses_the_rest() -> None:
    first, purse = loaded(HELD, PUBLIC).pay(DEVICE, 5, 100, DAY)
    second, _purse = purse.pay(DEVICE, 5, 100, DAY)
    other, _purse = replace(purse, previous=bytes(32)).pay(DEVICE, 5, 100, DAY)
    seen = accept(first, HELD, PUBLIC, 5, DAY)
    assert accept(second, HELD, PUBLIC, 5, DAY, seen, digest(first)).counter == 2
    for content, payee, today, last in (
        (first, 6, DAY, None), (first, 5, DAY + timedelta(2), None), (first, 5, DAY - timedelta(2), None),
        (first, 5, DAY, seen), (other, 5, DAY, seen),
    ):  # fmt: skip
        with pytest.raises(RuleBroken):
            accept(content, HELD, PUBLIC, payee, today, last, digest(first))
    forged, _purse = loaded(HELD, PUBLIC).pay(THIEF, 5, 100, DAY)
    with pytest.raises(InputError):
        accept(forged, HELD, PUBLIC, 5, DAY)
    with pytest.raises(RuleBroken):
        accept(first, certificate(purse=2), PUBLIC, 5, DAY)


def test_two_devices_with_one_purse_are_caught_and_both_merchants_paid() -> None:
    books = Settlement(guarantee_cents=1_000, holds_cents={1: 2_000})
    one, _purse = loaded(HELD, PUBLIC).pay(DEVICE, 5, 2_000, DAY)
    two, _purse = loaded(HELD, PUBLIC).pay(DEVICE, 6, 500, DAY)
    assert books.settle(one, HELD, PUBLIC, DAY).from_hold_cents == 2_000
    caught = books.settle(two, HELD, PUBLIC, DAY)
    assert (caught.outcome, caught.from_guarantee_cents, caught.forked) == ("paid", 500, True)
    assert (books.revoked, books.debts_cents, books.guarantee_cents) == ({1}, {1: 500}, 500)


def test_a_payment_comes_too_late_after_thirty_days_and_the_rest_returns_only_then() -> None:
    books = Settlement(0, {1: 2_000})
    one, _purse = loaded(HELD, PUBLIC).pay(DEVICE, 5, 500, DAY)
    end = DAY + timedelta(7 + 30)
    assert books.close(1, DAY + timedelta(7), end) == 0
    assert books.settle(one, HELD, PUBLIC, end).outcome == "paid"
    two, _purse = loaded(HELD, PUBLIC).pay(DEVICE, 6, 500, DAY)
    assert books.settle(two, HELD, PUBLIC, end + timedelta(1)).outcome == "too_late"
    assert books.close(1, DAY + timedelta(7), end + timedelta(1)) == 1_500


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3), st.integers(1, 2_000)), max_size=12),
    st.lists(st.integers(0, 11), max_size=30), st.integers(0, 4_000),
)  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_each_payment_is_paid_once_and_the_loss_never_exceeds_the_guarantee(made: list, order: list, guarantee: int) -> None:  # fmt: skip
    """Dishonest devices go back to any former state; merchants settle in any order, again and again."""
    held = {purse: certificate(purse) for purse in (1, 2, 3)}
    states = {purse: [loaded(held[purse], PUBLIC)] for purse in held}
    payments = []
    for purse, back, cents in made:
        with suppress(RuleBroken):
            content, after = states[purse][max(0, len(states[purse]) - 1 - back)].pay(DEVICE, 5, cents, DAY)
            states[purse].append(after)
            payments.append((content, held[purse], cents))
    books = Settlement(guarantee, dict.fromkeys(held, PURSE_CAP_CENTS))
    answers: dict[bytes, object] = {}
    paid: dict[bytes, int] = {}
    for place in [*order, *range(len(payments))]:
        if place < len(payments):
            content, proof, cents = payments[place]
            found = books.settle(content, proof, PUBLIC, DAY)
            if found.outcome == "paid":
                assert answers.setdefault(content, found) == found
                assert found.from_hold_cents + found.from_guarantee_cents == cents
                paid[content] = cents
    from_guarantee = sum(books.debts_cents.values())
    assert from_guarantee == guarantee - books.guarantee_cents <= guarantee
    assert sum(paid.values()) == from_guarantee + sum(PURSE_CAP_CENTS - left for left in books.holds_cents.values())
    assert min(books.holds_cents.values()) >= 0
    assert not (set(books.debts_cents) - books.revoked)


def test_the_limits_are_those_of_the_figures() -> None:
    assert parameter("offline_payment_cap_cents") == PAYMENT_CAP_CENTS
    assert parameter("offline_purse_cap_cents") == PURSE_CAP_CENTS
    assert parameter("offline_certificate_days") == CERTIFICATE_DAYS
    assert parameter("payer_code_seconds") == PAYER_SECONDS
