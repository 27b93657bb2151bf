"""What a change of the controls moved: rows that came or went, numbers that changed, and those that did not."""

from __future__ import annotations

import streamlit as st

from pages.ui.architecture_explorer.state import BEFORE, SEEN
from pages.ui.architecture_explorer.table import shape, short
from pages.ui.common.i18n import _, ngettext, number
from tlcore.architectures.summary import ArchitectureSummary, LayerSummary

NAMED = 6


def what_moved(summary: ArchitectureSummary) -> None:
    """Compares the table with the one shown before it; says nothing where another network was chosen.

    The table itself is kept, not its settings: what it holds came from the catalog or the engine and does not change.
    """
    seen: ArchitectureSummary | None = SEEN.get()
    if seen != summary:
        same = seen is not None and seen.architecture == summary.architecture
        BEFORE.set(seen if same else None)
        SEEN.set(summary)
    before: ArchitectureSummary | None = BEFORE.get()
    if before is None:
        return
    with st.container(border=True):
        st.markdown(":material/compare_arrows: **" + _("What your change moved") + "**")
        st.markdown("\n".join(f"- {sentence}" for sentence in changes(before, summary)))


def changes(before: ArchitectureSummary, now: ArchitectureSummary) -> list[str]:
    """One sentence for rows, one for parameters, one for outputs and work."""
    old, new = ({layer.name: layer for layer in summary.layers} for summary in (before, now))
    pairs = [(old[name], layer) for name, layer in new.items() if name in old]
    return [
        *_rows(list(old.keys() - new.keys()), list(new.keys() - old.keys()), before, now),
        _parameters(pairs, before, now),
        _outputs(pairs, before, now),
    ]


def _rows(gone: list[str], come: list[str], before: ArchitectureSummary, now: ArchitectureSummary) -> list[str]:
    sentences = []
    if gone:
        text = ngettext("{count} row is gone: {names}.", "{count} rows are gone: {names}.", len(gone))
        sentences.append(text.format(count=number(len(gone)), names=_listed(gone, before)))
    if come:
        text = ngettext("{count} row is new: {names}.", "{count} rows are new: {names}.", len(come))
        sentences.append(text.format(count=number(len(come)), names=_listed(come, now)))
    return sentences or [_("No row came or went.")]


def _listed(names: list[str], summary: ArchitectureSummary) -> str:
    """The first of the names, in the order of the table."""
    ordered = [f"`{layer.name}`" for layer in summary.layers if layer.name in names]
    return ", ".join(ordered[:NAMED]) + (" …" if len(ordered) > NAMED else "")


def _parameters(
    pairs: list[tuple[LayerSummary, LayerSummary]], before: ArchitectureSummary, now: ArchitectureSummary
) -> str:
    moved = [layer for earlier, layer in pairs if earlier.num_params != layer.num_params]
    if moved:
        text = _("Parameters: {before} → {now}. Of the rows that stayed, these changed: {names}.")
        names = _listed([layer.name for layer in moved], now)
        return text.format(before=number(before.total_params), now=number(now.total_params), names=names)
    if before.total_params == now.total_params:
        return _("Parameters: {now}, the same in every row.").format(now=number(now.total_params))
    text = _("Parameters: {before} → {now}. In the rows that stayed, not one changed.")
    return text.format(before=number(before.total_params), now=number(now.total_params))


def _outputs(
    pairs: list[tuple[LayerSummary, LayerSummary]], before: ArchitectureSummary, now: ArchitectureSummary
) -> str:
    moved = sum(earlier.output_shape != layer.output_shape for earlier, layer in pairs)
    text = _("Outputs: {count} of {total} rows changed; at the end {before} → {now}. MACs: {work} → {work_now}.")
    return text.format(
        count=number(moved),
        total=number(len(pairs)),
        before=shape(before.output_shape),
        now=shape(now.output_shape),
        work=short(before.total_macs),
        work_now=short(now.total_macs),
    )
