"""An error crosses from one process to another with its words and facts."""

import pickle

from ressort.core.errors import RuleBroken, UnknownCode


def test_an_error_told_by_another_process_is_the_same_error() -> None:
    told = pickle.loads(pickle.dumps(UnknownCode("No territory is called {name}.", name="Paux", suggestions=["Pau"])))
    assert type(told) is UnknownCode and told.facts == {"name": "Paux", "suggestions": ["Pau"]}
    assert str(pickle.loads(pickle.dumps(RuleBroken("Nothing to count.")))) == "Nothing to count."
