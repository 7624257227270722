"""No secret is in the tree, and the evidence that the security checklist names exists."""

import math
import re
from collections import Counter

import pytest

from .sources import ROOT, tracked

#: what keys look like, whatever holds them
SHAPES = {
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{40}",
    "cloud key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "forge token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40,}|glpat-[A-Za-z0-9_-]{20})",
    "chat token": r"\bxox[abprs]-[A-Za-z0-9-]{20,}",
    "map or mail key": r"\bAIza[0-9A-Za-z_-]{35}\b|\bSG\.[\w-]{22}\.[\w-]{43}",
    "payment key": r"\b[rs]k_live_[0-9A-Za-z]{20,}",
    "signed token": r"\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,}",
    # hosts named “example” are nobody's
    "address with a password": r"\b[a-z]+://[^\s:/@\"'<>{}]+:(?!\.\.\.|…|PASSWORD|password|secret|motdepasse|mot-de-passe)[^\s:/@\"'<>{}]{6,}@(?!\w+\.example\b)",
}
#: a name that says secret, given a literal that looks drawn by lot
NAMED = re.compile(
    r"(?i)\b\w*(?:secret|token|password|passwd|api_?key)\w*[\"']?\s*[:=]\s*[\"']([A-Za-z0-9+/=_-]{20,})[\"']"
)
_BITS = 3.7
_MOST_BYTES = 2_000_000


def bits(text: str) -> float:
    """Bits of surprise for each letter."""
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())


def secrets(text: str) -> list[str]:
    """What in a text looks like a secret."""
    found = [name for name, shape in SHAPES.items() if re.search(shape, text)]
    return found + [f"literal {match[1][:6]}…" for match in NAMED.finditer(text) if bits(match[1]) >= _BITS]


def test_no_secret_is_in_the_tree() -> None:
    found = {}
    for path in tracked():
        if path.stat().st_size <= _MOST_BYTES and path.suffix not in (".parquet", ".png", ".mo", ".xlsx"):
            told = secrets(path.read_text("utf-8", "replace"))
            if told:
                found[str(path.relative_to(ROOT))] = told
    assert found == {}


@pytest.mark.parametrize(
    "parts",
    [
        ("AKIA", "ABCDEFGHIJKLMNOP"), ("ghp_", "a1B2" * 9), ("sk_live_", "0a1b2c3d4e5f6g7h8i9j"), ("postgres://root:", "hunter22@db"),
        ("-----BEGIN PRIVATE", " KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA"), ("API_KEY = \"", "Zk3vQ9xT1mB7rL5pW2sY\""),
    ],
)  # fmt: skip
def test_a_secret_would_be_seen(parts: tuple[str, str]) -> None:
    assert secrets("".join(parts))


def test_the_evidence_of_the_security_checklist_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs" / "security.md").read_text("utf-8"))
    assert len(named) > 20
    lost = [f"{path}::{name}" for path, name in named if f"def {name}(" not in (ROOT / path).read_text("utf-8")]
    assert lost == []
