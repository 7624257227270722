"""The words of every face, gathered into one catalogue a language: `python -m tests.tidy.catalogue --write`.

Words come from `_("…")`, `gettext("…")`, `ngettext("…", "…", n)`, from templates, from the messages of errors and problems,
from cards and from connectors.
Translations already made are kept, French ones with their no-break spaces; words that nobody says any more go.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

from ressort.ingest import connectors
from ressort.reference import cards
from tests.tidy.french import spaced
from tests.tidy.sources import ROOT, SOURCE, modules, tree

LOCALE = SOURCE / "locale"
LANGUAGES = ("fr", "en")
GETTEXT = {"_", "_now", "lazy", "gettext", "gettext_lazy", "pgettext", "_lazy"}
NGETTEXT = {"ngettext", "ngettext_lazy"}
ERRORS = {
    "InputError",
    "UnknownCode",
    "AmbiguousName",
    "MissingData",
    "RuleBroken",
    "NoSolution",
    "SourceRefused",
    "RessortError",
}
#: argparse's own words, which the command line hands to our catalogue
ARGPARSE = (
    "usage: ",
    "options",
    "positional arguments",
    "show this help message and exit",
    "show program's version number and exit",
    "the following arguments are required: %s",
    "one of the arguments %s is required",
    "unrecognized arguments: %s",
    "argument %(argument_name)s: %(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)",
    "expected one argument",
    "expected at least one argument",
    "invalid %(type)s value: %(value)r",
    "not allowed with argument %s",
    "ambiguous option: %(option)s could match %(matches)s",
)
PLURAL_FORMS = {"fr": "nplurals=2; plural=(n > 1);", "en": "nplurals=2; plural=(n != 1);"}


@dataclass
class Said:
    """One message and where it is said."""

    plural: str = ""
    places: set[str] = field(default_factory=set)


def gathered() -> dict[str, Said]:
    """Every message of the program, by its English words."""
    found: dict[str, Said] = {}
    for message, plural, place in [
        *_from_code(),
        *_from_templates(),
        *_from_cards(),
        *_from_connectors(),
        *((m, "", "argparse") for m in ARGPARSE),
    ]:
        said = found.setdefault(message, Said())
        said.plural = said.plural or plural
        said.places.add(place)
    return dict(sorted(found.items()))


def path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def renewed(language: str, said: dict[str, Said]) -> polib.POFile:
    """The catalogue of a language with exactly the messages said, old translations kept."""
    old = polib.pofile(str(path(language))) if path(language).exists() else polib.POFile()
    known = {entry.msgid: entry for entry in old}
    new = polib.POFile(wrapwidth=100)
    new.metadata = {
        "Language": language,
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": PLURAL_FORMS[language],
    }
    for message, one in said.items():
        entry = polib.POEntry(msgid=message, occurrences=[(place, "") for place in sorted(one.places)])
        before = known.get(message)
        if one.plural:
            entry.msgid_plural = one.plural
            kept = before.msgstr_plural if before and before.msgstr_plural else {0: "", 1: ""}
            entry.msgstr_plural = {n: spaced(text) if language == "fr" else text for n, text in kept.items()}
        elif before:
            entry.msgstr = spaced(before.msgstr) if language == "fr" else before.msgstr
        if re.search(r"%\([a-z_]+\)[sd]", message):
            entry.flags.append("python-format")
        new.append(entry)
    return new


def _from_code() -> Iterator[tuple[str, str, str]]:
    for module in modules():
        place = str(module.relative_to(ROOT))
        for node in ast.walk(tree(module)):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = [_literal(argument) for argument in node.args]
            if name in NGETTEXT and len(texts) > 1 and texts[0] and texts[1]:
                yield texts[0], texts[1], place
            elif name in GETTEXT | ERRORS | {"refuse", "Note"} and texts and texts[0]:
                yield texts[0], "", place
            elif name in ("Problem", "problem", "_refuse", "_warn") and len(texts) > 2 and texts[2]:
                yield texts[2], "", place


def _literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _from_templates() -> Iterator[tuple[str, str, str]]:
    from django.utils.translation.template import templatize

    call = re.compile(
        r"\b(gettext|ngettext)\((u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\")(?:,\s*(u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\"))?"
    )
    counted = re.compile(r"\{\{ ngettext\((\"[^\"]*\"), (\"[^\"]*\"), ")  # of the Jinja templates
    plain = re.compile(r"(?<!n)_\((\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')\)|gettext\((.+?)\)")
    for template in sorted([*SOURCE.rglob("*.html"), *SOURCE.rglob("templates/**/*.txt")]):
        source = template.read_text("utf-8")
        text = templatize(source, origin=str(template))
        place = str(template.relative_to(ROOT))
        for match in call.finditer(text):
            yield (
                ast.literal_eval(match[2]),
                ast.literal_eval(match[3]) if match[1] == "ngettext" and match[3] else "",
                place,
            )
        for match in plain.finditer(text):
            if match[1]:
                yield ast.literal_eval(match[1]), "", place
        for one, several in counted.findall(source):
            yield ast.literal_eval(one), ast.literal_eval(several), place


def _from_cards() -> Iterator[tuple[str, str, str]]:
    """What the cards of the tables say to people; a name or a year alone needs no translation."""
    for key, card in cards().items():
        texts = (card.title, card.producer, card.year, card.licence, card.unit_notes, card.status)
        for words in (*texts, *card.cautions):
            if re.search(r"[a-z]{3}", words):
                yield words, "", f"reference/{key}.toml"


def _from_connectors() -> Iterator[tuple[str, str, str]]:
    """The vintage of each official file, where it is more than a year."""
    for connector in connectors().values():
        if re.search(r"[a-z]{3}", connector.year):
            yield connector.year, "", f"ingest/{connector.id}"


def main() -> None:
    """Renew and compile both catalogues; tell what is left to translate."""
    said = gathered()
    for language in LANGUAGES:
        catalogue = renewed(language, said)
        path(language).parent.mkdir(parents=True, exist_ok=True)
        if "--write" in sys.argv:
            catalogue.save(str(path(language)))
            catalogue.save_as_mofile(str(path(language).with_suffix(".mo")))
        print(f"{language}: {len(catalogue)} messages, {len(catalogue.untranslated_entries())} without translation")


if __name__ == "__main__":
    main()
