"""A call of the payment API."""

import json
from typing import Any
from uuid import uuid4

from django.test import Client


def call(client: Client, key: str | None, body: Any, idempotency: str | None = None, lang: str = "fr") -> Any:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    headers |= {"Idempotency-Key": idempotency or str(uuid4()), "Accept-Language": lang}
    return client.post("/api/payments", json.dumps(body), content_type="application/json", headers=headers)
