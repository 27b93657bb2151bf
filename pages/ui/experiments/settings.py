"""What an experiment is run with: images, base, and the settings that matter for its claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui.common.controls import choose_number, choose_one, select_one
from pages.ui.common.i18n import _
from pages.ui.common.owner import owner
from pages.ui.common.state import DATASETS_CHOSEN
from pages.ui.common.weights import can_be_used, weights_sources
from pages.ui.experiments.state import OWN, images_key, setting_key
from tlcore.architectures import get_architecture, list_architectures
from tlcore.datasets import get_dataset_spec
from tlcore.errors import TransferLearningError
from tlcore.experiments import ExperimentSettings, ExperimentSpec
from tlcore.experiments.board import board_datasets
from tlcore.store import OwnerStore
from tlcore.store.editions import edition_path
from tlcore.store.own_sets import own_set_name

_RATES = (1e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 1e-1)
#: Values on the sliders: a part of what `ExperimentSettings` takes, chosen so that a measurement ends within minutes.
OFFERED: dict[str, Sequence[float]] = {
    "num_images": range(60, 1501, 20),
    "epochs": range(1, 61),
    "fine_tuning_epochs": range(1, 61),
    "seeds": range(1, 11),
    "head": range(16, 1025, 16),
    "image_size": (32, 48, 64, 96, 128, 150, 224),
    "learning_rate": _RATES,
    "fine_tuning_learning_rate": _RATES[:-1],
}


@dataclass(frozen=True)
class OwnImages:
    """Images that the learner has brought: their name, and where they lie, see `tlcore.store.editions`."""

    name: str
    folder: str


def settings_form(spec: ExperimentSpec) -> dict[str, Any]:
    """Draws the widgets; returns the fields that say which images."""
    images = _images(spec) if spec.needs_images else {}
    with st.expander(":material/tune: " + _("Settings")):
        _base(spec)
        placed = {"base", "weights", *(["num_images"] if "stored" in images else [])}  # of one's own, all are used
        fields = [name for name in spec.uses if name not in placed]
        columns = st.columns(3)
        for index, name in enumerate(fields):
            with columns[index % len(columns)]:
                _field(spec, name)
    return images


def settings_of(spec: ExperimentSpec, images: dict[str, Any]) -> ExperimentSettings:
    """What the widgets say; `images` are the fields that say which images."""
    values = {name: setting_key(spec, name).get() for name in spec.uses}
    return ExperimentSettings(**{**spec.defaults.model_dump(), **values, **images})


def can_run(spec: ExperimentSpec, images: dict[str, Any]) -> bool:
    """Whether the images and the weights that are asked for can be used; says so where they cannot."""
    package = get_dataset_spec(images["dataset"]).package if "dataset" in images else None
    if package is not None and not package.is_installed:
        st.caption(":material/warning: " + _("These images are not installed here; the page “Datasets” says how."))
        return False
    if "weights" not in spec.uses:
        return True
    base, weights = setting_key(spec, "base").get(), setting_key(spec, "weights").get()
    usable, sentence = can_be_used(base, weights)
    st.caption((":material/check: " if usable else ":material/warning: ") + f"{base}: {sentence}")
    return usable or weights == "imagenet"


def _images(spec: ExperimentSpec) -> dict[str, Any]:
    own = own_images()
    titles = {name: _(get_dataset_spec(name).title) for name in board_datasets() if name not in spec.excluded}
    if own is not None:
        titles[OWN] = _("my own images: {name}").format(name=own.name)
    key = images_key(spec, OWN if own is not None else spec.defaults.dataset)
    chosen = choose_one(_("Images to measure on"), titles, key)
    if chosen == OWN and own is not None:
        return {"stored": own.folder}
    return {"dataset": chosen}


def own_images() -> OwnImages | None:
    """The learner's uploaded images, if they chose some on the datasets page."""
    data = DATASETS_CHOSEN.get()
    if data is None or data.reference.item is None:
        return None
    try:
        folder = OwnerStore(owner()).path("datasets", data.reference.item).parent
        path = edition_path(folder, data.reference.edition)
    except TransferLearningError:
        return None  # deleted since, because it was not used
    return OwnImages(data.name, own_set_name(path))


def _base(spec: ExperimentSpec) -> None:
    if "base" not in spec.uses:
        return
    left, right = st.columns(2)
    key = setting_key(spec, "base")
    titles = {name: _(get_architecture(name).title) for name in list_architectures()}
    select_one(_("Base"), titles, key, container=left)
    if "weights" in spec.uses:
        sources = weights_sources(key.get())
        select_one(_("Weights"), sources, setting_key(spec, "weights"), container=right)


def _field(spec: ExperimentSpec, name: str) -> None:
    titles = {
        "num_images": _("Images, over all classes and splits"),
        "image_size": _("Side of the images in pixels"),
        "epochs": _("Epochs of the head"),
        "fine_tuning_epochs": _("Epochs of fine-tuning"),
        "learning_rate": _("Learning rate of the head"),
        "fine_tuning_learning_rate": _("Learning rate of fine-tuning"),
        "head": _("Units of the dense layer"),
        "seeds": _("Repetitions (seeds)"),
    }
    key = setting_key(spec, name)
    offered = OFFERED[name]
    if isinstance(offered, range):
        st.slider(titles[name], offered[0], offered[-1], step=offered.step, key=key.widget(), persist_state="session")
    else:
        choose_number(st, titles[name], offered, key)
