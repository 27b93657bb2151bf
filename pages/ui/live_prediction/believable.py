"""Whether the percentages of a trained network can be believed."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.i18n import _
from pages.ui.common.messages import tag
from pages.ui.common.reliability import reliability_view
from pages.ui.common.trained import trained_networks


def believable_view(model: str | None) -> None:
    """The reliability diagram of its test images; nothing for a base, whose test images are not here."""
    kept = trained_networks().get(model or "")
    metrics = kept.run.test_metrics if kept is not None else None
    if metrics is None or metrics.calibration is None:
        return
    st.header(_("Can its percentages be believed?"), anchor=False)
    st.markdown(
        _(
            "Of the test images of which it was about 80% sure, about 80% should be right: then its points lie on the "
            "line."
        )
        + " "
        + tag("measured")
    )
    reliability_view(metrics, metrics.calibration, key="live_prediction-reliability")
