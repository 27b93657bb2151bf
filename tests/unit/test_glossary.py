"""One term each: the glossary of a catalog holds in all of its texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parents[2] / "locales" / "pt_BR"
GLOSSARY: dict[str, Any] = json.loads((FOLDER / "glossary.json").read_text("utf-8"))
PLACEHOLDER = re.compile(r"\{\w*\}")


def pairs() -> Iterator[tuple[str, str]]:
    """Every text and its translations, without placeholders; quotations of the lecture keep its own words."""
    with (FOLDER / "LC_MESSAGES" / "messages.po").open("rb") as file:
        for message in read_po(file):
            singular = message.id if isinstance(message.id, str) else message.id[0]
            forms = [message.string] if isinstance(message.string, str) else list(message.string)
            if singular and not singular.startswith(tuple(GLOSSARY["quotations"])):
                yield PLACEHOLDER.sub("", singular), " | ".join(PLACEHOLDER.sub("", form) for form in forms)


def test_a_term_is_translated_by_one_word_everywhere() -> None:
    strays = [
        (english, portuguese)
        for english, portuguese in pairs()
        for term, word in GLOSSARY["one term each"].items()
        if re.search(rf"(?<![\w`])({term})(?![\w`=:])", english, re.IGNORECASE)
        and not re.search(word, portuguese, re.IGNORECASE)
    ]
    assert strays == []


def test_no_other_word_is_used_for_it() -> None:
    strays = [
        (english, portuguese)
        for english, portuguese in pairs()
        if any(word in portuguese.lower() for word in GLOSSARY["not these"])
        or any(word in portuguese and word not in english for word in GLOSSARY["only where the English has it"])
    ]
    assert strays == []


def test_the_rules_find_what_breaks_them() -> None:
    assert not re.search(GLOSSARY["one term each"]["accuracy"], "A acurácia no teste")
    assert re.search(GLOSSARY["one term each"]["accuracy"], "Exatidão no teste", re.IGNORECASE)
