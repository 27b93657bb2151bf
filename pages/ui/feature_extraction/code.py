"""Keras and scikit-learn code of what each view of the features shows."""

from __future__ import annotations

from pages.ui.common.keras_code import image_source
from pages.ui.feature_extraction.scene import Scene
from pages.ui.feature_extraction.state import COUNT, MEASURE, METHOD, MOST_ACTIVE, NUMBER, SOURCE, channel_key
from tlcore.features.projection import tsne_perplexity
from tlcore.lesson_code.features import ShownLayer, channels_code, map_code, neighbours_code


def view_code(view: str, scene: Scene) -> str:
    """The code of one view, complete in itself."""
    source = image_source(scene.subject.data, scene.data.image_size)
    layer = ShownLayer(source, scene.subject.base, scene.subject.weights, scene.layer, scene.shape)
    image_index = None if SOURCE.get() == "upload" else NUMBER.get() - 1
    if view == "channels":
        channel = channel_key(scene.layer).get()
        return channels_code(layer, image_index, None if channel == MOST_ACTIVE else channel)
    if view == "map":
        perplexity = None if METHOD.get() == "pca" else tsne_perplexity(scene.count)
        return map_code(layer, perplexity=perplexity, num_images=scene.count)
    return neighbours_code(layer, image_index, count=COUNT.get(), metric=MEASURE.get())
