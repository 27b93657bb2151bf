"""What a network could learn instead of the task: how far traits alone tell the classes apart."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui.common.charts import chart
from pages.ui.common.i18n import _, percent
from pages.ui.common.palette import colour
from tlcore.datasets.shortcuts import ShortcutProbe
from tlcore.translatable import N_

_TITLES = {
    "colour": N_("mean colour"),
    "border": N_("border"),
    "file": N_("size and shape of the file"),
}
_TRAPS = {
    "colour": N_(
        "**Trap: the mean colour alone names the class of {share} of the images.** A network may learn the light or "
        "the wall behind instead of the thing, and be wrong in another room. Photograph all classes in the same places "
        "and light."
    ),
    "border": N_(
        "**Trap: the outermost twelfth alone names the class of {share} of the images.** Unless the thing itself "
        "reaches the border, a network may learn the background. Photograph all classes in front of the same "
        "backgrounds."
    ),
    "file": N_(
        "**Trap: the size and shape of the file alone name the class of {share} of the images.** The classes come from "
        "different cameras or websites, and differ in sharpness and noise too. Mix the sources in every class."
    ),
}


def shortcuts_view(probes: Sequence[ShortcutProbe]) -> None:
    """Bars against chance, and why a high one is a trap."""
    st.subheader(_("What could be learned instead of the task"), anchor=False)
    if not probes:
        st.caption(_("A class has too few different images to measure this."))
        return
    _bars(probes)
    for probe in probes:
        if probe.is_trap:
            text = _(_TRAPS[probe.trait]).format(share=percent(probe.balanced_accuracy, 0))
            st.warning(text, icon=":material/call_split:")
    st.caption(
        _(
            "Each bar is a classifier that sees this trait only, tried on images that it has not seen ({count} images, "
            "each class counting alike). Far above chance is a shortcut; a little above is usual."
        ).format(count=probes[0].images)
    )


def _bars(probes: Sequence[ShortcutProbe]) -> None:
    names = [_(_TITLES[probe.trait]) for probe in probes]
    chance = probes[0].chance
    marks = [colour("validation") if probe.is_trap else colour("muted") for probe in probes]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [probe.balanced_accuracy for probe in probes],
        "y": names,
        "marker": {"color": marks},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [probe.high - probe.balanced_accuracy for probe in probes],
            "arrayminus": [probe.balanced_accuracy - probe.low for probe in probes],
            "color": colour("text"),
        },
        "text": [_("trap") if probe.is_trap else "" for probe in probes],
        "textposition": "inside",
        "insidetextfont": {"color": colour("on_accent")},
        "showlegend": False,
    }
    line = {"color": colour("text"), "dash": "dash", "width": 2}
    layout = {
        "height": 100 + 44 * len(probes),
        "xaxis": {"range": [0, 1], "tickformat": ".0%", "title": _("balanced accuracy; dashed: chance")},
        "yaxis": {"autorange": "reversed", "type": "category", "automargin": True},
        "shapes": [{"type": "line", "x0": chance, "x1": chance, "yref": "paper", "y0": 0, "y1": 1, "line": line}],
    }
    rows = [
        {
            _("seen alone"): name,
            _("balanced accuracy"): percent(probe.balanced_accuracy),
            _("with 95 % confidence"): f"{percent(probe.low)} – {percent(probe.high)}",
            _("chance"): percent(probe.chance),
        }
        for name, probe in zip(names, probes, strict=True)
    ]
    chart({"data": [bars], "layout": layout}, _takeaway(probes), rows, key="datasets-shortcuts")


def _takeaway(probes: Sequence[ShortcutProbe]) -> str:
    best = max(probes, key=lambda probe: probe.balanced_accuracy)
    return _("The {trait} alone names {share} right; chance is {chance}.").format(
        trait=_(_TITLES[best.trait]), share=percent(best.balanced_accuracy), chance=percent(best.chance)
    )
