"""What is printed: tagged PDF (PDF/UA) from a Typst template and data, whatever script a name is written in."""

import json
import re
from collections.abc import Mapping
from typing import Any

#: what the font of the paper surely does not hold: neither Latin, Greek, Cyrillic nor punctuation
_NOT_HELD = re.compile("[^\n -~\u00a0-\u017f\u0370-\u03ff\u0400-\u044f\u2010-\u2027\u202f\u20ac\u2212]")


def printed(template: bytes, data: Mapping[str, Any]) -> bytes:
    """The document; a letter that its font does not hold becomes a question mark rather than a refusal."""
    import typst

    def compiled(text: str) -> bytes:
        return bytes(typst.compile(template, format="pdf", pdf_standards="ua-1", sys_inputs={"data": text}, ignore_system_fonts=True))  # fmt: skip

    text = json.dumps(data, ensure_ascii=False)
    try:
        return compiled(text)
    except typst.TypstError:
        return compiled(_NOT_HELD.sub("?", text))
