"""XML from strangers: no document type, no entity, no endless nesting; each element with its line."""

from dataclasses import dataclass, field
from xml.parsers import expat

from ressort.core.errors import RuleBroken

_DEEPEST = 64
#: a statement of 10 MB holds some 240,000; more would only fill the memory
_MOST_ELEMENTS = 500_000


@dataclass(slots=True)
class Element:
    """An element: name without its namespace, line, text, attributes, children."""

    name: str
    line: int
    text: str = ""
    children: list["Element"] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    def all(self, path: str) -> list["Element"]:
        """The elements at a path such as `Acct/Id/IBAN`."""
        found = [self]
        for name in path.split("/"):
            found = [child for one in found for child in one.children if child.name == name]
        return found

    def one(self, path: str) -> str:
        """The text of the first element at a path; "" when there is none."""
        found = self.all(path)
        return found[0].text.strip() if found else ""


def read_xml(content: bytes) -> tuple[Element, str]:
    """The root of a document, and its namespace.

    Raises:
        RuleBroken: no XML, or what only hostile files hold.
    """
    top = Element("", 0)
    open_elements, spaces, count = [top], [""], 0
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > _MOST_ELEMENTS:
            raise RuleBroken("The file holds more than {most} elements: cut it into several statements.", most=_MOST_ELEMENTS)  # fmt: skip
        if len(open_elements) > _DEEPEST:
            raise RuleBroken("Line {line}: elements are nested too deeply for a bank statement.", line=parser.CurrentLineNumber)  # fmt: skip
        space, _blank, plain = name.rpartition(" ")
        spaces[0] = spaces[0] or space
        made = Element(plain, parser.CurrentLineNumber, attributes=attributes)
        open_elements[-1].children.append(made)
        open_elements.append(made)

    def text(data: str) -> None:
        open_elements[-1].text += data

    def refuse_type(*_words: object) -> None:
        raise RuleBroken("Line {line}: a bank statement declares no document type nor entity. This file is refused.", line=parser.CurrentLineNumber)  # fmt: skip

    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    parser.EndElementHandler = lambda _name: open_elements.pop()  # type: ignore[assignment]
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse_type
    parser.buffer_text = True
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise RuleBroken("Line {line}: this is no XML ({cause}).", line=error.lineno, cause=expat.errors.messages[error.code]) from error  # fmt: skip
    return top.children[0], spaces[0]
