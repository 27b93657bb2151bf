"""Where the images come from: a few sets in a row, more behind a button, or one's own."""

from __future__ import annotations

from pages.ui.common.controls import choose_one, select_one
from pages.ui.common.i18n import _
from pages.ui.datasets.state import MORE, SOURCE, SOURCE_ROW, UPLOAD
from tlcore.datasets import get_dataset_spec, list_datasets


def choose_source() -> str:
    """Name of the chosen set, or `UPLOAD`. Public sets and those of the lab would make the row too long for a phone."""
    specs = [get_dataset_spec(name) for name in list_datasets()]
    more = {spec.name: _(spec.title) for spec in specs if spec.download is not None or spec.kind == "lab"}
    row = {spec.name: _(spec.title) for spec in specs if spec.name not in more}
    row |= {MORE: _("More sets"), UPLOAD: _("My own images")}
    if SOURCE.get() not in row and SOURCE.get() not in more:  # a folder of the lab that is gone
        SOURCE.set(next(iter(row)))
    SOURCE_ROW.set(SOURCE.get() if SOURCE.get() in row else MORE)

    def pressed() -> None:
        SOURCE.set(next(reversed(more)) if SOURCE_ROW.get() == MORE else SOURCE_ROW.get())

    choose_one(_("Where the images come from"), row, SOURCE_ROW, on_change=pressed)
    if SOURCE_ROW.get() == MORE:
        select_one(_("Set of images"), dict(reversed(more.items())), SOURCE)  # those of the lab come first
    return SOURCE.get()
