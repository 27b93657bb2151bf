"""What a network says of one photo: bars, the likeliest class, doubt, and the truth where it is known."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui.common.charts import probability_bars
from pages.ui.common.i18n import _, percent

SHOWN_CLASSES = 5
LEAST_SURE = 60  # percent; below it an answer is "not sure"


def answer_sentence(name: str, share: float, threshold: int) -> str:
    """The answer in words; `share` in [0, 1], `threshold` in percent."""
    if 100 * share < threshold:
        return _("Not sure: the likeliest is “{name}” with {share} only, below your threshold.").format(
            name=name, share=percent(share)
        )
    return _("The network says “{name}” with {share}.").format(name=name, share=percent(share))


def answer_bars(predictions: Sequence[tuple[str, float]], *, threshold: int, key: str) -> None:
    """One bar a class, the best ones; the sentence above them."""
    name, share = predictions[0]
    probability_bars(predictions[:SHOWN_CLASSES], answer_sentence(name, share, threshold), key=key)


def truth_line(true: str, said: str | None) -> None:
    """What the photo shows; whether that was said, where the network knows the class at all (`said` is not None)."""
    if said is None:
        st.markdown(_("In the set it is called “{true}”.").format(true=true))
    elif said == true:
        st.markdown(":material/check_circle: " + _("It is “{true}”: right.").format(true=true))
    else:
        st.markdown(":material/cancel: " + _("It is “{true}”: wrong.").format(true=true))
