"""A page's state in the URL, checked by a pydantic model: an absurd value is refused with a sentence, not run."""

from __future__ import annotations

import difflib
import re
import time
from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st
from pydantic import BaseModel, ValidationError

from pages.ui.common.i18n import _, as_plain_text, in_full, number
from pages.ui.common.state import APP_URL_LEFT, APP_URL_REFUSED, APP_URL_SEEN, Key

REFUSED_S = 20.0  # how long what a link asked in vain is said
_MOST_NAMED = 12  # choices in a sentence
ON_ITS_WAY_S = 5.0  # after a run: a request may still carry the URL that the run replaced


def read_url(page: str, model: type[BaseModel], keys: Mapping[str, Key[Any]]) -> None:
    """Takes over what the URL asks for, once; a value that cannot be is refused in words and left out.

    What was clicked is in the URL from here on: whoever reloads while the page still answers finds it again.

    Args:
        page: Name of the page, so that each one remembers its own parameters.
        model: Fields are the parameters; `Field` ranges and `Literal`s say what can be.
        keys: Parameter -> key of the session state.
    """
    parameters = {name: st.query_params[name] for name in model.model_fields if name in st.query_params}
    if parameters and parameters != APP_URL_SEEN.get().get(page) and not _just_left(page, parameters):
        _remember_refused(page, _take_over(parameters, model, keys))
    _say_refused(page)
    _put(page, keys)


def write_url(page: str, keys: Mapping[str, Key[Any]]) -> None:
    """Puts the page's state into the URL, so that it can be sent; defaults are left out. Call at the end of a run."""
    _put(page, keys)
    now = time.monotonic()
    left = [(values, now if at is None else at) for values, at in APP_URL_LEFT.get().get(page, [])]
    APP_URL_LEFT.set({**APP_URL_LEFT.get(), page: [entry for entry in left if now - entry[1] < ON_ITS_WAY_S]})


def url_values(keys: Mapping[str, Key[Any]]) -> dict[str, str]:
    """What a link to the page as it is has to say: parameter -> value, for all that is not the default."""
    return {name: _as_text(key.get()) for name, key in keys.items() if key.get() != key.default}


def _take_over(parameters: Mapping[str, str], model: type[BaseModel], keys: Mapping[str, Key[Any]]) -> list[str]:
    """Takes over what can be; returns a sentence for each that cannot."""
    refused = []
    for name, value in parameters.items():
        try:
            accepted = model.model_validate({name: value})
        except ValidationError as error:
            refused.append(_refusal(name, value, _reason(error)))
        else:
            keys[name].set(getattr(accepted, name))
    return refused


def _put(page: str, keys: Mapping[str, Key[Any]]) -> None:
    """Writes the URL; what it said before is remembered as left by this run (None: the run goes on)."""
    values = url_values(keys)
    for name in keys:
        if name in values and st.query_params.get(name) != values[name]:
            st.query_params[name] = values[name]
        elif name not in values and name in st.query_params:
            del st.query_params[name]
    before = APP_URL_SEEN.get().get(page)
    if before is not None and before != values:
        APP_URL_LEFT.set({**APP_URL_LEFT.get(), page: [*APP_URL_LEFT.get().get(page, []), (before, None)]})
    APP_URL_SEEN.set({**APP_URL_SEEN.get(), page: values})


def _just_left(page: str, parameters: dict[str, str]) -> bool:
    """Whether the page has only now moved on from these values.

    A job that is watched asks for runs several times a second, and the browser sends its URL as it was then: taken
    for a link, it would undo the click that changed the URL meanwhile.
    """
    left, now = APP_URL_LEFT.get().get(page, []), time.monotonic()
    return any(parameters == values and (at is None or now - at < ON_ITS_WAY_S) for values, at in left)


def _as_text(value: Any) -> str:
    return ("1" if value else "0") if isinstance(value, bool) else str(value)


def forget_unknown(name: str, key: Key[Any], known: Collection[str]) -> None:
    """Refuses a value that only the opened page can judge, such as a layer of the network that it shows.

    It may have come by a link, or with settings that have changed since.
    """
    value = key.get()
    if value and value not in known:
        key.set(key.default)
        text = _("{name} = “{value}” was not used: what the page shows now has nothing of this name.")
        _remember_refused(key.name, [text.format(name=name, value=as_plain_text(value[:80]))])
    _say_refused(key.name)


def _remember_refused(where: str, sentences: list[str]) -> None:
    """What was asked in vain, of a page (its name) or of one control (its key)."""
    APP_URL_REFUSED.set({**APP_URL_REFUSED.get(), where: (time.monotonic(), sentences)})


def _say_refused(where: str) -> None:
    """Says it, and says it again for a while: a page may begin its run anew."""
    at, sentences = APP_URL_REFUSED.get().get(where, (0.0, []))
    if time.monotonic() - at < REFUSED_S:
        for sentence in sentences:
            st.warning(sentence, icon=":material/link_off:")


def _refusal(name: str, value: str, reason: str) -> str:
    text = _("The link asks for {name} = “{value}”, which was not used: {reason}. The page shows its usual value.")
    return text.format(name=name, value=as_plain_text(value[:80]), reason=reason)


def _reason(error: ValidationError) -> str:
    problem = error.errors()[0]
    context = problem.get("ctx", {})
    limit = next((_limit(context[bound]) for bound in ("ge", "le", "gt", "lt") if bound in context), "")
    choices = _nearest(
        str(problem.get("input", "")),
        str(context.get("error") or ", ".join(re.findall(r"'([^']*)'", str(context.get("expected", ""))))),
    )
    known = {
        "greater_than_equal": _("it has to be at least {limit}").format(limit=limit),
        "less_than_equal": _("it has to be at most {limit}").format(limit=limit),
        "greater_than": _("it has to be more than {limit}").format(limit=limit),
        "less_than": _("it has to be less than {limit}").format(limit=limit),
        "value_error": _("it has to be one of these: {choices}").format(choices=choices),
        "literal_error": _("it has to be one of these: {choices}").format(choices=choices),
    }
    return known.get(problem["type"], _("it is not a value of the right kind"))


def _nearest(value: str, choices: str) -> str:
    """Of a long list the few that are most like what was asked for."""
    names = choices.split(", ")
    if len(names) <= _MOST_NAMED:
        return choices
    alike = difflib.get_close_matches(value, names, n=_MOST_NAMED, cutoff=0.0)
    return ", ".join(alike) + " …"


def _limit(value: float) -> str:
    return number(value) if float(value).is_integer() else in_full(value)
