"""Whoever reads a name finds the same one, however it was typed."""

from collections.abc import Callable

import pytest

from ressort.core.currency.text_codes import order
from ressort.core.letters import bare
from ressort.core.named_rows import named_rows
from ressort.core.panel.tables import loose
from ressort.core.territory import search_key
from ressort.ingest.connector import header_key
from ressort.reference.harvest import label_key

WAYS = ("L’Œuf d’Été", "l'oeuf d'ete", "L‘ŒUF D‘E\u0301TE\u0301", "LʼŒuf dʼété")


@pytest.mark.parametrize("read", [bare, loose, search_key, header_key, label_key])
def test_every_reader_of_names_knows_the_same_letters(read: Callable[[str], str]) -> None:
    assert len({read(way) for way in WAYS}) == 1


def test_a_column_is_known_with_or_without_its_ligature() -> None:
    table = named_rows("Cœur;SŒUR\n1;2\n".encode(), {"heart": ("coeur",), "sister": ("sœur",)})
    assert list(table) == [(2, {"heart": "1", "sister": "2"})]


def test_letters_without_accents_are_left_as_they_are() -> None:
    assert bare("Мёд 蜂蜜 عسل 100 % a_b-c") == "мед 蜂蜜 عسل 100 % a_b-c"


def test_a_message_from_a_telephone_is_read_with_its_accents() -> None:
    assert order("SOLDÉ") == order("solde")
