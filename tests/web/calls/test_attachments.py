"""Attached files: type, size, names, where they lie, when they go."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from tests.web.call_town import hand_in

from ressort.core.errors import RuleBroken
from ressort.web.calls import applying, files, views
from ressort.web.calls.models import Application, Attachment


def _office(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b""),
        ("a.pdf", b"MZ\x90\x00"),
        ("a.exe", b"MZ\x90\x00"),
        ("a.svg", b"<svg onload=alert(1)>"),
        ("a.html", b"<script>"),
        ("noextension", b"%PDF-1.7"),
        ("a.png", b"<html>"),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.docx", _office("xl/workbook.xml")),
        ("a.docx", _office("word/document.xml", "word/vbaProject.bin")),
        ("a.csv", b"\x00\x01"),
        ("a.csv", "é".encode("latin-1")),
        ("a.pdf", b"%PDF-" + b"0" * 5_000_000),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_it_says_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(RuleBroken):
        files.accepted(name, content)


def test_a_zip_bomb_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 210_000_000)
    with pytest.raises(RuleBroken):
        files.accepted("a.docx", content.getvalue())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\moi\\Devis n°1.pdf", "Devis n°1.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("...", "piece"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_names_of_files_lose_what_could_harm(given: str, kept: str) -> None:
    assert files.safe_name(given) == kept


def test_attached_files_lie_outside_the_site_and_go_with_the_draft(
    call: Any, django_capture_on_commit_callbacks: Any
) -> None:
    application, _token = applying.start(call, "a@example.fr", "A")
    held = applying.attach(application, "diagnostic", "../étude.pdf", b"%PDF-1.7 x")
    path = files.folder() / held.stored_as
    assert held.name == "étude.pdf" and path.read_bytes() == b"%PDF-1.7 x" and "static" not in str(path)
    with pytest.raises(RuleBroken):
        applying.attach(application, "besoin", "a.pdf", b"%PDF-1.7")
    for _ in range(9):
        applying.attach(application, "diagnostic", "a.pdf", b"%PDF-1.7")
    with pytest.raises(RuleBroken):
        applying.attach(application, "diagnostic", "a.pdf", b"%PDF-1.7")
    with django_capture_on_commit_callbacks(execute=True):
        applying.detach(application, held)
    assert not path.exists() and not Attachment.objects.filter(pk=held.pk).exists()


def test_a_question_that_asks_a_file_shows_its_name_and_not_how_many(call: Any) -> None:
    application, _token = applying.start(call, "a@example.fr", "Asso")
    applying.attach(application, "diagnostic", "étude.pdf", b"%PDF-1.7 x")
    application.answers = {"diagnostic": 1}
    shown = {attached[0].name: value for _label, value, attached in views.answered(application) if attached}
    assert shown == {"étude.pdf": ""}


def test_the_disk_does_not_depend_on_the_good_will_of_strangers(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_CALL_BYTES", 20)
    application, _token = applying.start(call, "a@example.fr", "A")
    applying.attach(application, "diagnostic", "a.pdf", b"%PDF-1.7 12345")
    with pytest.raises(RuleBroken):
        applying.attach(application, "diagnostic", "b.pdf", b"%PDF-1.7 12345")


def test_old_drafts_and_lost_bytes_are_purged_and_nothing_else(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from ressort.web.calls import purging

    draft, _token = applying.start(call, "d@example.fr", "D")
    held = applying.attach(draft, "diagnostic", "a.pdf", b"%PDF-1.7")
    submitted, _token = hand_in(call, 1)
    assert purging.purge()[0] == 0
    monkeypatch.setattr(purging, "timezone", type("Clock", (), {"now": lambda: call.closes_at + timedelta(days=200)}))
    count, orphans = purging.purge()
    assert count == 1 and orphans >= 1 and not (files.folder() / held.stored_as).exists()
    assert list(Application.objects.all()) == [submitted]


def test_the_purge_is_a_command(call: Any, capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management import call_command

    call_command("purge_calls")
    assert capsys.readouterr().out.startswith("Brouillons d’appels effacés\u00a0: 0")
