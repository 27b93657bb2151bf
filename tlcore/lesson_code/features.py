"""Keras and scikit-learn code of what the views of the features show."""

from __future__ import annotations

from dataclasses import dataclass

from ..features.projection import TSNE_DIRECTIONS
from ..translatable import N_
from .images import OwnImages, ReadySet, image_folder, load_data
from .layout import comment, lines, paragraphs, remark
from .photos import load_photo
from .statements import LECTURE_BASE, load_base


@dataclass(frozen=True)
class ShownLayer:
    """What a view looks at.

    Attributes:
        source: Where the images come from.
        base, weights: As in `tlcore.build_base`.
        layer: Its name.
        shape: (height, width, channels) of its output.
    """

    source: ReadySet | OwnImages
    base: str
    weights: str | None
    layer: str
    shape: tuple[int, int, int]

    @property
    def channels(self) -> int:
        """How many channels the layer has."""
        return self.shape[2]


def channels_code(layer: ShownLayer, image_index: int | None, channel: int | None) -> str:
    """The channels of one photo, and the images that one channel answers to most.

    Args:
        layer: What is looked at.
        image_index: Of the photo in the set; None for a file of one's own.
        channel: None for the most active one.
    """
    return paragraphs(
        _layer(layer, own_photo=image_index is None),
        _photo(layer, image_index),
        lines(
            comment(N_("the channels of the photo, the most active first")),
            remark("channel_maps = models.Model(base_model.input, output).predict(photo)[0]", str(layer.shape)),
            "order = channel_maps.mean(axis=(0, 1)).argsort()[::-1]",
            "print(order[:24])",
        ),
        lines(
            comment(N_("the images in which one channel reaches its highest values")),
            "features_model = models.Model(base_model.input, layers.GlobalMaxPooling2D()(output))",
            remark("strength = features_model.predict(images)", f"(N, {layer.channels})"),
            f"channel = {'order[0]' if channel is None else channel}",
            "print(strength[:, channel].argsort()[::-1][:8])",
        ),
    )


def map_code(layer: ShownLayer, *, perplexity: float | None, num_images: int) -> str:
    """The images as points, near where their features are alike.

    Args:
        layer: What is looked at.
        perplexity: Of t-SNE; None for the two main directions of the features (PCA).
        num_images: In the set.
    """
    points = _pca() if perplexity is None else _tsne(perplexity, layer.channels, num_images)
    return paragraphs(
        _layer(layer),
        _mean_features(layer),
        points,
        lines(
            "import plotly.express as px",
            "names = np.array(data.class_names)[labels]",
            "px.scatter(x=points[:, 0], y=points[:, 1], color=names, symbol=names).show()",
        ),
    )


def neighbours_code(layer: ShownLayer, image_index: int | None, *, count: int, metric: str) -> str:
    """The images whose features are nearest to those of a photo.

    Args:
        layer: What is looked at.
        image_index: Of the photo in the set, which is then its own nearest neighbour; None for a file of one's own.
        count: Neighbours that are shown.
        metric: "cosine" or "euclidean".
    """
    own = image_index is None
    shown = "indices[0]" if own else "indices[0, 1:]"
    explained = N_("1 - distance is the cosine similarity") if metric == "cosine" else N_("Euclidean distance")
    nearest = f"NearestNeighbors(n_neighbors={count if own else count + 1}, metric={metric!r})"
    return paragraphs(
        _layer(layer, own_photo=own),
        _mean_features(layer),
        _photo(layer, image_index),
        lines(
            "from sklearn.neighbors import NearestNeighbors",
            f"neighbours = {nearest}.fit(features)",
            remark("distances, indices = neighbours.kneighbors(features_model.predict(photo))", explained),
            f"print({shown}, labels[{shown}])",
        ),
    )


def _layer(layer: ShownLayer, *, own_photo: bool = False) -> str:
    """All images of the set, and the output of the layer."""
    source = layer.source
    return paragraphs(
        image_folder(source),
        lines(
            "import numpy as np",
            "import tlcore",
            "from keras import layers, models",
            "from PIL import Image, ImageOps" if own_photo else "",
        ),
        lines(
            load_data(source),
            comment(N_("raw RGB, uint8 (images, height, width, 3)")),
            "images = np.concatenate([split.images for split in data.splits.values()])",
            "labels = np.concatenate([split.labels for split in data.splits.values()])",
        ),
        lines(
            LECTURE_BASE,
            load_base(repr(layer.base), repr(layer.weights), (*source.image_size, 3)),
            remark(f"output = base_model.get_layer({layer.layer!r}).output", f"(N, {_listed(layer.shape)})"),
        ),
    )


def _listed(shape: tuple[int, ...]) -> str:
    return ", ".join(map(str, shape))


def _photo(layer: ShownLayer, image_index: int | None) -> str:
    size = layer.source.image_size
    if image_index is not None:
        return remark(f"photo = images[[{image_index}]]", f"(1, {_listed(size)}, 3)")
    return lines(load_photo(size), remark("photo = np.asarray(photo)[np.newaxis]", f"(1, {_listed(size)}, 3)"))


def _mean_features(layer: ShownLayer) -> str:
    return lines(
        comment(N_("up to the layer, then the mean of each channel over all positions")),
        "features_model = models.Model(base_model.input, layers.GlobalAveragePooling2D()(output))",
        remark("features = features_model.predict(images)", f"(N, {layer.channels})"),
    )


def _pca() -> str:
    return lines(
        "from sklearn.decomposition import PCA",
        "pca = PCA(n_components=2, random_state=0)",
        remark("points = pca.fit_transform(features)", "(N, 2)"),
        "print(pca.explained_variance_ratio_)",
    )


def _tsne(perplexity: float, channels: int, num_images: int) -> str:
    directions = min(TSNE_DIRECTIONS, num_images)
    reduced = remark(
        f"features = PCA(n_components={directions}, random_state=0).fit_transform(features)",
        N_("less noise, less time"),
    )
    tsne = f"TSNE(perplexity={perplexity:g}, init='pca', random_state=0)"
    reduces = channels > directions
    return lines(
        "from sklearn.decomposition import PCA" if reduces else "",
        "from sklearn.manifold import TSNE",
        reduced if reduces else "",
        remark(f"points = {tsne}.fit_transform(features)", "(N, 2)"),
    )
