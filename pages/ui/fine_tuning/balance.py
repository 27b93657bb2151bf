"""Proposes class weights where one class is much rarer than another."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.dataset_words import class_title
from pages.ui.common.i18n import _, as_plain_text, number, percent
from pages.ui.fine_tuning.state import CLASS_WEIGHTS
from tlcore.engine.tasks.datasets import DatasetPreview

#: Images of the most frequent class for each of the rarest from which on a network does well by naming the former.
UNBALANCED_FROM = 3.0


def balance_advice(data: DatasetPreview | None) -> None:
    """One sentence with the reason, and the switch; nothing where the classes are balanced or already weighed."""
    if data is None or CLASS_WEIGHTS.get():
        return
    counts = data.counts["train"]
    few, many = min(counts), max(counts)
    if many < UNBALANCED_FROM * few:
        return
    rare, frequent = (as_plain_text(class_title(data, counts.index(count))) for count in (few, many))
    st.info(
        _(
            "“{frequent}” has {many} images to learn from and “{rare}” has {few}: whoever always says “{frequent}” is "
            "right in {share} of all cases, so a network hardly learns what “{rare}” is. With class weights a mistake "
            "counts the more, the rarer its class."
        ).format(
            frequent=frequent,
            rare=rare,
            many=number(many),
            few=number(few),
            share=percent(many / sum(counts), 0),
        ),
        icon=":material/balance:",
    )
    st.button(
        _("Let a rare class weigh more"),
        icon=":material/balance:",
        key="fine_tuning.weigh_classes",
        on_click=CLASS_WEIGHTS.set,
        args=(True,),
    )
