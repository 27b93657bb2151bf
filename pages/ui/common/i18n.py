"""Texts in the learner's language: Brazilian Portuguese or English.

The language is, in this order: `?lang=` of the URL, the switch in the sidebar, the browser's locale. The source texts
are English; `locales/<language>/LC_MESSAGES/messages.po` has the others, read as they are (no compiled file to forget).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

import streamlit as st

from pages.ui.common.state import APP_LANGUAGE, APP_LANGUAGE_SWITCH

LANGUAGES = {"pt-BR": "Português (Brasil)", "en": "English"}
LOCALES = Path(__file__).resolve().parents[3] / "locales"
_BABEL_NAMES = {"pt-BR": "pt_BR", "en": "en"}


def language() -> str:
    """Code of the language in use, a key of `LANGUAGES`."""
    return APP_LANGUAGE.get() or _from_browser()


def babel_locale() -> str:
    """The language as Babel names it."""
    return _BABEL_NAMES[language()]


def _(message: str) -> str:
    """`message` in the language in use."""
    return translations_of(language()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The form that fits `number`, in the language in use."""
    return translations_of(language()).ngettext(singular, plural, number)


def _from_browser() -> str:
    """Portuguese for whoever reads it and where the browser says nothing, English for everybody else."""
    return "pt-BR" if (st.context.locale or "pt").lower().startswith("pt") else "en"


def choose_language() -> None:
    """Takes `?lang=` over; call once at the top of every run."""
    asked = st.query_params.get("lang")
    if asked in LANGUAGES:
        APP_LANGUAGE.set(asked)
    elif APP_LANGUAGE.get():  # navigation drops the URL's parameters; a chosen language stays chosen
        st.query_params["lang"] = APP_LANGUAGE.get()


def language_switch() -> None:
    """The switch; keeps `?lang=` in step."""
    APP_LANGUAGE_SWITCH.set(language())
    st.segmented_control(
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
    path = LOCALES / _BABEL_NAMES[code] / "LC_MESSAGES" / "messages.po"
    if code == "en" or not path.exists():
        return NullTranslations()
    return _load(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _load(path: str, modified_ns: int) -> GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with Path(path).open("rb") as file:
        catalog = read_po(file)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def number(value: float, decimals: int = 0) -> str:
    """`value` with the language's separators: 14,714,688 or 14.714.688."""
    if isinstance(value, int) and not decimals:  # a table has thousands of these
        return f"{value:,}".replace(",", "." if babel_locale() == "pt_BR" else ",")
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
    return re.sub(r"(?<=\d),(?=\d{3})", ".", text) if babel_locale() == "pt_BR" else text


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
