"""What a run is expected to take of memory: the formula against measured peaks, and what is said of too much."""

from __future__ import annotations

import pytest

from tlcore.architectures.catalog import catalogued
from tlcore.errors import TrainingError
from tlcore.settings import get_settings
from tlcore.training import TrainingSpec
from tlcore.training.memory import MemoryEstimate, check_memory, estimate_memory

GB = 1024**3


def estimate(image_size: int = 150, num_images: int = 64, **settings: object) -> MemoryEstimate:
    spec = TrainingSpec(**settings)
    summary = catalogued(spec.base, include_top=False)
    assert summary is not None
    return estimate_memory(spec, (image_size, image_size), 2, num_images, summary)


@pytest.mark.parametrize(
    ("measured_mb", "image_size", "num_images", "settings"),
    [
        (1612, 150, 64, {"base": "VGG16", "method": "frozen", "batch_size": 32}),
        (1772, 150, 64, {"base": "VGG16", "method": "fine_tuning", "batch_size": 32}),
        (1828, 150, 40, {"base": "VGG16", "method": "scratch", "batch_size": 16}),
        (2242, 150, 60, {"base": "MobileNetV2", "method": "unfrozen", "batch_size": 32}),
        (2921, 150, 40, {"base": "ResNet50", "method": "scratch", "batch_size": 16}),
        (3325, 150, 420, {"base": "VGG16Slim", "method": "scratch", "batch_size": 256}),
        (3878, 224, 200, {"base": "EfficientNetLite0", "method": "feature_extraction", "head": (1024,)}),
    ],
)
def test_the_formula_is_near_the_peaks_that_were_measured(
    measured_mb: int, image_size: int, num_images: int, settings: dict[str, object]
) -> None:
    """Largest resident memory of a process that trained so, with tensorflow 2.21 on Linux: `ru_maxrss`."""
    expected_mb = estimate(image_size, num_images, **settings).total / 1024**2
    assert 0.8 * measured_mb < expected_mb < 1.25 * measured_mb


def test_activations_grow_with_the_batch_and_with_the_square_of_the_side() -> None:
    base = {"base": "VGG16", "method": "scratch"}
    small, large = estimate(**base, batch_size=16), estimate(**base, batch_size=32)
    assert large.activations == 2 * small.activations
    assert large.weights == small.weights
    assert estimate(300, **base, batch_size=16).activations == pytest.approx(4 * small.activations, rel=0.05)


def test_what_is_frozen_keeps_no_activations() -> None:
    ways = [estimate(base="VGG16", method=method, batch_size=32) for method in ("frozen", "fine_tuning", "unfrozen")]
    assert [way.activations for way in ways] == sorted(way.activations for way in ways)
    assert ways[0].weights < ways[1].weights < ways[2].weights
    assert ways[1].features > ways[0].features > ways[2].features == 0


def test_a_layer_that_is_not_there_is_for_training_to_refuse() -> None:
    settings: dict[str, object] = {"base": "VGG16", "method": "fine_tuning"}
    assert estimate(**settings, unfreeze_from="nonsense") == estimate(base="VGG16", method="frozen")


def test_too_much_is_refused_with_what_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TLCORE_WORKER_MEMORY_BYTES", str(4 * GB))
    get_settings.cache_clear()
    summary = catalogued("VGG16", include_top=False)
    assert summary is not None
    eager = TrainingSpec(base="VGG16", method="scratch", batch_size=512)
    with pytest.raises(TrainingError) as told:
        check_memory(eager, (150, 150), 2, 600, summary)
    assert told.value.params["limit"] == 4096
    assert told.value.params["needed"] > 4096
    fitting = told.value.params["fitting"]
    assert fitting < 512
    check_memory(eager.model_copy(update={"batch_size": fitting}), (150, 150), 2, 600, summary)
    with pytest.raises(TrainingError, match="Choose a smaller base"):
        check_memory(TrainingSpec(base="VGG16", head=(65536,)), (150, 150), 2, 600, summary)
