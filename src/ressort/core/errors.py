"""Every error that Ressort raises on purpose.

    RessortError
    ├── InputError            what was given cannot be used
    │   ├── UnknownCode       no such territory, product, set…; `facts["suggestions"]` holds the nearest
    │   ├── AmbiguousName     several things bear that name; `facts["choices"]` holds them
    │   └── MissingData       a figure that the calculation needs is not there
    ├── RuleBroken            what was given is readable, but a rule forbids it
    ├── NoSolution            the question has no answer (infeasible)
    └── SourceRefused         an official file is not what its producer promised

A message says what was given, which rule it breaks, what to do next. It is written as an English template
and its facts, so that a screen can say it in French and a test can compare facts instead of prose:

>>> error = UnknownCode("No territory is called {name}.", name="Paux", suggestions=["Pau"])
>>> str(error)
'No territory is called Paux.'
>>> error.facts["suggestions"]
['Pau']
>>> error.say({"No territory is called {name}.": "Aucun territoire ne s’appelle {name}."}.get)
'Aucun territoire ne s’appelle Paux.'
"""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar


class RessortError(Exception):
    """A message template, and the facts that fill it.

    `told_by` says an error in the reader's words: `ressort` sets it, so that a notebook speaks of what is wrong as of the rest.
    """

    told_by: ClassVar[Callable[["RessortError"], str] | None] = None

    def __init__(self, template: str, **facts: Any) -> None:
        super().__init__(template, facts)
        self.template = template
        self.facts = facts

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), self.template, **self.facts), ()

    def __str__(self) -> str:
        told = type(self).told_by
        return told(self) if told else self.template.format(**_worded(self.facts))

    def say(self, translate: Callable[[str], str | None]) -> str:
        """The message in the language of `translate`, a gettext-like function."""
        return (translate(self.template) or self.template).format(**_worded(self.facts))


class InputError(RessortError):
    """What was given cannot be used."""


class UnknownCode(InputError):
    """Nothing bears that code or name."""


class AmbiguousName(InputError):
    """Several things bear that name."""


class MissingData(InputError):
    """A figure that the calculation needs is not there."""


class RuleBroken(RessortError):
    """What was given is readable, but a rule forbids it."""


class NoSolution(RessortError):
    """The question has no answer."""


class SourceRefused(RessortError):
    """An official file is not what its producer promised."""


def _worded(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as words: lists with commas, whole numbers without a decimal."""
    return {key: _word(value) for key, value in facts.items()}


def _word(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return ", ".join(str(_word(one)) for one in value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
