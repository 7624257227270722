"""What a ledger may be asked, at random: the same steps for the book and for the database."""

from hypothesis import strategies as st

from ressort.core.currency import MOST_CENTS, Action

#: positions of accounts and transfers, taken modulo how many there are; 99 is one that does not exist
PLACES = st.one_of(st.integers(0, 30), st.just(99))
AMOUNTS_CENTS = st.one_of(
    st.integers(1, 400), st.sampled_from([-5, 0, 1, 10_000, MOST_CENTS, MOST_CENTS + 1, 10**18, 2**63 - 1])
)
LEGS = st.fixed_dictionaries(
    {
        "action": st.sampled_from([*[Action.TRANSFER] * 6, *[Action.HOLD] * 3, *list(Action)]),
        "debit": PLACES,
        "credit": PLACES,
        "amount_cents": AMOUNTS_CENTS,
        "target": PLACES,
    }
)
REQUESTS = st.fixed_dictionaries(
    {
        "legs": st.lists(LEGS, min_size=1, max_size=3),
        "is_short": st.booleans(),
        "day": st.sampled_from([None, None, None, 0, 5, 20]),
        "again": st.sampled_from([None, None, None, "same", "other"]),
    }
)
BATCHES = st.lists(REQUESTS, min_size=1, max_size=6)
