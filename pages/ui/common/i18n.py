"""Texts in the learner's language: Brazilian Portuguese, English, or another that has a catalog.

The language is, in this order: `?lang=` of the URL, the switch in the sidebar, the browser's locale. The source texts
are English; `locales/<language>/LC_MESSAGES/messages.po` has the others, read as they are (no compiled file to forget).
A catalog is all that a language takes: names, numbers and plurals come from Babel.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path

import streamlit as st

from pages.ui.common.state import APP_LANGUAGE, APP_LANGUAGE_SWITCH
from tlcore.translations import SOURCE, catalog_folder, catalog_path, caveat_of
from tlcore.translations import translations_of as catalog_of

LOCALES = catalog_folder()
LECTURE = "pt-BR"


def languages(folder: Path = LOCALES) -> dict[str, str]:
    """Code -> name in that language: of the lecture, of the source, and then of every other catalog."""
    from babel import Locale

    codes = {SOURCE, *(path.parents[1].name.replace("_", "-") for path in folder.glob("*/LC_MESSAGES/messages.po"))}
    ordered = sorted(codes, key=lambda code: (code != LECTURE, code != SOURCE, code))
    names = {code: Locale.parse(code, sep="-").display_name or code for code in ordered}
    return {code: name[0].upper() + name[1:] + _caveat(catalog_path(code, folder)) for code, name in names.items()}


def _caveat(path: Path) -> str:
    """Said behind the name of a language whose translations nobody has read."""
    caveat = caveat_of(path) if path.is_file() else ""
    return f" ({caveat})" if caveat else ""


LANGUAGES = languages()
_of_this_run: ContextVar[str | None] = ContextVar("language", default=None)  # every text asks; the session is slow


def language() -> str:
    """Code of the language in use, a key of `LANGUAGES`."""
    return _of_this_run.get() or APP_LANGUAGE.get() or _from_browser()


def babel_locale() -> str:
    """The language as Babel names it."""
    return language().replace("-", "_")


def _(message: str) -> str:
    """`message` in the language in use."""
    return translations_of(language()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The form that fits `number`, in the language in use."""
    return translations_of(language()).ngettext(singular, plural, number)


def _from_browser() -> str:
    """The one nearest to the browser's: Portuguese where it says nothing, English where there is no catalog."""
    locale = (st.context.locale or LECTURE).lower()
    known = {code.lower(): code for code in LANGUAGES}
    by_first_part = {code.lower().split("-")[0]: code for code in LANGUAGES}
    return known.get(locale) or by_first_part.get(locale.split("-")[0]) or SOURCE


def choose_language() -> None:
    """Takes `?lang=` over; call once at the top of every run."""
    in_url, chosen = st.query_params.get("lang"), APP_LANGUAGE.get()
    if in_url in LANGUAGES:
        APP_LANGUAGE.set(in_url)
    elif chosen:  # navigation drops the URL's parameters; a chosen language stays chosen
        st.query_params["lang"] = chosen
    _of_this_run.set(None)
    _of_this_run.set(language())


def language_switch() -> None:
    """The switch; keeps `?lang=` in step."""
    APP_LANGUAGE_SWITCH.set(language())
    st.pills(
        "Idioma · Language",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key=APP_LANGUAGE_SWITCH.name,
        required=True,
        on_change=_switched,
    )


def _switched() -> None:
    chosen = APP_LANGUAGE_SWITCH.get()
    if chosen in LANGUAGES:
        APP_LANGUAGE.set(chosen)
        st.query_params["lang"] = chosen


def translations_of(code: str) -> NullTranslations:
    """The texts of a language, a key of `LANGUAGES`; English ones are the source's own."""
    return NullTranslations() if code == SOURCE else _look_up(code, int(time.monotonic()))


@lru_cache(maxsize=8)
def _look_up(code: str, second: int) -> NullTranslations:
    """As they are in this second: a page has hundreds of texts, and a catalog that was changed is read again."""
    return catalog_of(code)


def separators() -> tuple[str, str]:
    """What stands before the decimals and between the thousands, in the language in use: ("." and ",") in English."""
    return _separators(babel_locale())


@lru_cache(maxsize=8)
def _separators(locale: str) -> tuple[str, str]:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return get_decimal_symbol(locale), get_group_symbol(locale)


_LARGEST = 1e20  # Babel's arithmetic has 28 digits, and refuses more


def number(value: float, decimals: int = 0) -> str:
    """`value` with the language's separators: 14,714,688 or 14.714.688; what is absurdly large as 1.0e+308."""
    if isinstance(value, int) and not decimals:  # a table has thousands of these
        return f"{value:,}".replace(",", separators()[1])
    if abs(value) >= _LARGEST:
        return f"{float(value):.1e}".replace(".", separators()[0])
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(round(value, decimals) + 0.0, format=pattern, locale=babel_locale())  # no "-0.0"


def in_full(value: float) -> str:
    """All digits that a setting has, and no more: 64, 0.5 or 0.00001."""
    from babel.numbers import format_decimal

    return format_decimal(value, format="0.##########", locale=babel_locale())


def options_in_full(values: Iterable[float]) -> Callable[[float], str]:
    """`format_func` of a choice between numbers, in the language of this run of the page, wherever it is called."""
    return {value: in_full(value) for value in values}.__getitem__


def with_separators(text: str) -> str:
    """A formula of `tlcore`, whose numbers have English separators, with those of the language."""
    return re.sub(r"(?<=\d),(?=\d{3})", separators()[1], text)


def as_plain_text(text: str) -> str:
    """`text` of a stranger, so that Markdown shows it as it is: a link could otherwise put pictures on the page."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def percent(share: float, decimals: int = 1) -> str:
    """A share in [0, 1] as a percentage."""
    return f"{number(100 * share, decimals)}%"


def amount_of_bytes(value: float) -> str:
    """Bytes in the largest unit that keeps at least one digit before the separator."""
    for unit in ("B", "KB", "MB", "GB"):
        if value < 1024 or unit == "GB":
            return f"{number(value, 0 if unit == 'B' else 1)} {unit}"
        value /= 1024
    return ""
