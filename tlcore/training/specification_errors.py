"""Turns pydantic's account of a bad setting into one sentence that can be translated."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from tlcore.errors import InvalidArgumentError
from tlcore.translatable import N_

_LOWER = N_("Expected `{name}` to be at least {bound}. Received: {value!r}. Choose a larger value.")
_ABOVE = N_("Expected `{name}` to be a number greater than {bound}. Received: {value!r}. Choose a larger value.")
_UPPER = N_("Expected `{name}` to be at most {bound}. Received: {value!r}. Choose a smaller value.")
_BELOW = N_("Expected `{name}` to be a number less than {bound}. Received: {value!r}. Choose a smaller value.")
UNKNOWN_CHOICE = N_("Expected `{name}` to be one of {choices}. Received: {value!r}. Choose one of these names.")
_INTEGER = N_("Expected `{name}` to be a whole number. Received: {value!r}. Give a number without decimals.")
_NUMBER = N_("Expected `{name}` to be a number. Received: {value!r}. Give a number such as 0.001.")
_BOOLEAN = N_("Expected `{name}` to be true or false. Received: {value!r}. Choose one of the two.")
_TEXT = N_("Expected `{name}` to be a text. Received: {value!r}. Give a name between quotes.")
_LIST = N_("Expected `{name}` to be a list of whole numbers. Received: {value!r}. Give for example (256,) or ().")
_LENGTH = N_("Expected `{name}` to have at most {bound} layers. Received: {value!r}. Remove some layers.")
_UNKNOWN = N_("Expected a setting of a training run: one of {choices}. Received: {name!r}. Did you mean {nearest!r}?")
_OTHER = N_("Expected `{name}` to be a valid setting. Received: {value!r}. Use its default value.")

_TEMPLATES = {
    "greater_than_equal": (_LOWER, "ge"),
    "greater_than": (_ABOVE, "gt"),
    "less_than_equal": (_UPPER, "le"),
    "less_than": (_BELOW, "lt"),
    "too_long": (_LENGTH, "max_length"),
}
_BY_PREFIX = {"int": _INTEGER, "float": _NUMBER, "finite": _NUMBER, "bool": _BOOLEAN, "string": _TEXT, "tuple": _LIST}


def argument_error(error: ValidationError, settings: tuple[str, ...]) -> InvalidArgumentError:
    """The first complaint of `error` as what was expected, what came and what to do."""
    detail = error.errors()[0]
    inner = detail.get("ctx", {}).get("error")
    if isinstance(inner, InvalidArgumentError):
        # A new one: `inner` hangs below `error`, and an error above its own cause cannot be pickled.
        return InvalidArgumentError(inner.template, **inner.params)
    kind, path, context = detail["type"], detail["loc"], detail.get("ctx", {})
    name, value = str(path[0]) if path else "spec", _plain(detail["input"])
    if kind == "extra_forbidden":
        nearest = get_close_matches(name, settings, n=1, cutoff=0.0)[0]
        return InvalidArgumentError(_UNKNOWN, choices=", ".join(settings), name=name, nearest=nearest)
    if kind == "literal_error":
        return InvalidArgumentError(
            UNKNOWN_CHOICE, name=name, choices=context["expected"].replace(" or ", ", "), value=value
        )
    if kind in _TEMPLATES:
        template, bound = _TEMPLATES[kind]
        return InvalidArgumentError(template, name=name, bound=context[bound], value=value)
    return InvalidArgumentError(_BY_PREFIX.get(kind.split("_")[0], _OTHER), name=name, value=value)


def _plain(value: Any) -> Any:
    """Errors travel between processes, so that what came is kept only if it is simple."""
    return value if isinstance(value, (str, int, float, bool, list, tuple, type(None))) else repr(value)
