"""The result of an experiment: verdict, takeaway, charts, table, and what became of the guess."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.charts import chart
from pages.ui.common.claim_charts import figure_of
from pages.ui.common.claim_words import chart_rows, chart_title, claim_guess_outcome, table, takeaway, verdict_badge
from pages.ui.common.focus import await_parts
from pages.ui.common.i18n import _
from pages.ui.common.lesson.progress import happened
from pages.ui.common.messages import notice
from pages.ui.common.questions import check_yourself
from pages.ui.experiments.kept_runs import remember_guess
from pages.ui.experiments.quiz import quiz
from pages.ui.experiments.state import RESULT, guess_key, revealed_key
from tlcore.experiments import ExperimentSpec, Result


def guess_section(spec: ExperimentSpec) -> bool:
    """The question to commit to; True once there is a guess, or the learner wants the result without."""
    options = list(range(len(spec.guess.options)))
    guess = st.radio(
        "**" + _("Your guess first, if you like") + ".** " + _(spec.guess.question),
        options,
        format_func=lambda index: _(spec.guess.options[index]),
        index=None,
        key=guess_key(spec).name,
        persist_state="session",
        on_change=await_parts,
        args=(RESULT,),
    )
    revealed = guess is not None or revealed_key(spec).get()
    # It stays where it is: what lies below must not move away from under a click that is on its way.
    st.button(
        _("Show results without guessing"),
        key=f"experiments.{spec.name}.reveal",
        disabled=revealed,
        on_click=_reveal,
        args=(spec,),
    )
    remember_guess(spec)
    return revealed


def _reveal(spec: ExperimentSpec) -> None:
    revealed_key(spec).set(True)
    await_parts(RESULT)


def _guessed_right(spec: ExperimentSpec, result: Result) -> bool | None:
    """What became of the guess; None where there was none, or the data decide nothing."""
    guess = guess_key(spec).get()
    return None if guess is None or result.answer is None else guess == result.answer


def show_result(spec: ExperimentSpec, result: Result, *, key: str, first_chart_only: bool = False) -> None:
    """Verdict and takeaway, what to notice, the charts each with its numbers, the table, a question."""
    concluded = takeaway(result)
    sentences = concluded or [_("Not all of it is measured yet, so there is no conclusion.")]
    if not first_chart_only:
        if concluded:
            happened(f"claim {spec.name}", verdict=result.verdict, guessed=_guessed_right(spec, result), shown=key)
            st.markdown(verdict_badge(result))
            claim_guess_outcome(spec, guess_key(spec).get(), result)
        notice(_(spec.notice))
    charts = result.charts[:1] if first_chart_only else result.charts
    for index, drawn in enumerate(charts):
        title = sentences[0] if index == 0 else chart_title(drawn)
        chart(figure_of(drawn), title, chart_rows(drawn), key=f"experiments-{spec.name}-{key}-{index}")
    if first_chart_only:
        return
    above = {chart_title(drawn) for drawn in charts[1:]}
    for sentence in sentences[1:]:
        if sentence in above:
            continue  # said above its chart
        st.markdown(f"- {sentence}")
    st.table(table(result.columns, result.rows), hide_index=True)
    check_yourself(quiz(spec.name))
