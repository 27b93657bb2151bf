"""The lecture's five steps, one below the other: where each stands, how many tensors it trains, what it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from pages.ui.common.i18n import _, in_full, number
from pages.ui.common.jobs import is_running
from pages.ui.common.lesson.questions import FINE_TUNING
from pages.ui.common.messages import lecture_says
from pages.ui.common.museum_links import pieces_about
from pages.ui.common.questions import check_yourself
from pages.ui.common.state import DATASETS_CHOSEN
from pages.ui.fine_tuning.job import find_job, go_on_training, head_is_trained, is_stale, rows_of, start_training
from pages.ui.fine_tuning.settings import FineTuningState
from pages.ui.fine_tuning.state import METHOD, WARNED
from tlcore.engine import JobView
from tlcore.models.head import classifier_of
from tlcore.training.plan import TrainingPlan

#: Of these steps, in the museum.
MISTAKES = ("forgot_to_freeze", "compiled_before_freezing", "no_second_compile", "rate_100x", "batch_norm_free")
Standing = Literal["ready", "waiting", "running", "stopped", "done", "left out"]


@dataclass(frozen=True)
class Step:
    """One of the five.

    Attributes:
        title: As the lecture says it.
        tensors: What may be trained in it, with an arrow where it changes.
        change: What it does here.
        standing: Where it stands.
    """

    title: str
    tensors: str
    change: str
    standing: Standing


def five_steps(state: FineTuningState, view: JobView | None) -> list[Step]:
    """The steps as they are for what the widgets say and for the run on the page."""
    plan, spec = state.plan, state.spec
    before, head, unfrozen = (number(count) for count in _counts(plan))
    freezes, fine_tunes = plan.first_trained is None or spec.method == "fine_tuning", spec.method == "fine_tuning"
    trained = head if freezes else before
    texts = [
        (_("Add the dense network to the end of the base"), before, _added(state)),
        (_("Freeze the base"), f"{before} → {head}" if freezes else before, _frozen(freezes)),
        (_("Train the dense network"), trained, _trained(state, freezes)),
        (_("Unfreeze the last layers of the base"), f"{head} → {unfrozen}" if fine_tunes else "–", _unfrozen(state)),
        (_("Retrain the unfrozen layers and the head together"), unfrozen if fine_tunes else "–", _retrained(state)),
    ]
    standings = _standings(state, view, freezes=freezes, fine_tunes=fine_tunes)
    return [Step(*text, standing) for text, standing in zip(texts, standings, strict=True)]


def steps_column(state: FineTuningState, view: JobView | None, *, blocked: bool) -> None:
    """Draws the steps, with the buttons of the two that train, and what the lecture says of their order."""
    lecture_says(
        _(
            "only once the classification network has been trained can the last layers of the base be improved; "
            "otherwise the error that is propagated through the base is very large and what it learned is destroyed."
        )
    )
    columns = [*st.columns(3), *st.columns(2)]
    disabled = blocked or is_running(view)
    for step_number, step in enumerate(five_steps(state, view), start=1):
        column = columns[step_number - 1]
        with column.container(border=True, key=f"fine_tuning-step-{step_number}", gap="xsmall", height="stretch"):
            with st.container(horizontal=True, horizontal_alignment="distribute"):
                st.markdown(f"**{step_number}. {step.title}**", width="stretch")
                st.markdown(_badge(step.standing), width="content")
            st.markdown(_("Trainable tensors: **{count}**").format(count=step.tensors))
            st.caption(step.change)
            if step_number == 3 and state.spec.method == "fine_tuning":
                _step_button(_("Train the head only"), "fine_tuning.head_only", _train_head, disabled=disabled)
            if step_number == 5 and state.spec.method == "fine_tuning":
                _step_button(_("Unfreeze and retrain"), "fine_tuning.retrain", _retrain, disabled=disabled)
    check_yourself(FINE_TUNING)
    pieces_about(*MISTAKES)


def steps_line(state: FineTuningState, view: JobView) -> None:
    """Where the run stands among the steps, in one line."""
    icons: dict[Standing, str] = {
        "ready": "play_circle",
        "waiting": "circle",
        "running": "model_training",
        "stopped": "stop_circle",
        "done": "check_circle",
        "left out": "do_not_disturb_on",
    }
    short = (_("add the head"), _("freeze"), _("train the head"), _("unfreeze"), _("retrain"))
    marks = []
    for title, step in zip(short, five_steps(state, view), strict=True):
        mark = f":material/{icons[step.standing]}: {title}"
        marks.append(f":orange-badge[{mark}]" if step.standing == "running" else f":gray[{mark}]")
    st.markdown(" → ".join(marks))


def unfreezing_warning(state: FineTuningState, view: JobView | None, *, blocked: bool) -> None:
    """Said when someone unfreezes before the head has been trained, with the offer to see what happens."""
    unfrozen = state.spec.method == "unfrozen"
    if not unfrozen and not (WARNED.get() and not head_is_trained(state, view)):
        return
    with st.container(border=True, key="fine_tuning-warning"):
        st.warning(
            _(
                "The head has not been trained yet: it answers at random, so its errors are large, and large gradients "
                "would flow through the unfrozen layers and destroy what the base has learned. Train the head first "
                "(step 3), then unfreeze."
            ),
            icon=":material/warning:",
        )
        with st.container(horizontal=True):
            disabled = blocked or is_running(view)
            if st.button(_("In the right order: all five steps"), key="fine_tuning.in_order", disabled=disabled):
                start_training(state, state.spec.model_copy(update={"method": "fine_tuning"}))
                st.rerun()
            if st.button(
                _("See what happens: unfreeze everything now"),
                key="fine_tuning.break_it",
                icon=":material/science:",
                disabled=disabled,
                on_click=METHOD.set,
                args=("unfrozen",),
            ):
                start_training(state, state.spec.model_copy(update={"method": "unfrozen"}))
                st.rerun()


def _counts(plan: TrainingPlan) -> tuple[int, int, int]:
    return plan.tensors_before, plan.tensors_head, plan.tensors_unfrozen


def _added(state: FineTuningState) -> str:
    parameters = sum(layer.parameters for layer in state.plan.head)
    units = _(" and then ").join(map(number, (*state.spec.head, classifier_of(state.num_classes)[0])))
    return _("Dense layers of {units} units: {count} new parameters, at random.").format(
        units=units, count=number(parameters)
    )


def _frozen(freezes: bool) -> str:
    if freezes:
        return _("`rna_base.trainable = False`, then compile. Its parameters can no longer change.")
    return _("Left out in this way of training: everything may change from the first step.")


def _trained(state: FineTuningState, freezes: bool) -> str:
    sentence = _("{epochs} epochs at the learning rate {rate}.").format(
        epochs=number(state.spec.epochs), rate=in_full(state.spec.learning_rate)
    )
    return sentence if freezes else sentence + " " + _("The whole base learns with it.")


def _unfrozen(state: FineTuningState) -> str:
    if state.spec.method != "fine_tuning":
        return _("Not in this way of training.")
    plan = state.plan
    parameters = sum(layer.parameters for layer in plan.base if plan.is_trained(layer))
    return _("From `{layer}` on: {count} parameters of the base may change again.").format(
        layer=plan.unfreeze_from, count=number(parameters)
    )


def _retrained(state: FineTuningState) -> str:
    if state.spec.method != "fine_tuning":
        return _("Not in this way of training.")
    return _("{epochs} epochs at {rate}: a very small rate, so that what was learned is adjusted, not erased.").format(
        epochs=number(state.spec.fine_tuning_epochs), rate=in_full(state.spec.fine_tuning_learning_rate)
    )


def _standings(state: FineTuningState, view: JobView | None, *, freezes: bool, fine_tunes: bool) -> list[Standing]:
    if view is None or is_stale(state, view):
        first: Standing = "ready"
        later: Standing = "waiting" if fine_tunes else "left out"
        return ["done", "done" if freezes else "left out", first, later, later]
    busy, phases = is_running(view), {row["phase"] for row in rows_of(view)}
    present = next((event["phase"] for event in reversed(view.events) if event.get("kind") == "phase"), None)
    tuning = fine_tunes and ("fine_tuning" in phases or (busy and present == "fine_tuning"))
    cut_short = view.result is not None and view.result.stopped
    now: Standing = "running" if busy else "stopped" if cut_short else "done" if phases else "ready"
    head: Standing = "done" if tuning else now
    last: Standing = (
        "left out" if not fine_tunes else now if tuning else "ready" if head in ("done", "stopped") else "waiting"
    )
    unfrozen: Standing = "done" if tuning else last
    return ["done", "done" if freezes else "left out", head, unfrozen, last]


def _badge(standing: Standing) -> str:
    badges: dict[Standing, str] = {
        "ready": ":blue-badge[:material/play_arrow: " + _("next") + "]",
        "waiting": ":gray-badge[:material/schedule: " + _("later") + "]",
        "running": ":orange-badge[:material/model_training: " + _("running") + "]",
        "stopped": ":orange-badge[:material/stop_circle: " + _("stopped") + "]",
        "done": ":green-badge[:material/check: " + _("done") + "]",
        "left out": ":gray-badge[:material/remove: " + _("left out") + "]",
    }
    return badges[standing]


def _step_button(label: str, key: str, on_click: Callable[[], None], *, disabled: bool) -> None:
    st.button(label, key=key, icon=":material/play_arrow:", disabled=disabled, on_click=on_click)


def _train_head() -> None:
    """Callback, from the widgets as they are at the click: what is above the steps may begin the run anew."""
    state = FineTuningState.of_widgets(DATASETS_CHOSEN.get())
    start_training(state, state.spec.model_copy(update={"fine_tuning_epochs": 0}))


def _retrain() -> None:
    state, view = FineTuningState.of_widgets(DATASETS_CHOSEN.get()), find_job()
    if not head_is_trained(state, view):
        WARNED.set(True)
    elif is_stale(state, view):  # fine-tuned already, otherwise: the head is trained again, with the same result
        start_training(state, state.spec)
    else:
        go_on_training(state.spec, view)
