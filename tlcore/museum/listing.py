"""The lines of a program: which of them can be pointed at, which are guilty, and what mending changes."""

from __future__ import annotations

import ast
import difflib


def lines_to_point_at(code: str) -> list[int]:
    r"""Numbers, from 1, of the lines on which a statement begins; imports and comments are nobody's mistake.

    Example:
        >>> lines_to_point_at("import keras\n\n# why\nx = 1\nfor i in x:\n    print(i)")
        [4, 5, 6]
    """
    statements = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.stmt))
    return sorted({node.lineno for node in statements if not _is_import_of_all(node)})


def _is_import_of_all(node: ast.stmt) -> bool:
    """Imports of modules and of what every program has; one of a single function may be the mistake."""
    return isinstance(node, ast.Import)


def guilty_lines(code: str, begins: tuple[str, ...]) -> list[int]:
    """Numbers of the lines to point at that begin in one of these ways, whatever their indentation."""
    text = code.splitlines()
    return [line for line in lines_to_point_at(code) if text[line - 1].lstrip().startswith(begins)]


def changes(broken: str, mended: str) -> str:
    r"""What mending changes, as a listing of changed lines with "-" and "+" before them.

    Example:
        >>> print(changes("a = 1\nb = 2", "a = 1\nb = 3"))
        - b = 2
        + b = 3
    """
    compared = difflib.ndiff(broken.splitlines(), mended.splitlines())
    return "\n".join(line for line in compared if line.startswith(("- ", "+ ")) and line[2:].strip())
