"""Which weights the explorer looks into, which layer, which photo: shared by the tabs that need a real network."""

from __future__ import annotations

import streamlit as st

from pages.ui.architecture_explorer.catalog import WAITED_S, chosen_network
from pages.ui.architecture_explorer.state import LAYER, NETWORK, PHOTO, SAMPLE_ASKED, SAMPLE_JOB, SOURCE, UPLOAD
from pages.ui.common.dataset_words import dataset_title
from pages.ui.common.i18n import _
from pages.ui.common.jobs import answer_to
from pages.ui.common.messages import photo_note, translate
from pages.ui.common.photo import photo_box, still_in_use
from pages.ui.common.state import DATASETS_CHOSEN
from pages.ui.common.trained import is_trained
from pages.ui.common.weights import weights_title
from tlcore.architectures import get_architecture
from tlcore.architectures.summary import ArchitectureSummary
from tlcore.engine.tasks.references import DatasetReference, NetworkReference
from tlcore.weights import available_weights

MOST_MB = 20
SAMPLE = DatasetReference(name="helmets", num_images=16, image_size=(224, 224))


def network_source(summary: ArchitectureSummary) -> NetworkReference:
    """The network with its weights; says in words where its weights come from."""
    if is_trained(NETWORK.get()):
        st.caption(":material/check: " + _("Weights of your network, as they were when its training ended."))
        return chosen_network()
    sources = {
        source.weights: source
        for source in available_weights(summary.architecture, include_top=summary.include_top)
        if source.here and (source.weights == "random" or trained_weights_fit(summary))
    }
    titles = {name: weights_title(name) for name in sources}
    chosen = st.radio(
        _("Weights"),
        list(titles),
        format_func=titles.__getitem__,
        key=SOURCE.widget(sources),
        horizontal=True,
        persist_state="session",
        help=_(
            "What weights= fills the network with. The table does not depend on it: the same layers, sizes and counts, "
            "with other numbers in them."
        ),
    )
    source = sources[chosen or "random"]
    st.caption(":material/check: " + translate(source.description, source.params))
    if not trained_weights_fit(summary):
        st.caption(
            ":material/info: "
            + _("Trained weights do not fit other channels, other classes or, with dense layers, another size.")
        )
    return chosen_network().model_copy(update={"weights": source.weights})


def title_with_weights(title: str, network: NetworkReference) -> str:
    """The title of a picture that is drawn from a network's weights; it says so where they are random."""
    if network.is_trained or network.weights not in (None, "random"):
        return title
    return title + " · " + _("random weights, nothing learned")


def trained_weights_fit(summary: ArchitectureSummary) -> bool:
    """Whether weights of the registry fit what the controls ask for: with a top, only the network as it was trained."""
    spec = get_architecture(summary.architecture)
    if summary.input_shape[2] != spec.default_input_shape[2]:
        return False
    if not summary.include_top:
        return True
    flattens = any(layer.type == "Flatten" for layer in summary.layers)
    own_size = summary.input_shape == spec.default_input_shape
    return summary.output_shape == (spec.num_classes,) and (own_size or not flattens)


def layer_control(names: list[str]) -> str:
    """The layer to look into."""
    return str(st.selectbox(_("Layer"), names, key=LAYER.widget(names), persist_state="session"))


def photo_of_explorer() -> tuple[bytes, str] | None:
    """The learner's photo, else a sample; encoded bytes and name. None while the sample is being made."""
    photo = photo_box(_("Your own photo (optional)"), UPLOAD, PHOTO)
    if photo is not None:
        photo_note()
        if still_in_use(UPLOAD, PHOTO):
            st.button(_("Take the sample photo instead"), on_click=PHOTO.set, args=(None,))
        return photo
    data = DATASETS_CHOSEN.get()
    if data is None or not data.samples["test"]:
        data = answer_to(SAMPLE_JOB, SAMPLE_ASKED, "preview_dataset", {"data": SAMPLE}, wait_s=WAITED_S)
    if data is None:
        return None
    sample = data.samples["test"][0]
    st.caption(
        _("Without a photo of yours: a test image of “{name}”.").format(name=dataset_title(data.name, data.reference))
    )
    return sample.png, sample.source
