"""How shown code is put together: lines, blocks and calls, laid out as a formatter would."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import indent

#: Longest line of a call, in characters: what a code panel shows without scrolling.
WIDTH = 88


def lines(*statements: str) -> str:
    """One under the other; empty ones are left out."""
    return "\n".join(statement for statement in statements if statement)


def paragraphs(*parts: str) -> str:
    """With an empty line between them; empty ones are left out."""
    return "\n\n".join(part for part in parts if part)


def block(header: str, *statements: str) -> str:
    """A loop or another statement with what belongs to it."""
    return f"{header}\n{indent(lines(*statements), '    ')}"


def function(signature: str, *statements: str) -> str:
    """A function of the shown code, for example with the signature "new_model(base_model)"."""
    return block(f"def {signature}:", *statements)


def comment(text: str) -> str:
    """A line of its own for people. Mark the text: `comment(N_("before"))`."""
    return f"# {text}"


def remark(statement: str, text: str) -> str:
    """A comment at the end of a statement's last line."""
    return f"{statement}  # {text}"


def call(callee: str, *arguments: str) -> str:
    """A call, its arguments on lines of their own where one line would be too long.

    Args:
        callee: Up to the parenthesis; may begin with what the result is called: "history = model.fit".
        arguments: As code; empty ones are left out.
    """
    return _filled(f"{callee}(", [argument for argument in arguments if argument], ")")


def assigned(name: str, values: Iterable[object]) -> str:
    """A list of values that may be long, under a name."""
    return _filled(f"{name} = [", list(map(repr, values)), "]")


def _filled(opening: str, items: Sequence[str], closing: str) -> str:
    """On one line, or filling as many as it takes."""
    line = f"{opening}{', '.join(items)}{closing}"
    if len(line) <= WIDTH:
        return line
    rows: list[str] = []
    for item in items:
        if rows and len(rows[-1]) + len(item) + 2 <= WIDTH:
            rows[-1] += f" {item},"
        else:
            rows.append(f"    {item},")
    if len(rows) == 1:
        rows = [rows[0].removesuffix(",")]
    return "\n".join([opening, *rows, closing])


def keywords(**values: object) -> list[str]:
    """Keyword arguments with their values as Python writes them; for names of variables see `call`."""
    return [f"{name}={value!r}" for name, value in values.items()]
