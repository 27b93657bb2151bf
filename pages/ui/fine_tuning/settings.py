"""What the page's widgets say: one `TrainingSpec`, its plan, and how it stands to the last run."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.ui.common.i18n import _
from pages.ui.common.messages import error_text, show_error
from pages.ui.common.weights import can_be_used
from pages.ui.fine_tuning import state
from pages.ui.fine_tuning.state import KEYS, SETTINGS, AskedRun, parsed_head
from tlcore.architectures.catalog import catalogued
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.errors import TrainingError, TransferLearningError
from tlcore.settings import get_settings
from tlcore.training import TrainingSpec, get_method
from tlcore.training.memory import check_memory
from tlcore.training.plan import TrainingPlan, training_plan

_SIZE_BEFORE_DATA = (150, 150)  # the lecture's, to count parameters with before there are images


def method_title(method: str) -> str:
    """The way to transfer, in a few words."""
    return _(get_method(method).title)


def method_summary(method: str) -> str:
    """What this way does, in one sentence."""
    return _(get_method(method).summary)


@dataclass(frozen=True)
class FineTuningState:
    """What the widgets say now."""

    spec: TrainingSpec
    data: DatasetPreview | None
    refused: bool = False  # a widget says what cannot be; `spec` is then only there to draw the page

    @classmethod
    def of_widgets(cls, data: DatasetPreview | None) -> FineTuningState:
        """Reads the widgets; what cannot be is refused in words and left out."""
        _forget_foreign_layer()
        settings = {setting: KEYS[name].get() for name, setting in SETTINGS.items()}
        try:
            spec = TrainingSpec(
                **settings,
                dataset=None if data is None or data.reference.is_brought else data.reference.name,
                head=parsed_head(state.HEAD.get()),
                unfreeze_from=state.UNFREEZE.get() or None,
                early_stopping=state.PATIENCE.get() or None,
            )
        except TransferLearningError as error:
            show_error(error)
            return cls(TrainingSpec(base=state.BASE.get(), method=state.METHOD.get()), data, True)
        return cls(spec, data)

    @property
    def plan(self) -> TrainingPlan:
        return training_plan(self.spec, self.image_size, self.num_classes)

    @property
    def image_size(self) -> tuple[int, int]:
        return self.data.image_size if self.data is not None else _SIZE_BEFORE_DATA

    @property
    def num_classes(self) -> int:
        return self.data.num_classes if self.data is not None else 2

    def asked_run(self, spec: TrainingSpec | None = None) -> AskedRun:
        """Settings and images, as a run remembers them."""
        return AskedRun(spec or self.spec, None if self.data is None else self.data.reference)

    def missing(self) -> list[str]:
        """What has to be done before anything can be trained; that images are missing is said where they are chosen."""
        sentences = [_("Correct the setting that is named above in red.")] if self.refused else self._too_much_memory()
        if get_method(self.spec.method).starts_at_random:
            return sentences
        usable, sentence = can_be_used(self.spec.base, self.spec.weights or "random")
        return sentences if usable or self.spec.weights == "imagenet" else [*sentences, sentence]

    def _too_much_memory(self) -> list[str]:
        """Why a worker of this machine could not do the run; those of a cluster know themselves."""
        table = catalogued(self.spec.base, include_top=False)
        if self.data is None or table is None or get_settings().scheduler:
            return []
        num_images = sum(map(sum, self.data.counts.values()))
        try:
            check_memory(self.spec, self.image_size, self.num_classes, num_images, table)
        except TrainingError as error:
            return [error_text(error)]
        return []


def take_up_settings(spec: TrainingSpec) -> None:
    """Puts the widgets where a run had them."""
    values = {name: getattr(spec, setting) for name, setting in SETTINGS.items()}
    values |= {"weights": spec.weights or "random", "head": ", ".join(map(str, spec.head))}
    values |= {"unfreeze": spec.unfreeze_from or "", "patience": spec.early_stopping or 0}
    for name, value in values.items():
        KEYS[name].set(value)


def _forget_foreign_layer() -> None:
    """An unfreeze point belongs to one base; another base has no such layer."""
    name, summary = state.UNFREEZE.get(), catalogued(state.BASE.get(), include_top=False)
    if name and summary is not None and name not in {layer.name for layer in summary.layers if layer.num_params}:
        state.UNFREEZE.set("")
        st.info(
            _("This base has no layer {name}; the unfreeze point is back at its last block.").format(name=name),
            icon=":material/restart_alt:",
        )
