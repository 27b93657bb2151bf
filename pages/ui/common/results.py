"""The result of a run on the test images: how often it was right, where it was wrong, what it cost."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.behind import images_behind
from pages.ui.common.charts import confusion_matrix, data_table
from pages.ui.common.class_words import task_word
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.messages import guess_outcome, tag, translate
from pages.ui.common.state import accuracy_guess_key, matrix_keys
from pages.ui.common.unsaved import remember_shown
from tlcore.engine.tasks.trained_run import RunMetrics, TrainedRun


def accuracy_guess(page: str) -> None:
    """A guess to commit to before the result: how many of 100 test images the network will name right."""
    st.number_input(
        _("Your guess, if you like: of 100 test images, how many will it name right?"),
        min_value=0,
        max_value=100,
        value=None,
        step=1,
        key=accuracy_guess_key(page).name,
        persist_state="session",
    )


def runtime_in_words(runtime: str, precision: str, times_predict: float | None) -> str:
    """What ran a base, and how fast that is here: "LiteRT, 3.0x `predict` here"."""
    title = {"litert": "LiteRT", "tensorflow": "TensorFlow"}[runtime]
    if precision != "float32":
        title = _("{runtime} in {precision}").format(runtime=title, precision=precision)
    if times_predict is None:
        return title
    return _("{runtime}, {times}x `predict` here").format(runtime=title, times=number(times_predict, 1))


def result_view(run: TrainedRun, *, key: str) -> None:
    """Draws a finished run: how often it was right, then where it was wrong."""
    remember_shown(run.run_id)
    metrics = run.test_metrics
    names = [task_word(name) for name in run.class_titles]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        _headline(run)
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-worth"):
        _interval(metrics)
        _per_class(metrics, names, key)
    _guessed(accuracy_guess_key(key).get(), metrics)
    with st.container(key=f"{key}-matrix"):
        left, right = st.columns(2, gap="medium")
    with left:
        confusion_matrix(metrics.confusion_matrix, names, key=f"{key}-confusion")
    with right:
        images_behind(run, matrix_keys(key))
    for template, params in run.notes:
        st.caption(":material/info: " + translate(template, params))


def _headline(run: TrainedRun) -> None:
    metrics = run.test_metrics
    st.metric(_("Test accuracy"), percent(metrics.accuracy), width="content")
    st.metric(
        _("Balanced accuracy"),
        percent(metrics.balanced_accuracy),
        width="content",
        help=_(
            "The mean over the classes of the share that was right, so that a frequent class does not hide a rare one."
        ),
    )
    st.metric(_("Test images"), number(sum(map(sum, metrics.confusion_matrix))), width="content")
    st.metric(_("Time"), _("{seconds} s").format(seconds=number(sum(run.timings.values()), 1)), width="content")
    st.markdown(tag("measured"), width="content")


def _interval(metrics: RunMetrics) -> None:
    interval = metrics.wilson_interval
    st.caption(
        _("With other test images of the same kind, the accuracy would mostly lie between {low} and {high}.").format(
            low=percent(interval.low), high=percent(interval.high)
        )
    )


def _guessed(guess: int | None, metrics: RunMetrics) -> None:
    """What became of the guess: near enough if the test could not tell it from what was measured."""
    if guess is None:
        return
    near = metrics.wilson_interval.low <= guess / 100 <= metrics.wilson_interval.high
    text = (
        _("You guessed {guess} of 100; measured: {measured}. This test cannot tell the two apart.")
        if near
        else _("You guessed {guess} of 100; measured: {measured}.")
    )
    guess_outcome(text.format(guess=number(guess), measured=number(100 * metrics.accuracy, 1)), right=near)


def _per_class(metrics: RunMetrics, names: list[str], key: str) -> None:
    rows = [
        {
            _("class"): name,
            _("precision"): percent(entry.precision),
            _("recall"): percent(entry.recall),
            _("images"): entry.count,
        }
        for name, entry in zip(names, metrics.per_class, strict=True)
    ]
    help_text = _("Precision: of what it called so, how much was. Recall: of what was so, how much it found.")
    data_table(rows, key=f"{key}-classes", title=_("Class by class"), note=help_text)
