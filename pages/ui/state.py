"""Every key of the session state, declared here and nowhere else: "<page>.<name>" with its default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

T = TypeVar("T")


@dataclass(frozen=True)
class Key(Generic[T]):
    """One value of the session.

    Attributes:
        name: "<page>.<name>", also the key of the widget that sets it, if one does.
        default: Value before anything was chosen; never mutable.
    """

    name: str
    default: T

    def get(self) -> T:
        value: T = st.session_state.get(self.name, self.default)
        return value

    def set(self, value: T) -> None:
        st.session_state[self.name] = value

    def widget(self, options: Any = None) -> str:
        """Name for a widget's `key=`: makes sure that a value is there, and that it is one of `options`."""
        if self.name not in st.session_state:
            st.session_state[self.name] = self.default
        if options is not None and st.session_state[self.name] not in options:
            st.session_state[self.name] = next(iter(options), None)
        return self.name


APP_LANGUAGE: Key[str | None] = Key("app.language", None)
APP_LANGUAGE_SWITCH: Key[str | None] = Key("app.language_switch", None)
APP_OWNER: Key[str | None] = Key("app.owner", None)
APP_OWNER_WRITTEN: Key[bool] = Key("app.owner_written", False)
APP_RESTORED: Key[bool] = Key("app.restored", False)
APP_ROUTED: Key[bool] = Key("app.routed", False)
APP_SENT_TO_ROUTER: Key[bool] = Key("app.sent_to_router", False)
APP_URL_SEEN: Key[dict[str, Any]] = Key("app.url_seen", {})
APP_URL_LEFT: Key[dict[str, Any]] = Key("app.url_left", {})

EXPLORER_NETWORK: Key[str] = Key("explorer.network", "VGG16")
EXPLORER_SIZE: Key[int] = Key("explorer.size", 0)  # 0: the network's own size
EXPLORER_SIZED_FOR: Key[str] = Key("explorer.sized_for", "")
EXPLORER_INCLUDE_TOP: Key[bool] = Key("explorer.include_top", True)
EXPLORER_CLASSES: Key[int | None] = Key("explorer.classes", None)  # None: the network's own
EXPLORER_POOLING: Key[str] = Key("explorer.pooling", "none")
EXPLORER_CHANNELS: Key[int] = Key("explorer.channels", 0)  # 0: the network's own
EXPLORER_LAYER: Key[str] = Key("explorer.layer", "")
EXPLORER_SECOND: Key[str] = Key("explorer.second", "VGG19")
EXPLORER_BLOCK: Key[str] = Key("explorer.block", "")
EXPLORER_GUESSES: Key[dict[str, int | None]] = Key("explorer.guesses", {})
EXPLORER_GRAPH_BLOCK: Key[str] = Key("explorer.graph_block", "")
EXPLORER_TAB: Key[str] = Key("explorer.tab", "table")
EXPLORER_SEARCH: Key[str] = Key("explorer.search", "")
EXPLORER_AXIS: Key[str] = Key("explorer.axis", "macs")
EXPLORER_LARGEST: Key[int] = Key("explorer.largest_mb", 1500)
EXPLORER_SMALLEST_ACCURACY: Key[int] = Key("explorer.least_accuracy", 80)
EXPLORER_ROW: Key[int] = Key("explorer.row", -1)  # -1: the middle
EXPLORER_COLUMN: Key[int] = Key("explorer.column", -1)
EXPLORER_ASKED: Key[str] = Key("explorer.asked", "")
EXPLORER_SAMPLE_JOB: Key[str | None] = Key("explorer.sample_job", None)
EXPLORER_SAMPLE_ASKED: Key[str] = Key("explorer.sample_asked", "")
EXPLORER_SOURCE: Key[str] = Key("explorer.source", "embedded")
EXPLORER_CHANNEL: Key[int | None] = Key("explorer.channel", None)  # None: the most active one
EXPLORER_INPUT_CHANNEL: Key[int] = Key("explorer.input_channel", -1)  # -1: the strongest one
EXPLORER_FIELD: Key[dict[str, Any] | None] = Key("explorer.field", None)
EXPLORER_NUMBERS_JOB: Key[str | None] = Key("explorer.numbers_job", None)
EXPLORER_NUMBERS_ASKED: Key[str] = Key("explorer.numbers_asked", "")
EXPLORER_SEEN: Key[Any] = Key("explorer.seen", None)  # the table that was shown last
EXPLORER_BEFORE: Key[Any] = Key("explorer.before", None)  # the table before it, of the same network
EXPLORER_MAP: Key[dict[str, Any] | None] = Key("explorer.map", None)
EXPLORER_PHOTO_PLACE: Key[dict[str, Any] | None] = Key("explorer.photo_place", None)
EXPLORER_PHOTO: Key[tuple[bytes, str] | None] = Key("explorer.photo", None)
EXPLORER_UPLOAD: Key[Any] = Key("explorer.upload", None)
EXPLORER_INSPECT_JOB: Key[str | None] = Key("explorer.inspect_job", None)
EXPLORER_INSPECT_ASKED: Key[str] = Key("explorer.inspect_asked", "")
EXPLORER_JOB: Key[str | None] = Key("explorer.job", None)

