"""The weights that ship with the package: `VGG16Slim`, and the names of its classes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from .imagenet import class_name, imagenet_classes

FOLDER = Path(__file__).parent / "embedded"
WEIGHTS_FILE = FOLDER / "vgg16slim.safetensors"
SYNSETS_FILE = FOLDER / "synsets.tsv"
ARCHITECTURE = "VGG16Slim"


def has_embedded_weights(architecture: str) -> bool:
    """Whether the package ships weights of this network."""
    return architecture == ARCHITECTURE and WEIGHTS_FILE.is_file()


@lru_cache(maxsize=4)
def embedded_class_names(language: str = "en") -> tuple[str, ...]:
    """Names of the 200 classes, in the order of the network's outputs.

    Args:
        language: "en" or "pt_BR"; another one gives English.
    """
    by_synset = {known.synset: known for known in imagenet_classes()}
    return tuple(class_name(by_synset[synset], language) for synset in embedded_synsets())


@lru_cache(maxsize=1)
def embedded_synsets() -> tuple[str, ...]:
    """WordNet identifiers of the 200 classes, such as "n01443537"."""
    return tuple(SYNSETS_FILE.read_text(encoding="utf-8").split()[1:])  # the first line is the title
