"""Many photos on their way to a network, and what could not be read of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import job_of, progress_bar, start, watch
from pages.ui.common.messages import reason_text, show_error
from pages.ui.live_prediction.question import network_reference
from pages.ui.live_prediction.state import BatchKeys
from pages.ui.live_prediction.words import words_of
from tlcore.datasets import RejectedFile
from tlcore.engine.tasks.batch import BatchAnswer
from tlcore.errors import TransferLearningError

_LISTED = 20


def answer_to_many(keys: BatchKeys, model: str, question: str, pack: Callable[[], str]) -> BatchAnswer | None:
    """What the network says of them, asked for anew whenever the question changes.

    Args:
        keys: Where job and question are remembered.
        model: Of the control of the networks.
        question: Stands for the network and the files, which are too large to be compared.
        pack: Keeps the files in the store; returns the id of the upload.

    Returns:
        None while it is being made, or where it failed (the page then shows why).
    """
    if keys.asked.get() != question:
        keys.asked.set(question)
        ask_many(keys, model, pack, keep=False)
    return answer_so_far(keys)


def ask_many(keys: BatchKeys, model: str, pack: Callable[[], str], *, keep: bool) -> bool:
    """Starts looking at them, and keeps them to be looked into one by one; whether that was possible."""
    keys.job.set(None)
    network = network_reference(model)
    try:
        item = pack()
    except TransferLearningError as error:
        show_error(error)
        return False
    arguments = {"network": network, "item": item, "class_words": tuple(words_of(network)), "keep": keep}
    return start(keys.job, "predict_batch", arguments)


def answer_so_far(keys: BatchKeys) -> BatchAnswer | None:
    """The answer to what was asked last; its progress, or why there is none, is shown."""
    view = job_of(keys.job)
    if view is None or view.state != "done":
        view = watch(keys.job, progress_bar)
    result: BatchAnswer | None = view.result if view is not None and view.state == "done" else None
    return result


def rejected_list(files: Sequence[RejectedFile]) -> None:
    """A sentence for each file that could not be read."""
    if not files:
        return
    with st.expander(_("Could not be read: {count}").format(count=number(len(files))), icon=":material/broken_image:"):
        st.markdown("\n".join(f"- {reason_text(file.reason, file.params)}" for file in files[:_LISTED]))
        if len(files) > _LISTED:
            st.caption(_("… and {count} more.").format(count=number(len(files) - _LISTED)))
