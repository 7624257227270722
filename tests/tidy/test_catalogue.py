"""French is complete: every word that a face may say has its translation, and the compiled catalogues are the written ones."""

import re

import polib
import pytest

from tests.tidy.catalogue import LANGUAGES, gathered, path
from tests.tidy.french import labels, spaced


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_every_message_and_no_other(language: str) -> None:
    written = {entry.msgid for entry in polib.pofile(str(path(language)))}
    assert written == set(gathered()), "run: make messages"


def test_every_message_is_translated_into_french() -> None:
    catalogue = polib.pofile(str(path("fr")))
    assert [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy] == []


def test_a_translation_keeps_the_facts_of_its_message() -> None:
    wrong = []
    for entry in polib.pofile(str(path("fr"))):
        for translation in [entry.msgstr, *entry.msgstr_plural.values()]:
            named = re.compile(r"\{[a-z_0-9]*\}|%\([a-z_]+\)[sdr]|%[srd]")
            if translation and set(named.findall(translation)) - set(named.findall(entry.msgid + entry.msgid_plural)):
                wrong.append(entry.msgid)
            if (
                translation
                and not entry.msgid_plural
                and set(named.findall(translation)) != set(named.findall(entry.msgid))
            ):
                wrong.append(entry.msgid)
    assert wrong == []


def test_french_never_leaves_a_mark_alone_on_a_line() -> None:
    written = [("messages", t) for e in polib.pofile(str(path("fr"))) for t in (e.msgstr, *e.msgstr_plural.values())]
    assert [(where, text) for where, text in [*written, *labels()] if spaced(text) != text] == [], (
        "run: make messages; in a figure, write U+00A0 inside « » and before : ; ! ?"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    written = polib.pofile(str(path(language)))
    compiled = polib.mofile(str(path(language).with_suffix(".mo")))
    assert {e.msgid: (e.msgstr, e.msgstr_plural) for e in compiled} == {
        e.msgid: (e.msgstr, e.msgstr_plural) for e in written.translated_entries()
    }, "run: make messages"
