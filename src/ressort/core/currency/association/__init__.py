"""What an association owes, may and must do: pure rules, in whole cents.

money     fees, gifts to associations, dues            mandates   waiting → accepted → revoked; what each lets be taken
limits    who may pay whom, how much                    clocks     sums beside the thresholds of the law
reserve   euros behind the units ─→ certificate of a day, signed
debits    SEPA mandates: bank days, and why a member is left out of a collection
"""

from ressort.core.currency.association.clocks import ALERT_SHARES, Clock, clock, next_declaration, rolling_cents
from ressort.core.currency.association.debits import (
    PRENOTICE_DAYS,
    SEPA_COUNTRIES,
    LeftOut,
    SepaMandate,
    bank_day,
    is_bank_day,
    left_out,
)
from ressort.core.currency.association.limits import Limits, Party, refusal
from ressort.core.currency.association.mandates import Change, Mandate, MandateState, asked, next_try, periods_due
from ressort.core.currency.association.money import (
    COMMON_POT,
    Conversion,
    Dues,
    Redemption,
    gifts_cents,
    may_spend,
    part_cents,
    pot_shared_cents,
    redemption,
)
from ressort.core.currency.association.reserve import (
    FUNDS,
    Fund,
    FundName,
    Statement,
    broken_identities,
    certificate,
    check_signed,
    fund,
    signed,
)

__all__ = [
    "ALERT_SHARES",
    "COMMON_POT",
    "FUNDS",
    "PRENOTICE_DAYS",
    "SEPA_COUNTRIES",
    "Change",
    "Clock",
    "Conversion",
    "Dues",
    "Fund",
    "FundName",
    "LeftOut",
    "Limits",
    "Mandate",
    "MandateState",
    "Party",
    "Redemption",
    "SepaMandate",
    "Statement",
    "asked",
    "bank_day",
    "broken_identities",
    "certificate",
    "check_signed",
    "clock",
    "fund",
    "gifts_cents",
    "is_bank_day",
    "left_out",
    "may_spend",
    "next_declaration",
    "next_try",
    "part_cents",
    "periods_due",
    "pot_shared_cents",
    "redemption",
    "refusal",
    "rolling_cents",
    "signed",
]
