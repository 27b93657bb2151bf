"""Keras and scikit-learn code of what each view of the features shows."""

from __future__ import annotations

from pages.ui.common.i18n import _
from pages.ui.feature_extraction.scene import Scene
from pages.ui.feature_extraction.state import COUNT, MEASURE, METHOD, MOST_ACTIVE, NUMBER, SOURCE, channel_key
from tlcore.features.projection import tsne_perplexity

_IMAGES = """\
import numpy as np
import tlcore
from keras import layers, models

dados = {data}
imagens = np.concatenate([parte.images for parte in dados.splits.values()])  # {raw}
classes = np.concatenate([parte.labels for parte in dados.splits.values()])

# {lecture}: rna_base = VGG16(weights='imagenet', include_top=False, input_shape=(150, 150, 3))
rna_base = tlcore.build_base({base!r}, weights={weights!r}, input_shape=({height}, {width}, 3))
saida = rna_base.get_layer({layer!r}).output  # (N, {shape})
"""
_MEANS = """
# {means}
rna = models.Model(rna_base.input, layers.GlobalAveragePooling2D()(saida))
features = rna.predict(imagens)  # (N, {channels})
"""
_SET_PHOTO = """
foto = imagens[[{place}]]  # (1, {height}, {width}, 3)
"""
_OWN_PHOTO = """
from keras.utils import img_to_array, load_img

tamanho = ({height}, {width})
foto = img_to_array(load_img('foto.jpg', target_size=tamanho, interpolation='bicubic',
                             keep_aspect_ratio=True))[np.newaxis]
"""
_CHANNELS = """
# {maps_of_photo}
mapas = models.Model(rna_base.input, saida).predict(foto)[0]  # ({shape})
ordem = mapas.mean(axis=(0, 1)).argsort()[::-1]
print(ordem[:24])

# {images_of_channel}
rna = models.Model(rna_base.input, layers.GlobalMaxPooling2D()(saida))
forca = rna.predict(imagens)  # (N, {channels})
canal = {channel}
print(forca[:, canal].argsort()[::-1][:8])
"""
_PCA = """
from sklearn.decomposition import PCA

pca = PCA(n_components=2, random_state=0)
pontos = pca.fit_transform(features)  # (N, 2)
print(pca.explained_variance_ratio_)
"""
_TSNE = """
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

{reduce}pontos = TSNE(perplexity={perplexity:g}, init='pca', random_state=0).fit_transform(features)  # (N, 2)
"""
_REDUCE = """\
features = PCA(n_components={directions}, random_state=0).fit_transform(features)  # {less_noise}
"""
_PLOT = """
import plotly.express as px

nomes = np.array(dados.class_names)[classes]
px.scatter(x=pontos[:, 0], y=pontos[:, 1], color=nomes, symbol=nomes).show()
"""
_NEIGHBOURS = """
from sklearn.neighbors import NearestNeighbors

vizinhos = NearestNeighbors(n_neighbors={count}, metric={metric!r}).fit(features)
distancias, lugares = vizinhos.kneighbors(rna.predict(foto))  # {similarity}
print(lugares[0{own}], classes[lugares[0{own}]])
"""


def view_code(view: str, scene: Scene) -> str:
    """The code of one view, complete in itself."""
    bodies = {"channels": _channels, "map": _map, "neighbours": _neighbours}
    height, width = scene.data.image_size
    return _IMAGES.format(
        data=_data(scene),
        raw=_("raw RGB, uint8 (N, height, width, 3)"),
        lecture=_("the lecture"),
        base=scene.subject.base,
        weights=scene.subject.weights,
        height=height,
        width=width,
        layer=scene.layer,
        shape=_shape(scene),
    ) + bodies[view](scene)


def _data(scene: Scene) -> str:
    reference = scene.subject.data
    height, width = scene.data.image_size
    if reference.is_brought:
        return f"tlcore.import_dataset('photos.zip', image_size=({height}, {width}))"
    return (
        f"tlcore.load_dataset({reference.name!r}, num_images={reference.num_images}, "
        f"image_size=({height}, {width}), seed={reference.seed})"
    )


def _shape(scene: Scene) -> str:
    return ", ".join(map(str, scene.shape))


def _means(scene: Scene) -> str:
    means = _("up to the layer, then the mean of each channel over all places")
    return _MEANS.format(means=means, channels=scene.shape[2])


def _photo(scene: Scene) -> str:
    height, width = scene.data.image_size
    template = _OWN_PHOTO if SOURCE.get() == "upload" else _SET_PHOTO
    return template.format(place=NUMBER.get() - 1, height=height, width=width)


def _channels(scene: Scene) -> str:
    channel = channel_key(scene.layer).get()
    return _photo(scene) + _CHANNELS.format(
        maps_of_photo=_("the channels of the photo, the most active first"),
        images_of_channel=_("the images in which one channel reaches its highest values"),
        shape=_shape(scene),
        channels=scene.shape[2],
        channel="ordem[0]" if channel == MOST_ACTIVE else channel,
    )


def _map(scene: Scene) -> str:
    if METHOD.get() == "pca":
        return _means(scene) + _PCA + _PLOT
    directions = min(50, scene.count)
    reduce = _REDUCE.format(directions=directions, less_noise=_("less noise, less time"))
    tsne = _TSNE.format(reduce=reduce if scene.shape[2] > directions else "", perplexity=tsne_perplexity(scene.count))
    return _means(scene) + tsne + _PLOT


def _neighbours(scene: Scene) -> str:
    own, metric = SOURCE.get() == "upload", MEASURE.get()
    similarity = _("1 - distance is the cosine similarity") if metric == "cosine" else _("Euclidean distance")
    return (
        _means(scene)
        + _photo(scene)
        + _NEIGHBOURS.format(
            count=COUNT.get() + (0 if own else 1),  # an image of the set is its own nearest neighbour
            metric=metric,
            similarity=similarity,
            own="" if own else ", 1:",
        )
    )
