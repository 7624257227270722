"""A ticket machine that takes a local currency: Python alone, nothing to install.

    RESSORT=https://currency.example KEY=… python3 ticket_machine.py 160 "ticket 1 h"

It asks for a payment, shows the code (as text here; draw it as a QR code on a screen), and waits until it is paid. A machine that can be
reached from the internet is told by a notice instead of asking: `is_genuine` checks one.
"""

import hmac
import json
import os
import sys
import time
import urllib.request
from hashlib import sha256


def call(method: str, path: str, body: dict | None = None) -> dict:
    """What the site answers."""
    request = urllib.request.Request(
        os.environ["RESSORT"] + path,
        json.dumps(body).encode() if body else None,
        {"Authorization": f"Bearer {os.environ['KEY']}", "Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def sell(amount_cents: int, label: str) -> bool:
    """Whether the client paid before the request expired."""
    asked = call("POST", "/api/asks", {"amount_cents": amount_cents, "label": label})
    print(f"{os.environ['RESSORT']}/monnaies/lire/?c={asked['code']}  ({asked['ask'][:4]}-{asked['ask'][4:]})")
    end = time.monotonic() + 900
    while time.monotonic() < end:
        if call("GET", f"/api/asks/{asked['ask']}")["paid"]:
            return True
        time.sleep(2)
    return False


def is_genuine(secret: str, header: str, body: bytes, seen: set[str]) -> bool:
    """Whether a notice is signed by the site, fresh, and not one that was already taken. `seen` grows."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    code = hmac.new(secret.encode(), parts.get("t", "").encode() + b"." + body, sha256).hexdigest()
    if not hmac.compare_digest(code.encode(), parts.get("v1", "").encode()) or abs(time.time() - int(parts["t"])) > 300:
        return False
    number = json.loads(body)["id"]
    is_new = number not in seen
    seen.add(number)
    return is_new


if __name__ == "__main__":
    print("ticket" if sell(int(sys.argv[1]), sys.argv[2]) else "not paid")
