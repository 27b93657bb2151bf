"""Every runtime gives the network's own numbers; which one runs is measured, remembered, and can be pinned."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from networks import branching_network
from numpy.typing import NDArray

from tlcore.features import choice, extract_features
from tlcore.features.choice import FULL, HALF, LITERT, choose_forward, offered_plans
from tlcore.features.cut import cut_before
from tlcore.features.forward import images_per_second
from tlcore.features.frozen import FrozenNetwork
from tlcore.features.litert_files import converted_network
from tlcore.features.runtime_litert import LiteRTForward
from tlcore.machine import OthersShare
from tlcore.settings import get_settings


@pytest.fixture(scope="module")
def network() -> Any:
    return branching_network()


@pytest.fixture(scope="module")
def images() -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (11, 16, 16, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def expected(network: Any, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(network(images.astype(np.float32), training=False))


@pytest.fixture
def many() -> NDArray[np.uint8]:
    return np.random.default_rng(2).integers(0, 256, (96, 16, 16, 3), dtype=np.uint8)


def converted(home: Path) -> list[Path]:
    return sorted((home / "litert").glob("*"))


def notes(home: Path) -> Any:
    (note,) = json.loads((home / "forward_speed.json").read_text()).values()
    return note


@pytest.mark.parametrize("batch_size", [None, 1, 4, 64])
def test_litert_gives_what_the_network_gives(network: Any, images: Any, expected: Any, batch_size: int | None) -> None:
    features = extract_features(network, images, runtime="litert", batch_size=batch_size)
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-5)


def test_several_outputs_come_in_their_order(network: Any, images: Any) -> None:
    import keras

    twins = [network.get_layer(name).output for name in ("sum", "relu_1", "norm_3", "pool")]
    several = keras.Model(network.input, twins)
    outputs = LiteRTForward(several).run(images)
    for ours, theirs in zip(outputs, several(images.astype(np.float32), training=False), strict=True):
        np.testing.assert_allclose(ours, np.asarray(theirs), rtol=1e-4, atol=1e-5)


def test_a_frozen_prefix_with_a_wide_frontier_runs_in_litert(network: Any, images: Any, expected: Any) -> None:
    cut = cut_before(network, {"conv_2"})
    assert len(cut.tensors) == 2
    outputs = FrozenNetwork(cut.prefix, "float32", "litert").outputs(images)
    assert outputs.computation.runtime == "litert"
    joined = cut.suffix([np.asarray(array) for array in outputs.arrays], training=False)
    np.testing.assert_allclose(np.asarray(joined), expected, rtol=1e-4, atol=1e-5)


def test_two_threads_may_share_a_network(network: Any, many: Any) -> None:
    forward = LiteRTForward(network)
    alone = forward.run(many)[0]
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda part: forward.run(part)[0], [many, many[::-1]]))
    np.testing.assert_array_equal(both[0], alone)
    np.testing.assert_array_equal(both[1], alone[::-1])


def test_a_network_is_converted_once_for_its_weights(network: Any, isolated_home: Path) -> None:
    first = converted_network(network)
    assert isinstance(first, Path)
    written = first.stat().st_ino
    assert converted_network(branching_network()) == first
    assert first.stat().st_ino == written
    assert converted_network(branching_network(seed=1)) != first
    assert len(converted(isolated_home)) == 2


@pytest.mark.parametrize("damage", ["a changed byte", "half a file", "an empty file"])
def test_a_damaged_file_is_converted_again(network: Any, images: Any, expected: Any, damage: str) -> None:
    path = converted_network(network)
    assert isinstance(path, Path)
    whole = path.read_bytes()
    place = len(whole) // 2
    changed = whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :]
    path.write_bytes({"a changed byte": changed, "half a file": whole[:place], "an empty file": b""}[damage])
    features = LiteRTForward(network).run(images)[0]
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-5)
    assert path.read_bytes() == whole


def test_converted_networks_are_bounded(isolated_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = converted_network(branching_network(seed=0))
    assert isinstance(first, Path)
    monkeypatch.setenv("TLCORE_MAX_CONVERTED_BYTES", str(int(2.5 * first.stat().st_size)))
    get_settings.cache_clear()
    others = [converted_network(branching_network(seed=seed)) for seed in (1, 2)]
    assert converted(isolated_home) == sorted(others)


def test_a_full_disk_costs_the_file_only(
    images: Any, full_disk: Callable[[], AbstractContextManager[None]], isolated_home: Path
) -> None:
    import keras

    pixels = keras.Input((16, 16, 3))
    wide = keras.Model(pixels, keras.layers.Conv2D(32, 5)(pixels))  # 10 kB of weights
    with full_disk():
        features = LiteRTForward(wide).run(images)[0]
    np.testing.assert_allclose(features, np.asarray(wide(images.astype(np.float32))), rtol=1e-4, atol=1e-3)
    assert converted(isolated_home) == []


@pytest.fixture
def others(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Shares of the machine that others have at one measurement after the other; the last one stays."""
    shares = [0.0]
    monkeypatch.setattr(OthersShare, "now", lambda _: shares.pop(0) if len(shares) > 1 else shares[0])
    return shares


