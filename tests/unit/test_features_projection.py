"""Features as points on a plane, against scikit-learn and against linear algebra."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.errors import InvalidArgumentError
from tlcore.features import projection
from tlcore.features.projection import project, tsne_perplexity


@pytest.fixture(scope="module")
def features() -> NDArray[np.float32]:
    """Two groups of 20, far apart in 60 directions."""
    values = np.random.default_rng(0).normal(size=(40, 60))
    values[20:] += 6
    return values.astype(np.float32)


def test_pca_is_the_singular_value_decomposition(features: NDArray[np.float32]) -> None:
    ours = project(features)
    centred = features.astype(np.float64) - features.mean(axis=0)
    left, lengths, _ = np.linalg.svd(centred, full_matrices=False)
    expected = left[:, :2] * lengths[:2]
    signs = np.sign((ours.points * expected).sum(axis=0))
    assert ours.points.dtype == np.float32
    np.testing.assert_allclose(ours.points * signs, expected, atol=1e-3)
    np.testing.assert_allclose(ours.explained or (), lengths[:2] ** 2 / (lengths**2).sum(), atol=1e-5)


def test_tsne_is_scikit_learns_on_fifty_directions(features: NDArray[np.float32]) -> None:
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    ours = project(features, method="tsne")
    reduced = PCA(n_components=40, random_state=0).fit_transform(features)
    expected = TSNE(perplexity=13.0, init="pca", random_state=0).fit_transform(reduced)
    np.testing.assert_allclose(ours.points, expected, atol=1e-4)
    assert ours.explained is None
    between = np.linalg.norm(ours.points[:20].mean(axis=0) - ours.points[20:].mean(axis=0))
    assert between > 2 * ours.points[:20].std()


@pytest.mark.parametrize(("count", "expected"), [(4, 1.0), (31, 10.0), (1000, 30.0)])
def test_perplexity_stays_below_the_number_of_images(count: int, expected: float) -> None:
    assert tsne_perplexity(count) == expected


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_points_are_found_again_on_disk(
    method: Any, features: NDArray[np.float32], isolated_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = project(features[:, :5], method=method, cache=True)
    monkeypatch.setattr(projection, f"_{method}", lambda features, seed: pytest.fail("computed again"))
    again = project(features[:, :5], method=method, cache=True)
    np.testing.assert_array_equal(again.points, first.points)
    assert again.explained == first.explained


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_images_that_are_all_alike_lie_on_one_point(method: Any) -> None:
    assert not project(np.ones((6, 5), np.float32), method=method).points.any()


@pytest.mark.parametrize(
    ("features", "method"),
    [
        (np.zeros((3, 5), np.float32), "pca"),
        (np.zeros((9, 1), np.float32), "pca"),
        (np.zeros((9, 2, 2, 5), np.float32), "tsne"),
        (np.full((9, 5), np.nan, np.float32), "pca"),
        (np.zeros((9, 5), np.float32), "umap"),
    ],
)
def test_what_cannot_be_projected_is_refused(features: Any, method: Any) -> None:
    with pytest.raises(InvalidArgumentError):
        project(features, method=method)
