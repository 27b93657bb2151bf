"""What is known of the chosen network: note, year, paper, and its figures, published and computed here."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.dataset_words import dataset_title
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.messages import tag
from tlcore.architectures import ArchitectureSpec, NetworkFigures, PublishedFigures, comparison_table, get_architecture
from tlcore.engine.tasks.trained_run import TrainedRun


def run_facts(run: TrainedRun) -> None:
    """What a trained network was made of, and how well it did."""
    spec = get_architecture(run.spec.base)
    text = _(
        "Your network: the base {base} and the head that was trained on {dataset} ({classes} classes, {accuracy} of "
        "the test images right). Frozen layers have no trainable parameters in the table."
    )
    st.markdown(
        text.format(
            base=_(spec.title),
            dataset=dataset_title(run.dataset, run.data),
            classes=number(len(run.class_names)),
            accuracy=percent(run.test_metrics.accuracy),
        )
    )


def network_facts(spec: ArchitectureSpec) -> None:
    """Year, paper, teaching note; published figures, and beside them those of the same network computed here."""
    st.markdown(_(spec.note))
    height, width, channels = spec.default_input_shape
    facts = [
        f"{spec.year}",
        f"[{spec.paper}]({spec.paper_url})" if spec.paper_url else spec.paper,
        _("its own size: {height} × {width} × {channels}").format(height=height, width=width, channels=channels),
    ]
    st.caption(" · ".join(fact for fact in facts if fact))
    (figures,) = comparison_table([spec.name])
    lines = [_published(spec.published)] if spec.published else []
    st.caption("  \n".join([*lines, _computed(figures)]))


def source_words(published: PublishedFigures | None) -> str:
    """Who published the figures."""
    sources = {"lecture": _("lecture's table"), "keras.io": "keras.io", "paper": _("paper")}
    return sources[published.source] if published else "–"


def depth_words(way: str | None) -> str:
    """How a depth was counted, see `tlcore.architectures.depth`."""
    words = {
        "longest_path": _("all layers on the longest path"),
        "parameter_layers": _("layers with parameters"),
        "weighted_path": _("convolutions and dense layers on a path"),
        "other": _("in none of the three ways known here"),
    }
    return words.get(way or "", "–")


def _published(published: PublishedFigures) -> str:
    parts = []
    if (parameters := published.parameters) is not None:
        parts.append(_("{count} parameters").format(count=number(parameters)))
    if (size := published.size_mb) is not None:
        parts.append(f"{number(size)} MB")
    if (depth := published.depth) is not None:
        parts.append(_("depth {depth}").format(depth=depth))
    if (top1 := published.top1) is not None:
        parts.append(_("top-1 accuracy {share}").format(share=percent(top1)))
    if (top5 := published.top5) is not None:
        parts.append(_("top-5 accuracy {share}").format(share=percent(top5)))
    return tag("published", source_words(published)) + " " + ", ".join(parts)


def _computed(figures: NetworkFigures) -> str:
    """At the network's own size and with its dense layers, as what is published."""
    computed, difference = figures.computed, figures.parameters_difference
    parameters = _("{count} parameters").format(count=number(computed.parameters))
    if difference is not None:
        said = _("no difference") if difference == 0 else _("difference {count}").format(count=number(difference))
        parameters += f" ({said})"
    ways = ("longest_path", "parameter_layers", "weighted_path")
    counted = ", ".join(f"{number(getattr(computed, way))} ({depth_words(way)})" for way in ways)
    text = (
        tag("computed") + f" {parameters}, {number(computed.size_mb, 1)} MB, " + _("depth: {ways}").format(ways=counted)
    )
    published = figures.published.depth if figures.published else None
    if published is not None:
        way = _("The published depth {depth} counts {way}.")
        if figures.depth_counted_as == "other":
            way = _("The published depth {depth} is none of these.")
        text += ". " + way.format(depth=published, way=depth_words(figures.depth_counted_as))
    return text
