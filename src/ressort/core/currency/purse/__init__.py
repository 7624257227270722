"""Codes to pay by, and the offline purse: signed bytes of 213 at most, for a QR code.

on line   server ─Certificate→ device (units held)          static · request · payer codes
off line  device ─Payment (counter, chained)→ merchant ─accept→ "not settled"
on line   merchant ─Settlement.settle→ paid once: from the hold, then from a guarantee with a hard limit
"""

from ressort.core.currency.purse.codes import (
    MOST_BYTES,
    PAYER_SECONDS,
    PayerCode,
    RequestCode,
    StaticCode,
    payer_code,
    read_payer,
    read_request,
    read_static,
    request_code,
    static_code,
)
from ressort.core.currency.purse.purse import (
    CERTIFICATE_DAYS,
    PAYMENT_CAP_CENTS,
    PURSE_CAP_CENTS,
    SKEW_DAYS,
    Certificate,
    Payment,
    Purse,
    Surrender,
    accept,
    digest,
    loaded,
    payee_number,
    read_certificate,
    read_payment,
    read_surrender,
)
from ressort.core.currency.purse.settlement import LATE_DAYS, Settled, Settlement, returned_cents, settled

__all__ = [
    "CERTIFICATE_DAYS",
    "LATE_DAYS",
    "MOST_BYTES",
    "PAYER_SECONDS",
    "PAYMENT_CAP_CENTS",
    "PURSE_CAP_CENTS",
    "SKEW_DAYS",
    "Certificate",
    "PayerCode",
    "Payment",
    "Purse",
    "RequestCode",
    "Settled",
    "Settlement",
    "StaticCode",
    "Surrender",
    "accept",
    "digest",
    "loaded",
    "payee_number",
    "payer_code",
    "read_certificate",
    "read_payer",
    "read_payment",
    "read_request",
    "read_static",
    "read_surrender",
    "request_code",
    "returned_cents",
    "settled",
    "static_code",
]