@pytest.mark.usefixtures("others")
def test_what_is_fastest_is_measured_once_and_remembered(network: Any, many: Any, isolated_home: Path) -> None:
    converted_network(network)  # else a job this short would not repay the conversion
    chosen = choose_forward(network, many, precision="float32")
    known = notes(isolated_home)
    speeds = known["images_per_second"]
    assert speeds[LITERT.name] > 0
    assert chosen.forward.plan.name == max(speeds, key=speeds.get)
    assert (FULL.name in speeds) == (speeds[LITERT.name] < 2 * known["predict"]), "what cannot win is not built"
    before = (isolated_home / "forward_speed.json").read_text()
    again = choose_forward(network, many, precision="float32")
    assert again.forward.plan == chosen.forward.plan
    assert (isolated_home / "forward_speed.json").read_text() == before


def test_what_was_measured_on_a_busy_machine_is_measured_again_and_the_calmest_counts(
    network: Any, many: Any, isolated_home: Path, others: list[float]
) -> None:
    converted_network(network)
    seen = []
    for others[:] in ([0.8], [0.9], [0.1], [0.0]):
        choose_forward(network, many, precision="float32")
        note = notes(isolated_home)
        seen.append((note["others_share"], note["attempts"]))
    assert seen == [(0.8, 1), (0.8, 2), (0.1, 3), (0.1, 3)]


def test_speed_is_told_by_no_fewer_images_than_litert_computes_at_once(network: Any, images: Any) -> None:
    counts: list[int] = []
    images_per_second(lambda sample: counts.append(len(sample)), images)
    assert LiteRTForward(network).batch_size <= min(counts)
    assert max(counts) == len(images)


def test_a_short_job_is_not_kept_waiting_for_a_conversion(
    network: Any, many: Any, isolated_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "estimated_seconds", lambda _: 600.0)
    assert choose_forward(network, many[:8], precision="float32").forward.plan == FULL
    assert choose_forward(network, many, precision="float32").forward.plan == FULL
    assert converted(isolated_home) == []


def test_a_long_job_pays_for_its_conversion(network: Any, many: Any, isolated_home: Path) -> None:
    """A million images, of which the network sees only the sample that is measured."""
    job = np.broadcast_to(many[:1], (1_000_000, *many.shape[1:]))
    chosen = choose_forward(network, job, precision="float32")
    assert len(converted(isolated_home)) == 1
    speeds = chosen.speeds
    assert speeds.conversion_s is not None
    assert speeds.predict is not None
    assert chosen.times_predict == pytest.approx(speeds.images_per_second[chosen.forward.plan.name] / speeds.predict)


def test_the_runtime_can_be_pinned_by_a_setting(
    network: Any, images: Any, isolated_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wanted in ("tensorflow", "litert"):
        monkeypatch.setenv("TLCORE_RUNTIME", wanted)
        get_settings.cache_clear()
        assert choose_forward(network, images, precision="float32").forward.plan.runtime == wanted
    assert choose_forward(network, images, precision="bfloat16").forward.plan == HALF  # the precision has the last word


def test_a_platform_without_litert_is_served_by_tensorflow(
    network: Any, images: Any, expected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert", None)  # as Python itself marks a module that is not there
    assert LITERT not in offered_plans("auto", "auto")
    features = extract_features(network, images, precision="float32", runtime="litert")
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-5)


def test_a_network_that_litert_cannot_express_is_served_by_tensorflow(many: Any, isolated_home: Path) -> None:
    import keras

    pixels = keras.Input((16, 16, 3))
    strange = keras.Model(pixels, keras.ops.erfinv(pixels / 256.0))
    expected = np.asarray(strange(many.astype(np.float32)))
    np.testing.assert_allclose(extract_features(strange, many, runtime="litert"), expected, rtol=1e-4)
    job = np.broadcast_to(many[:1], (10_000_000, *many.shape[1:]))
    assert choose_forward(strange, job, precision="float32").forward.plan == FULL
    assert notes(isolated_home)["images_per_second"][LITERT.name] == 0.0