DATASETS_SOURCE: Key[str] = Key("datasets.source", "helmets")
DATASETS_NUM_IMAGES: Key[int] = Key("datasets.num_images", 200)
DATASETS_SIZE: Key[int] = Key("datasets.size", 150)
DATASETS_SEED: Key[int] = Key("datasets.seed", 0)
DATASETS_NUM_CLASSES: Key[int] = Key("datasets.num_classes", 2)
DATASETS_BROUGHT: Key[str | None] = Key("datasets.brought", None)
DATASETS_UPLOAD_KIND: Key[str] = Key("datasets.upload_kind", "zip")
DATASETS_JOB: Key[str | None] = Key("datasets.job", None)
DATASETS_CHOSEN: Key[dict[str, Any] | None] = Key("datasets.chosen", None)
DATASETS_SPLIT: Key[str] = Key("datasets.split", "train")
DATASETS_PAGE: Key[int] = Key("datasets.page", 1)

EXTRACTION_BASE: Key[str] = Key("extraction.base", "VGG16Slim")
EXTRACTION_WEIGHTS: Key[str] = Key("extraction.weights", "embedded")
EXTRACTION_EPOCHS: Key[int] = Key("extraction.epochs", 20)
EXTRACTION_UNITS: Key[int] = Key("extraction.units", 256)
EXTRACTION_DROPOUT: Key[float] = Key("extraction.dropout", 0.5)
EXTRACTION_RATE: Key[float] = Key("extraction.learning_rate", 1e-4)
EXTRACTION_SEED: Key[int] = Key("extraction.seed", 0)
EXTRACTION_GUESS: Key[int | None] = Key("extraction.guess", None)
EXTRACTION_JOB: Key[str | None] = Key("extraction.job", None)
EXTRACTION_ASKED: Key[dict[str, Any] | None] = Key("extraction.asked", None)
EXTRACTION_FEATURES_JOB: Key[str | None] = Key("extraction.features_job", None)

PREDICTION_SOURCE: Key[str] = Key("prediction.source", "upload")
PREDICTION_MODEL: Key[str | None] = Key("prediction.model", None)
PREDICTION_THRESHOLD: Key[int] = Key("prediction.threshold", 60)  # percent
PREDICTION_PHOTO: Key[tuple[str, bytes] | None] = Key("prediction.photo", None)  # of which job, and the photo
PREDICTION_SAMPLE: Key[int] = Key("prediction.sample", 0)
PREDICTION_JOB: Key[str | None] = Key("prediction.job", None)
PREDICTION_METHOD: Key[str] = Key("prediction.method", "grad_cam")
PREDICTION_CLASS: Key[int] = Key("prediction.class", 0)  # place among the likeliest
PREDICTION_WHY_JOB: Key[str | None] = Key("prediction.why_job", None)
PREDICTION_WHY_ASKED: Key[str] = Key("prediction.why_asked", "")

