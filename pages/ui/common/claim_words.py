"""Texts and numbers of `tlcore.experiments` in the language in use."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pages.ui.common.class_words import class_word
from pages.ui.common.i18n import _, in_full, number, percent, with_separators
from pages.ui.common.messages import guess_outcome
from tlcore.experiments import Chart, ClassName, Column, ExperimentSpec, Quantity, Result, Text
from tlcore.experiments.specification import Verdict

#: Beside the word of a verdict, never instead of it.
VERDICT_ICONS: dict[Verdict, str] = {
    "holds": ":material/check_circle:",
    "fails": ":material/cancel:",
    "unclear": ":material/help:",
}
_SMALLEST_PLAIN = 1e-3
_MOST_DECIMALS = 8


def in_words(value: Any) -> Any:
    """A `Text`, `Quantity` or `ClassName` as a string; numbers and strings as they are."""
    if isinstance(value, ClassName):
        return class_word(value.name)
    if isinstance(value, Text):
        return _(value.template).format(**{name: _param(name, param) for name, param in value.params.items()})
    if isinstance(value, Quantity):
        return quantity(value.value, value.kind)
    return value


def _param(name: str, value: Any) -> Any:
    return with_separators(value) if name.endswith("_formula") else in_words(value)


def quantity(value: float | None, kind: str) -> str:
    """A number as its kind wants it, with the language's separators."""
    if value is None:
        return "–"
    if kind == "percent":
        return percent(value)
    if kind == "points":
        return number(100 * value, 1)
    if kind == "seconds":
        return f"{number(value, 1 if value >= 1 else 2)} s"
    if kind == "megabytes":
        return f"{number(value, 1)} MB"
    if kind == "ratio":
        return f"{number(value, 1)}×"
    if kind == "count" or not value:
        return number(value)
    if kind == "setting":
        return in_full(value)
    if kind == "scientific" or abs(value) < _SMALLEST_PLAIN:
        return number(value, min(_MOST_DECIMALS, max(0, -math.floor(math.log10(abs(value))))))
    return number(value, 3 if abs(value) < 10 else 1)


def table(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The rows with translated titles and formatted numbers."""
    return [{_(column.title): _cell(row.get(column.key), column.kind) for column in columns} for row in rows]


def _cell(value: Any, kind: str) -> str:
    if value is None or (kind != "text" and isinstance(value, int | float)):
        return quantity(value, kind)
    return str(in_words(value))


def takeaway(result: Result) -> list[str]:
    """The sentences that were computed from the result."""
    return [str(in_words(text)) for text in result.takeaway]


def chart_title(chart: Chart) -> str:
    """What a chart shows, in a sentence if it has one."""
    if chart.takeaway is not None:
        return str(in_words(chart.takeaway))
    title = _("{y} by {x}").format(y=_(chart.y_title), x=_(chart.x_title))
    return title[:1].upper() + title[1:]


def chart_rows(chart: Chart) -> list[dict[str, Any]]:
    """The numbers of a chart as a table: one row a value on the x axis, one column a series."""
    kind = "setting" if chart.kind == "line" else "number"
    rows: dict[str, dict[str, Any]] = {}
    for series in chart.series:
        for x, y in zip(series.x, series.y, strict=True):
            shown = quantity(x, kind) if isinstance(x, float) else str(in_words(x))
            row = rows.setdefault(shown, {_(chart.x_title): shown})
            row[str(in_words(series.name))] = quantity(y, chart.y_kind)
    return list(rows.values())


def verdict_badge(result: Result) -> str:
    """What the measurements say of the claim, as a badge."""
    words = {
        "holds": ("green", _("The claim holds on these data")),
        "fails": ("red", _("The claim does not hold on these data")),
        "unclear": ("orange", _("These data do not decide the claim")),
    }
    hue, sentence = words[result.verdict]
    return f":{hue}-badge[{VERDICT_ICONS[result.verdict]} {sentence}]"


def claim_guess_outcome(spec: ExperimentSpec, guess: int | None, result: Result) -> None:
    """What became of a guess; nothing where none was made, or where no option turned out right."""
    if guess is None or result.answer is None:
        return
    measured = _(spec.guess.options[result.answer])
    right = guess == result.answer
    text = _("As you guessed: {found}.") if right else _("You guessed: {guessed}. Measured: {found}.")
    guess_outcome(text.format(guessed=_(spec.guess.options[guess]), found=measured), right=right)
