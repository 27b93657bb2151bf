"""Shown code as its reader wants it: names from the vocabulary, comments from a catalog of translations.

All code is written once, in English names and with English comments (marked `N_` where they are written).
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from .vocabulary import files_in, names_in

Translate = Callable[[str], str]


def in_language(code: str, language: str, translate: Translate = str) -> str:
    """`code` with the names and comments of a language.

    Comments are whole messages: `# freeze, then compile` is looked up as "freeze, then compile". A comment without a
    translation that is code itself, as where the lecture's own line is quoted, has its names renamed.

    Args:
        code: Python code that can be parsed by itself, in English.
        language: Whose names to use: "pt-BR" has the lecture's.
        translate: Translates the comments, for example a catalog's `gettext`.

    Returns:
        Python code that does the same.

    Example:
        >>> in_language("base_model.trainable = False", "pt-BR")
        'rna_base.trainable = False'
    """
    return _renamed(_with_translated_comments(code, language, translate), language)


class _Edit(NamedTuple):
    """Bytes of one line, from `start` to `end`, that `text` takes the place of."""

    line: int
    start: int
    end: int
    text: str


def _apply(code: str, edits: Iterable[_Edit]) -> str:
    lines = [line.encode() for line in code.split("\n")]
    for line, start, end, text in sorted(edits, reverse=True):
        lines[line] = lines[line][:start] + text.encode() + lines[line][end:]
    return b"\n".join(lines).decode()


def _with_translated_comments(code: str, language: str, translate: Translate) -> str:
    edits = []
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        text = token.string.removeprefix("#").strip()
        if token.type == tokenize.COMMENT and text:
            line, column = token.start
            start = len(token.line[:column].encode())
            end = start + len(token.string.encode())
            edits.append(_Edit(line - 1, start, end, f"# {_comment(text, language, translate)}"))
    return _apply(code, edits)


def _comment(text: str, language: str, translate: Translate) -> str:
    translated = translate(text)
    if translated != text:
        return translated
    try:
        return _renamed(text, language)
    except SyntaxError:
        return text


def _renamed(code: str, language: str) -> str:
    names, files = names_in(language), files_in(language)
    if not names and not files:
        return code
    return _apply(code, (edit for node in ast.walk(ast.parse(code)) for edit in _renaming(node, names, files)))


def _renaming(node: ast.AST, names: Mapping[str, str], files: Mapping[str, str]) -> list[_Edit]:
    """What renames one node: a variable, a parameter, a function that is defined here, or a file's name in quotes."""
    if isinstance(node, ast.Name) and node.id in names:
        return [_edit(node, node.id, names[node.id])]
    if isinstance(node, ast.arg) and node.arg in names:
        return [_edit(node, node.arg, names[node.arg])]
    if isinstance(node, ast.FunctionDef) and node.name in names:
        return [_edit(node, node.name, names[node.name], after=len("def "))]
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in files:
        return [_edit(node, repr(node.value), repr(files[node.value]))]
    return []


def _edit(node: ast.expr | ast.arg | ast.FunctionDef, old: str, new: str, after: int = 0) -> _Edit:
    start = node.col_offset + after
    return _Edit(node.lineno - 1, start, start + len(old.encode()), new)
