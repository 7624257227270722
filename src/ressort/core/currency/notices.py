"""Signed notices to the programs of whoever is paid: what is signed, how it is checked, when it is sent again.

`Ressort-Signature: t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>", hexadecimal>`. A notice older than five minutes is refused by whoever
checks it; the same notice twice bears the same `id`, so that a program that keeps the ids it saw pays no attention to the second.
"""

import hmac
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from ressort.core.errors import InputError, RuleBroken

TOLERANCE_S = 300
#: tries of one notice: about three days
TRIES = 18
_FIRST_S, _FACTOR, _MOST_S = 10, 3, 6 * 3600
#: addresses that lead elsewhere than they seem: IPv4 inside IPv6
_DISGUISED = (
    ip_network("64:ff9b::/96"),
    ip_network("64:ff9b:1::/48"),
    ip_network("2002::/16"),
    ip_network("2001::/32"),
)


def signature(secret: str, at_s: int, body: bytes) -> str:
    """What goes in the header of a notice.

    >>> signature("secret", 1, b"{}")[:21]
    't=1,v1=1122767b193110'
    """
    return f"t={at_s},v1={_code(secret, at_s, body)}"


def _code(secret: str, at_s: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{at_s}.".encode() + body, sha256).hexdigest()


def check(secret: str, header: str, body: bytes, now_s: int) -> None:
    """Lets a notice through when it is ours, whole and fresh.

    Raises:
        InputError: no signature of this form. RuleBroken: forged, changed on the way, or too old.
    """
    parts = dict(part.strip().partition("=")[::2] for part in header.split(","))
    at, given = parts.get("t", ""), parts.get("v1", "")
    if not (at.isascii() and at.isdigit() and len(at) < 16 and given.isascii()):
        raise InputError("The header of this notice holds no signature: t=…,v1=… is expected.")
    if not hmac.compare_digest(_code(secret, int(at), body), given):
        raise RuleBroken("This notice is forged, or was changed on the way: its signature does not hold.")
    if abs(now_s - int(at)) > TOLERANCE_S:
        raise RuleBroken("This notice is more than {seconds} seconds old: it may be a replay.", seconds=TOLERANCE_S)


def wait_s(tries: int) -> int | None:
    """Seconds before the next try, after so many; None when it is given up.

    >>> [wait_s(1), wait_s(2), wait_s(9), wait_s(TRIES)]
    [10, 30, 21600, None]
    """
    return None if tries >= TRIES else min(_FIRST_S * _FACTOR ** (tries - 1), _MOST_S)


def is_public(address: str) -> bool:
    """Whether an address leads to the internet: not to this machine, its network, nor to one of them in disguise.

    >>> [is_public(one) for one in ("127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "::ffff:10.0.0.1", "9.9.9.9")]
    [False, False, False, False, False, True]
    """
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and (found.ipv4_mapped or any(found in one for one in _DISGUISED)):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved
