"""The two steps as one sees them happen: the base looks at each image once, the dense head learns from what it saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import streamlit as st

from pages.ui.common.charts import curves
from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import is_running, notes
from pages.ui.common.messages import lecture_says, number_guess
from pages.ui.common.museum_links import pieces_about
from pages.ui.common.questions import Choice, Question, check_yourself
from pages.ui.feature_extraction.state import GUESS, STAGE
from tlcore.engine import JobView
from tlcore.engine.tasks.trained_run import TrainedRun
from tlcore.translatable import N_

_RESHAPE = Question(
    "feature_extraction",
    N_("The base gives {product} numbers for an image. Why has the dense layer {inputs} inputs?"),
    (
        Choice(
            N_("It has one input for each test image"),
            N_("The number of images is nowhere in a layer. Multiply the sides of what the base gives for one image."),
        ),
        Choice(
            N_("Each of its {units} units reads a part of them"),
            N_("Each unit of a dense layer reads all of them: that is what “dense” says."),
        ),
        Choice(
            N_("It reads them laid out in a row"),
            N_(
                "A dense layer reads a vector, so what the base gives is laid out in a row. The layer then has "
                "({inputs} + 1)·{units} = {parameters} parameters: a weight for each input and a bias, for each unit."
            ),
            right=True,
        ),
    ),
)


def shape_sentence(shape: Sequence[int]) -> str:
    """The features before and after they are laid out in a row."""
    total = number(prod(shape))
    if len(shape) == 1:
        return f"(N, {total})"
    return f"(N, {', '.join(map(str, shape))}) → (N, {'·'.join(map(str, shape))}) = (N, {total})"


def draw_training(view: JobView) -> None:
    """The first step and the second, each with how far it has come."""
    epochs = [event for event in view.events if event.get("kind") == "epoch"]
    head = _second_phase(view)
    _first_step(view, base_shape(view))
    _second_step(view, len(epochs), head["epochs"] if head else None)
    if epochs:
        left, right = st.columns(2)
        with left:
            curves(epochs, key=f"curve-accuracy-{view.job_id}")
        with right:
            curves(epochs, key=f"curve-loss-{view.job_id}", metric="loss")
    if view.result is None:  # afterwards they stand below the result
        notes(view)
    drawn = STAGE.get()
    if drawn is not None and is_running(view) and head_learns(view) != drawn:
        st.rerun()  # where the lesson stands is written above


def _second_phase(view: JobView) -> Mapping[str, Any] | None:
    """The event that says that the head begins to learn, the base having looked at all images."""
    return next((event for event in view.events if "base_output_shape" in event), None)


def base_shape(view: JobView) -> tuple[int, ...]:
    """Of what the base gives for one image; empty before that is known."""
    phase = _second_phase(view)
    return () if phase is None else tuple(phase["base_output_shape"])


def head_learns(view: JobView) -> bool:
    """Whether the base has looked at all images and the second step is under way."""
    return _second_phase(view) is not None


def _first_step(view: JobView, shape: Sequence[int]) -> None:
    title = "**1.** " + _("The base looks at each image once")
    if shape:
        st.markdown(f":material/check_circle: {title}: {shape_sentence(shape)}")
        number_guess(GUESS.get(), prod(shape))
        lecture_says(
            _(
                "this solution is fast and computationally simple, because the base is executed only once for each "
                "image."
            )
        )
        return
    last = next((event for event in reversed(view.events) if event.get("kind") == "progress"), None)
    done, total = (int(last["done"]), max(1, int(last["total"]))) if last else (0, 1)
    text = title if last is None else f"{title}: {number(done)} / {number(total)}"
    if is_running(view):
        st.progress(min(1.0, done / total), text=text)


def _second_step(view: JobView, done: int, planned: int | None) -> None:
    title = "**2.** " + _("The dense head learns from these numbers")
    if planned is None:
        st.markdown(f":gray[:material/schedule: {title}]")
        return
    icon = "model_training" if is_running(view) else "check_circle"
    epochs = _("epoch {number} of {planned}").format(number=number(done), planned=number(planned))
    st.markdown(f":material/{icon}: {title}: {epochs}")


def reshape_question(run: TrainedRun, shape: Sequence[int]) -> None:
    """Asked of the shapes of the run on the page."""
    if not shape:
        return
    inputs, units = prod(shape), run.spec.head[0]
    values = {
        "product": "·".join(map(str, shape)),
        "inputs": number(inputs),
        "units": number(units),
        "parameters": number((inputs + 1) * units),
    }
    check_yourself(replace(_RESHAPE, values=values))
    pieces_about("softmax_of_one", "sigmoid_one_hot")