TRAINER_BASE: Key[str] = Key("trainer.base", "VGG16Slim")
TRAINER_WEIGHTS: Key[str] = Key("trainer.weights", "embedded")
TRAINER_METHOD: Key[str] = Key("trainer.method", "fine_tuning")
TRAINER_UNFREEZE: Key[str] = Key("trainer.unfreeze", "")  # "": the last block
TRAINER_HEAD: Key[str] = Key("trainer.head", "256")
TRAINER_POOLING: Key[str] = Key("trainer.pooling", "flatten")
TRAINER_DROPOUT: Key[float] = Key("trainer.dropout", 0.5)
TRAINER_L2: Key[float] = Key("trainer.l2", 0.0)
TRAINER_OPTIMIZER: Key[str] = Key("trainer.optimizer", "rmsprop")
TRAINER_RATE: Key[float] = Key("trainer.learning_rate", 1e-4)
TRAINER_FINE_RATE: Key[float] = Key("trainer.fine_tuning_learning_rate", 1e-5)
TRAINER_SCHEDULE: Key[str] = Key("trainer.schedule", "constant")
TRAINER_EPOCHS: Key[int] = Key("trainer.epochs", 10)
TRAINER_FINE_EPOCHS: Key[int] = Key("trainer.fine_tuning_epochs", 5)
TRAINER_BATCH: Key[int] = Key("trainer.batch_size", 32)
TRAINER_PATIENCE: Key[int] = Key("trainer.early_stopping", 0)  # 0: run all epochs
TRAINER_CLASS_WEIGHTS: Key[bool] = Key("trainer.class_weights", False)
TRAINER_AUGMENTATION: Key[bool] = Key("trainer.augmentation", False)
TRAINER_PRECISION: Key[str] = Key("trainer.precision", "float32")
TRAINER_CACHE: Key[bool] = Key("trainer.cache", True)
TRAINER_SEED: Key[int] = Key("trainer.seed", 0)
TRAINER_CONTROLS: Key[bool] = Key("trainer.controls", True)
TRAINER_WARNED: Key[bool] = Key("trainer.warned", False)
TRAINER_JOB: Key[str | None] = Key("trainer.job", None)
TRAINER_ASKED: Key[dict[str, Any] | None] = Key("trainer.asked", None)
TRAINER_CELL: Key[str | None] = Key("trainer.cell", None)
TRAINER_CLICKED: Key[str | None] = Key("trainer.clicked", None)
TRAINER_IMAGES: Key[dict[str, Any] | None] = Key("trainer.images", None)
TRAINER_IMAGES_JOB: Key[str | None] = Key("trainer.images_job", None)
TRAINER_EXPORT_JOB: Key[str | None] = Key("trainer.export_job", None)
TRAINER_FORMAT: Key[str] = Key("trainer.format", "keras")
# Phases begun and whether there are points, as the page shows them; None while it is being drawn.
TRAINER_STAGE: Key[tuple[int, bool] | None] = Key("trainer.stage", None)
TRAINER_PINNED: Key[frozenset[str]] = Key("trainer.pinned", frozenset())
TRAINER_METRIC: Key[str] = Key("trainer.metric", "val_accuracy")
TRAINER_GO_ON: Key[str | None] = Key("trainer.go_on_with", None)
TRAINER_MORE_EPOCHS: Key[int] = Key("trainer.more_epochs", 5)


def accuracy_guess_key(page: str) -> Key[int | None]:
    """How many of 100 test images the person thinks the network of a page will name right."""
    return Key(f"{page}.accuracy_guess", None)
