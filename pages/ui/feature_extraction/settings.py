"""What the widgets of the page say: one `TrainingSpec` and the images, and how they stand to what was run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pages.ui.common.weights import can_be_used
from pages.ui.feature_extraction.arguments import extraction_arguments, training_arguments
from pages.ui.feature_extraction.images import missing_images
from pages.ui.feature_extraction.state import BASE, DROPOUT, EPOCHS, RATE, SEED, UNITS, WEIGHTS
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.references import DatasetReference, FeatureSubject
from tlcore.engine.tasks.trained_run import TrainedRun
from tlcore.training import TrainingSpec


@dataclass(frozen=True)
class FeatureExtractionState:
    """What the widgets say now."""

    spec: TrainingSpec
    reference: DatasetReference | None
    data: DatasetPreview | None

    @classmethod
    def of_widgets(cls, reference: DatasetReference | None, chosen: DatasetPreview | None) -> FeatureExtractionState:
        """The base and the head as chosen, for these images; `chosen` may be the preview of others."""
        spec = TrainingSpec(
            base=BASE.get(),
            weights=WEIGHTS.get(),
            method="feature_extraction",
            head=(UNITS.get(),),
            dropout=DROPOUT.get(),
            learning_rate=RATE.get(),
            epochs=EPOCHS.get(),
            seed=SEED.get(),
        )
        return cls(spec, reference, chosen if chosen is not None and chosen.reference == reference else None)

    @property
    def subject(self) -> FeatureSubject | None:
        """Whose features are looked at; None without images."""
        if self.reference is None:
            return None
        return FeatureSubject(base=self.spec.base, weights=self.spec.weights, data=self.reference)

    @property
    def features_wanted(self) -> dict[str, Any]:
        return {} if self.reference is None else extraction_arguments(self.spec, self.reference)

    @property
    def training_wanted(self) -> dict[str, Any]:
        return {} if self.reference is None else training_arguments(self.spec, self.reference)

    def is_stale(self, trained: TrainedRun) -> bool:
        """Whether an image, a label or a setting has changed since `trained` was made."""
        return (trained.spec, trained.data) != (self.spec, self.reference)

    def missing(self) -> list[str]:
        """What has to be done before the base can be run."""
        sentences = missing_images()
        usable, sentence = can_be_used(self.spec.base, self.spec.weights or "random")
        return sentences if usable or self.spec.weights == "imagenet" else [*sentences, sentence]
