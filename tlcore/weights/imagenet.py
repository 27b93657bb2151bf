"""Names of ImageNet's 1,000 classes in two languages; the embedded base's 200 classes are among them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "imagenet_classes.tsv"


@dataclass(frozen=True)
class ImageNetClass:
    """A class of ImageNet.

    Attributes:
        synset: WordNet identifier, such as "n03127747".
        en, pt_BR: Its name, different from every other class's name in that language.
    """

    synset: str
    en: str
    pt_BR: str  # noqa: N815 - the language's code


@lru_cache(maxsize=1)
def imagenet_classes() -> tuple[ImageNetClass, ...]:
    """All 1,000 classes, in the order of a network's outputs."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(ImageNetClass(**row) for row in csv.DictReader(file, delimiter="\t"))


@lru_cache(maxsize=4)
def imagenet_class_names(language: str = "en") -> tuple[str, ...]:
    """Names of the 1,000 classes in the order of a network's outputs.

    Args:
        language: "en" or "pt_BR"; another one gives English.
    """
    return tuple(class_name(known, language) for known in imagenet_classes())


def class_name(known: ImageNetClass, language: str) -> str:
    """The name in a language; in English where there is none in that language."""
    return known.pt_BR if language == "pt_BR" else known.en
