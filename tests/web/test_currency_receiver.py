"""A ticket machine that receives notices over real TLS: what it is sent, what it refuses, what is sent again when it was down."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.utils import timezone
from tests.web.test_currency_notices import ada, bus

from ressort.web.currency import codes, postman, wallets
from ressort.web.currency.models import Delivery, Wallet

__all__ = ["ada", "bus"]
NAME = "machine.example"
ROOT = Path(__file__).parents[2]


def _example() -> dict[str, Any]:
    """The machine of the documentation, as whoever copies it has it."""
    file = ROOT / "docs/examples/ticket_machine.py"
    machine: dict[str, Any] = {"__name__": "machine"}
    exec(compile(file.read_text("utf-8"), str(file), "exec"), machine)
    return machine


def _certified(folder: Path) -> tuple[Path, Path]:
    """A certificate for the name of the machine, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "machine.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))  # fmt: skip
    return folder / "machine.pem", folder / "key.pem"


class Machine(ThreadingHTTPServer):
    """A receiver: prints a ticket for each genuine notice, once."""

    def __init__(self, secret: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.secret, self.is_down = secret, False
        self.is_awake = threading.Event()
        self.seen: set[str] = set()
        self.tickets: list[dict[str, Any]] = []
        self.heard: list[tuple[str, bytes]] = []
        self.is_genuine = _example()["is_genuine"]


class _Handler(BaseHTTPRequestHandler):
    server: Machine

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = self.headers.get("Ressort-Signature", "")
        self.server.heard.append((signed, body))
        if self.path == "/slow":  # a header that never ends, a sign at a time: no reading of it is ever late
            while not self.server.is_awake.wait(0.02):
                self.wfile.write(b"H")
        if self.server.is_down:
            self.send_response(500)
        elif self.server.is_genuine(self.server.secret, signed, body, self.server.seen):
            self.server.tickets.append(json.loads(body))
            self.send_response(204)
        else:
            self.send_response(400)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """A machine on this computer, whose name and certificate are those of the internet."""
    certificate, key = _certified(tmp_path)
    server = Machine()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    trusting = ssl.create_default_context(cafile=str(certificate))
    real = httpx.Client
    monkeypatch.setattr(postman.httpx, "Client", lambda **given: real(verify=trusting, **given))
    real_async = httpx.AsyncClient
    monkeypatch.setattr(postman.httpx, "AsyncClient", lambda **given: real_async(verify=trusting, **given))
    asked = socket.getaddrinfo

    def looked_up(name: Any, port: Any, *rest: Any, **named: Any) -> Any:
        return asked("127.0.0.1" if str(name).endswith(".example") else name, port, *rest, **named)

    monkeypatch.setattr(postman.socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(postman, "is_public", lambda _address: True)
    monkeypatch.setattr(postman, "_PORTS", (server.server_port,))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.is_awake.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def hooked(machine: Machine, bus: Wallet) -> Machine:
    """The machine, told of what the bus receives."""
    hook = postman.add_hook(bus.owner, bus, f"https://{NAME}:{machine.server_port}/notices")
    machine.secret = postman.secret_of(hook)
    return machine


def told() -> int:
    """Sends what is due now, and what waits for another try."""
    postman.enqueue()
    Delivery.objects.filter(next_at__isnull=False).update(next_at=timezone.now())
    return postman.deliver()


def test_a_ticket_is_printed_once_for_a_payment_asked_by_the_machine(client: Client, ada: Wallet, bus: Wallet, hooked: Machine) -> None:  # fmt: skip
    key = {"authorization": f"Bearer {wallets.give_key(bus.owner, bus, 'machine 3')}"}
    made = client.post("/api/asks", {"amount_cents": 160, "label": "1 h"}, content_type="application/json", headers=key)
    found = codes.read(made.json()["code"])
    assert found.ask is not None
    codes.pay_request(ada.owner, ada, found.ask, uuid4())
    assert (told(), told()) == (1, 0)
    (ticket,) = hooked.tickets
    assert (ticket["ask"], ticket["amount_cents"], ticket["payee"]) == (made.json()["ask"], 160, bus.alias)
    assert ada.alias not in json.dumps(ticket) and "Ada" not in json.dumps(ticket), "never who paid"


def test_a_machine_that_was_down_is_told_again_the_same(ada: Wallet, bus: Wallet, hooked: Machine) -> None:
    wallets.pay(ada.owner, ada, bus, 160, uuid4())
    hooked.is_down = True
    assert (told(), told()) == (0, 0)
    one = Delivery.objects.get()
    assert (one.tries, one.done_at, one.answer) == (2, None, "HTTP 500") and one.next_at is not None
    hooked.is_down = False
    assert told() == 1 and len(hooked.tickets) == 1
    assert len({body for _signed, body in hooked.heard}) == 1, "the same bytes each time"


def test_a_machine_that_answers_drop_by_drop_is_left_and_tried_again(
    ada: Wallet, bus: Wallet, hooked: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = wallets.open_wallet(None, ada.currency, "Boutique", f"shop-{uuid4().hex[:8]}", "professional", ada.owner)
    slow = postman.add_hook(ada.owner, shop, f"https://{NAME}:{hooked.server_port}/slow")
    wallets.pay(ada.owner, ada, shop, 160, uuid4())
    wallets.pay(ada.owner, ada, bus, 170, uuid4())
    monkeypatch.setattr(postman, "_TIMEOUT_S", 1.0)
    assert told() == 1 and [one["amount_cents"] for one in hooked.tickets] == [170]
    left = Delivery.objects.get(hook=slow)
    assert (left.tries, left.answer, left.done_at) == (1, "TimeoutError", None) and left.next_at is not None


def test_a_notice_replayed_altered_or_signed_by_another_prints_nothing(ada: Wallet, bus: Wallet, hooked: Machine) -> None:  # fmt: skip
    wallets.pay(ada.owner, ada, bus, 160, uuid4())
    assert told() == 1
    signed, body = hooked.heard[0]
    url = f"https://127.0.0.1:{hooked.server_port}/notices"

    def sent(header: str, content: bytes) -> int:
        with postman.httpx.Client() as caller:
            headers = {"Ressort-Signature": header} if header else {}
            named = {"sni_hostname": NAME}
            return int(caller.post(url, content=content, headers=headers, extensions=named).status_code)

    assert sent(signed, body) == 400, "replayed"
    hooked.seen.clear()
    assert sent(signed, body.replace(b"160", b"990")) == 400, "altered"
    assert [sent(one, body) for one in ("", "t=1", "t=x,v1=y", "t=1,v1=x", f"t=1,v1={'0' * 64}")] == [400] * 5
    old = postman.signature(hooked.secret, int(timezone.now().timestamp()) - 301, body)
    assert sent(old, body) == 400, "kept, and sent later"
    assert sent(postman.signature("another secret", int(timezone.now().timestamp()), body), body) == 400
    assert len(hooked.tickets) == 1


def test_a_machine_whose_certificate_bears_another_name_is_told_nothing(ada: Wallet, bus: Wallet, machine: Machine) -> None:  # fmt: skip
    postman.add_hook(bus.owner, bus, f"https://other.example:{machine.server_port}/")
    wallets.pay(ada.owner, ada, bus, 160, uuid4())
    assert told() == 0 and machine.heard == []
    assert Delivery.objects.get().answer == "ConnectError"
